"""The API's `GenerateTextResponse`, generated from openapi.yaml."""

from __future__ import annotations

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class GenerateTextResponse(Model):
    """The finished text."""

    text: str
    __fields__ = (Field("text", "text", TEXT, required=True),)
