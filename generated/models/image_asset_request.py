"""The API's `ImageAssetRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT, id_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import FileId, WatermarkMode


@model
class ImageAssetRequest(Model):
    """An image to vectorise (to SVG), to cut from its background (to a transparent PNG) or to upscale."""

    image_file_id: FileId
    """The image file to work on."""
    watermark_mode: WatermarkMode | Unset = UNSET
    """Whether to mark the output; AUTO when omitted, and NONE needs the Pro plan."""
    num_results: int | Unset = UNSET
    """How many outputs to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("imageFileId", "image_file_id", id_of("FileId"), required=True),
        Field("watermarkMode", "watermark_mode", TEXT),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
