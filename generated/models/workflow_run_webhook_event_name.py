"""The API's `WorkflowRunWebhookEventName`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

WorkflowRunWebhookEventName: TypeAlias = (
    Literal["workflow_run.succeeded", "workflow_run.failed", "workflow_run.cancelled"] | str
)
"""How a workflow run ended. There is no event for awaiting_approval.

Other values than the known ones may come, and are kept as they are.
"""
