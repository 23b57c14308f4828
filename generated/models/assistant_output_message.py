"""The API's `AssistantOutputMessage`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import TEXT, TIME, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import (
        ApiError,
        AssistantAction,
        AssistantMessageAttachment,
        AssistantMessageStatus,
        AssistantWorkflowSuggestion,
        MessageId,
        StartWorkflowRunResponse,
    )


@model
class AssistantOutputMessage(Model):
    """A reply from the assistant, written as a job. When `generation` is set, the reply has started a workflow run
    that must be waited for separately."""

    message_id: MessageId
    """The message itself."""
    role: Literal["assistant"] = "assistant"
    """Always assistant, in lower case; tells the two kinds of message apart."""
    status: AssistantMessageStatus
    content: str | None
    """Text of the reply; null while pending or running, and possibly empty afterwards."""
    attachments: list[AssistantMessageAttachment]
    workflow_suggestions: list[AssistantWorkflowSuggestion]
    """Workflows on offer, each open to approval or rejection."""
    actions: list[AssistantAction]
    """Steps proposed; some can be taken only in the web app."""
    generation: StartWorkflowRunResponse | None
    """The workflow run this message started; null when it started none."""
    error: ApiError | None
    """Why the reply failed; null unless `status` is failed."""
    created_at: int
    """When the message was made, in Unix seconds."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("messageId", "message_id", id_of("MessageId"), required=True),
        Field("role", "role", TEXT, required=True, const="assistant"),
        Field("status", "status", TEXT, required=True),
        Field("content", "content", TEXT, required=True, nullable=True),
        Field("attachments", "attachments", list_of(ref("AssistantMessageAttachment")), required=True),
        Field(
            "workflowSuggestions", "workflow_suggestions", list_of(ref("AssistantWorkflowSuggestion")), required=True
        ),
        Field("actions", "actions", list_of(ref("AssistantAction")), required=True),
        Field("generation", "generation", ref("StartWorkflowRunResponse"), required=True, nullable=True),
        Field("error", "error", ref("ApiError"), required=True, nullable=True),
        Field("createdAt", "created_at", TIME, required=True),
    )
