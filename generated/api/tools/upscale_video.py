"""`POST /v1/tools/upscale-video`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "upscaleVideo",
    "POST",
    "/v1/tools/upscale-video",
    "once",
    rate=("tools.start", 500),
    body="VideoAssetRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
