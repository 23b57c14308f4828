"""The API's `RemixActionTranslateProject`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar, Literal

from ..._codecs import BOOLEAN, TEXT
from ..._model import UNSET, Field, Model, Unset, model


@model
class RemixActionTranslateProject(Model):
    """Translate the project into another language. Needs a Pro subscription."""

    type: Literal["TRANSLATE_PROJECT"] = "TRANSLATE_PROJECT"
    language_code: str
    """The language to translate into, as a code from list_languages."""
    change_voice: bool | None | Unset = UNSET
    """Whether to change the voice along with the language; true when omitted."""
    translate_image_text: bool | None | Unset = UNSET
    """Whether to translate text within images too; false when omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="TRANSLATE_PROJECT"),
        Field("languageCode", "language_code", TEXT, required=True),
        Field("changeVoice", "change_voice", BOOLEAN, nullable=True),
        Field("translateImageText", "translate_image_text", BOOLEAN, nullable=True),
    )
