"""The API's `StoryboardToVideoRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import attrs

from ..._codecs import BOOLEAN, INTEGER, TEXT, id_of, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import (
        AspectRatio,
        EntityId,
        ExportProjectRequest,
        GenerateStoryboardScene,
        RemixAction,
        SceneGeneration,
        StoryboardQuality,
    )


@model
class StoryboardToVideoRequest(Model):
    """Make a video scene by scene. No current operation uses it: the provider still publishes the schema and a
    workflow type, but no path."""

    scenes: list[GenerateStoryboardScene]
    """The scenes in order, at least one."""
    actor_entity_ids: list[EntityId] = attrs.field(factory=list)
    """ACTOR entities for the video."""
    product_entity_ids: list[EntityId] = attrs.field(factory=list)
    """PRODUCT entities for the video."""
    default_generation: SceneGeneration | None = None
    """How pictures are made for scenes that don't say so themselves."""
    default_duration_seconds: int | None = None
    """Seconds for scenes that give no length of their own; null leaves it to the server."""
    quality: StoryboardQuality | None = None
    """Model tier for the opening frames only; HIGH when omitted."""
    aspect_ratio: AspectRatio | None = None
    """Shape of the video, as a ratio and not in pixels."""
    workflow_agent_context: str | None = None
    """Production notes for the making of the video."""
    remix_actions: list[RemixAction] = attrs.field(factory=list)
    """Edits to apply in this order once the project is built, each as a job of its own."""
    is_output_temporary: bool | None = None
    """Keep output files at least 24 hours, perhaps no longer; they are never analysed or searched."""
    hide_from_ui: bool | None = None
    """Hide the project in the VideoGen app. Sent as given, but don't rely on it: the official client calls the same
    option on uploads deprecated and ignored."""
    auto_export: bool | None = None
    """Also export to MP4 after the build and the remix actions. The run then stays `running` until the export ends,
    and succeeds or fails with it."""
    export_options: ExportProjectRequest | None = None
    """Options of that export; ignored unless auto_export is true."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("scenes", "scenes", list_of(ref("GenerateStoryboardScene")), required=True),
        Field("actorEntityIds", "actor_entity_ids", list_of(id_of("EntityId"))),
        Field("productEntityIds", "product_entity_ids", list_of(id_of("EntityId"))),
        Field("defaultGeneration", "default_generation", ref("SceneGeneration"), nullable=True),
        Field("defaultDurationSeconds", "default_duration_seconds", INTEGER, nullable=True),
        Field("quality", "quality", TEXT),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("workflowAgentContext", "workflow_agent_context", TEXT),
        Field("remixActions", "remix_actions", list_of(ref("RemixAction"))),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
        Field("autoExport", "auto_export", BOOLEAN),
        Field("exportOptions", "export_options", ref("ExportProjectRequest")),
    )
