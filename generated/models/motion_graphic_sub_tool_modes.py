"""The API's `MotionGraphicSubToolModes`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import MotionGraphicSubToolMode


@model
class MotionGraphicSubToolModes(Model):
    """The other tools a motion graphic may call in, each with its own mode."""

    generate_images: MotionGraphicSubToolMode | Unset = UNSET
    """Making new images; AUTO when omitted."""
    generate_video_clips: MotionGraphicSubToolMode | Unset = UNSET
    """Making new video clips, which needs a paid plan; AUTO when omitted."""
    generate_voiceover: MotionGraphicSubToolMode | Unset = UNSET
    """Making a voiceover; AUTO when omitted."""
    search_stock_media: MotionGraphicSubToolMode | Unset = UNSET
    """Looking for stock media; AUTO when omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("generateImages", "generate_images", TEXT),
        Field("generateVideoClips", "generate_video_clips", TEXT),
        Field("generateVoiceover", "generate_voiceover", TEXT),
        Field("searchStockMedia", "search_stock_media", TEXT),
    )
