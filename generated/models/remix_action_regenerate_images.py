"""The API's `RemixActionRegenerateImages`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import ModelQuality


@model
class RemixActionRegenerateImages(Model):
    """Make the project's images afresh in another style."""

    type: Literal["REGENERATE_IMAGES"] = "REGENERATE_IMAGES"
    style_prompt: str
    """The new style in words."""
    quality: ModelQuality | Unset = UNSET
    """Model tier for the images; the account's default for images when omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="REGENERATE_IMAGES"),
        Field("stylePrompt", "style_prompt", TEXT, required=True),
        Field("quality", "quality", TEXT),
    )
