"""The API's `RemixActionSetBackgroundMusic`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import NUMBER, TEXT, id_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import FileId


@model
class RemixActionSetBackgroundMusic(Model):
    """Set the background music, change its volume, or remove it."""

    type: Literal["SET_BACKGROUND_MUSIC"] = "SET_BACKGROUND_MUSIC"
    file_id: FileId | None | Unset = UNSET
    """An audio file to play. null removes the music; omitted leaves it as it is."""
    volume: float | None | Unset = UNSET
    """Loudness from 0 to 1; null or omitted keeps the present volume."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="SET_BACKGROUND_MUSIC"),
        Field("fileId", "file_id", id_of("FileId"), nullable=True),
        Field("volume", "volume", NUMBER, nullable=True),
    )
