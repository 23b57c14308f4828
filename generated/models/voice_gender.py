"""The API's `VoiceGender`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

VoiceGender: TypeAlias = Literal["MALE", "FEMALE", "NEUTRAL"] | str
"""How a voice is presented.

Other values than the known ones may come, and are kept as they are.
"""
