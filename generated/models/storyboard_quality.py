"""The API's `StoryboardQuality`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

StoryboardQuality: TypeAlias = Literal["HIGH", "MAX"] | str
"""Model tier for the opening frames of a storyboard; HIGH when omitted.

Other values than the known ones may come, and are kept as they are.
"""
