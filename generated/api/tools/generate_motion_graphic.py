"""`POST /v1/tools/generate-motion-graphic`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "generateMotionGraphic",
    "POST",
    "/v1/tools/generate-motion-graphic",
    "once",
    rate=("tools.start", 500),
    body="GenerateMotionGraphicRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
