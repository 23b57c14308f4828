"""`GET /v1/files/imports/{fileImportId}`, generated from openapi.yaml."""

from __future__ import annotations

from ...._codecs import id_of, ref
from ...._model import Field
from ...._operation import Operation

OPERATION = Operation(
    "getFileUrlImport",
    "GET",
    "/v1/files/imports/{fileImportId}",
    "read",
    path_fields=(Field("fileImportId", "file_import_id", id_of("FileImportId"), required=True),),
    result=ref("FileUrlImport"),
)
