"""The API's `FileWebhookEventName`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

FileWebhookEventName: TypeAlias = (
    Literal[
        "file.upload.completed",
        "file.upload.failed",
        "file.playback_ready",
        "file.download_ready",
        "file.analysis_completed",
        "file.analysis_failed",
    ]
    | str
)
"""What happened to a file uploaded through the API. Temporary files have no analysis events.

Other values than the known ones may come, and are kept as they are.
"""
