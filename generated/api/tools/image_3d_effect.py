"""`POST /v1/tools/image-3d-effect`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "image3dEffect",
    "POST",
    "/v1/tools/image-3d-effect",
    "once",
    rate=("tools.start", 500),
    body="ImageAssetRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
