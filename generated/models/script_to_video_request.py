"""The API's `ScriptToVideoRequest`, generated from openapi.yaml."""

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
        SceneDescriptionRange,
        VisualPacing,
        VoiceIdOrName,
        WorkflowVisualStyle,
    )


@model
class ScriptToVideoRequest(Model):
    """Make a video from a script, which is spoken word for word. Captions are not a field here: add an
    ENABLE_CAPTIONS remix action for them."""

    script: str
    """The narration, spoken exactly as written."""
    aspect_ratio: AspectRatio | Unset = UNSET
    """Shape of the video, as a ratio and not in pixels."""
    visual_style: WorkflowVisualStyle
    visual_pacing: VisualPacing | Unset = UNSET
    """How quickly visuals change; MEDIUM when omitted."""
    quality: ModelQuality | Unset = UNSET
    """Model tier for AI_IMAGE visuals; the account's default for images when omitted."""
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
    featured_b_roll_file_ids: Sequence[FileId] | Unset = UNSET
    """Files to show as B-roll; images and videos only."""
    workflow_agent_context: str | Unset = UNSET
    """Production notes for the making of the video; never spoken."""
    scenes: Sequence[SceneDescriptionRange] | Unset = UNSET
    """What to show when, sorted by start_seconds and without overlaps."""
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
        Field("script", "script", TEXT, required=True),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("visualStyle", "visual_style", ref("WorkflowVisualStyle"), required=True),
        Field("visualPacing", "visual_pacing", TEXT),
        Field("quality", "quality", TEXT),
        Field("language", "language", TEXT),
        Field("voiceId", "voice_id", id_or_text("VoiceId"), nullable=True),
        Field("voiceSpeed", "voice_speed", NUMBER),
        Field("actorEntityId", "actor_entity_id", id_of("EntityId"), nullable=True),
        Field("avatarQuality", "avatar_quality", TEXT),
        Field("featuredBRollFileIds", "featured_b_roll_file_ids", list_of(id_of("FileId"))),
        Field("workflowAgentContext", "workflow_agent_context", TEXT),
        Field("scenes", "scenes", list_of(ref("SceneDescriptionRange"))),
        Field("remixActions", "remix_actions", list_of(ref("RemixAction"))),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
        Field("autoExport", "auto_export", BOOLEAN),
        Field("exportOptions", "export_options", ref("ExportProjectRequest")),
    )
