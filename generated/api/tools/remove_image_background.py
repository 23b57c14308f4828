"""`POST /v1/tools/remove-image-background`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "removeImageBackground",
    "POST",
    "/v1/tools/remove-image-background",
    "once",
    rate=("tools.start", 500),
    body="ImageAssetRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
