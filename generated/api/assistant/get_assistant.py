"""`GET /v1/assistants/{assistantId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getAssistant",
    "GET",
    "/v1/assistants/{assistantId}",
    "read",
    path_fields=(Field("assistantId", "assistant_id", id_of("AssistantId"), required=True),),
    result=ref("GetAssistantResponse"),
)
