"""`GET /v1/workflows/runs`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import BOOLEAN, INTEGER, TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listWorkflowRuns",
    "GET",
    "/v1/workflows/runs",
    "read",
    query_fields=(
        Field("limit", "limit", INTEGER),
        Field("cursor", "cursor", TEXT),
        Field("selfOnly", "self_only", BOOLEAN),
    ),
    result=ref("WorkflowRunListResponse"),
    items="workflow_runs",
    item_id="workflow_run_id",
)
