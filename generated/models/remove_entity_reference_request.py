"""The API's `RemoveEntityReferenceRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileId


@model
class RemoveEntityReferenceRequest(Model):
    """Takes an image away from an entity of the team's own."""

    file_id: FileId
    """The image file to take away from the entity."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (Field("fileId", "file_id", id_of("FileId"), required=True),)
