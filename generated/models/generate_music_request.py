"""The API's `GenerateMusicRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import BOOLEAN, INTEGER, TEXT
from ..._model import UNSET, Field, Model, Unset, model


@model
class GenerateMusicRequest(Model):
    """A piece of instrumental music to generate. Its length is fixed at about 30 seconds."""

    prompt: str
    """What the music should be like."""
    num_results: int | Unset = UNSET
    """How many pieces to make; each becomes an entry of the execution's `results`."""
    is_output_temporary: bool | Unset = UNSET
    """True keeps the output at least 24 hours, not for good; it is never analysed or searchable."""
    hide_from_ui: bool | Unset = UNSET
    """True asks that the output stay out of the web app; sources disagree on whether it still works."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("numResults", "num_results", INTEGER),
        Field("isOutputTemporary", "is_output_temporary", BOOLEAN),
        Field("hideFromUi", "hide_from_ui", BOOLEAN),
    )
