"""`POST /v1/workflows/script-to-video`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "scriptToVideo",
    "POST",
    "/v1/workflows/script-to-video",
    "once",
    rate=("workflows.start", 500),
    body="ScriptToVideoRequest",
    body_required=True,
    result=ref("StartWorkflowRunResponse"),
)
