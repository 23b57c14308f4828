"""The API's `RemixActionEnableCaptions`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import TEXT, ref
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import WorkflowCaptionStyle


@model
class RemixActionEnableCaptions(Model):
    """Show captions, in a given style if wanted."""

    type: Literal["ENABLE_CAPTIONS"] = "ENABLE_CAPTIONS"
    caption_style: WorkflowCaptionStyle | None | Unset = UNSET
    """Style to apply; null or omitted keeps the present one. Unlike in a workflow request, null hides nothing."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="ENABLE_CAPTIONS"),
        Field("captionStyle", "caption_style", ref("WorkflowCaptionStyle"), nullable=True),
    )
