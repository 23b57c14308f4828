"""`POST /v1/entities/{entityId}/archive`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "archiveEntity",
    "POST",
    "/v1/entities/{entityId}/archive",
    "repeatable",
    path_fields=(Field("entityId", "entity_id", id_of("EntityId"), required=True),),
    result=ref("EntityArchiveResponse"),
)
