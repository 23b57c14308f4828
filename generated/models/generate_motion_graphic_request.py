"""The API's `GenerateMotionGraphicRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT, id_of, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import AspectRatio, EntityId, FileId, MotionGraphicSubToolModes


@model
class GenerateMotionGraphicRequest(Model):
    """An animated graphic to generate, as a video of up to 300 seconds. The tool is experimental."""

    prompt: str
    """What the graphic should show."""
    file_ids: Sequence[FileId] | Unset = UNSET
    """Image, video or audio files to work with, at most 8."""
    entity_ids: Sequence[EntityId] | Unset = UNSET
    """Actor, product or visual style entities to use. An unknown id gives a not-found error, one you may not use a
    permission error."""
    duration_seconds: int | None | Unset = UNSET
    """Length in whole seconds; the server decides when it is omitted."""
    aspect_ratio: AspectRatio | Unset = UNSET
    """Shape of the graphic; 16 to 9 when omitted."""
    transparent_background: bool | Unset = UNSET
    """True gives a transparent WebM, false an opaque MP4."""
    sub_tool_modes: MotionGraphicSubToolModes | Unset = UNSET
    """Which other tools may be called in; all AUTO when omitted."""
    num_results: int | Unset = UNSET
    """How many graphics to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("fileIds", "file_ids", list_of(id_of("FileId"))),
        Field("entityIds", "entity_ids", list_of(id_of("EntityId"))),
        Field("durationSeconds", "duration_seconds", INTEGER, nullable=True),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio")),
        Field("transparentBackground", "transparent_background", BOOLEAN),
        Field("subToolModes", "sub_tool_modes", ref("MotionGraphicSubToolModes")),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
