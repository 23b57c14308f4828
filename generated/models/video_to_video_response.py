"""The API's `VideoToVideoResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import WorkflowRun as WorkflowRun
    from . import WorkflowRunId


@model
class VideoToVideoResponse(Accepted["WorkflowRun"]):
    """The workflow run that was started, polled like any other. Only workflow_run_id is certain; the object stays
    open for whatever else the server sends."""

    workflow_run_id: WorkflowRunId
    """The run to poll or cancel."""
    __kind__ = "WorkflowRunId"
    __id__ = "workflow_run_id"
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("workflowRunId", "workflow_run_id", id_of("WorkflowRunId"), required=True),
    )

    @property
    def id(self) -> WorkflowRunId:
        """The id, which is all that is needed to collect the job later."""
        return self.workflow_run_id
