"""The API's `TtsVoice`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import VoiceGender, VoiceId


@model
class TtsVoice(Model):
    """A voice for narration. Workflows take any voice, the text-to-speech tool only those with
    `supports_direct_tool_execution`."""

    voice_id: VoiceId
    """The voice itself; requests take this id or the display name."""
    language_code: str
    """Locale the voice is made for, a tag such as en-US."""
    display_name: str
    """Name of the voice; requests accept it in place of the id."""
    display_gender: VoiceGender
    accent: str | None = None
    """Accent in words; null or absent when none is given."""
    description: str | None = None
    """How the voice sounds; null or absent when none is given."""
    supports_direct_tool_execution: bool
    """True if the text-to-speech tool accepts the voice; false limits it to workflows."""
    supports_all_languages: bool
    """Whether the voice can speak every language on offer."""
    is_deprecated: bool
    """Whether the voice is on its way out; listed only with `include_deprecated_voices`."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("voiceId", "voice_id", id_of("VoiceId"), required=True),
        Field("languageCode", "language_code", TEXT, required=True),
        Field("displayName", "display_name", TEXT, required=True),
        Field("displayGender", "display_gender", TEXT, required=True),
        Field("accent", "accent", TEXT, nullable=True),
        Field("description", "description", TEXT, nullable=True),
        Field("supportsDirectToolExecution", "supports_direct_tool_execution", BOOLEAN, required=True),
        Field("supportsAllLanguages", "supports_all_languages", BOOLEAN, required=True),
        Field("isDeprecated", "is_deprecated", BOOLEAN, required=True),
    )
