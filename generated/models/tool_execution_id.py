"""The API's `ToolExecutionId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import ToolExecutionId as ToolExecutionId
