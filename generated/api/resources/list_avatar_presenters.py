"""`GET /v1/resources/avatar-presenters`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import INTEGER, TEXT, id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listAvatarPresenters",
    "GET",
    "/v1/resources/avatar-presenters",
    "read",
    rate=("resources.read", 2500),
    query_fields=(
        Field("limit", "limit", INTEGER),
        Field("cursor", "cursor", TEXT),
        Field("voiceId", "voice_id", id_of("VoiceId")),
    ),
    result=ref("AvatarPresenterListResponse"),
    items="avatar_presenters",
    item_id="avatar_presenter_id",
)
