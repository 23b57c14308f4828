"""The API's `WorkflowRunListResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import WorkflowRun


@model
class WorkflowRunListResponse(Model):
    """A page of the workflow runs started by API, newest first. Signed URLs in it may have expired."""

    workflow_runs: list[WorkflowRun]
    """The runs, most recently created first."""
    has_more: bool
    """Whether another page follows."""
    next_cursor: str | None
    """Cursor of the next page; null exactly when has_more is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("workflowRuns", "workflow_runs", list_of(ref("WorkflowRun")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
