"""`POST /v1/text/generate`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "generateText",
    "POST",
    "/v1/text/generate",
    "once",
    body="GenerateTextRequest",
    body_required=True,
    result=ref("GenerateTextResponse"),
)
