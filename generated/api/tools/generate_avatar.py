"""`POST /v1/tools/generate-avatar`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "generateAvatar",
    "POST",
    "/v1/tools/generate-avatar",
    "once",
    rate=("tools.start", 500),
    body="GenerateAvatarRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
