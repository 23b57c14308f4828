"""The API's `RemixActionRun`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, NUMBER, TEXT, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, JobStatus, ProjectId, RemixActionId, RemixActionType


@model
class RemixActionRun(Model):
    """One remix action as a job. An action with nothing to work on is skipped and ends as `succeeded`."""

    remix_action_id: RemixActionId
    """This action, as named in the answer that started it."""
    type: RemixActionType
    status: JobStatus
    project_id: ProjectId
    """The project the action edits."""
    project_url: str
    """Page of that project in the VideoGen app."""
    progress_percentage: float
    """Percent done of the current attempt, 100 once succeeded; a new attempt may lower it."""
    attempt_index: int
    """Number of the current attempt, from 0; the server retries by itself."""
    error: ApiError | None
    """Why the action failed; null unless it did."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("remixActionId", "remix_action_id", id_of("RemixActionId"), required=True),
        Field("type", "type", TEXT, required=True),
        Field("status", "status", TEXT, required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
        Field("progressPercentage", "progress_percentage", NUMBER, required=True),
        Field("attemptIndex", "attempt_index", INTEGER, required=True),
        Field("error", "error", ref("ApiError"), required=True, nullable=True),
    )
