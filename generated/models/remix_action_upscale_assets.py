"""The API's `RemixActionUpscaleAssets`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar, Literal

from ..._codecs import BOOLEAN, TEXT
from ..._model import UNSET, Field, Model, Unset, model


@model
class RemixActionUpscaleAssets(Model):
    """Raise the resolution of the project's visuals."""

    type: Literal["UPSCALE_ASSETS"] = "UPSCALE_ASSETS"
    include_videos: bool | None | Unset = UNSET
    """Whether to upscale videos as well; true when omitted."""
    include_stock_content: bool | None | Unset = UNSET
    """Whether to upscale stock content as well; true when omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="UPSCALE_ASSETS"),
        Field("includeVideos", "include_videos", BOOLEAN, nullable=True),
        Field("includeStockContent", "include_stock_content", BOOLEAN, nullable=True),
    )
