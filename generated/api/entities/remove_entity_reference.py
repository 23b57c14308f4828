"""`POST /v1/entities/{entityId}/references/remove`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "removeEntityReference",
    "POST",
    "/v1/entities/{entityId}/references/remove",
    "repeatable",
    path_fields=(Field("entityId", "entity_id", id_of("EntityId"), required=True),),
    body="RemoveEntityReferenceRequest",
    body_required=True,
    result=ref("Entity"),
)
