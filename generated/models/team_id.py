"""The API's `TeamId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import TeamId as TeamId
