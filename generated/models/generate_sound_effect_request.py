"""The API's `GenerateSoundEffectRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import BOOLEAN, INTEGER, NUMBER, TEXT
from ..._model import UNSET, Field, Model, Unset, model


@model
class GenerateSoundEffectRequest(Model):
    """A sound effect of 1 to 30 seconds to generate from a prompt."""

    prompt: str
    """What should be heard."""
    duration_seconds: float | None | Unset = UNSET
    """Length in seconds, fractions allowed; about 10 when omitted."""
    prompt_influence: float | None | Unset = UNSET
    """How closely to follow the prompt, 0 to 1; the server decides when it is omitted."""
    num_results: int | Unset = UNSET
    """How many effects to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("durationSeconds", "duration_seconds", NUMBER, nullable=True),
        Field("promptInfluence", "prompt_influence", NUMBER, nullable=True),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
