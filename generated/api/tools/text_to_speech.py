"""`POST /v1/tools/text-to-speech`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "textToSpeech",
    "POST",
    "/v1/tools/text-to-speech",
    "once",
    rate=("tools.start", 500),
    body="TextToSpeechRequest",
    body_required=True,
    result=ref("StartToolExecutionResponse"),
)
