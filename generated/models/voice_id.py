"""The API's `VoiceId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import VoiceId as VoiceId
