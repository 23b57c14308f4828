"""`POST /v1/tools/generate-sound-effect`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "generateSoundEffect",
    "POST",
    "/v1/tools/generate-sound-effect",
    "once",
    rate=("tools.start", 500),
    body="GenerateSoundEffectRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
