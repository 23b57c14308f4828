"""The API's `StartAssistantChatResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import TEXT, id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import AssistantId, MessageId, ProjectId
    from . import AssistantOutputMessage as AssistantOutputMessage


@model
class StartAssistantChatResponse(Accepted["AssistantOutputMessage"]):
    """A conversation that has been opened, with the reply being written as a job to wait for."""

    message_id: MessageId
    """The assistant's reply, to be polled until it is finished."""
    assistant_id: AssistantId
    """The conversation, for further messages."""
    project_id: ProjectId
    """The project made for the conversation."""
    project_url: str
    """Link to that project in the web app."""
    __kind__ = "MessageId"
    __id__ = "message_id"
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("messageId", "message_id", id_of("MessageId"), required=True),
        Field("assistantId", "assistant_id", id_of("AssistantId"), required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
    )

    @property
    def id(self) -> MessageId:
        """The id, which is all that is needed to collect the job later."""
        return self.message_id
