"""The API's `MotionGraphicSubToolMode`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

MotionGraphicSubToolMode: TypeAlias = Literal["AUTO", "ENABLED", "DISABLED"] | str
"""Whether a motion graphic may call in another tool: AUTO leaves the choice to the server, ENABLED allows it and
fails when the plan lacks it, DISABLED forbids it.

Other values than the known ones may come, and are kept as they are.
"""
