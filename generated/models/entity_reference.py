"""The API's `EntityReference`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import FileId


@model
class EntityReference(Model):
    """An image that shows what an entity looks like."""

    file_id: FileId
    """The image file."""
    description: str
    """What the image shows; an empty string when unset."""
    is_default: bool
    """Whether this is the entity's default reference."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileId", "file_id", id_of("FileId"), required=True),
        Field("description", "description", TEXT, required=True),
        Field("isDefault", "is_default", BOOLEAN, required=True),
    )
