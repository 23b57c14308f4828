"""The API's `SceneGeneration`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import SceneGenerationType


@model
class SceneGeneration(Model):
    """How a storyboard scene's picture is made. Part of StoryboardToVideoRequest, now without a call."""

    ai_style: str | None = None
    """The look in words, best as a full paragraph; no added style when omitted."""
    type: SceneGenerationType | None = None
    """Ignored by the server."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("aiStyle", "ai_style", TEXT, nullable=True),
        Field("type", "type", TEXT),
    )
