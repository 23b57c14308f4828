"""The API's `WatermarkMode`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

WatermarkMode: TypeAlias = Literal["NONE", "VIDEO_GEN", "AUTO"] | str
"""Whether the output carries VideoGen's watermark. AUTO, the server's default, marks it unless the account is on
the Pro plan; NONE needs Pro (in older texts, an add-on) and fails without it.

Other values than the known ones may come, and are kept as they are.
"""
