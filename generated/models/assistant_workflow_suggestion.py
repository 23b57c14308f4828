"""The API's `AssistantWorkflowSuggestion`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._codecs import TEXT, id_of
from ..._model import Field, Model, model

if TYPE_CHECKING:
    from . import ActionId, WorkflowType


@model
class AssistantWorkflowSuggestion(Model):
    """A workflow the assistant offers to run; approving it starts the run."""

    action_id: ActionId
    """Id to approve or reject the suggestion with."""
    workflow_type: WorkflowType
    """Workflow that approval would start."""
    title: str
    """Short title of the suggestion."""
    description: str
    """What the workflow would make."""
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("actionId", "action_id", id_of("ActionId"), required=True),
        Field("workflowType", "workflow_type", TEXT, required=True),
        Field("title", "title", TEXT, required=True),
        Field("description", "description", TEXT, required=True),
    )
