"""The API's `RemixActionResizeProject`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import TEXT, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import AspectRatio


@model
class RemixActionResizeProject(Model):
    """Give the project another aspect ratio."""

    type: Literal["RESIZE_PROJECT"] = "RESIZE_PROJECT"
    aspect_ratio: AspectRatio
    """The new shape, as a ratio and not in pixels."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="RESIZE_PROJECT"),
        Field("aspectRatio", "aspect_ratio", ref("AspectRatio"), required=True),
    )
