"""The API's `EntityActorConfig`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import BOOLEAN, TEXT
from ..._model import Field, Model, model


@model
class EntityActorConfig(Model):
    """What an ACTOR entity brings besides its images."""

    voice_display_name: str | None = None
    """Display name of the actor's voice; null or absent when none is named."""
    has_voice: bool
    """Whether the actor has a voice of its own."""
    has_avatar_presenter: bool
    """Whether the actor has an avatar presenter of its own."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("voiceDisplayName", "voice_display_name", TEXT, nullable=True),
        Field("hasVoice", "has_voice", BOOLEAN, required=True),
        Field("hasAvatarPresenter", "has_avatar_presenter", BOOLEAN, required=True),
    )
