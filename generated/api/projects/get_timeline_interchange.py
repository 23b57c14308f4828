"""`GET /v1/timeline-interchange/{interchangeJobId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getTimelineInterchange",
    "GET",
    "/v1/timeline-interchange/{interchangeJobId}",
    "read",
    path_fields=(Field("interchangeJobId", "interchange_job_id", id_of("InterchangeJobId"), required=True),),
    result=ref("TimelineInterchange"),
)
