"""The API's `LogoPosition`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

LogoPosition: TypeAlias = (
    Literal["TOP_LEFT", "TOP_CENTER", "TOP_RIGHT", "BOTTOM_LEFT", "BOTTOM_CENTER", "BOTTOM_RIGHT"] | str
)
"""Where the logo stands in the picture.

Other values than the known ones may come, and are kept as they are.
"""
