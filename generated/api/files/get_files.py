"""`GET /v1/files`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import BOOLEAN, INTEGER, TEXT, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getFiles",
    "GET",
    "/v1/files",
    "read",
    rate=("files.read", 50000),
    query_fields=(
        Field("limit", "limit", INTEGER),
        Field("cursor", "cursor", TEXT),
        Field("selfOnly", "self_only", BOOLEAN),
        Field("includeExportFiles", "include_export_files", BOOLEAN),
        Field("includeProjectFiles", "include_project_files", BOOLEAN),
    ),
    result=ref("GetFilesResponse"),
    items="files",
    item_id="file_id",
)
