# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""What users write, never run: pyright proves here that results are exact and mistakes are found.

A line with `# pyright: ignore[…]` is a mistake that must be reported: were it accepted, the comment would be
unnecessary, and that is an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, assert_type

from aiovideogen import (
    UNSET,
    Accepted,
    ApiStatusError,
    AssistantId,
    EntityId,
    ExportId,
    FileId,
    FileImportId,
    InterchangeJobId,
    JobFailedError,
    JobId,
    Mapped,
    MessageId,
    Outcome,
    Page,
    ProjectId,
    RateLimitError,
    RemixActionId,
    ToolExecutionId,
    VideoGen,
    VoiceId,
    WaitTimeoutError,
    WebhookEndpointId,
    WorkflowRunId,
)
from aiovideogen.endpoints import ensure_endpoint, retire_endpoints
from aiovideogen.models import (
    ApiError,
    AspectRatio,
    AssistantInputMessage,
    AssistantMessage,
    AssistantOutputMessage,
    CreateFileUrlImportResponse,
    ExecutedTool,
    ExportProjectResponse,
    FileInfo,
    FileSource,
    FileUploadResponse,
    FileUrlImport,
    GenerateImageRequest,
    GetFilesResponse,
    JobStatus,
    ModelQuality,
    ProjectExport,
    RemixAction,
    RemixActionRun,
    RemixActionSetLogo,
    RemixProjectRequest,
    RemixProjectResponse,
    StartAssistantChatResponse,
    StartToolExecutionResponse,
    StartWorkflowRunResponse,
    TimelineInterchange,
    ToolExecutionListResponse,
    ToolSuccessResult,
    Transcript,
    TtsVoice,
    TtsVoiceListResponse,
    UnknownAssistantMessage,
    UnknownRemixAction,
    WebhookEndpoint,
    WorkflowRun,
    WorkflowVisualStyle,
)
from aiovideogen.webhooks import (
    EventSource,
    FileUploadCompleted,
    ToolExecutionSucceeded,
    UnknownEvent,
    WebhookEvent,
    WorkflowRunCancelled,
    WorkflowRunEvent,
    WorkflowRunFailed,
    WorkflowRunSucceeded,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from aiovideogen.receiver import Receiver


async def what_a_wait_returns(vg: VideoGen, project: ProjectId) -> None:
    # by the answer that started it
    tool = await vg.tools.generate_image(prompt="A quiet harbour")
    assert_type(tool, StartToolExecutionResponse)
    assert_type(tool.id, ToolExecutionId)
    assert_type(await vg.wait_for(tool), ExecutedTool)
    run = await vg.workflows.script_to_video(script="…", visual_style=WorkflowVisualStyle(type="STOCK"))
    assert_type(run, StartWorkflowRunResponse)
    assert_type(run.id, WorkflowRunId)
    assert_type(run.remix_action_ids, list[RemixActionId])
    assert_type(await vg.wait_for(run), WorkflowRun)
    export = await vg.projects.export_project(project)
    assert_type(export, ExportProjectResponse)
    assert_type(await vg.wait_for(export), ProjectExport)
    interchange = await vg.projects.create_timeline_interchange(project)
    assert_type(await vg.wait_for(interchange), TimelineInterchange)
    remix = await vg.projects.remix_project(project, remix_actions=[RemixActionSetLogo(file_id=None)])
    assert_type(remix, RemixProjectResponse)
    assert_type(remix.id, RemixActionId)
    assert_type(await vg.wait_for(remix), list[RemixActionRun])
    chat = await vg.assistant.start_assistant_chat(message="Make it shorter")
    assert_type(chat, StartAssistantChatResponse)
    assert_type(await vg.wait_for(chat), AssistantOutputMessage)
    uploaded = await vg.files.create_file_upload(display_name="a.png")
    assert_type(uploaded, FileUploadResponse)
    assert_type(await vg.wait_for(uploaded), FileInfo)
    imported = await vg.files.create_file_url_import(url="https://example.com/a.mp4")
    assert_type(imported, CreateFileUrlImportResponse)
    assert_type(await vg.wait_for(imported), FileUrlImport)

    # by the bare id
    assert_type(await vg.wait_for(ToolExecutionId("vg_tool_1")), ExecutedTool)
    assert_type(await vg.wait_for(WorkflowRunId("vg_work_1")), WorkflowRun)
    assert_type(await vg.wait_for(ExportId("vg_expo_1"), project_id=project), ProjectExport)
    assert_type(await vg.wait_for(InterchangeJobId("vg_inte_1")), TimelineInterchange)
    assert_type(await vg.wait_for(RemixActionId("vg_rmix_1"), project_id=project), RemixActionRun)
    assert_type(await vg.wait_for(MessageId("vg_mesg_1")), AssistantMessage)
    assert_type(await vg.wait_for(FileId("vg_file_1")), FileInfo)
    assert_type(await vg.wait_for(FileImportId("1")), FileUrlImport)

    # by the call that starts it, and by what was saved
    assert_type(await vg.wait_for(vg.tools.upscale_image(image_file_id=FileId("vg_file_1"))), ExecutedTool)
    assert_type(await vg.wait_for(vg.workflows.prompt_to_video_clip(prompt="Waves"), timeout=None), WorkflowRun)
    assert_type(await vg.wait_for(StartToolExecutionResponse.from_dict(tool.to_dict())), ExecutedTool)

    # by what another function hands on
    async def either(job: JobId[ExecutedTool] | Accepted[ExecutedTool] | Awaitable[Accepted[ExecutedTool]]) -> None:
        assert_type(await vg.wait_for(job), ExecutedTool)

    await either(tool)
    await either(tool.id)
    await either(vg.tools.generate_music(prompt="Slow piano"))
    await either(run)  # pyright: ignore[reportArgumentType]
    await either(run.id)  # pyright: ignore[reportArgumentType]


async def what_a_wait_refuses(vg: VideoGen, project: ProjectId, text: str) -> None:
    await vg.wait_for("vg_tool_1")  # pyright: ignore[reportArgumentType]
    await vg.wait_for(text)  # pyright: ignore[reportArgumentType]
    await vg.wait_for(project)  # pyright: ignore[reportArgumentType]
    await vg.wait_for(VoiceId("vg_voic_1"))  # pyright: ignore[reportArgumentType]
    await vg.wait_for(EntityId("vg_enti_1"))  # pyright: ignore[reportArgumentType]
    await vg.wait_for(vg.text.generate_text(prompt="Hello"))  # pyright: ignore[reportArgumentType]
    await vg.wait_for(vg.tools.cancel_tool_execution(ToolExecutionId("1")))  # pyright: ignore[reportArgumentType]
    await vg.wait_for(ExportId("vg_expo_1"), project_id="vg_proj_1")  # pyright: ignore[reportArgumentType]
    await vg.wait_for(ToolExecutionId("1"), on_timeout="stop")  # pyright: ignore[reportArgumentType]
    await vg.cancel("vg_tool_1")  # pyright: ignore[reportArgumentType]
    await vg.cancel(project)  # pyright: ignore[reportArgumentType]


async def what_progress_and_watch_show(vg: VideoGen, job: ToolExecutionId) -> None:
    def show(seen: ExecutedTool) -> None: ...

    async def show_later(seen: ExecutedTool) -> None: ...

    def show_run(seen: WorkflowRun) -> None: ...

    assert_type(await vg.wait_for(job, on_progress=show), ExecutedTool)
    await vg.wait_for(job, on_progress=show_later, on_timeout="cancel", on_cancel="cancel", on_approval="wait")
    await vg.wait_for(job, on_progress=show_run)  # pyright: ignore[reportArgumentType]
    async with vg.watch(job) as states:
        async for state in states:
            assert_type(state, ExecutedTool)
    assert_type(await vg.cancel(job), None)
    assert_type(await vg.tools.cancel_tool_execution(job), ToolExecutionId)


async def what_comes_of_many(vg: VideoGen, ids: list[ToolExecutionId], runs: list[StartWorkflowRunResponse]) -> None:
    assert_type(await vg.wait_all(ids), list[Outcome[ExecutedTool]])
    assert_type(await vg.wait_all(runs, timeout=60, on_timeout="cancel"), list[Outcome[WorkflowRun]])
    assert_type([one.unwrap() for one in await vg.wait_all(ids)], list[ExecutedTool])
    await vg.wait_all(["vg_tool_1"])  # pyright: ignore[reportArgumentType]
    await vg.wait_all(runs[0])  # pyright: ignore[reportArgumentType]
    await vg.wait_all([vg.tools.generate_image(prompt="x"), vg.tools.generate_music(prompt="x")])

    def show(target: JobId[ExecutedTool] | Accepted[ExecutedTool], state: ExecutedTool) -> None: ...

    await vg.wait_all(ids, on_progress=show)
    await vg.wait_all(runs, on_progress=show)  # pyright: ignore[reportArgumentType]
    async with vg.as_completed(ids) as outcomes:
        async for outcome in outcomes:
            assert_type(outcome, Outcome[ExecutedTool])
            assert_type(outcome.result, ExecutedTool | None)
            assert_type(outcome.error, Exception | None)
            assert_type(outcome.target, JobId[ExecutedTool] | Accepted[ExecutedTool] | None)
    async with vg.map(lambda text: vg.tools.generate_image(prompt=text), ["a", "b"]) as images:
        async for one in images:
            assert_type(one, Mapped[str, ExecutedTool])
            assert_type(one.input, str)
            assert_type(one.unwrap(), ExecutedTool)
        assert_type(await images.collect(), list[Mapped[str, ExecutedTool]])
    async with vg.map(vg.projects.export_project, [ProjectId("1")], concurrency=3) as exports:
        assert_type(await exports.collect(), list[Mapped[ProjectId, ProjectExport]])

    async def found(text: str) -> ToolExecutionId:
        return ToolExecutionId(text)

    async with vg.map(found, (text for text in "ab")) as tools:
        assert_type(await anext(tools), Mapped[str, ExecutedTool])
    vg.map(lambda text: vg.text.generate_text(prompt=text), ["a"])  # pyright: ignore[reportArgumentType]
    vg.map(vg.projects.export_project, ["vg_proj_1"])  # pyright: ignore[reportArgumentType]


async def what_parameters_take(vg: VideoGen, text: str, project: ProjectId, file: FileId) -> None:
    await vg.files.get_file(text)  # pyright: ignore[reportArgumentType]
    await vg.files.get_file("vg_file_1")  # pyright: ignore[reportArgumentType]
    await vg.files.get_file(project)  # pyright: ignore[reportArgumentType]
    await vg.files.get_file(FileId(text))
    await vg.projects.get_project_export(ExportId("1"), project)  # pyright: ignore[reportArgumentType]
    await vg.tools.upscale_image(image_file_id=text)  # pyright: ignore[reportArgumentType]
    await vg.tools.generate_image(prompt="x", entity_ids=[file])  # pyright: ignore[reportArgumentType]
    await vg.tools.generate_image(prompt="x", image_file_ids=[file], entity_ids=(EntityId("vg_enti_1"),))
    await vg.tools.generate_image(promt="x")  # pyright: ignore[reportCallIssue]
    await vg.tools.generate_image()  # pyright: ignore[reportCallIssue]
    await vg.tools.generate_image("x")  # pyright: ignore[reportArgumentType]
    await vg.tools.generate_image(prompt="x", num_results="2")  # pyright: ignore[reportArgumentType]
    await vg.tools.generate_image(prompt="x", aspect_ratio=AspectRatio(width=16, height=9))
    await vg.tools.generate_image(GenerateImageRequest(prompt="x", quality="HIGH"))
    GenerateImageRequest(prompt="x", qualty="HIGH")  # pyright: ignore[reportCallIssue]
    GenerateImageRequest()  # pyright: ignore[reportCallIssue]

    # a voice goes by its id or by its display name, and by no other id
    await vg.tools.text_to_speech(tts_text="Hello", voice_id=VoiceId("vg_voic_1"))
    await vg.tools.text_to_speech(tts_text="Hello", voice_id="Ava")
    await vg.tools.text_to_speech(tts_text="Hello", voice_id=3)  # pyright: ignore[reportArgumentType]

    # enums are open: known values complete, any text is taken, nothing but text
    quality: ModelQuality = "HIGH"
    later: ModelQuality = "ULTRA_2027"
    await vg.tools.generate_image(prompt="x", quality=quality, watermark_mode="NONE")
    await vg.tools.generate_image(prompt="x", quality=later)
    await vg.tools.generate_image(prompt="x", quality=text)
    await vg.tools.generate_image(prompt="x", quality=4)  # pyright: ignore[reportArgumentType]

    # left out and null differ, where the API takes null at all
    await vg.entities.update_entity(EntityId("1"), name=None)
    await vg.tools.generate_image(prompt="x", quality=None)  # pyright: ignore[reportArgumentType]
    GenerateImageRequest(prompt="x", quality=UNSET)
    GenerateImageRequest(prompt="x", quality=None)  # pyright: ignore[reportArgumentType]

    # discriminators need not be typed
    actions: Sequence[RemixAction] = [RemixActionSetLogo(position="TOP_LEFT")]
    RemixProjectRequest(remix_actions=actions)
    RemixProjectRequest(remix_actions=[AspectRatio(width=1, height=1)])  # pyright: ignore[reportArgumentType]


async def what_lists_hold(vg: VideoGen) -> None:
    page = vg.tools.list_tool_executions(limit=200)
    assert_type(page, Page[ToolExecutionListResponse, ExecutedTool])
    first = await page
    assert_type(first, ToolExecutionListResponse)
    assert_type(first.tool_executions, list[ExecutedTool])
    assert_type(first.has_more, bool)
    assert_type(first.next_cursor, str | None)
    async for execution in page:
        assert_type(execution, ExecutedTool)
        assert_type(execution.tool_execution_id, ToolExecutionId)
    async for one in vg.files.get_files(self_only=True).pages():
        assert_type(one, GetFilesResponse)
    async for voice in vg.resources.list_tts_voices():
        assert_type(voice, TtsVoice)
        assert_type(voice.voice_id, VoiceId)
    assert_type(await vg.resources.list_tts_voices(query="calm"), TtsVoiceListResponse)
    vg.files.get_files(limit="3")  # pyright: ignore[reportArgumentType]
    vg.entities.list_entities("ACTOR")  # pyright: ignore[reportCallIssue]


def what_fields_are(tool: ExecutedTool, file: FileInfo, run: WorkflowRun, endpoint: WebhookEndpoint) -> None:
    assert_type(tool.results, list[ToolSuccessResult])
    assert_type(tool.results[0].file_id, FileId)
    assert_type(tool.results[0].file, FileInfo)
    assert_type(tool.results[0].download_url, str | None)
    assert_type(tool.status, JobStatus)
    assert_type(tool.progress_percentage, float)
    assert_type(tool.attempt_index, int)
    assert_type(tool.error, ApiError | None)
    assert_type(file.transcript, Transcript | None)
    assert_type(file.display_name, str | None)
    assert_type(file.download_source, FileSource | None)
    assert_type(file.duration_seconds, float | None)
    assert_type(file.source_tool_execution_id, ToolExecutionId | None)
    assert_type(run.export_file_id, FileId | None)
    assert_type(run.download_url_expires_at, int | None)
    assert_type(run.project_id, ProjectId)
    assert_type(endpoint.signing_secret, str | None)
    assert_type(tool.to_dict(), dict[str, Any])
    assert_type(tool.replace(status="failed"), ExecutedTool)
    assert_type(ExecutedTool.from_dict({}), ExecutedTool)
    if tool.status == "succeeded" or tool.status == "awaiting_approval":
        return
    print(tool.result)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
    file.display_name.upper()  # pyright: ignore[reportOptionalMemberAccess]


def what_unions_narrow_to(message: AssistantMessage, action: RemixAction) -> None:
    if isinstance(message, AssistantOutputMessage):
        assert_type(message.generation, StartWorkflowRunResponse | None)
    elif isinstance(message, AssistantInputMessage):
        assert_type(message.content, str)
    else:
        assert_type(message, UnknownAssistantMessage)
    match action:
        case RemixActionSetLogo():
            assert_type(action.file_id or None, FileId | None)
        case UnknownRemixAction():
            assert_type(dict(action.additional_properties), dict[str, Any])
        case _:
            pass


async def what_files_take(vg: VideoGen, parts: AsyncIterator[bytes]) -> None:
    assert_type(await vg.files.upload("a.png"), FileInfo)
    assert_type(await vg.files.upload(Path("a.png"), type="IMAGE", wait=False), FileInfo)
    await vg.files.upload(b"bytes", display_name="a.png")
    await vg.files.upload(parts, display_name="a.mp4", length=3)
    await vg.files.upload(3)  # pyright: ignore[reportArgumentType]
    file = await vg.files.publish(FileId("vg_file_1"))
    assert_type(file, FileInfo)
    assert_type(await vg.files.download(file, "a.png"), Path)
    assert_type(await vg.files.download(file.file_id, Path("a.png")), Path)
    await vg.files.download(await vg.wait_for(ToolExecutionId("1")), "a.png")
    await vg.files.download(b"", "a.png")  # pyright: ignore[reportArgumentType]


async def what_errors_carry(vg: VideoGen) -> None:
    try:
        await vg.assistant.get_assistant(AssistantId("vg_asst_1"))
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except ApiStatusError as error:
        assert_type(error.status, int)
        assert_type(error.code, str | None)
        assert_type(error.request_id, str | None)
    except (JobFailedError, WaitTimeoutError) as error:
        assert_type(error.id, str)
        assert_type(error.resume, str)


async def how_a_client_is_made() -> None:
    async def token() -> str:
        return "…"

    async with VideoGen(api_key=token, base_url="https://api.videogen.io", timeout=30, retries=0) as vg:
        assert_type(vg, VideoGen)
    VideoGen("key")  # pyright: ignore[reportCallIssue]
    VideoGen(api_key=lambda: "key")  # pyright: ignore[reportArgumentType]


def what_a_webhook_is(event: WebhookEvent) -> None:
    match event:
        case ToolExecutionSucceeded():
            assert_type(event.event, Literal["tool_execution.succeeded"])
            assert_type(event.job_id, ToolExecutionId)
            assert_type(event.snapshot(), ExecutedTool)
            assert_type(event.results, list[ToolSuccessResult])
        case WorkflowRunEvent():
            assert_type(event, WorkflowRunSucceeded | WorkflowRunFailed | WorkflowRunCancelled)
            assert_type(event.error, ApiError | None)
        case UnknownEvent():
            assert_type(event.event, None)
            assert_type(event.job_id, JobId[Any] | None)
            print(event.results)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
        case _:
            assert_type(event.job_id, ToolExecutionId | ExportId | MessageId | FileId)
    assert_type(event.outcome, Literal["succeeded", "failed", "cancelled"] | None)
    if event.event == "file.upload.completed":
        assert_type(event, FileUploadCompleted)
        assert_type(event.file, FileInfo)


def how_webhooks_are_received(receiver: Receiver) -> None:
    assert_type(verify(b"", {"webhook-id": "1"}, ["whsec_…"]), WebhookEvent)
    verify(b"", [(b"webhook-id", b"1")], "whsec_…")
    verify("text", {}, "whsec_…")  # pyright: ignore[reportArgumentType]
    source: EventSource = receiver

    @receiver.on(ToolExecutionSucceeded)
    async def one(event: ToolExecutionSucceeded) -> None:
        assert_type(event.tool_type, str)

    @receiver.on(FileUploadCompleted, WorkflowRunEvent)
    def several(event: FileUploadCompleted | WorkflowRunEvent) -> None: ...

    @receiver.on("assistant_message.failed", "new.event")
    async def named(event: WebhookEvent) -> None: ...

    @receiver.on_all
    async def all_of_them(event: WebhookEvent) -> None: ...

    @receiver.on(ToolExecutionSucceeded)  # pyright: ignore[reportArgumentType]
    async def other(event: FileUploadCompleted) -> None: ...

    print(one, several, named, all_of_them, other)
    unsubscribe: Callable[[], None] = source.subscribe(lambda event: print(event.job_id))
    unsubscribe()
    assert_type(receiver.recent, tuple[WebhookEvent, ...])


async def how_endpoints_are_made(vg: VideoGen, saved: dict[str, str | None]) -> None:
    def save(endpoint: WebhookEndpoint) -> None:
        saved[endpoint.endpoint_id] = endpoint.signing_secret

    ensured = await ensure_endpoint(vg, "https://127.0.0.1/", ["tool_execution.succeeded"], save=save)
    assert_type(ensured.endpoint.endpoint_id, WebhookEndpointId)
    assert_type(ensured.secret, str | None)
    await retire_endpoints(vg, ensured.superseded, after=60)
    await ensure_endpoint(vg, "https://127.0.0.1/", ["tool_execution.succeeded"])  # pyright: ignore[reportCallIssue]
