"""The API's `ProjectExportWebhookPayload`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, ExportId, FileId, ProjectExportWebhookEventName, ProjectId


@model
class ProjectExportWebhookPayload(Model):
    """Body of a webhook saying that a project export has ended. It holds no URL: read the export, or hydrate
    export_file_id."""

    event: ProjectExportWebhookEventName
    export_id: ExportId
    """The export that ended."""
    project_id: ProjectId
    """The project that was exported."""
    occurred_at: int
    """When it happened, in Unix seconds, UTC."""
    export_file_id: FileId | None
    """The exported video; null unless the export succeeded."""
    error: ApiError | None = None
    """Why the export failed; null or absent unless event is project_export.failed."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("event", "event", TEXT, required=True),
        Field("exportId", "export_id", id_of("ExportId"), required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("occurredAt", "occurred_at", TIME, required=True),
        Field("exportFileId", "export_file_id", id_of("FileId"), required=True, nullable=True),
        Field("error", "error", ref("ApiError"), nullable=True),
    )
