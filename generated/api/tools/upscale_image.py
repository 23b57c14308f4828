"""`POST /v1/tools/upscale-image`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "upscaleImage",
    "POST",
    "/v1/tools/upscale-image",
    "once",
    rate=("tools.start", 500),
    body="ImageAssetRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
