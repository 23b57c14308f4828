"""The API's `WorkflowRunId`, generated from openapi.yaml."""

from __future__ import annotations

from ..types import WorkflowRunId as WorkflowRunId
