"""The API's `Language`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class Language(Model):
    """A language the API knows."""

    language_code: str
    """Code of the language, such as es, fr or ja."""
    name: str
    """English name of the language."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("languageCode", "language_code", TEXT, required=True),
        Field("name", "name", TEXT, required=True),
    )
