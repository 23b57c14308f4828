"""The API's `WorkflowRgbColor`, generated from openapi.yaml."""

from __future__ import annotations

from typing import ClassVar

from ..._codecs import INTEGER
from ..._model import Field, Model, model


@model
class WorkflowRgbColor(Model):
    """A colour, each channel from 0 to 255."""

    red: int
    green: int
    blue: int
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("red", "red", INTEGER, required=True),
        Field("green", "green", INTEGER, required=True),
        Field("blue", "blue", INTEGER, required=True),
    )
