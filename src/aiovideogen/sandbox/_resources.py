"""Catalogues, the account, and text, which needs no job."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

from . import _catalogue
from ._calls import Call, handles, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._catalogue import Presenter, Voice
    from ._http import Json

T = TypeVar("T")
_WORDS = (
    "morning",
    "light",
    "water",
    "quiet",
    "street",
    "coffee",
    "window",
    "slow",
    "warm",
    "steps",
    "city",
    "hands",
    "bright",
    "river",
    "small",
    "garden",
    "letter",
    "music",
    "evening",
    "clear",
    "voice",
    "open",
    "road",
    "winter",
    "table",
    "green",
    "walk",
    "story",
    "simple",
    "blue",
)


def _ranked(items: Sequence[T]) -> list[tuple[int, T]]:
    return list(zip(range(len(items), 0, -1), items, strict=True))


@handles("listTtsVoices")
async def list_voices(call: Call) -> Json:
    """List voices; deprecated ones only when asked for."""
    text = str(call.query.get("query", "")).lower()
    deprecated = call.query.get("includeDeprecatedVoices", False)
    found = [
        voice
        for voice in _catalogue.VOICES
        if text in f"{voice.name} {voice.language} {voice.accent} {voice.description}".lower()
        and (deprecated or not voice.deprecated)
    ]
    shown, body = page(call, "ttsVoices", _ranked(found), lambda item: (item[0],))
    return {**body, "ttsVoices": [_voice(voice) for _, voice in shown]}


def _voice(voice: Voice) -> Json:
    return {
        "voiceId": voice.id,
        "languageCode": voice.language,
        "displayName": voice.name,
        "displayGender": voice.gender,
        "accent": voice.accent,
        "description": voice.description,
        "supportsDirectToolExecution": voice.direct,
        "supportsAllLanguages": voice.all_languages,
        "isDeprecated": voice.deprecated,
    }


@handles("listLanguages")
async def list_languages(call: Call) -> Json:
    """List languages, all at once."""
    text = str(call.query.get("query", "")).lower()
    found = [
        {"languageCode": code, "name": name}
        for code, name in _catalogue.LANGUAGES.items()
        if text in f"{code} {name}".lower()
    ]
    return {"languages": found}


@handles("listAvatarPresenters")
async def list_presenters(call: Call) -> Json:
    """List the older catalogue's presenters, those of the voice's gender first."""
    voice = _catalogue.find_voice(call.query.get("voiceId", ""))
    gender = voice.gender if voice else None
    ordered = sorted(_catalogue.PRESENTERS, key=lambda item: item.gender != gender)
    shown, body = page(call, "avatarPresenters", _ranked(ordered), lambda item: (item[0],))
    body["avatarPresenters"] = [_presenter(call, presenter) for _, presenter in shown]
    return body


def _presenter(call: Call, presenter: Presenter) -> Json:
    folder = f"{call.base}/_storage/catalogue/{presenter.id}"
    return {
        "avatarPresenterId": presenter.id,
        "displayableGender": presenter.gender,
        "imageUrl": f"{folder}/image.png",
        "thumbnailUrl": f"{folder}/thumbnail.jpg",
        "previewVideoUrl": f"{folder}/preview.mp4",
    }


@handles("getMe")
async def get_me(_: Call) -> Json:
    """Show whose key it is."""
    return {
        "apiKeyId": _catalogue.fixed_id("vg_key_", "sandbox"),
        "apiKeyNickname": "Sandbox",
        "email": "sandbox@example.com",
        "displayName": None,
        "teamId": _catalogue.fixed_id("vg_team_", "sandbox"),
    }


@handles("generateText")
async def generate_text(call: Call) -> Json:
    """Write text that depends on nothing but prompt and system."""
    seed = f"{call.body.get('system') or ''}\n{call.body['prompt']}"
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
    count = min(12 + digest[0] % 12, int(call.body.get("maxOutputTokens", 512)))
    words = [_WORDS[byte % len(_WORDS)] for byte in digest[:count]]
    return {"text": " ".join(words).capitalize() + "."}
