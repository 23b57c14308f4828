"""The API's `FileUrlImport`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of, ref
from ..._model import Field, OpenModel, model

if TYPE_CHECKING:
    from . import ApiError, FileImportId, JobStatus


@model
class FileUrlImport(OpenModel):
    """An import of a file from a URL. What is certain is that its status ends at `succeeded`, `failed` or
    `cancelled`; the object stays open because its other fields are not known."""

    file_import_id: FileImportId | None = None
    status: JobStatus
    error: ApiError | None = None
    """Why the import failed, presumably in the form used elsewhere."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileImportId", "file_import_id", id_of("FileImportId")),
        Field("status", "status", TEXT, required=True),
        Field("error", "error", ref("ApiError"), nullable=True),
    )
