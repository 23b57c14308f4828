"""`POST /v1/entities/{entityId}/references`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "addEntityReference",
    "POST",
    "/v1/entities/{entityId}/references",
    "once",
    path_fields=(Field("entityId", "entity_id", id_of("EntityId"), required=True),),
    body="AddEntityReferenceRequest",
    body_required=True,
    result=ref("Entity"),
)
