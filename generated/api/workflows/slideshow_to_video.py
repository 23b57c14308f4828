"""`POST /v1/workflows/slideshow-to-video`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "slideshowToVideo",
    "POST",
    "/v1/workflows/slideshow-to-video",
    "once",
    rate=("workflows.start", 500),
    body="SlideshowToVideoRequest",
    body_required=True,
    result=ref("StartWorkflowRunResponse"),
)
