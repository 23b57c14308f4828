"""The API's `ErrorRequirement`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import OBJECT, TEXT
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ErrorDetails


@model
class ErrorRequirement(Model):
    """What would have to change for the call to succeed, such as a larger plan."""

    type: str
    """Kind of requirement in snake_case, such as purchase_add_on or upgrade_plan; more may be added."""
    details: ErrorDetails | None = None
    """Further data, such as the id of the add-on; may be absent."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True),
        Field("details", "details", OBJECT),
    )
