"""The API's `RemixActionShuffleStockVisuals`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar, Literal

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class RemixActionShuffleStockVisuals(Model):
    """Swap the project's stock visuals for others."""

    type: Literal["SHUFFLE_STOCK_VISUALS"] = "SHUFFLE_STOCK_VISUALS"
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="SHUFFLE_STOCK_VISUALS"),
    )
