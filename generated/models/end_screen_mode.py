"""The API's `EndScreenMode`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

EndScreenMode: TypeAlias = Literal["NONE", "VIDEO_GEN", "AUTO"] | str
"""Whether an export closes with VideoGen's end screen. AUTO, the server's default, appends it unless the account
is on the Pro plan; NONE needs Pro (in older texts, an add-on) and fails without it.

Other values than the known ones may come, and are kept as they are.
"""
