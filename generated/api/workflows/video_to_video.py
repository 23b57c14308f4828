"""`POST /v1/workflows/video-to-video`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "videoToVideo",
    "POST",
    "/v1/workflows/video-to-video",
    "once",
    body="VideoToVideoRequest",
    body_required=True,
    result=ref("VideoToVideoResponse"),
)
