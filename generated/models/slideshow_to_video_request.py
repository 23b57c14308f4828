"""The API's `SlideshowToVideoRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, NUMBER, TEXT, id_of, id_or_text, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import (
        AspectRatio,
        EntityId,
        ExportProjectRequest,
        FileId,
        ModelQuality,
        RemixAction,
        VoiceIdOrName,
        WorkflowCaptionStyle,
    )


@model
class SlideshowToVideoRequest(Model):
    """Make a narrated video from a slide deck."""

    file_id: FileId
    """The deck, a PDF or PowerPoint file."""
    slide_scripts: Sequence[str] | Unset = UNSET
    """Narration by slide, in slide order. Omitted, the deck's speaker notes are read; an empty list makes every
    slide silent. A slide with an empty or missing entry is silent, and entries beyond the last slide are ignored."""
    aspect_ratio: AspectRatio | Unset = UNSET
    """Shape of the video, as a ratio and not in pixels."""
    language: str | Unset = UNSET
    """Language of the video as a BCP-47 tag; English when omitted."""
    voice_id: VoiceIdOrName | None | Unset = UNSET
    """Any voice, by id or by display name; the default voice when omitted."""
    voice_speed: float | Unset = UNSET
    """Speaking rate as a multiplier; the voice's own rate when omitted."""
    actor_entity_id: EntityId | None | Unset = UNSET
    """An ACTOR entity to show as the speaker; null gives voiceover without an avatar."""
    avatar_quality: ModelQuality | Unset = UNSET
    """Model tier for the avatar, with actor_entity_id only; the account's default when omitted."""
    slideshow_theme_entity_id: EntityId | Unset = UNSET
    """A SLIDESHOW_THEME entity to style the slides by; leave it out rather than send null."""
    caption_style: WorkflowCaptionStyle | None | Unset = UNSET
    """Style of the captions. Omitted, or as an empty object, it shows default captions; null hides captions."""
    logo_file_id: FileId | None | Unset = UNSET
    """An image file to show as the logo."""
    remix_actions: Sequence[RemixAction] | Unset = UNSET
    """Edits to apply in this order once the project is built, each as a job of its own."""
    is_output_temporary: bool | Unset = UNSET
    """Keep output files at least 24 hours, perhaps no longer; they are never analysed or searched."""
    hide_from_ui: bool | Unset = UNSET
    """Hide the project in the VideoGen app. Sent as given, but don't rely on it: the official client calls the same
    option on uploads deprecated and ignored."""
    auto_export: bool | Unset = UNSET
    """Also export to MP4 after the build and the remix actions. The run then stays `running` until the export ends,
    and succeeds or fails with it."""
    export_options: ExportProjectRequest | Unset = UNSET
    """Options of that export; ignored unless auto_export is true."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileId", "file_id", id_of("FileId"), required=True),
        Field("slideScripts", "slide_scripts", list_of(TEXT)),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("language", "language", TEXT),
        Field("voiceId", "voice_id", id_or_text("VoiceId"), nullable=True),
        Field("voiceSpeed", "voice_speed", NUMBER),
        Field("actorEntityId", "actor_entity_id", id_of("EntityId"), nullable=True),
        Field("avatarQuality", "avatar_quality", TEXT),
        Field("slideshowThemeEntityId", "slideshow_theme_entity_id", id_of("EntityId")),
        Field("captionStyle", "caption_style", ref("WorkflowCaptionStyle"), nullable=True),
        Field("logoFileId", "logo_file_id", id_of("FileId"), nullable=True),
        Field("remixActions", "remix_actions", list_of(ref("RemixAction"))),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
        Field("autoExport", "auto_export", BOOLEAN),
        Field("exportOptions", "export_options", ref("ExportProjectRequest")),
    )
