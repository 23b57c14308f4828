"""The API's `ToolExecutionWebhookPayload`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import attrs

from ..._codecs import TEXT, TIME, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, ToolExecutionId, ToolExecutionWebhookEventName, ToolSuccessResult


@model
class ToolExecutionWebhookPayload(Model):
    """Body of a webhook saying that a tool execution has ended. It holds neither status, progress nor attempt: event
    names the outcome."""

    event: ToolExecutionWebhookEventName
    tool_execution_id: ToolExecutionId
    occurred_at: int
    """When it happened, in Unix seconds, UTC."""
    tool_type: str
    """The tool that ran, such as GENERATE_IMAGE or TEXT_TO_SPEECH; expect other values."""
    results: list[ToolSuccessResult] = attrs.field(factory=list)
    """What the tool made, only on tool_execution.succeeded."""
    error: ApiError | None = None
    """Why the execution failed, only on tool_execution.failed."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("event", "event", TEXT, required=True),
        Field("toolExecutionId", "tool_execution_id", id_of("ToolExecutionId"), required=True),
        Field("occurredAt", "occurred_at", TIME, required=True),
        Field("toolType", "tool_type", TEXT, required=True),
        Field("results", "results", list_of(ref("ToolSuccessResult"))),
        Field("error", "error", ref("ApiError"), nullable=True),
    )
