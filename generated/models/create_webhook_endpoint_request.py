"""The API's `CreateWebhookEndpointRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, list_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import WebhookEventName


@model
class CreateWebhookEndpointRequest(Model):
    """A URL to register for webhooks. An endpoint can't be changed later: delete it and register another, within 10
    of each an hour per API key."""

    url: str
    """Where to send the events; must be HTTPS."""
    description: str | None | Unset = UNSET
    """A note of your own about the endpoint."""
    events: Sequence[WebhookEventName]
    """The events to send, at least one."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("url", "url", TEXT, required=True),
        Field("description", "description", TEXT, nullable=True),
        Field("events", "events", list_of(TEXT), required=True),
    )
