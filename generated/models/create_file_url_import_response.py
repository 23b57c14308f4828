"""The API's `CreateFileUrlImportResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import FileImportId
    from . import FileUrlImport as FileUrlImport


@model
class CreateFileUrlImportResponse(Accepted["FileUrlImport"]):
    """The import that was started. Only file_import_id is certain; the object stays open for whatever else the
    server sends."""

    file_import_id: FileImportId
    """The import to poll."""
    __kind__ = "FileImportId"
    __id__ = "file_import_id"
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileImportId", "file_import_id", id_of("FileImportId"), required=True),
    )

    @property
    def id(self) -> FileImportId:
        """The id, which is all that is needed to collect the job later."""
        return self.file_import_id
