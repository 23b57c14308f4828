"""The API's `RemixActionAddTransitions`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ..._codecs import TEXT
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import RemixTransitionStyle


@model
class RemixActionAddTransitions(Model):
    """Set the transitions between sections, between assets, or both."""

    type: Literal["ADD_TRANSITIONS"] = "ADD_TRANSITIONS"
    section_transition: RemixTransitionStyle | None | Unset = UNSET
    """Transition between sections; null or omitted leaves them alone, NONE removes them."""
    asset_transition: RemixTransitionStyle | None | Unset = UNSET
    """Transition between assets; null or omitted leaves them alone, NONE removes them."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True, const="ADD_TRANSITIONS"),
        Field("sectionTransition", "section_transition", TEXT, nullable=True),
        Field("assetTransition", "asset_transition", TEXT, nullable=True),
    )
