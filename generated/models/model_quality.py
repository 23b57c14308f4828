"""The API's `ModelQuality`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

ModelQuality: TypeAlias = Literal["LOW", "STANDARD", "HIGH", "MAX"] | str
"""Model tier. When it is omitted, the account's default for the feature applies, so the request alone does not
fix the price; a tier the feature lacks is refused.

Other values than the known ones may come, and are kept as they are.
"""
