"""`POST /v1/entities/{entityId}/update`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "updateEntity",
    "POST",
    "/v1/entities/{entityId}/update",
    "repeatable",
    path_fields=(Field("entityId", "entity_id", id_of("EntityId"), required=True),),
    body="UpdateEntityRequest",
    body_required=True,
    result=ref("Entity"),
)
