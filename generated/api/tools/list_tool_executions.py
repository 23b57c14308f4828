"""`GET /v1/tools/executions`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import BOOLEAN, INTEGER, TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listToolExecutions",
    "GET",
    "/v1/tools/executions",
    "read",
    query_fields=(
        Field("limit", "limit", INTEGER),
        Field("cursor", "cursor", TEXT),
        Field("selfOnly", "self_only", BOOLEAN),
    ),
    result=ref("ToolExecutionListResponse"),
    items="tool_executions",
    item_id="tool_execution_id",
)
