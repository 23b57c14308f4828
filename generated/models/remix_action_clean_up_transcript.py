"""The API's `RemixActionCleanUpTranscript`, generated from openapi.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from ..._codecs import BOOLEAN, NUMBER, TEXT, list_of
from ..._model import UNSET, Field, Model, Unset, model


@model
class RemixActionCleanUpTranscript(Model):
    """Cut filler words and long pauses out of the project's speech."""

    type: Literal["CLEAN_UP_TRANSCRIPT"] = "CLEAN_UP_TRANSCRIPT"
    remove_fillers: bool | None | Unset = UNSET
    """Whether to cut filler words; true when omitted."""
    remove_pauses: bool | None | Unset = UNSET
    """Whether to cut pauses; true when omitted."""
    filler_words: Sequence[str] | None | Unset = UNSET
    """The words to cut as fillers; null or omitted uses the server's own list."""
    min_pause_seconds: float | None | Unset = UNSET
    """Shortest pause to cut, in seconds; null or omitted uses the server's own threshold."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="CLEAN_UP_TRANSCRIPT"),
        Field("removeFillers", "remove_fillers", BOOLEAN, nullable=True),
        Field("removePauses", "remove_pauses", BOOLEAN, nullable=True),
        Field("fillerWords", "filler_words", list_of(TEXT), nullable=True),
        Field("minPauseSeconds", "min_pause_seconds", NUMBER, nullable=True),
    )
