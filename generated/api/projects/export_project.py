"""`POST /v1/projects/{projectId}/export`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "exportProject",
    "POST",
    "/v1/projects/{projectId}/export",
    "once",
    rate=("exports.start", 500),
    path_fields=(Field("projectId", "project_id", id_of("ProjectId"), required=True),),
    body="ExportProjectRequest",
    body_required=False,
    result=ref("ExportProjectResponse"),
)
