"""The API's `TimelineInterchangeMediaDelivery`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

TimelineInterchangeMediaDelivery: TypeAlias = Literal["REMOTE_URLS", "BUNDLE"] | str
"""How the media come along. REMOTE_URLS refers to them by URL; BUNDLE gives a zip that holds them.

Other values than the known ones may come, and are kept as they are.
"""
