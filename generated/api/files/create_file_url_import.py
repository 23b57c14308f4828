"""`POST /v1/files/import-url`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "createFileUrlImport",
    "POST",
    "/v1/files/import-url",
    "once",
    body="CreateFileUrlImportRequest",
    body_required=True,
    result=ref("CreateFileUrlImportResponse"),
)
