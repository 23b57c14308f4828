"""The API's `RemixActionChangeNarrator`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import NUMBER, TEXT, id_of, id_or_text
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import EntityId, ModelQuality, VoiceIdOrName


@model
class RemixActionChangeNarrator(Model):
    """Have the narration read by another voice, with or without an avatar on screen."""

    type: Literal["CHANGE_NARRATOR"] = "CHANGE_NARRATOR"
    voice_id: VoiceIdOrName
    """The new voice, by id or by display name."""
    actor_entity_id: EntityId | None | Unset = UNSET
    """An ACTOR entity to show as the speaker; null gives voiceover without an avatar."""
    avatar_quality: ModelQuality | Unset = UNSET
    """Model tier for the avatar, with actor_entity_id only; the account's default when omitted."""
    voice_speed: float | None | Unset = UNSET
    """Speaking rate as a multiplier; null or omitted keeps the present one."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="CHANGE_NARRATOR"),
        Field("voiceId", "voice_id", id_or_text("VoiceId"), required=True),
        Field("actorEntityId", "actor_entity_id", id_of("EntityId"), nullable=True),
        Field("avatarQuality", "avatar_quality", TEXT),
        Field("voiceSpeed", "voice_speed", NUMBER, nullable=True),
    )
