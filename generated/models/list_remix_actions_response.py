"""The API's `ListRemixActionsResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import RemixActionRun


@model
class ListRemixActionsResponse(Model):
    """A page of the remix actions ever applied to a project, old ones and failed ones included."""

    remix_actions: list[RemixActionRun]
    """The actions, most recent first; pick out your own by their ids."""
    has_more: bool
    """Whether another page follows."""
    next_cursor: str | None
    """Cursor of the next page; null exactly when has_more is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("remixActions", "remix_actions", list_of(ref("RemixActionRun")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
