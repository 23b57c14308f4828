"""The webhook events of the API, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from .._event import Event, UnknownEvent
from .._model import model
from .models import (
    AssistantMessageWebhookPayload,
    FileWebhookPayload,
    ProjectExportWebhookPayload,
    ToolExecutionWebhookPayload,
    WorkflowRunWebhookPayload,
)

if TYPE_CHECKING:
    from .models import AssistantMessage, ExecutedTool, FileInfo, WorkflowRun
    from .types import ExportId, FileId, MessageId, ToolExecutionId, WorkflowRunId


@model
class ToolExecutionEvent(Event, ToolExecutionWebhookPayload):
    """Body of a webhook saying that a tool execution has ended. It holds neither status, progress nor attempt: event
    names the outcome."""

    id: str
    """The message's `webhook-id`: the same each time that it is delivered."""
    timestamp: int
    """When this delivery was sent, in Unix seconds."""
    __job__: ClassVar[str | None] = "tool_execution_id"

    if TYPE_CHECKING:

        @property
        def job_id(self) -> ToolExecutionId:
            """The job that the event is about."""

    def snapshot(self) -> ExecutedTool:
        """Return the job's state as a look at it would show it, without the number of its attempt.

        Raises ResponseError where what the payload holds can't be read as that.
        """
        return self._ended("ExecutedTool")


@model
class ToolExecutionSucceeded(ToolExecutionEvent):
    """A tool execution has succeeded."""

    event: Literal["tool_execution.succeeded"] = "tool_execution.succeeded"
    __event__: ClassVar[str] = "tool_execution.succeeded"


@model
class ToolExecutionFailed(ToolExecutionEvent):
    """A tool execution has failed."""

    event: Literal["tool_execution.failed"] = "tool_execution.failed"
    __event__: ClassVar[str] = "tool_execution.failed"


@model
class ToolExecutionCancelled(ToolExecutionEvent):
    """A tool execution has been cancelled."""

    event: Literal["tool_execution.cancelled"] = "tool_execution.cancelled"
    __event__: ClassVar[str] = "tool_execution.cancelled"


@model
class WorkflowRunEvent(Event, WorkflowRunWebhookPayload):
    """Body of a webhook saying that a workflow run has ended. It holds no status: event names the outcome. The
    export fields are null unless auto_export was set and succeeded."""

    id: str
    """The message's `webhook-id`: the same each time that it is delivered."""
    timestamp: int
    """When this delivery was sent, in Unix seconds."""
    __job__: ClassVar[str | None] = "workflow_run_id"

    if TYPE_CHECKING:

        @property
        def job_id(self) -> WorkflowRunId:
            """The job that the event is about."""

    def snapshot(self) -> WorkflowRun:
        """Return the job's state as a look at it would show it, without the number of its attempt.

        Raises ResponseError where what the payload holds can't be read as that.
        """
        return self._ended("WorkflowRun")


@model
class WorkflowRunSucceeded(WorkflowRunEvent):
    """A workflow run has succeeded."""

    event: Literal["workflow_run.succeeded"] = "workflow_run.succeeded"
    __event__: ClassVar[str] = "workflow_run.succeeded"


@model
class WorkflowRunFailed(WorkflowRunEvent):
    """A workflow run has failed."""

    event: Literal["workflow_run.failed"] = "workflow_run.failed"
    __event__: ClassVar[str] = "workflow_run.failed"


@model
class WorkflowRunCancelled(WorkflowRunEvent):
    """A workflow run has been cancelled."""

    event: Literal["workflow_run.cancelled"] = "workflow_run.cancelled"
    __event__: ClassVar[str] = "workflow_run.cancelled"


@model
class ProjectExportEvent(Event, ProjectExportWebhookPayload):
    """Body of a webhook saying that a project export has ended. It holds no URL: read the export, or hydrate
    export_file_id."""

    id: str
    """The message's `webhook-id`: the same each time that it is delivered."""
    timestamp: int
    """When this delivery was sent, in Unix seconds."""
    __job__: ClassVar[str | None] = "export_id"

    if TYPE_CHECKING:

        @property
        def job_id(self) -> ExportId:
            """The job that the event is about."""


@model
class ProjectExportSucceeded(ProjectExportEvent):
    """An export has succeeded."""

    event: Literal["project_export.succeeded"] = "project_export.succeeded"
    __event__: ClassVar[str] = "project_export.succeeded"


@model
class ProjectExportFailed(ProjectExportEvent):
    """An export has failed."""

    event: Literal["project_export.failed"] = "project_export.failed"
    __event__: ClassVar[str] = "project_export.failed"


@model
class ProjectExportCancelled(ProjectExportEvent):
    """An export has been cancelled."""

    event: Literal["project_export.cancelled"] = "project_export.cancelled"
    __event__: ClassVar[str] = "project_export.cancelled"


@model
class FileEvent(Event, FileWebhookPayload):
    """Body of a webhook about a file that was uploaded by API."""

    id: str
    """The message's `webhook-id`: the same each time that it is delivered."""
    timestamp: int
    """When this delivery was sent, in Unix seconds."""
    __job__: ClassVar[str | None] = "file_id"

    if TYPE_CHECKING:

        @property
        def job_id(self) -> FileId:
            """The job that the event is about."""

    def snapshot(self) -> FileInfo:
        """Return the job's state as a look at it would show it, without the number of its attempt.

        Raises ResponseError where what the payload holds can't be read as that.
        """
        return self.file


@model
class FileUploadCompleted(FileEvent):
    """An upload has been completed."""

    event: Literal["file.upload.completed"] = "file.upload.completed"
    __event__: ClassVar[str] = "file.upload.completed"


@model
class FileUploadFailed(FileEvent):
    """An upload has failed."""

    event: Literal["file.upload.failed"] = "file.upload.failed"
    __event__: ClassVar[str] = "file.upload.failed"


@model
class FilePlaybackReady(FileEvent):
    """A file can be played as a stream."""

    event: Literal["file.playback_ready"] = "file.playback_ready"
    __event__: ClassVar[str] = "file.playback_ready"


@model
class FileDownloadReady(FileEvent):
    """A file can be downloaded."""

    event: Literal["file.download_ready"] = "file.download_ready"
    __event__: ClassVar[str] = "file.download_ready"


@model
class FileAnalysisCompleted(FileEvent):
    """The analysis of a file has been completed."""

    event: Literal["file.analysis_completed"] = "file.analysis_completed"
    __event__: ClassVar[str] = "file.analysis_completed"


@model
class FileAnalysisFailed(FileEvent):
    """The analysis of a file has failed."""

    event: Literal["file.analysis_failed"] = "file.analysis_failed"
    __event__: ClassVar[str] = "file.analysis_failed"


@model
class AssistantMessageEvent(Event, AssistantMessageWebhookPayload):
    """Body of a webhook saying that an assistant's reply has ended, with the whole message in it."""

    id: str
    """The message's `webhook-id`: the same each time that it is delivered."""
    timestamp: int
    """When this delivery was sent, in Unix seconds."""
    __job__: ClassVar[str | None] = "message_id"

    if TYPE_CHECKING:

        @property
        def job_id(self) -> MessageId:
            """The job that the event is about."""

    def snapshot(self) -> AssistantMessage:
        """Return the job's state as a look at it would show it, without the number of its attempt.

        Raises ResponseError where what the payload holds can't be read as that.
        """
        return self.message


@model
class AssistantMessageSucceeded(AssistantMessageEvent):
    """A reply of the assistant is ready."""

    event: Literal["assistant_message.succeeded"] = "assistant_message.succeeded"
    __event__: ClassVar[str] = "assistant_message.succeeded"


@model
class AssistantMessageFailed(AssistantMessageEvent):
    """A reply of the assistant has failed."""

    event: Literal["assistant_message.failed"] = "assistant_message.failed"
    __event__: ClassVar[str] = "assistant_message.failed"


@model
class AssistantMessageCancelled(AssistantMessageEvent):
    """A reply of the assistant has been cancelled."""

    event: Literal["assistant_message.cancelled"] = "assistant_message.cancelled"
    __event__: ClassVar[str] = "assistant_message.cancelled"


WebhookEvent: TypeAlias = (
    ToolExecutionSucceeded
    | ToolExecutionFailed
    | ToolExecutionCancelled
    | WorkflowRunSucceeded
    | WorkflowRunFailed
    | WorkflowRunCancelled
    | ProjectExportSucceeded
    | ProjectExportFailed
    | ProjectExportCancelled
    | FileUploadCompleted
    | FileUploadFailed
    | FilePlaybackReady
    | FileDownloadReady
    | FileAnalysisCompleted
    | FileAnalysisFailed
    | AssistantMessageSucceeded
    | AssistantMessageFailed
    | AssistantMessageCancelled
    | UnknownEvent
)
"""Any webhook event: `match` on its class, or on `event`, tells which."""

BY_NAME: Final[dict[str, type[Event]]] = {
    "tool_execution.succeeded": ToolExecutionSucceeded,
    "tool_execution.failed": ToolExecutionFailed,
    "tool_execution.cancelled": ToolExecutionCancelled,
    "workflow_run.succeeded": WorkflowRunSucceeded,
    "workflow_run.failed": WorkflowRunFailed,
    "workflow_run.cancelled": WorkflowRunCancelled,
    "project_export.succeeded": ProjectExportSucceeded,
    "project_export.failed": ProjectExportFailed,
    "project_export.cancelled": ProjectExportCancelled,
    "file.upload.completed": FileUploadCompleted,
    "file.upload.failed": FileUploadFailed,
    "file.playback_ready": FilePlaybackReady,
    "file.download_ready": FileDownloadReady,
    "file.analysis_completed": FileAnalysisCompleted,
    "file.analysis_failed": FileAnalysisFailed,
    "assistant_message.succeeded": AssistantMessageSucceeded,
    "assistant_message.failed": AssistantMessageFailed,
    "assistant_message.cancelled": AssistantMessageCancelled,
}
"""The class of each event, by its name."""
