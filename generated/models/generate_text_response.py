"""The API's `GenerateTextResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class GenerateTextResponse(Model):
    """The finished text."""

    text: str
    __fields__: ClassVar[tuple[Field, ...]] = (Field("text", "text", TEXT, required=True),)
