"""`GET /v1/resources/languages`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "listLanguages",
    "GET",
    "/v1/resources/languages",
    "read",
    rate=("resources.read", 2500),
    query_fields=(Field("query", "query", TEXT),),
    result=ref("LanguageListResponse"),
)
