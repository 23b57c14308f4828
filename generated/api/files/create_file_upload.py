"""`POST /v1/files/upload`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import ref
from ...._operation import Operation

OPERATION = Operation(
    "createFileUpload",
    "POST",
    "/v1/files/upload",
    "once",
    rate=("files.upload", 500),
    body="CreateFileUploadRequest",
    body_required=True,
    result=ref("FileUploadResponse"),
)
