"""The API's `TextToSpeechRequest`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, INTEGER, NUMBER, TEXT, id_or_text, list_of, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import PronunciationReplacement, VoiceIdOrName


@model
class TextToSpeechRequest(Model):
    """A text to be spoken by a voice that supports direct tool execution."""

    tts_text: str
    """The text to speak."""
    voice_id: VoiceIdOrName
    """The voice, by its id or its display name, sent as given; its `supports_direct_tool_execution` must be true.
    Older texts know only the id."""
    speech_language_code: str | None | Unset = UNSET
    """Hint at the language of the text, as an ISO 639-1 code such as es."""
    pronunciation_replacements: Sequence[PronunciationReplacement] | Unset = UNSET
    """Words to be spoken otherwise than written."""
    auto_expand_pronunciation_replacements: bool | Unset = UNSET
    """True lets the server extend the replacements by itself; false when omitted."""
    voice_speed: float | Unset = UNSET
    """Speed as a multiplier, 0.5 to 2; the voice's own default when omitted."""
    num_results: int | Unset = UNSET
    """How many recordings to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("ttsText", "tts_text", TEXT, required=True),
        Field("voiceId", "voice_id", id_or_text("VoiceId"), required=True),
        Field("speechLanguageCode", "speech_language_code", TEXT, nullable=True),
        Field("pronunciationReplacements", "pronunciation_replacements", list_of(ref("PronunciationReplacement"))),
        Field("autoExpandPronunciationReplacements", "auto_expand_pronunciation_replacements", BOOLEAN),
        Field("voiceSpeed", "voice_speed", NUMBER),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
