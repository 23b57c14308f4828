"""The API's `CaptionJustification`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

CaptionJustification: TypeAlias = Literal["LEFT", "CENTER", "RIGHT"] | str
"""How caption text is set horizontally.

Other values than the known ones may come, and are kept as they are.
"""
