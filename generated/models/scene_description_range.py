"""The API's `SceneDescriptionRange`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import NUMBER, TEXT
from ..._model import Field, Model, model


@model
class SceneDescriptionRange(Model):
    """What a stretch of the video should show."""

    start_seconds: float
    """Where the stretch starts, in seconds from the start of the video."""
    end_seconds: float
    """Where the stretch ends, in seconds; must be greater than start_seconds."""
    description: str
    """What to show during this stretch."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("startSeconds", "start_seconds", NUMBER, required=True),
        Field("endSeconds", "end_seconds", NUMBER, required=True),
        Field("description", "description", TEXT, required=True),
    )
