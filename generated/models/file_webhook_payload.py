"""The API's `FileWebhookPayload`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ApiError, FileId, FileInfo, FileWebhookEventName


@model
class FileWebhookPayload(Model):
    """Body of a webhook about a file that was uploaded by API."""

    event: FileWebhookEventName
    file_id: FileId
    """The file concerned."""
    occurred_at: int
    """When it happened, in Unix seconds, UTC."""
    file: FileInfo
    """The file's record, already hydrated, without file_analysis_metadata."""
    error: ApiError | None = None
    """What went wrong, only on file.upload.failed and file.analysis_failed."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("event", "event", TEXT, required=True),
        Field("fileId", "file_id", id_of("FileId"), required=True),
        Field("occurredAt", "occurred_at", TIME, required=True),
        Field("file", "file", ref("FileInfo"), required=True),
        Field("error", "error", ref("ApiError"), nullable=True),
    )
