"""The API's `VoiceIdOrName`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from . import VoiceId

VoiceIdOrName: TypeAlias = "VoiceId | str"
"""A voice, given by its id or by its display name. An id is opaque: pass it on as it is, never parse it."""
