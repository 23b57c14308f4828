"""The API's `CreateEntityRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import EntityType


@model
class CreateEntityRequest(Model):
    """A new entity of the team's own; its images are added afterwards, one reference at a time."""

    entity_type: EntityType
    name: str
    description: str | Unset = UNSET
    """What the entity is; may be omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("entityType", "entity_type", TEXT, required=True),
        Field("name", "name", TEXT, required=True),
        Field("description", "description", TEXT),
    )
