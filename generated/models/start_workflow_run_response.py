"""The API's `StartWorkflowRunResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import TEXT, id_of, list_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import ProjectId, RemixActionId, WorkflowRunId
    from . import WorkflowRun as WorkflowRun


@model
class StartWorkflowRunResponse(Accepted["WorkflowRun"]):
    """The run that was started, or that a cancel request was sent to. Each start makes and bills a new project, so
    sending the same request twice makes two. Without auto_export the remix actions run after the run has
    succeeded: wait for them before exporting."""

    workflow_run_id: WorkflowRunId
    """The run to poll or cancel."""
    project_id: ProjectId
    """The project the run builds."""
    project_url: str
    """Page of that project in the VideoGen app."""
    remix_action_ids: list[RemixActionId]
    """One id for each entry of remix_actions, in order; empty when there were none."""
    __kind__ = "WorkflowRunId"
    __id__ = "workflow_run_id"
    __then__: ClassVar[tuple[str, str] | None] = ("remix_action_ids", "RemixActionId")
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("workflowRunId", "workflow_run_id", id_of("WorkflowRunId"), required=True),
        Field("projectId", "project_id", id_of("ProjectId"), required=True),
        Field("projectUrl", "project_url", TEXT, required=True),
        Field("remixActionIds", "remix_action_ids", list_of(id_of("RemixActionId")), required=True),
    )

    @property
    def id(self) -> WorkflowRunId:
        """The id, which is all that is needed to collect the job later."""
        return self.workflow_run_id
