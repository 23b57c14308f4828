"""`POST /v1/workflows/video-to-video`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "videoToVideo",
    "POST",
    "/v1/workflows/video-to-video",
    "once",
    rate=("workflows.start", 500),
    body="VideoToVideoRequest",
    body_required=True,
    result=ref("VideoToVideoResponse"),
)
