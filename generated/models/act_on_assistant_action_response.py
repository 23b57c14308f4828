"""The API's `ActOnAssistantActionResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import AssistantOutputMessage as AssistantOutputMessage
    from . import MessageId


@model
class ActOnAssistantActionResponse(Accepted["AssistantOutputMessage"]):
    """A decision that has been accepted, with the assistant's reply as a job to wait for."""

    message_id: MessageId
    """The assistant's reply, to be polled until it is finished; its `generation` is set when approval started a
    workflow run."""
    __kind__ = "MessageId"
    __id__ = "message_id"
    __fields__: ClassVar[tuple[Field, ...]] = (Field("messageId", "message_id", id_of("MessageId"), required=True),)

    @property
    def id(self) -> MessageId:
        """The id, which is all that is needed to collect the job later."""
        return self.message_id
