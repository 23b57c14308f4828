"""`POST /v1/tools/generate-video-clip`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "generateVideoClip",
    "POST",
    "/v1/tools/generate-video-clip",
    "once",
    rate=("tools.start", 500),
    body="GenerateVideoClipRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
