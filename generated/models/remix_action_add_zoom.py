"""The API's `RemixActionAddZoom`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar, Literal

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class RemixActionAddZoom(Model):
    """Add zoom movement to the project's visuals."""

    type: Literal["ADD_ZOOM"] = "ADD_ZOOM"
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (Field("type", "type", TEXT, required=True, const="ADD_ZOOM"),)
