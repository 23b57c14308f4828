"""`POST /v1/workflows/prompt-to-video-clip`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "promptToVideoClip",
    "POST",
    "/v1/workflows/prompt-to-video-clip",
    "once",
    rate=("workflows.start", 500),
    body="PromptToVideoClipRequest",
    body_required=True,
    result=ref("StartWorkflowRunResponse"),
)
