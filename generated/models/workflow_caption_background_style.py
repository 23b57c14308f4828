"""The API's `WorkflowCaptionBackgroundStyle`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import NUMBER, TEXT, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import CaptionBackgroundType, WorkflowRgbColor


@model
class WorkflowCaptionBackgroundStyle(Model):
    """The box drawn behind captions."""

    type: CaptionBackgroundType
    background_color: WorkflowRgbColor
    border_radius_proportion: float | Unset = UNSET
    """Corner radius as a share of the background's height, from 0 to 1."""
    opacity_proportion: float | Unset = UNSET
    """Opacity from 0 (clear) to 1 (solid)."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True),
        Field("backgroundColor", "background_color", ref("WorkflowRgbColor"), required=True),
        Field("borderRadiusProportion", "border_radius_proportion", NUMBER),
        Field("opacityProportion", "opacity_proportion", NUMBER),
    )
