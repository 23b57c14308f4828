"""`POST /v1/workflows/voiceover-to-video`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "voiceoverToVideo",
    "POST",
    "/v1/workflows/voiceover-to-video",
    "once",
    rate=("workflows.start", 500),
    body="VoiceoverToVideoRequest",
    body_required=True,
    result=ref("StartWorkflowRunResponse"),
)
