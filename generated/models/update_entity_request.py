"""The API's `UpdateEntityRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import TEXT
from ..._model import UNSET, Field, Model, Unset, model


@model
class UpdateEntityRequest(Model):
    """Changes to an entity. At least one field must be given; built-in entities cannot be changed."""

    name: str | None | Unset = UNSET
    """New name; omit it to keep the present one. What null does is not documented."""
    description: str | None | Unset = UNSET
    """New description; omit it to keep the present one. What null does is not documented."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("name", "name", TEXT, nullable=True),
        Field("description", "description", TEXT, nullable=True),
    )
