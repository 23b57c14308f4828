"""`GET /v1/projects/{projectId}/exports/{exportId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getProjectExport",
    "GET",
    "/v1/projects/{projectId}/exports/{exportId}",
    "read",
    rate=("exports.read", 5000),
    path_fields=(
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("exportId", "export_id", id_of("ExportId"), required=True),
    ),
    result=ref("ProjectExport"),
)
