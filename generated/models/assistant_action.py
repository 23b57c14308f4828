"""The API's `AssistantAction`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import BOOLEAN, TEXT, id_of, ref
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ActionId, AssistantActionDetail, AssistantActionKind


@model
class AssistantAction(Model):
    """A step the assistant proposes and that waits for a decision."""

    action_id: ActionId
    """Id to approve or reject the action with."""
    kind: AssistantActionKind
    label: str
    """Text to show for the action."""
    requires_app: bool
    """True if it can only be done in the web app, not through the API."""
    detail: AssistantActionDetail | None = None
    """Further information on the action; may be absent."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("actionId", "action_id", id_of("ActionId"), required=True),
        Field("kind", "kind", TEXT, required=True),
        Field("label", "label", TEXT, required=True),
        Field("requiresApp", "requires_app", BOOLEAN, required=True),
        Field("detail", "detail", ref("AssistantActionDetail")),
    )
