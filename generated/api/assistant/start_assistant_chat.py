"""`POST /v1/assistants`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "startAssistantChat",
    "POST",
    "/v1/assistants",
    "once",
    body="StartAssistantChatRequest",
    body_required=True,
    result=ref("StartAssistantChatResponse"),
)
