"""The API's `AddEntityReferenceRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, id_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import FileId


@model
class AddEntityReferenceRequest(Model):
    """Adds an image to an entity of the team's own; built-in entities take none."""

    file_id: FileId
    """An image file that shows the entity."""
    description: str | Unset = UNSET
    """What the image shows; may be omitted."""
    is_default: bool | Unset = UNSET
    """True makes this the entity's default reference."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("fileId", "file_id", id_of("FileId"), required=True),
        Field("description", "description", TEXT),
        Field("isDefault", "is_default", BOOLEAN),
    )
