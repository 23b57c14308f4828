"""The API's `RemixActionGenerateMusic`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar, Literal

from ..._codecs import TEXT
from ..._model import Field, Model, model


@model
class RemixActionGenerateMusic(Model):
    """Generate music from a prompt and use it in the project."""

    type: Literal["GENERATE_MUSIC"] = "GENERATE_MUSIC"
    prompt: str
    """What the music should sound like."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="GENERATE_MUSIC"),
        Field("prompt", "prompt", TEXT, required=True),
    )
