"""`POST /v1/assistants/{assistantId}/actions/{actionId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "actOnAssistantAction",
    "POST",
    "/v1/assistants/{assistantId}/actions/{actionId}",
    "once",
    path_fields=(
        Field("assistantId", "assistant_id", id_of("AssistantId"), required=True),
        Field("actionId", "action_id", id_of("ActionId"), required=True),
    ),
    body="ActOnAssistantActionRequest",
    body_required=False,
    result=ref("ActOnAssistantActionResponse"),
)
