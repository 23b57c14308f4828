"""The API's `AspectRatio`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import INTEGER
from ..._model import Field, Model, model


@model
class AspectRatio(Model):
    """Shape of a picture as a ratio such as 16 to 9; the numbers are not pixels."""

    width: int
    height: int
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("width", "width", INTEGER, required=True),
        Field("height", "height", INTEGER, required=True),
    )
