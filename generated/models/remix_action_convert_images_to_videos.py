"""The API's `RemixActionConvertImagesToVideos`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import BOOLEAN, TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import ModelQuality


@model
class RemixActionConvertImagesToVideos(Model):
    """Turn the project's still images into moving clips."""

    type: Literal["CONVERT_IMAGES_TO_VIDEOS"] = "CONVERT_IMAGES_TO_VIDEOS"
    motion_prompt: str | None | Unset = UNSET
    """How the images should move; null or omitted leaves that to the server."""
    mute_output_videos: bool | None | Unset = UNSET
    """Whether to silence the new clips; true when omitted."""
    quality: ModelQuality | Unset = UNSET
    """Model tier for the clips; the account's default for video when omitted."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="CONVERT_IMAGES_TO_VIDEOS"),
        Field("motionPrompt", "motion_prompt", TEXT, nullable=True),
        Field("muteOutputVideos", "mute_output_videos", BOOLEAN, nullable=True),
        Field("quality", "quality", TEXT),
    )
