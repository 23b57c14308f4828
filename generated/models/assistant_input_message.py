"""The API's `AssistantInputMessage`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import TEXT, TIME, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AssistantMessageAttachment, AssistantMessageStatus, MessageId


@model
class AssistantInputMessage(Model):
    """A message from the user. It is final as soon as it is sent."""

    message_id: MessageId
    """The message itself."""
    role: Literal["user"] = "user"
    """Always user, in lower case; tells the two kinds of message apart."""
    status: AssistantMessageStatus
    content: str
    """Text of the message."""
    attachments: list[AssistantMessageAttachment]
    created_at: int
    """When the message was sent, in Unix seconds."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("messageId", "message_id", id_of("MessageId"), required=True),
        Field("role", "role", TEXT, required=True, const="user"),
        Field("status", "status", TEXT, required=True),
        Field("content", "content", TEXT, required=True),
        Field("attachments", "attachments", list_of(ref("AssistantMessageAttachment")), required=True),
        Field("createdAt", "created_at", TIME, required=True),
    )
