"""`GET /v1/resources/tts-voices`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import BOOLEAN, INTEGER, TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listTtsVoices",
    "GET",
    "/v1/resources/tts-voices",
    "read",
    rate=("resources.read", 2500),
    query_fields=(
        Field("limit", "limit", INTEGER),
        Field("cursor", "cursor", TEXT),
        Field("includeDeprecatedVoices", "include_deprecated_voices", BOOLEAN),
        Field("query", "query", TEXT),
    ),
    result=ref("TtsVoiceListResponse"),
    items="tts_voices",
    item_id="voice_id",
)
