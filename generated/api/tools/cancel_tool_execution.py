"""`POST /v1/tools/executions/{toolExecutionId}/cancel`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "cancelToolExecution",
    "POST",
    "/v1/tools/executions/{toolExecutionId}/cancel",
    "repeatable",
    rate=("tools.cancel", 250),
    path_fields=(Field("toolExecutionId", "tool_execution_id", id_of("ToolExecutionId"), required=True),),
    result=ref("StartToolExecutionResponse"),
    picks="tool_execution_id",
)
