"""`POST /v1/projects/{projectId}/timeline-interchange`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "createTimelineInterchange",
    "POST",
    "/v1/projects/{projectId}/timeline-interchange",
    "once",
    path_fields=(Field("projectId", "project_id", id_of("ProjectId"), required=True),),
    body="CreateTimelineInterchangeRequest",
    body_required=False,
    result=ref("CreateTimelineInterchangeResponse"),
)
