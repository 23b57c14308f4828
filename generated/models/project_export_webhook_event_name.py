"""The API's `ProjectExportWebhookEventName`, generated from openapi.yaml."""

from __future__ import annotations

from typing import Literal, TypeAlias

ProjectExportWebhookEventName: TypeAlias = (
    Literal["project_export.succeeded", "project_export.failed", "project_export.cancelled"] | str
)
"""How the export of a project ended.

Other values than the known ones may come, and are kept as they are.
"""
