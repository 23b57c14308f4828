"""The API's `TtsVoiceListResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import TtsVoice


@model
class TtsVoiceListResponse(Model):
    """One page of voices. The catalogue changes rarely and may be cached for hours."""

    tts_voices: list[TtsVoice]
    has_more: bool
    """Whether there is another page."""
    next_cursor: str | None
    """Hand it back unchanged as `cursor` for the next page; null exactly when `has_more` is false."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("ttsVoices", "tts_voices", list_of(ref("TtsVoice")), required=True),
        Field("hasMore", "has_more", BOOLEAN, required=True),
        Field("nextCursor", "next_cursor", TEXT, required=True, nullable=True),
    )
