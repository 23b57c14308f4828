"""The API's `CreateTimelineInterchangeRequest`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import TimelineInterchangeFormat, TimelineInterchangeMediaDelivery


@model
class CreateTimelineInterchangeRequest(Model):
    """How to write a project's timeline for use in other editors. Every field may be left out; the defaults are not
    published."""

    format: TimelineInterchangeFormat | Unset = UNSET
    media_delivery: TimelineInterchangeMediaDelivery | Unset = UNSET
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("format", "format", TEXT),
        Field("mediaDelivery", "media_delivery", TEXT),
    )
