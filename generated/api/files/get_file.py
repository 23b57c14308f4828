"""`GET /v1/files/{fileId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getFile",
    "GET",
    "/v1/files/{fileId}",
    "read",
    rate=("files.read", 50000),
    path_fields=(Field("fileId", "file_id", id_of("FileId"), required=True),),
    result=ref("FileInfo"),
)
