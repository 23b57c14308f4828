"""`GET /v1/projects/{projectId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getProject",
    "GET",
    "/v1/projects/{projectId}",
    "read",
    rate=("projects.read", 2500),
    path_fields=(Field("projectId", "project_id", id_of("ProjectId"), required=True),),
    result=ref("ProjectResponse"),
)
