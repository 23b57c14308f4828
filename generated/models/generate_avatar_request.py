"""The API's `GenerateAvatarRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT, id_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import EntityId, FileId, ModelQuality, WatermarkMode


@model
class GenerateAvatarRequest(Model):
    """A video of an actor who speaks a recording. Both the actor and the audio are required."""

    actor_entity_id: EntityId
    """A stock actor, or an ACTOR entity of your own that has an image reference."""
    avatar_quality: ModelQuality | Unset = UNSET
    """Model tier; the account's default for avatars when omitted."""
    audio_file_id: FileId
    """The AUDIO file the actor speaks."""
    watermark_mode: WatermarkMode | Unset = UNSET
    """Whether to mark the video; AUTO when omitted, and NONE needs the Pro plan."""
    num_results: int | Unset = UNSET
    """How many videos to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("actorEntityId", "actor_entity_id", id_of("EntityId"), required=True),
        Field("avatarQuality", "avatar_quality", TEXT),
        Field("audioFileId", "audio_file_id", id_of("FileId"), required=True),
        Field("watermarkMode", "watermark_mode", TEXT),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
