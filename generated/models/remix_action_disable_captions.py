"""The API's `RemixActionDisableCaptions`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar, Literal

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class RemixActionDisableCaptions(Model):
    """Hide captions."""

    type: Literal["DISABLE_CAPTIONS"] = "DISABLE_CAPTIONS"
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (Field("type", "type", TEXT, required=True, const="DISABLE_CAPTIONS"),)
