"""The API's `ProjectExport`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, NUMBER, TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, ExportId, FileId, FileInfo, JobStatus, ProjectId


@model
class ProjectExport(Model):
    """An export of a project to MP4. Reading it renews its signed URLs within an hour of expiry. Fetch those URLs as
    they are, without your API key and without added query parameters, which break the signature."""

    export_id: ExportId
    """This export."""
    project_id: ProjectId
    """The project that is exported."""
    status: JobStatus
    progress_percentage: float
    """Percent done of the current attempt, 100 once succeeded; a new attempt may lower it."""
    attempt_index: int
    """Number of the current attempt, from 0; the server retries by itself."""
    download_url: str | None
    """Signed URL of the MP4, usable for 7 days; go by download_url_expires_at. Null until succeeded; should it still
    be null then, ask again."""
    download_url_expires_at: int | None
    """When download_url stops working, in Unix seconds; null when download_url is null."""
    thumbnail_url: str | None
    """Signed URL of the thumbnail, usable for 7 days; go by thumbnail_url_expires_at. Null until succeeded, or when
    there is no thumbnail."""
    thumbnail_url_expires_at: int | None
    """When thumbnail_url stops working, in Unix seconds; null when thumbnail_url is null."""
    export_file_id: FileId | None
    """The exported video, for hydrate_file at any later time; null until succeeded."""
    file: FileInfo | None
    """The exported video's record; null until succeeded. The provider gives its URLs 24 hours in one place and 7
    days elsewhere: go by their expiry times."""
    error: ApiError | None
    """Why the export failed; null unless it did."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("exportId", "export_id", id_of("ExportId"), required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("status", "status", TEXT, required=True),
        Field("progressPercentage", "progress_percentage", NUMBER, required=True),
        Field("attemptIndex", "attempt_index", INTEGER, required=True),
        Field("downloadUrl", "download_url", TEXT, required=True, nullable=True),
        Field("downloadUrlExpiresAt", "download_url_expires_at", TIME, required=True, nullable=True),
        Field("thumbnailUrl", "thumbnail_url", TEXT, required=True, nullable=True),
        Field("thumbnailUrlExpiresAt", "thumbnail_url_expires_at", TIME, required=True, nullable=True),
        Field("exportFileId", "export_file_id", id_of("FileId"), required=True, nullable=True),
        Field("file", "file", ref("FileInfo"), required=True, nullable=True),
        Field("error", "error", ref("ApiError"), required=True, nullable=True),
    )
