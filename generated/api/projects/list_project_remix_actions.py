"""`GET /v1/projects/{projectId}/remix-actions`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import INTEGER, TEXT, id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listProjectRemixActions",
    "GET",
    "/v1/projects/{projectId}/remix-actions",
    "read",
    rate=("remix.read", 5000),
    path_fields=(Field("projectId", "project_id", id_of("ProjectId"), required=True),),
    query_fields=(Field("limit", "limit", INTEGER), Field("cursor", "cursor", TEXT)),
    result=ref("ListRemixActionsResponse"),
    items="remix_actions",
    item_id="remix_action_id",
)
