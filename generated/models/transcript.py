"""The API's `Transcript`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import TranscriptWord


@model
class Transcript(Model):
    """What is said in an audio or video file, word by word."""

    language_code: str | None = None
    """Language spoken, as a BCP-47 tag, or null."""
    words: list[TranscriptWord]
    """At least one word, sorted by time and without overlaps."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("languageCode", "language_code", TEXT, nullable=True),
        Field("words", "words", list_of(ref("TranscriptWord")), required=True),
    )
