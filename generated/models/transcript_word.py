"""The API's `TranscriptWord`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import NUMBER, TEXT
from ..._model import Field, Model, model


@model
class TranscriptWord(Model):
    """One word of a transcript with its place in time."""

    start_seconds: float
    """Where the word starts, in seconds from the start of the audio."""
    end_seconds: float
    """Where the word ends, in seconds; must be greater than start_seconds."""
    word: str
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("startSeconds", "start_seconds", NUMBER, required=True),
        Field("endSeconds", "end_seconds", NUMBER, required=True),
        Field("word", "word", TEXT, required=True),
    )
