"""`POST /v1/tools/generate-music`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "generateMusic",
    "POST",
    "/v1/tools/generate-music",
    "once",
    rate=("tools.start", 500),
    body="GenerateMusicRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
