"""The API's `WorkflowVisualStyle`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, id_of
from ..._model import UNSET, Field, Model, Unset, model

if TYPE_CHECKING:
    from . import EntityId, VisualStyleType


@model
class WorkflowVisualStyle(Model):
    """Where a workflow gets its visuals: stock footage, or images made by AI. AI_IMAGE needs ai_style or entity_id.
    The former types ENTITY and STOCK_VIDEO are gone and should not be sent: use AI_IMAGE with an entity_id."""

    type: VisualStyleType
    ai_style: str | Unset = UNSET
    """The look in words, best as a full paragraph. For AI_IMAGE only, and required there unless entity_id is given."""
    entity_id: EntityId | Unset = UNSET
    """A VISUAL_STYLE entity to take the look from. For AI_IMAGE only; it overrides ai_style."""
    restyle_featured_b_roll_with_ai_style: bool | Unset = UNSET
    """Redraw featured B-roll images in the AI style; videos stay as they are. For AI_IMAGE only."""
    __request__ = True
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("type", "type", TEXT, required=True),
        Field("aiStyle", "ai_style", TEXT),
        Field("entityId", "entity_id", id_of("EntityId")),
        Field("restyleFeaturedBRollWithAiStyle", "restyle_featured_b_roll_with_ai_style", BOOLEAN),
    )
