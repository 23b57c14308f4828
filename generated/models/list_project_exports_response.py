"""The API's `ListProjectExportsResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ProjectExport


@model
class ListProjectExportsResponse(Model):
    """A page of a project's exports. Sources disagree whether its entries are full records with renewed URLs or
    little more than ids; when a URL is missing or has expired, read that export by itself."""

    exports: list[ProjectExport]
    """The exports, newest first."""
    has_more: bool
    """Whether another page follows."""
    next_cursor: str | None
    """Cursor of the next page; null exactly when has_more is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("exports", "exports", list_of(ref("ProjectExport")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
