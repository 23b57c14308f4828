"""The API's `WorkflowCaptionStyle`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, NUMBER, TEXT, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import (
        CaptionAlignment,
        CaptionFontWeight,
        CaptionJustification,
        WorkflowCaptionBackgroundStyle,
        WorkflowRgbColor,
    )


@model
class WorkflowCaptionStyle(Model):
    """How captions look. Any field left out keeps its default, so an empty object means default captions, shown.
    What null or omission means is told by the field that holds the style."""

    font_name: str | Unset = UNSET
    font_size: float | Unset = UNSET
    """Size in pixels on a 1080p frame. The published bound is 1, though the provider's text only asks for more than
    0."""
    font_weight: CaptionFontWeight | Unset = UNSET
    text_color: WorkflowRgbColor | Unset = UNSET
    text_justification: CaptionJustification | Unset = UNSET
    vertical_alignment: CaptionAlignment | Unset = UNSET
    stroke_color: WorkflowRgbColor | None | Unset = UNSET
    """Colour of the text outline; null draws none."""
    stroke_weight: float | Unset = UNSET
    """Thickness of the outline in pixels; 0 turns it off."""
    background_style: WorkflowCaptionBackgroundStyle | None | Unset = UNSET
    """Box behind the text; null draws none."""
    spoken_text_color: WorkflowRgbColor | None | Unset = UNSET
    """Colour of the word being spoken; null leaves it in text_color."""
    spoken_text_stroke_color: WorkflowRgbColor | None | Unset = UNSET
    """Outline colour of the word being spoken, or null."""
    persist_spoken_text_color: bool | Unset = UNSET
    """Keep words in the spoken colour once they have been said."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fontName", "font_name", TEXT),
        Field("fontSize", "font_size", NUMBER),
        Field("fontWeight", "font_weight", INTEGER),
        Field("textColor", "text_color", ref("WorkflowRgbColor")),
        Field("textJustification", "text_justification", TEXT),
        Field("verticalAlignment", "vertical_alignment", TEXT),
        Field("strokeColor", "stroke_color", ref("WorkflowRgbColor"), nullable=True),
        Field("strokeWeight", "stroke_weight", NUMBER),
        Field("backgroundStyle", "background_style", ref("WorkflowCaptionBackgroundStyle"), nullable=True),
        Field("spokenTextColor", "spoken_text_color", ref("WorkflowRgbColor"), nullable=True),
        Field("spokenTextStrokeColor", "spoken_text_stroke_color", ref("WorkflowRgbColor"), nullable=True),
        Field("persistSpokenTextColor", "persist_spoken_text_color", BOOLEAN),
    )
