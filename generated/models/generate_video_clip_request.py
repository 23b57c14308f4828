"""The API's `GenerateVideoClipRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT, id_of, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import AspectRatio, ContentPolicyConfig, FileId, ModelQuality, WatermarkMode


@model
class GenerateVideoClipRequest(Model):
    """A video clip of up to 30 seconds to generate. At least one of `prompt`, `start_frame_file_id`,
    `image_file_ids`, `video_file_ids`, `audio_file_ids` and `spoken_dialogue` must be given."""

    prompt: str | Unset = UNSET
    """What the clip should show."""
    start_frame_file_id: FileId | Unset = UNSET
    """An image file to open the clip with; if also in `image_file_ids`, it is dropped there."""
    image_file_ids: Sequence[FileId] | Unset = UNSET
    """Image files, at most 4, shown to the model as references."""
    video_file_ids: Sequence[FileId] | Unset = UNSET
    """Video files, at most 4, shown to the model as references."""
    audio_file_ids: Sequence[FileId] | Unset = UNSET
    """Audio files, at most 4, for the lips to follow."""
    spoken_dialogue: str | Unset = UNSET
    """Line spoken in the clip, word for word and lip-synced."""
    voice_description: str | Unset = UNSET
    """How the voice should sound; used only with `spoken_dialogue`."""
    generate_audio: bool | Unset = UNSET
    """True asks for sound with the picture; false does not guarantee silence."""
    suppress_background_music: bool | Unset = UNSET
    """True asks for a clip without music in the background."""
    duration_seconds: int | None | Unset = UNSET
    """Length in whole seconds; null or omitted leaves it to the server."""
    aspect_ratio: AspectRatio | Unset = UNSET
    """Shape of the clip; 16 to 9 when omitted."""
    quality: ModelQuality | Unset = UNSET
    """Model tier; the account's default for video when omitted."""
    content_policy_config: ContentPolicyConfig | Unset = UNSET
    """What to do if moderation rejects the prompt; when omitted, the job fails."""
    watermark_mode: WatermarkMode | Unset = UNSET
    """Whether to mark the clip; AUTO when omitted, and NONE needs the Pro plan."""
    num_results: int | Unset = UNSET
    """How many clips to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT),
        Field("startFrameFileId", "start_frame_file_id", id_of("FileId")),
        Field("imageFileIds", "image_file_ids", list_of(id_of("FileId"))),
        Field("videoFileIds", "video_file_ids", list_of(id_of("FileId"))),
        Field("audioFileIds", "audio_file_ids", list_of(id_of("FileId"))),
        Field("spokenDialogue", "spoken_dialogue", TEXT),
        Field("voiceDescription", "voice_description", TEXT),
        Field("generateAudio", "generate_audio", BOOLEAN),
        Field("suppressBackgroundMusic", "suppress_background_music", BOOLEAN),
        Field("durationSeconds", "duration_seconds", INTEGER, nullable=True),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("quality", "quality", TEXT),
        Field("contentPolicyConfig", "content_policy_config", ref("ContentPolicyConfig")),
        Field("watermarkMode", "watermark_mode", TEXT),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
