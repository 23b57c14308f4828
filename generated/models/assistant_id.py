"""The API's `AssistantId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import AssistantId as AssistantId
