"""The API's `EntityArchiveResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import EntityId


@model
class EntityArchiveResponse(Model):
    """Confirms that an entity was archived; it no longer shows up in lists."""

    entity_id: EntityId
    """The archived entity."""
    archived: bool
    """Always true when the call succeeds."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("entityId", "entity_id", id_of("EntityId"), required=True),
        Field("archived", "archived", BOOLEAN, required=True),
    )
