"""`GET /v1/projects/{projectId}/exports`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import INTEGER, TEXT, id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listProjectExports",
    "GET",
    "/v1/projects/{projectId}/exports",
    "read",
    path_fields=(Field("projectId", "project_id", id_of("ProjectId"), required=True),),
    query_fields=(Field("limit", "limit", INTEGER), Field("cursor", "cursor", TEXT)),
    result=ref("ListProjectExportsResponse"),
    items="exports",
    item_id="export_id",
)
