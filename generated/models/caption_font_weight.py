"""The API's `CaptionFontWeight`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

CaptionFontWeight: TypeAlias = Literal[100, 200, 300, 400, 500, 600, 700, 800, 900] | int
"""Thickness of the caption font, in hundreds from 100 (thinnest) to 900 (heaviest).

Other values than the known ones may come, and are kept as they are.
"""
