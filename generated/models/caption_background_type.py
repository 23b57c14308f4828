"""The API's `CaptionBackgroundType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

CaptionBackgroundType: TypeAlias = Literal["RECT", "WRAPPED", "WORD_BY_WORD"] | str
"""How the background of captions is drawn, as a rectangle, wrapped around the text, or word by word.

Other values than the known ones may come, and are kept as they are.
"""
