"""The API's `GetAssistantResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AssistantId, AssistantMessage, ProjectId


@model
class GetAssistantResponse(Model):
    """A conversation with the assistant, complete; its messages are not paged."""

    assistant_id: AssistantId
    """The conversation itself."""
    project_id: ProjectId
    """The project the conversation works on."""
    project_url: str
    """Link to that project in the web app."""
    messages: list[AssistantMessage]
    """All messages, oldest first."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("assistantId", "assistant_id", id_of("AssistantId"), required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
        Field("messages", "messages", list_of(ref("AssistantMessage")), required=True),
    )
