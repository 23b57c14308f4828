"""`POST /v1/assistants/{assistantId}/messages`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "sendAssistantMessage",
    "POST",
    "/v1/assistants/{assistantId}/messages",
    "once",
    path_fields=(Field("assistantId", "assistant_id", id_of("AssistantId"), required=True),),
    body="SendAssistantMessageRequest",
    body_required=True,
    result=ref("SendAssistantMessageResponse"),
)
