"""`POST /v1/tools/remove-video-background`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "removeVideoBackground",
    "POST",
    "/v1/tools/remove-video-background",
    "once",
    rate=("tools.start", 500),
    body="VideoAssetRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
