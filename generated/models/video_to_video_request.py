"""The API's `VideoToVideoRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of
from ..._model import UNSET, Field, OpenModel, Unset, model

if TYPE_CHECKING:
    from . import FileId


@model
class VideoToVideoRequest(OpenModel):
    """Make a video out of another one. Only the official client shows this call: it sends a prompt, and the video
    either by file id or by public URL. The object stays open because other fields are not known."""

    prompt: str
    """What to make of the video."""
    video_file_id: FileId | Unset = UNSET
    """The video to work from, unless video_url names it."""
    video_url: str | Unset = UNSET
    """Public URL of the video to work from, unless video_file_id names it."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("prompt", "prompt", TEXT, required=True),
        Field("videoFileId", "video_file_id", id_of("FileId")),
        Field("videoUrl", "video_url", TEXT),
    )
