"""The API's `RemixActionSetLogo`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import NUMBER, TEXT, id_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import FileId, LogoPosition


@model
class RemixActionSetLogo(Model):
    """Set the logo, move or resize it, or remove it."""

    type: Literal["SET_LOGO"] = "SET_LOGO"
    file_id: FileId | None | Unset = UNSET
    """An image file to show. null removes the logo; omitted leaves it as it is."""
    position: LogoPosition | None | Unset = UNSET
    """Where the logo sits in the frame; null or omitted keeps the present place."""
    size_percent: float | None | Unset = UNSET
    """Logo width in percent of the video's width; null keeps the present size. No bounds are published."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="SET_LOGO"),
        Field("fileId", "file_id", id_of("FileId"), nullable=True),
        Field("position", "position", TEXT, nullable=True),
        Field("sizePercent", "size_percent", NUMBER, nullable=True),
    )
