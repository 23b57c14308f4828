"""The API's `WorkflowRunWebhookPayload`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, ExportId, FileId, ProjectId, WorkflowRunId, WorkflowRunWebhookEventName, WorkflowType


@model
class WorkflowRunWebhookPayload(Model):
    """Body of a webhook saying that a workflow run has ended. It holds no status: event names the outcome. The
    export fields are null unless auto_export was set and succeeded."""

    event: WorkflowRunWebhookEventName
    workflow_run_id: WorkflowRunId
    occurred_at: int
    """When it happened, in Unix seconds, UTC; older deliveries held ISO 8601 text, so accept both."""
    workflow_type: WorkflowType
    project_id: ProjectId
    """The project of the run."""
    project_url: str
    """Page of that project in the VideoGen app."""
    error: ApiError | None = None
    """Why the run failed; null or absent unless event is workflow_run.failed."""
    export_id: ExportId | None
    """The automatic export; null unless auto_export was set and succeeded."""
    download_url: str | None
    """Signed URL of the MP4; go by download_url_expires_at. Null unless auto_export was set and succeeded."""
    download_url_expires_at: int | None
    """When download_url stops working, in Unix seconds; null when download_url is null."""
    thumbnail_url: str | None
    """Signed URL of the thumbnail; go by thumbnail_url_expires_at. Null unless auto_export was set and succeeded."""
    thumbnail_url_expires_at: int | None
    """When thumbnail_url stops working, in Unix seconds; null when thumbnail_url is null."""
    export_file_id: FileId | None
    """The exported video, for hydrate_file; null unless auto_export was set and succeeded."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("event", "event", TEXT, required=True),
        Field("workflowRunId", "workflow_run_id", id_of("WorkflowRunId"), required=True),
        Field("occurredAt", "occurred_at", TIME, required=True),
        Field("workflowType", "workflow_type", TEXT, required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
        Field("error", "error", ref("ApiError"), nullable=True),
        Field("exportId", "export_id", id_of("ExportId"), required=True, nullable=True),
        Field("downloadUrl", "download_url", TEXT, required=True, nullable=True),
        Field("downloadUrlExpiresAt", "download_url_expires_at", TIME, required=True, nullable=True),
        Field("thumbnailUrl", "thumbnail_url", TEXT, required=True, nullable=True),
        Field("thumbnailUrlExpiresAt", "thumbnail_url_expires_at", TIME, required=True, nullable=True),
        Field("exportFileId", "export_file_id", id_of("FileId"), required=True, nullable=True),
    )
