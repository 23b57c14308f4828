"""`POST /v1/workflows/runs/{workflowRunId}/cancel`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "cancelWorkflowRun",
    "POST",
    "/v1/workflows/runs/{workflowRunId}/cancel",
    "repeatable",
    rate=("workflows.cancel", 250),
    path_fields=(Field("workflowRunId", "workflow_run_id", id_of("WorkflowRunId"), required=True),),
    result=ref("StartWorkflowRunResponse"),
    picks="workflow_run_id",
)
