"""The API's `WorkflowRun`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, NUMBER, TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, ExportId, FileId, JobStatus, ProjectId, WorkflowRunId, WorkflowType


@model
class WorkflowRun(Model):
    """A workflow run. `succeeded` means that the project is built and, with auto_export, exported too; a failed run
    may leave an empty, editable project. Reading one run renews URLs within an hour of expiry, listing runs never
    does."""

    workflow_run_id: WorkflowRunId
    status: JobStatus
    """State of the run. The official client also knows `awaiting_approval`: the run has stopped until a person acts,
    so stop polling; it is no success, and no call to approve is known. Any other unknown value is read as still
    running."""
    workflow_type: WorkflowType
    progress_percentage: float
    """Percent done of the current attempt, 100 once succeeded; a new attempt may lower it."""
    attempt_index: int
    """Number of the current attempt, from 0; the server retries by itself."""
    project_id: ProjectId
    """The project the run builds."""
    project_url: str
    """Page of that project in the VideoGen app."""
    error: ApiError | None
    """Why the run failed; null unless it did."""
    export_id: ExportId | None
    """The automatic export; null unless auto_export was set and succeeded."""
    download_url: str | None
    """Signed URL of the MP4, usable as it is for 7 days; go by download_url_expires_at. Null unless auto_export was
    set and succeeded."""
    download_url_expires_at: int | None
    """When download_url stops working, in Unix seconds; null when download_url is null."""
    thumbnail_url: str | None
    """Signed URL of the thumbnail; go by thumbnail_url_expires_at. Null unless auto_export was set and succeeded and
    there is a thumbnail."""
    thumbnail_url_expires_at: int | None
    """When thumbnail_url stops working, in Unix seconds; null when thumbnail_url is null."""
    export_file_id: FileId | None
    """The exported video, for hydrate_file; null unless auto_export was set and succeeded."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("workflowRunId", "workflow_run_id", id_of("WorkflowRunId"), required=True),
        Field("status", "status", TEXT, required=True),
        Field("workflowType", "workflow_type", TEXT, required=True),
        Field("progressPercentage", "progress_percentage", NUMBER, required=True),
        Field("attemptIndex", "attempt_index", INTEGER, required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
        Field("error", "error", ref("ApiError"), required=True, nullable=True),
        Field("exportId", "export_id", id_of("ExportId"), required=True, nullable=True),
        Field("downloadUrl", "download_url", TEXT, required=True, nullable=True),
        Field("downloadUrlExpiresAt", "download_url_expires_at", TIME, required=True, nullable=True),
        Field("thumbnailUrl", "thumbnail_url", TEXT, required=True, nullable=True),
        Field("thumbnailUrlExpiresAt", "thumbnail_url_expires_at", TIME, required=True, nullable=True),
        Field("exportFileId", "export_file_id", id_of("FileId"), required=True, nullable=True),
    )
