"""The API's `CaptionAlignment`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

CaptionAlignment: TypeAlias = Literal["TOP", "MIDDLE", "BOTTOM"] | str
"""Where captions stand vertically in the picture.

Other values than the known ones may come, and are kept as they are.
"""
