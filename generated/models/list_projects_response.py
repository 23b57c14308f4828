"""The API's `ListProjectsResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ProjectResponse


@model
class ListProjectsResponse(Model):
    """A page of projects, most recently updated first. The order can shift while you page, so expect repeats."""

    projects: list[ProjectResponse]
    has_more: bool
    """Whether another page follows."""
    next_cursor: str | None
    """Cursor of the next page; null exactly when has_more is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("projects", "projects", list_of(ref("ProjectResponse")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
