"""The API's `VoiceoverToVideoRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, id_of, list_of, ref
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
        WorkflowCaptionStyle,
        WorkflowVisualStyle,
    )


@model
class VoiceoverToVideoRequest(Model):
    """Make a video around a recorded narration."""

    file_id: FileId
    """An audio file that holds the narration."""
    scenes: Sequence[SceneDescriptionRange] | Unset = UNSET
    """What to show when, sorted by start_seconds and without overlaps."""
    aspect_ratio: AspectRatio | Unset = UNSET
    """Shape of the video, as a ratio and not in pixels."""
    visual_style: WorkflowVisualStyle
    visual_pacing: VisualPacing | Unset = UNSET
    """How quickly visuals change; MEDIUM when omitted."""
    quality: ModelQuality | Unset = UNSET
    """Model tier for AI_IMAGE visuals; the account's default for images when omitted."""
    language: str | Unset = UNSET
    """Language of the video as a BCP-47 tag; English when omitted."""
    actor_entity_id: EntityId | None | Unset = UNSET
    """An ACTOR entity to show as the speaker; null gives voiceover without an avatar."""
    avatar_quality: ModelQuality | Unset = UNSET
    """Model tier for the avatar, with actor_entity_id only; the account's default when omitted."""
    caption_style: WorkflowCaptionStyle | None | Unset = UNSET
    """Style of the captions. Omitted, or as an empty object, it shows default captions; null hides captions."""
    logo_file_id: FileId | None | Unset = UNSET
    """An image file to show as the logo."""
    workflow_agent_context: str | Unset = UNSET
    """Production notes for the making of the video; never spoken."""
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
        Field("scenes", "scenes", list_of(ref("SceneDescriptionRange"))),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("visualStyle", "visual_style", ref("WorkflowVisualStyle"), required=True),
        Field("visualPacing", "visual_pacing", TEXT),
        Field("quality", "quality", TEXT),
        Field("language", "language", TEXT),
        Field("actorEntityId", "actor_entity_id", id_of("EntityId"), nullable=True),
        Field("avatarQuality", "avatar_quality", TEXT),
        Field("captionStyle", "caption_style", ref("WorkflowCaptionStyle"), nullable=True),
        Field("logoFileId", "logo_file_id", id_of("FileId"), nullable=True),
        Field("workflowAgentContext", "workflow_agent_context", TEXT),
        Field("remixActions", "remix_actions", list_of(ref("RemixAction"))),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
        Field("autoExport", "auto_export", BOOLEAN),
        Field("exportOptions", "export_options", ref("ExportProjectRequest")),
    )
