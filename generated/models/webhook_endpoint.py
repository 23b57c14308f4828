"""The API's `WebhookEndpoint`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import SECRET, TEXT, TIME, id_of, list_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import WebhookEndpointId, WebhookEventName


@model
class WebhookEndpoint(Model):
    """A URL registered for webhooks. Sources disagree whether it belongs to the API key or to the account."""

    endpoint_id: WebhookEndpointId
    """This endpoint, for deleting it."""
    url: str
    """Where the events are sent."""
    events: list[WebhookEventName]
    """The events that are sent; let unknown names pass."""
    description: str | None = None
    """The note given when it was registered, or null."""
    created_at: int
    """When it was registered, in Unix seconds, UTC."""
    signing_secret: str | None = None
    """Secret for checking signatures (HMAC-SHA256, by Standard Webhooks). Only the answer to registering has it, so
    store it then."""
    signing_secret_last_4: str | None = None
    """The last four characters of the secret, to tell endpoints apart."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("endpointId", "endpoint_id", id_of("WebhookEndpointId"), required=True),
        Field("url", "url", TEXT, required=True),
        Field("events", "events", list_of(TEXT), required=True),
        Field("description", "description", TEXT, nullable=True),
        Field("createdAt", "created_at", TIME, required=True),
        Field("signingSecret", "signing_secret", SECRET),
        Field("signingSecretLast4", "signing_secret_last_4", TEXT),
    )
