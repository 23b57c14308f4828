"""The API's `StartToolExecutionResponse`, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..._accepted import Accepted
from ..._codecs import id_of
from ..._model import Field, model

if TYPE_CHECKING:
    from . import ExecutedTool as ExecutedTool
    from . import ToolExecutionId


@model
class StartToolExecutionResponse(Accepted["ExecutedTool"]):
    """A tool execution that has been started, or asked to stop. Starting the same request again makes and bills a
    second one; cancelling only asks, so poll on until the status is final."""

    tool_execution_id: ToolExecutionId
    """The execution to poll or cancel."""
    __kind__ = "ToolExecutionId"
    __id__ = "tool_execution_id"
    __fields__: ClassVar[tuple[Field, ...]] = (
        Field("toolExecutionId", "tool_execution_id", id_of("ToolExecutionId"), required=True),
    )

    @property
    def id(self) -> ToolExecutionId:
        """The id, which is all that is needed to collect the job later."""
        return self.tool_execution_id
