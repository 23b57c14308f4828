"""The API's `ToolSuccessResult`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, TIME, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileId, FileInfo, FileType


@model
class ToolSuccessResult(Model):
    """One output file of a finished tool execution. Fetching the execution renews links within an hour of their
    expiry; a list of executions does not."""

    file_id: FileId
    """The output file; keep this id, as links expire."""
    type: FileType
    """Kind of the output file."""
    download_url: str | None
    """Signed link to the output, valid for 7 days; go by `download_url_expires_at`. Now and then null even after
    success, while the best rendition is still being made: ask again."""
    download_url_expires_at: int | None
    """When `download_url` stops working, in Unix seconds; null when `download_url` is null."""
    thumbnail_url: str | None
    """Signed link to the thumbnail, valid for 7 days; go by `thumbnail_url_expires_at`. Null for kinds of file that
    have none."""
    thumbnail_url_expires_at: int | None
    """When `thumbnail_url` stops working, in Unix seconds; null when `thumbnail_url` is null."""
    file: FileInfo
    """The output file in full, save its analysis. One text gives its links 24 hours, all others 7 days: go by the
    expiry fields."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileId", "file_id", id_of("FileId"), required=True),
        Field("type", "type", TEXT, required=True),
        Field("downloadUrl", "download_url", TEXT, required=True, nullable=True),
        Field("downloadUrlExpiresAt", "download_url_expires_at", TIME, required=True, nullable=True),
        Field("thumbnailUrl", "thumbnail_url", TEXT, required=True, nullable=True),
        Field("thumbnailUrlExpiresAt", "thumbnail_url_expires_at", TIME, required=True, nullable=True),
        Field("file", "file", ref("FileInfo"), required=True),
    )
