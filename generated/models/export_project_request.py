"""The API's `ExportProjectRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import EndScreenMode, ExportDeliveryDestination, ExportProjectQuality, WatermarkMode


@model
class ExportProjectRequest(Model):
    """How to export a project to MP4. Every field may be left out."""

    quality: ExportProjectQuality | Unset = UNSET
    """Resolution tier; the default is not published."""
    watermark_mode: WatermarkMode | Unset = UNSET
    """Watermark on the video; AUTO when omitted, which marks it unless you have Pro. NONE needs Pro."""
    end_screen_mode: EndScreenMode | Unset = UNSET
    """End screen; AUTO when omitted, which adds it unless you have Pro. NONE needs Pro."""
    delivery_destinations: Sequence[ExportDeliveryDestination] | Unset = UNSET
    """Where to deliver this export, besides the destinations the team has saved."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("quality", "quality", TEXT),
        Field("watermarkMode", "watermark_mode", TEXT),
        Field("endScreenMode", "end_screen_mode", TEXT),
        Field("deliveryDestinations", "delivery_destinations", list_of(ref("ExportDeliveryDestination"))),
    )
