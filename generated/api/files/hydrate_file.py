"""`POST /v1/files/{fileId}/hydrate`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "hydrateFile",
    "POST",
    "/v1/files/{fileId}/hydrate",
    "repeatable",
    rate=("files.hydrate", 2500),
    path_fields=(Field("fileId", "file_id", id_of("FileId"), required=True),),
    result=ref("FileInfo"),
)
