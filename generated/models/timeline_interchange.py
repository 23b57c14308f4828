"""The API's `TimelineInterchange`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, NUMBER, TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import (
        ApiError,
        FileId,
        FileInfo,
        InterchangeJobId,
        JobStatus,
        ProjectId,
        TimelineInterchangeFormat,
        TimelineInterchangeMediaDelivery,
    )


@model
class TimelineInterchange(Model):
    """A job that writes a project's timeline to a file. Reading it renews its signed URL within an hour of expiry."""

    interchange_job_id: InterchangeJobId
    """This job."""
    project_id: ProjectId
    """The project whose timeline is written."""
    format: TimelineInterchangeFormat
    media_delivery: TimelineInterchangeMediaDelivery
    status: JobStatus
    progress_percentage: float
    """Percent done of the current attempt, 100 once succeeded; a new attempt may lower it."""
    attempt_index: int
    """Number of the current attempt, from 0; the server retries by itself."""
    download_url: str | None
    """Signed URL of the timeline file or zip, usable for 7 days; go by download_url_expires_at. Null until
    succeeded."""
    download_url_expires_at: int | None
    """When download_url stops working, in Unix seconds; null when download_url is null."""
    interchange_file_id: FileId | None
    """The file made, for hydrate_file at any later time; null until succeeded."""
    file: FileInfo | None
    """The made file's record; null until succeeded. The provider gives its URL 24 hours in one place and 7 days
    elsewhere: go by its expiry time."""
    error: ApiError | None
    """Why the job failed; null unless it did."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("interchangeJobId", "interchange_job_id", id_of("InterchangeJobId"), required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("format", "format", TEXT, required=True),
        Field("mediaDelivery", "media_delivery", TEXT, required=True),
        Field("status", "status", TEXT, required=True),
        Field("progressPercentage", "progress_percentage", NUMBER, required=True),
        Field("attemptIndex", "attempt_index", INTEGER, required=True),
        Field("downloadUrl", "download_url", TEXT, required=True, nullable=True),
        Field("downloadUrlExpiresAt", "download_url_expires_at", TIME, required=True, nullable=True),
        Field("interchangeFileId", "interchange_file_id", id_of("FileId"), required=True, nullable=True),
        Field("file", "file", ref("FileInfo"), required=True, nullable=True),
        Field("error", "error", ref("ApiError"), required=True, nullable=True),
    )
