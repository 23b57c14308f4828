"""`POST /v1/tools/generate-image`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "generateImage",
    "POST",
    "/v1/tools/generate-image",
    "once",
    rate=("tools.start", 500),
    body="GenerateImageRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
