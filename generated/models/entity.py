"""The API's `Entity`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, TIME, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import EntityActorConfig, EntityId, EntityReference, EntityType


@model
class Entity(Model):
    """An actor, product, visual style or slideshow theme that can be used again and again. Built-in ones can be
    neither changed nor archived."""

    entity_id: EntityId
    """The entity itself."""
    entity_type: EntityType
    name: str
    description: str
    """What the entity is; an empty string when unset."""
    actor_config: EntityActorConfig | None = None
    """Voice and presenter of an actor; null unless the type is ACTOR."""
    references: list[EntityReference]
    """Images that show the entity."""
    created_at: int
    """When the entity was made, in Unix seconds; ISO 8601 text from older answers is read too."""
    updated_at: int
    """When it last changed, in Unix seconds; ISO 8601 text from older answers is read too."""
    is_built_in: bool | None = None
    """Whether VideoGen supplies the entity; such entities are read-only."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("entityId", "entity_id", id_of("EntityId"), required=True),
        Field("entityType", "entity_type", TEXT, required=True),
        Field("name", "name", TEXT, required=True),
        Field("description", "description", TEXT, required=True),
        Field("actorConfig", "actor_config", ref("EntityActorConfig"), nullable=True),
        Field("references", "references", list_of(ref("EntityReference")), required=True),
        Field("createdAt", "created_at", TIME, required=True),
        Field("updatedAt", "updated_at", TIME, required=True),
        Field("isBuiltIn", "is_built_in", BOOLEAN),
    )
