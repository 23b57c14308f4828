"""The API's `GenerateStoryboardScene`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import attrs

from ..._codecs import INTEGER, TEXT, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import EntityId, SceneGeneration


@model
class GenerateStoryboardScene(Model):
    """One scene of a storyboard. Part of StoryboardToVideoRequest, now without a call."""

    prompt: str
    """What the scene shows. It may hold mention tokens such as @[entity:<id>|ACTOR|<name>], also with PRODUCT or
    VISUAL_STYLE."""
    title: str | None = None
    """Name of the scene; a numbered one when omitted."""
    generation: SceneGeneration | None = None
    """How this scene's picture is made; the request's default_generation when omitted."""
    duration_seconds: int | None = None
    """Length in whole seconds; null or omitted takes the request's default_duration_seconds."""
    actor_entity_ids: list[EntityId] = attrs.field(factory=list)
    """ACTOR entities that appear in the scene."""
    product_entity_ids: list[EntityId] = attrs.field(factory=list)
    """PRODUCT entities that appear in the scene."""
    visual_style_entity_id: EntityId | None = None
    """A VISUAL_STYLE entity to take the look from."""
    voiceover_script: str | None = None
    """Narration, spoken word for word; at most about 20 seconds of it. It may hold mention tokens."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("title", "title", TEXT),
        Field("generation", "generation", ref("SceneGeneration"), nullable=True),
        Field("durationSeconds", "duration_seconds", INTEGER, nullable=True),
        Field("actorEntityIds", "actor_entity_ids", list_of(id_of("EntityId"))),
        Field("productEntityIds", "product_entity_ids", list_of(id_of("EntityId"))),
        Field("visualStyleEntityId", "visual_style_entity_id", id_of("EntityId"), nullable=True),
        Field("voiceoverScript", "voiceover_script", TEXT, nullable=True),
    )
