"""The API's `FileScope`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

FileScope: TypeAlias = Literal["GLOBAL", "PROJECT", "EXPORT", "TEMPORARY", "ENTITY"] | str
"""What a file belongs to. The official command-line client also shows TEAM; an unlisted value is kept as
received.

Other values than the known ones may come, and are kept as they are.
"""
