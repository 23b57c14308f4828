"""The API's `PlaybackId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import PlaybackId as PlaybackId
