"""`POST /v1/files/search`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "searchFiles",
    "POST",
    "/v1/files/search",
    "repeatable",
    rate=("files.search", 500),
    body="SearchFilesRequest",
    body_required=True,
    result=ref("SearchFilesResponse"),
)
