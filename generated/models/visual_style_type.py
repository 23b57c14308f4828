"""The API's `VisualStyleType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

VisualStyleType: TypeAlias = Literal["STOCK", "AI_IMAGE"] | str
"""Where a video's visuals come from. AI_IMAGE also needs `ai_style` or `entity_id`; the former values ENTITY and
STOCK_VIDEO are refused.

Other values than the known ones may come, and are kept as they are.
"""
