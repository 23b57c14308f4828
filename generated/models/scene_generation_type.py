"""The API's `SceneGenerationType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

SceneGenerationType: TypeAlias = Literal["AI_IMAGE", "AI_VIDEO"] | str
"""How a storyboard scene was to be generated. The server ignores it.

Other values than the known ones may come, and are kept as they are.
"""
