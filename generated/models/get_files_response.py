"""The API's `GetFilesResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileInfo


@model
class GetFilesResponse(Model):
    """One page of files, most recently updated first, archived ones left out. The order can shift between pages, so
    a file may turn up twice; a list never renews signed links."""

    files: list[FileInfo]
    has_more: bool
    """Whether there is another page."""
    next_cursor: str | None
    """Hand it back unchanged as `cursor` for the next page; null exactly when `has_more` is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("files", "files", list_of(ref("FileInfo")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
