"""`GET /v1/workflows/runs/{workflowRunId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getWorkflowRun",
    "GET",
    "/v1/workflows/runs/{workflowRunId}",
    "read",
    rate=("workflows.read", 5000),
    path_fields=(Field("workflowRunId", "workflow_run_id", id_of("WorkflowRunId"), required=True),),
    result=ref("WorkflowRun"),
)
