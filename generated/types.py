"""The ids, the jobs and the webhook events of the API, generated from openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from .._accepted import Job
from .._codecs import register
from .._ids import JobId, ResourceId

if TYPE_CHECKING:
    from .models import AssistantMessage as AssistantMessage
    from .models import ExecutedTool as ExecutedTool
    from .models import FileInfo as FileInfo
    from .models import FileUrlImport as FileUrlImport
    from .models import ProjectExport as ProjectExport
    from .models import RemixActionRun as RemixActionRun
    from .models import TimelineInterchange as TimelineInterchange
    from .models import WorkflowRun as WorkflowRun

register(f"{__package__}.models")


class FileId(JobId["FileInfo"]):
    """Names a file of any kind, uploaded or made. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_file_",)


class ToolExecutionId(JobId["ExecutedTool"]):
    """Names one execution of a tool. It is opaque: store it as it is, never parse it. The prefix was `vg_exec_`
    until June 2026."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_tool_", "vg_exec_")


class WorkflowRunId(JobId["WorkflowRun"]):
    """Names one run of a workflow. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_work_",)


class ProjectId(ResourceId):
    """Names a project, that is a video in the editor. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_proj_",)


class ExportId(JobId["ProjectExport"]):
    """Names one export of a project, not the file it makes. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_expo_",)


class RemixActionId(JobId["RemixActionRun"]):
    """Names one remix action applied to a project. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_rmix_",)


class InterchangeJobId(JobId["TimelineInterchange"]):
    """Names one conversion of a project's timeline. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_inte_",)


class EntityId(ResourceId):
    """Names an actor, a product, a visual style or a slideshow theme. It is opaque: store it as it is, never parse
    it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_enti_",)


class VoiceId(ResourceId):
    """Names a voice of the catalogue. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_voic_",)


class AvatarPresenterId(ResourceId):
    """Names an avatar presenter; only the deprecated `list_avatar_presenters` still has them, as `ACTOR` entities
    took their place by August 2026. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_pres_",)


class AssistantId(ResourceId):
    """Names a chat with the assistant. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_asst_",)


class MessageId(JobId["AssistantMessage"]):
    """Names one message of a chat, yours or the assistant's. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_mesg_",)


class PlaybackId(ResourceId):
    """Names the public playback of a video or audio file, for embedded players. It is opaque: store it as it is,
    never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_play_",)


class ApiKeyId(ResourceId):
    """Names an API key and is not the secret itself, though secret keys began with `vg_key_` too in May 2026: leave
    such values out of logs. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_key_",)


class TeamId(ResourceId):
    """Names a team. It is opaque: store it as it is, never parse it."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("vg_team_",)


class WebhookEndpointId(ResourceId):
    """Names a registered webhook endpoint. It is opaque: store it as it is, never parse it. Material of May 2026
    shows the prefix `wh_endpoint_`."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ("ep_", "wh_endpoint_")


class FileImportId(JobId["FileUrlImport"]):
    """Names an import of a file from a URL. It is opaque: store it as it is, never parse it. No prefix is
    documented."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ()


class ActionId(ResourceId):
    """Names a suggestion or an action that the assistant has offered in a message. It is opaque: store it as it is,
    never parse it. No prefix is documented."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ()


class IntegrationConnectionId(ResourceId):
    """Names a connection to another service that exports are delivered to. It is opaque: store it as it is, never
    parse it. No prefix is documented."""

    __slots__ = ()
    prefixes: ClassVar[tuple[str, ...]] = ()


JOBS: Final = {
    "FileId": Job("FileId", get="files.hydrate_file", event="file", done="sources"),
    "MessageId": Job("MessageId", get="assistant.get_assistant_message", event="assistant_message", done="status"),
    "ToolExecutionId": Job(
        "ToolExecutionId",
        get="tools.get_tool_execution_info",
        list="tools.list_tool_executions",
        cancel="tools.cancel_tool_execution",
        event="tool_execution",
        done="status",
    ),
    "RemixActionId": Job("RemixActionId", list="projects.list_project_remix_actions", done="status"),
    "WorkflowRunId": Job(
        "WorkflowRunId",
        get="workflows.get_workflow_run",
        list="workflows.list_workflow_runs",
        cancel="workflows.cancel_workflow_run",
        event="workflow_run",
        done="status",
    ),
    "ExportId": Job(
        "ExportId",
        get="projects.get_project_export",
        list="projects.list_project_exports",
        event="project_export",
        done="status",
    ),
    "InterchangeJobId": Job("InterchangeJobId", get="projects.get_timeline_interchange", done="status"),
    "FileImportId": Job("FileImportId", get="files.get_file_url_import", done="status"),
}
"""How each kind of job is looked at and cancelled, by the name of its id class."""

STARTS: Final[dict[str, tuple[str, str | None]]] = {
    "scriptToVideo": ("WorkflowRunId", "SCRIPT_TO_VIDEO"),
    "voiceoverToVideo": ("WorkflowRunId", "VOICEOVER_TO_VIDEO"),
    "slideshowToVideo": ("WorkflowRunId", "SLIDESHOW_TO_VIDEO"),
    "promptToVideoClip": ("WorkflowRunId", "PROMPT_TO_VIDEO_CLIP"),
    "videoToVideo": ("WorkflowRunId", "VIDEO_TO_VIDEO"),
    "exportProject": ("ExportId", None),
    "createTimelineInterchange": ("InterchangeJobId", None),
    "remixProject": ("RemixActionId", None),
    "startAssistantChat": ("MessageId", None),
    "sendAssistantMessage": ("MessageId", None),
    "actOnAssistantAction": ("MessageId", None),
    "generateImage": ("ToolExecutionId", "GENERATE_IMAGE"),
    "generateVideoClip": ("ToolExecutionId", "GENERATE_VIDEO_CLIP"),
    "generateMotionGraphic": ("ToolExecutionId", "GENERATE_MOTION_GRAPHIC"),
    "textToSpeech": ("ToolExecutionId", "TEXT_TO_SPEECH"),
    "generateSoundEffect": ("ToolExecutionId", "GENERATE_SOUND_EFFECT"),
    "generateMusic": ("ToolExecutionId", "GENERATE_MUSIC"),
    "generateAvatar": ("ToolExecutionId", "GENERATE_AVATAR"),
    "vectorizeImage": ("ToolExecutionId", "VECTORIZE_IMAGE"),
    "removeImageBackground": ("ToolExecutionId", "REMOVE_IMAGE_BACKGROUND"),
    "removeVideoBackground": ("ToolExecutionId", "REMOVE_VIDEO_BACKGROUND"),
    "upscaleImage": ("ToolExecutionId", "UPSCALE_IMAGE"),
    "upscaleVideo": ("ToolExecutionId", "UPSCALE_VIDEO"),
    "image3dEffect": ("ToolExecutionId", "IMAGE_3D_EFFECT"),
    "createFileUpload": ("FileId", None),
    "createFileUrlImport": ("FileImportId", None),
}
"""What each operation starts: the kind of job, and the type that it is listed with."""

SHOWS: Final = {
    "getToolExecutionInfo": "ToolExecutionId",
    "listToolExecutions": "ToolExecutionId",
    "listProjectRemixActions": "RemixActionId",
    "getWorkflowRun": "WorkflowRunId",
    "listWorkflowRuns": "WorkflowRunId",
    "getProjectExport": "ExportId",
    "listProjectExports": "ExportId",
}
"""The kind of the jobs that an operation reads or lists, for those kinds that have a list."""

EVENTS: Final = {
    "tool_execution.succeeded": "ToolExecutionWebhookPayload",
    "tool_execution.failed": "ToolExecutionWebhookPayload",
    "tool_execution.cancelled": "ToolExecutionWebhookPayload",
    "workflow_run.succeeded": "WorkflowRunWebhookPayload",
    "workflow_run.failed": "WorkflowRunWebhookPayload",
    "workflow_run.cancelled": "WorkflowRunWebhookPayload",
    "project_export.succeeded": "ProjectExportWebhookPayload",
    "project_export.failed": "ProjectExportWebhookPayload",
    "project_export.cancelled": "ProjectExportWebhookPayload",
    "file.upload.completed": "FileWebhookPayload",
    "file.upload.failed": "FileWebhookPayload",
    "file.playback_ready": "FileWebhookPayload",
    "file.download_ready": "FileWebhookPayload",
    "file.analysis_completed": "FileWebhookPayload",
    "file.analysis_failed": "FileWebhookPayload",
    "assistant_message.succeeded": "AssistantMessageWebhookPayload",
    "assistant_message.failed": "AssistantMessageWebhookPayload",
    "assistant_message.cancelled": "AssistantMessageWebhookPayload",
}
"""The model of each webhook event's payload."""

__all__ = [
    "EVENTS",
    "JOBS",
    "SHOWS",
    "STARTS",
    "ActionId",
    "ApiKeyId",
    "AssistantId",
    "AvatarPresenterId",
    "EntityId",
    "ExportId",
    "FileId",
    "FileImportId",
    "IntegrationConnectionId",
    "InterchangeJobId",
    "MessageId",
    "PlaybackId",
    "ProjectId",
    "RemixActionId",
    "TeamId",
    "ToolExecutionId",
    "VoiceId",
    "WebhookEndpointId",
    "WorkflowRunId",
]
