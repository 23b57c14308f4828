"""The API's `VisualPacing`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

VisualPacing: TypeAlias = Literal["FAST", "MEDIUM", "SLOW"] | str
"""How quickly the visuals follow one another. The server takes MEDIUM when this is omitted.

Other values than the known ones may come, and are kept as they are.
"""
