"""The API's `TimelineInterchangeFormat`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

TimelineInterchangeFormat: TypeAlias = Literal["FCPXML", "PREMIERE_XML", "OTIO", "SRT"] | str
"""File format of a timeline: Final Cut Pro XML, Premiere XML, OpenTimelineIO, or SubRip subtitles.

Other values than the known ones may come, and are kept as they are.
"""
