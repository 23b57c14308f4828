"""The API's `AssistantMessageWebhookPayload`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AssistantMessage, AssistantMessageWebhookEventName, MessageId


@model
class AssistantMessageWebhookPayload(Model):
    """Body of a webhook saying that an assistant's reply has ended, with the whole message in it."""

    event: AssistantMessageWebhookEventName
    message_id: MessageId
    """The reply that ended."""
    occurred_at: int
    """When it happened, in Unix seconds, UTC."""
    message: AssistantMessage
    """The reply in full."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("event", "event", TEXT, required=True),
        Field("messageId", "message_id", id_of("MessageId"), required=True),
        Field("occurredAt", "occurred_at", TIME, required=True),
        Field("message", "message", ref("AssistantMessage"), required=True),
    )
