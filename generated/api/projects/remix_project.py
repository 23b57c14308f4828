"""`POST /v1/projects/{projectId}/remix`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "remixProject",
    "POST",
    "/v1/projects/{projectId}/remix",
    "once",
    rate=("remix.start", 500),
    path_fields=(Field("projectId", "project_id", id_of("ProjectId"), required=True),),
    body="RemixProjectRequest",
    body_required=True,
    result=ref("RemixProjectResponse"),
)
