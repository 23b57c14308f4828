"""The API's `FileSource`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, TEXT, TIME
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileSourceStatus


@model
class FileSource(Model):
    """One rendition of a file: its state, and once ready its link and measures. A file counts as ready when any of
    its download, preview, thumbnail or HLS sources is, and as failed only when one failed and none is ready."""

    status: FileSourceStatus
    """State of the rendition; skipped means it does not apply to this kind of file."""
    url: str | None = None
    """Link to the rendition, there when it is ready and the file was hydrated not long ago. Use it unchanged and
    without the API key: an added query parameter breaks the signature."""
    expires_at: int | None = None
    """When `url` stops working, in Unix seconds; null for a public link, which never does."""
    width: int | None = None
    """Width in pixels, where known."""
    height: int | None = None
    """Height in pixels, where known."""
    file_bytes: int | None = None
    """Size in bytes, where known."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("status", "status", TEXT, required=True),
        Field("url", "url", TEXT, nullable=True),
        Field("expiresAt", "expires_at", TIME, nullable=True),
        Field("width", "width", INTEGER, nullable=True),
        Field("height", "height", INTEGER, nullable=True),
        Field("fileBytes", "file_bytes", INTEGER, nullable=True),
    )
