"""The API's `FileUploadResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import TEXT, id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import FileId
    from . import FileInfo as FileInfo


@model
class FileUploadResponse(Accepted["FileInfo"]):
    """An upload that has been opened. PUT the bytes to `upload_url`, then hydrate the file until one of its sources
    is ready: older texts poll a plain get of the file, but the newer official clients found that it leaves signed
    sources out."""

    file_id: FileId
    """The new file; it holds nothing until the bytes are sent."""
    upload_url: str
    """Pre-signed link for one PUT of the raw bytes, without the Authorization header. It expires soon after it was
    made; how soon is not documented."""
    __kind__ = "FileId"
    __id__ = "file_id"
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileId", "file_id", id_of("FileId"), required=True),
        Field("uploadUrl", "upload_url", TEXT, required=True),
    )

    @property
    def id(self) -> FileId:
        """The id, which is all that is needed to collect the job later."""
        return self.file_id
