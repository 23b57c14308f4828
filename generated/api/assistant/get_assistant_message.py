"""`GET /v1/assistant-messages/{messageId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getAssistantMessage",
    "GET",
    "/v1/assistant-messages/{messageId}",
    "read",
    path_fields=(Field("messageId", "message_id", id_of("MessageId"), required=True),),
    result=ref("AssistantMessage"),
)
