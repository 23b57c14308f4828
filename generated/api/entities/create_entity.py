"""`POST /v1/entities`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "createEntity", "POST", "/v1/entities", "once", body="CreateEntityRequest", body_required=True, result=ref("Entity")
)
