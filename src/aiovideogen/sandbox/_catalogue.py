"""Voices, languages, presenters and built-in entities: the same in every sandbox."""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass

EPOCH = 1_780_000_000.0
_CHARACTERS = string.digits + string.ascii_letters


def fixed_id(prefix: str, name: str) -> str:
    """Return the id that `name` always has."""
    number = int.from_bytes(hashlib.sha256(f"{prefix}{name}".encode()).digest(), "big")
    letters: list[str] = []
    for _ in range(22):
        number, index = divmod(number, len(_CHARACTERS))
        letters.append(_CHARACTERS[index])
    return prefix + "".join(letters)


@dataclass(frozen=True, slots=True)
class Voice:
    """A narrator; only a `direct` one may be used by the text-to-speech tool."""

    name: str
    gender: str
    language: str
    accent: str | None
    description: str | None = None
    direct: bool = True
    all_languages: bool = True
    deprecated: bool = False

    @property
    def id(self) -> str:
        return fixed_id("vg_voic_", self.name)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """An entity that every team has and none may change."""

    type: str
    name: str
    description: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Presenter:
    """An avatar of the older catalogue."""

    name: str
    gender: str

    @property
    def id(self) -> str:
        return fixed_id("vg_pres_", self.name)


VOICES = (
    Voice("Matilda", "FEMALE", "en-US", "american", "Warm and clear, for narration."),
    Voice("Oliver", "MALE", "en-GB", "british", "Calm, for documentaries."),
    Voice("Noor", "NEUTRAL", "en-US", "american", None),
    Voice("Camille", "FEMALE", "fr-FR", "parisian", "Bright and quick.", all_languages=False),
    Voice("Studio Jonas", "MALE", "de-DE", None, "Workflows only.", direct=False),
    Voice("Hazel", "FEMALE", "en-AU", "australian", "Replaced by Matilda.", deprecated=True),
)

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "ja": "Japanese",
    "pt": "Portuguese",
    "hi": "Hindi",
    "ar": "Arabic",
}

PRESENTERS = (Presenter("Ada", "FEMALE"), Presenter("Bruno", "MALE"), Presenter("Kit", "NEUTRAL"))

ENTITIES = (
    BuiltIn("ACTOR", "Iris", "Presenter in a bright studio", "Matilda"),
    BuiltIn("ACTOR", "Theo", "Presenter at a desk", "Oliver"),
    BuiltIn("PRODUCT", "Plain bottle", "A steel water bottle on white"),
    BuiltIn("VISUAL_STYLE", "Soft watercolour", "Pale washes on rough paper"),
    BuiltIn("VISUAL_STYLE", "Night neon", "Dark streets, saturated signs"),
    BuiltIn("SLIDESHOW_THEME", "Clean", "White, wide margins, one accent colour"),
)


def find_voice(text: str) -> Voice | None:
    """Return a voice by its id or, as the API allows, its display name."""
    return next((voice for voice in VOICES if text in (voice.id, voice.name)), None)
