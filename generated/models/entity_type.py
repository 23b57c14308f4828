"""The API's `EntityType`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

EntityType: TypeAlias = Literal["ACTOR", "PRODUCT", "VISUAL_STYLE", "SLIDESHOW_THEME"] | str
"""Kind of entity. Avatars need an ACTOR; image and motion graphic generation take an ACTOR, PRODUCT or
VISUAL_STYLE.

Other values than the known ones may come, and are kept as they are.
"""
