"""The API's `AssistantMessageAttachment`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileId


@model
class AssistantMessageAttachment(Model):
    """Something attached to a message, usually a stored file."""

    file_id: FileId | None = None
    """The attached file; null when the attachment is not a stored file."""
    display_name: str
    """Name shown for the attachment."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileId", "file_id", id_of("FileId"), nullable=True),
        Field("displayName", "display_name", TEXT, required=True),
    )
