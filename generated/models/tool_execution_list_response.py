"""The API's `ToolExecutionListResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ExecutedTool


@model
class ToolExecutionListResponse(Model):
    """One page of tool executions, newest first. A list never renews signed links, so they may have expired: fetch
    the execution or hydrate the file for fresh ones."""

    tool_executions: list[ExecutedTool]
    has_more: bool
    """Whether there is another page."""
    next_cursor: str | None
    """Hand it back unchanged as `cursor` for the next page; null exactly when `has_more` is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("toolExecutions", "tool_executions", list_of(ref("ExecutedTool")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
