"""`GET /v1/entities`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import INTEGER, TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listEntities",
    "GET",
    "/v1/entities",
    "read",
    query_fields=(
        Field("entityType", "entity_type", TEXT),
        Field("limit", "limit", INTEGER),
        Field("cursor", "cursor", TEXT),
    ),
    result=ref("ListEntitiesResponse"),
    items="entities",
    item_id="entity_id",
)
