"""The API's `WebhookEventName`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

WebhookEventName: TypeAlias = (
    Literal[
        "tool_execution.succeeded",
        "tool_execution.failed",
        "tool_execution.cancelled",
        "workflow_run.succeeded",
        "workflow_run.failed",
        "workflow_run.cancelled",
        "project_export.succeeded",
        "project_export.failed",
        "project_export.cancelled",
        "assistant_message.succeeded",
        "assistant_message.failed",
        "assistant_message.cancelled",
        "file.upload.completed",
        "file.upload.failed",
        "file.playback_ready",
        "file.download_ready",
        "file.analysis_completed",
        "file.analysis_failed",
    ]
    | str
)
"""Every event a webhook endpoint can subscribe to, sent only for work started through the API. More are added
over time: an unlisted name is kept as received.

Other values than the known ones may come, and are kept as they are.
"""
