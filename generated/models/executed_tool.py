"""The API's `ExecutedTool`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, NUMBER, TEXT, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, JobStatus, ToolExecutionId, ToolSuccessResult


@model
class ExecutedTool(Model):
    """State of a tool execution, with its results once it has succeeded. It stays readable for good; fetching it
    renews links within an hour of their expiry."""

    tool_execution_id: ToolExecutionId
    """The execution itself."""
    status: JobStatus
    """State of the execution; may also be awaiting_approval, which is not a success."""
    tool_type: str
    """Tool that was run, such as GENERATE_IMAGE or TEXT_TO_SPEECH; more may be added."""
    progress_percentage: float
    """Progress of the current attempt in percent, 100 when succeeded; it may fall when a new attempt begins."""
    attempt_index: int
    """Number of the current attempt, counted from 0; the server retries by itself."""
    results: list[ToolSuccessResult]
    """Output files, one for each result asked for; empty until succeeded. Older answers left it out, which is read
    as empty."""
    error: ApiError | None
    """Why the execution failed; null unless `status` is failed."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("toolExecutionId", "tool_execution_id", id_of("ToolExecutionId"), required=True),
        Field("status", "status", TEXT, required=True),
        Field("toolType", "tool_type", TEXT, required=True),
        Field("progressPercentage", "progress_percentage", NUMBER, required=True),
        Field("attemptIndex", "attempt_index", INTEGER, required=True),
        Field("results", "results", list_of(ref("ToolSuccessResult")), required=True),
        Field("error", "error", ref("ApiError"), required=True, nullable=True),
    )
