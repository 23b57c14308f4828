"""The API's `RemixTransitionStyle`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

RemixTransitionStyle: TypeAlias = Literal["DYNAMIC", "NONE", "FADE", "RISE", "PAN", "POP", "WIPE"] | str
"""How one section or asset gives way to the next. NONE takes the present transitions out.

Other values than the known ones may come, and are kept as they are.
"""
