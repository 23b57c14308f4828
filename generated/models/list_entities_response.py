"""The API's `ListEntitiesResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import Entity


@model
class ListEntitiesResponse(Model):
    """One page of entities, the built-in ones before the team's own; archived ones are left out."""

    entities: list[Entity]
    has_more: bool
    """Whether there is another page."""
    next_cursor: str | None
    """Hand it back unchanged as `cursor` for the next page; null exactly when `has_more` is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("entities", "entities", list_of(ref("Entity")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
