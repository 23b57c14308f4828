"""The API's `GenerateTextRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import INTEGER, NUMBER, TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import ModelQuality


@model
class GenerateTextRequest(Model):
    """A prompt for a language model. The answer comes back in the same call; there is no job to wait for."""

    prompt: str
    """What to write or answer."""
    system: str | None | Unset = UNSET
    """Standing instructions for the model; may be omitted."""
    quality: ModelQuality | Unset = UNSET
    """Model tier; the account's default for text when omitted."""
    temperature: float | Unset = UNSET
    """Sampling temperature, 0 to 2; the model's default when omitted."""
    max_output_tokens: int | Unset = UNSET
    """The most tokens the answer may have; 512 when omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("system", "system", TEXT, nullable=True),
        Field("quality", "quality", TEXT),
        Field("temperature", "temperature", NUMBER),
        Field("maxOutputTokens", "max_output_tokens", INTEGER),
    )
