"""The API's `LanguageListResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import list_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import Language


@model
class LanguageListResponse(Model):
    """All languages that match, in one answer. The list changes rarely and may be cached for hours."""

    languages: list[Language]
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("languages", "languages", list_of(ref("Language")), required=True),
    )
