"""The API's `ToolExecutionWebhookEventName`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

ToolExecutionWebhookEventName: TypeAlias = (
    Literal["tool_execution.succeeded", "tool_execution.failed", "tool_execution.cancelled"] | str
)
"""How a tool execution ended. There is no event for awaiting_approval.

Other values than the known ones may come, and are kept as they are.
"""
