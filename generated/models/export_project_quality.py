"""The API's `ExportProjectQuality`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

ExportProjectQuality: TypeAlias = Literal["STANDARD", "HIGH", "FULL_HIGH", "ULTRA_HIGH"] | str
"""Vertical resolution tier of an export, in rising order; neither pixels nor a default are published. Send no
other names: not 720p, nor the LOW and MAX of ModelQuality. One account was seen to accept only STANDARD and
HIGH. When reading, let unknown names pass.

Other values than the known ones may come, and are kept as they are.
"""
