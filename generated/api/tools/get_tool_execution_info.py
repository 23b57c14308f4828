"""`GET /v1/tools/executions/{toolExecutionId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getToolExecutionInfo",
    "GET",
    "/v1/tools/executions/{toolExecutionId}",
    "read",
    rate=("tools.read", 5000),
    path_fields=(Field("toolExecutionId", "tool_execution_id", id_of("ToolExecutionId"), required=True),),
    result=ref("ExecutedTool"),
)
