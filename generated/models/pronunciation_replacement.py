"""The API's `PronunciationReplacement`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class PronunciationReplacement(Model):
    """A piece of text and how to say it instead."""

    original: str
    """The text as written."""
    replacement: str
    """The text to speak in its place."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("original", "original", TEXT, required=True),
        Field("replacement", "replacement", TEXT, required=True),
    )
