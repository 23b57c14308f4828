"""Waits, on virtual time, against the sandbox in process: what may pass ends none, what ends one does so at once."""

from __future__ import annotations

import gc
import json
import logging
import pickle
import time
import traceback
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.lowlevel
import pytest

from aiovideogen import (
    Accepted,
    ApprovalRequiredError,
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    ExportId,
    FileId,
    FileImportId,
    InsufficientCreditsError,
    InterchangeJobId,
    InvalidIdError,
    JobCancelledError,
    JobError,
    JobFailedError,
    JobId,
    MessageId,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ProjectId,
    RemixActionId,
    ResponseError,
    ToolExecutionId,
    VideoGen,
    VideoGenError,
    WaitTimeoutError,
    WorkflowRunId,
    models,
)
from aiovideogen.sandbox import FaultRule, JobScript
from aiovideogen.sandbox.faults import Delay

from .conftest import Reply, Scripted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

STOCK = models.WorkflowVisualStyle(type="STOCK")
ZOOM = models.RemixActionAddZoom()
CAPTIONS = models.RemixActionEnableCaptions()


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def another_process(accepted: Accepted[Any]) -> Accepted[Any]:
    return Accepted[Any].from_dict(json.loads(json.dumps(accepted.to_dict())))


def execution(status: str, **fields: Any) -> Reply:
    data: dict[str, Any] = {"toolExecutionId": "vg_tool_1", "status": status, "toolType": "T", "error": None}
    return Reply.json({**data, "results": [], "progressPercentage": 1, "attemptIndex": 0, **fields})


ONE = ToolExecutionId("vg_tool_1")
DONE = execution("succeeded")


def api_error(status: int, code: str | None = None, **headers: str) -> Reply:
    return Reply.json({"message": "said so", "code": code}, status, **headers)


# -- every kind -------------------------------------------------------------------------------------------------


async def test_an_hour_long_job_is_waited_for(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(seconds=3600))
    began = anyio.current_time()
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"), timeout=4000)
    assert done.status == "succeeded"
    assert 3600 <= anyio.current_time() - began <= 3640


async def test_a_start_its_answer_its_saved_form_and_its_id_come_to_the_same(inside: InProcess) -> None:
    vg = inside.vg
    started = await vg.tools.generate_image(prompt="x", num_results=2)
    results = [
        await vg.wait_for(started),
        await vg.wait_for(another_process(started)),
        await vg.wait_for(started.id),
        await vg.wait_for(ToolExecutionId(str(started.id))),
    ]
    # What is known of the files grows for a while after the end, so that the whole may differ from look to look.
    assert {(one.tool_execution_id, one.status) for one in results} == {(started.id, "succeeded")}
    assert len({tuple(result.file_id for result in one.results) for one in results}) == 1
    assert len(results[0].results) == 2
    assert inside.sandbox.billed == 1


async def script(vg: VideoGen, **fields: Any) -> models.StartWorkflowRunResponse:
    return await vg.workflows.script_to_video(script="x", visual_style=STOCK, **fields)


async def test_a_run_with_auto_export_ends_with_its_export(inside: InProcess) -> None:
    run = await inside.vg.wait_for(script(inside.vg, auto_export=True))
    assert (run.status, run.export_id is not None, run.download_url is not None) == ("succeeded", True, True)


async def test_a_run_without_auto_export_has_no_urls_to_wait_for(inside: InProcess) -> None:
    began = anyio.current_time()
    run = await inside.vg.wait_for(script(inside.vg))
    assert (run.status, run.download_url) == ("succeeded", None)
    assert anyio.current_time() - began < 65


@pytest.mark.parametrize("saved", [False, True])
async def test_the_start_answer_of_a_run_waits_for_its_remix_actions_too(inside: InProcess, saved: bool) -> None:
    began = anyio.current_time()
    started = await script(inside.vg, remix_actions=[ZOOM, CAPTIONS])
    run = await inside.vg.wait_for(another_process(started) if saved else started)
    assert isinstance(run, models.WorkflowRun)
    assert anyio.current_time() - began >= 180
    listed = await inside.vg.projects.list_project_remix_actions(started.project_id)
    assert [action.status for action in listed.remix_actions] == ["succeeded", "succeeded"]


async def test_the_bare_id_of_a_run_does_not_wait_for_its_remix_actions(inside: InProcess) -> None:
    began = anyio.current_time()
    started = await script(inside.vg, remix_actions=[ZOOM, CAPTIONS])
    await inside.vg.wait_for(started.id)
    assert anyio.current_time() - began < 65


async def test_a_remix_action_that_fails_after_its_run_is_the_error(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(), JobScript(), JobScript("failed", error={"message": "too dark", "code": "c"}))
    started = await script(inside.vg, remix_actions=[ZOOM, CAPTIONS])
    with pytest.raises(JobFailedError, match="too dark") as caught:
        await inside.vg.wait_for(started)
    assert caught.value.id == started.remix_action_ids[1]
    assert f"project_id={started.project_id!r}" in caught.value.resume


async def test_an_export_is_waited_for_by_its_answer_or_by_its_id_with_the_project(inside: InProcess) -> None:
    vg = inside.vg
    run = await vg.wait_for(script(vg))
    started = await vg.projects.export_project(run.project_id)
    export = await vg.wait_for(started)
    assert export.download_url is not None
    for again in (
        await vg.wait_for(another_process(started)),
        await vg.wait_for(started.id, project_id=run.project_id),
    ):
        assert (again.export_id, again.export_file_id) == (export.export_id, export.export_file_id)


@pytest.mark.parametrize("target", [ExportId("vg_expo_1"), RemixActionId("vg_rmix_1")])
async def test_an_id_that_needs_its_project_says_so_before_anything_is_sent(target: JobId[Any]) -> None:
    server = Scripted(Reply())
    with pytest.raises(ValueError, match=f"wait_for: a {type(target).__name__} needs project_id="):
        await server.client().wait_for(target)
    with pytest.raises(ValueError, match="needs project_id="):
        async with server.client().watch(target):
            pass
    assert server.asked == []


async def test_a_timeline_interchange_is_waited_for(inside: InProcess) -> None:
    run = await inside.vg.wait_for(script(inside.vg))
    started = await inside.vg.projects.create_timeline_interchange(run.project_id, format="SRT")
    job = await inside.vg.wait_for(another_process(started))
    assert job.download_url is not None
    again = await inside.vg.wait_for(started.id)
    assert (again.status, again.interchange_file_id) == (job.status, job.interchange_file_id)


async def test_a_remix_gives_its_actions_in_order_and_an_old_failure_is_none_of_its_business(inside: InProcess) -> None:
    vg = inside.vg
    run = await vg.wait_for(script(vg))
    inside.sandbox.script_job(JobScript("failed"))
    with pytest.raises(JobFailedError):
        await vg.wait_for(vg.projects.remix_project(run.project_id, remix_actions=[ZOOM]))
    started = await vg.projects.remix_project(run.project_id, remix_actions=[CAPTIONS, ZOOM])
    actions = await vg.wait_for(started)
    assert [action.remix_action_id for action in actions] == started.remix_action_ids
    assert [action.type for action in actions] == ["ENABLE_CAPTIONS", "ADD_ZOOM"]
    one = await vg.wait_for(started.remix_action_ids[1], project_id=run.project_id)
    assert one == actions[1]
    assert await vg.wait_for(another_process(started)) == actions


async def test_a_remix_on_a_copy_is_looked_for_in_the_copy(inside: InProcess) -> None:
    run = await inside.vg.wait_for(script(inside.vg))
    started = await inside.vg.projects.remix_project(run.project_id, remix_actions=[ZOOM], save_as_new_project=True)
    assert started.project_id != run.project_id
    (action,) = await inside.vg.wait_for(started)
    assert action.project_id == started.project_id


async def test_a_remix_without_actions_is_done_at_once() -> None:
    server = Scripted(Reply())
    started = models.RemixProjectResponse.from_dict({"projectId": "p", "projectUrl": "u", "remixActionIds": []})
    assert await server.client().wait_for(started) == []
    assert server.asked == []


async def test_remix_actions_are_found_on_any_page_of_the_list() -> None:
    def listed(*ids: str, cursor: str | None = None) -> Reply:
        runs = [{"remixActionId": one, "projectId": "p", "type": "T", "status": "succeeded"} for one in ids]
        return Reply.json({"remixActions": runs, "hasMore": cursor is not None, "nextCursor": cursor})

    server = Scripted(listed("r9", "r2", cursor="c"), listed("r1", "r0", cursor="d"))
    started = models.RemixProjectResponse.from_dict(
        {"projectId": "p", "projectUrl": "u", "remixActionIds": ["r1", "r2"]}
    )
    actions = await server.client().wait_for(started)
    assert [action.remix_action_id for action in actions] == ["r1", "r2"]
    assert len(server.asked) == 2


async def test_an_assistants_reply_and_the_run_it_started_are_waited_for(inside: InProcess) -> None:
    vg = inside.vg
    chat = await vg.assistant.start_assistant_chat(message="make it", auto_generate=True)
    reply = await vg.wait_for(another_process(chat))
    assert isinstance(reply, models.AssistantOutputMessage)
    assert reply.content
    assert reply.generation is not None
    run = await vg.wait_for(reply.generation)
    assert (run.workflow_run_id, run.status) == (reply.generation.id, "succeeded")
    assert await vg.wait_for(chat.id) == reply


async def test_a_users_message_is_done_at_once(inside: InProcess) -> None:
    chat = await inside.vg.assistant.start_assistant_chat(message="hello")
    assistant = await inside.vg.assistant.get_assistant(chat.assistant_id)
    first = assistant.messages[0]
    assert isinstance(first, models.AssistantInputMessage)
    assert await inside.vg.wait_for(first.message_id) == first


async def test_a_message_of_an_unknown_role_is_waited_for_by_its_status() -> None:
    server = Scripted(*[Reply.json({"role": "tool", "status": status}) for status in ("running", "succeeded")])
    message = await server.client().wait_for(MessageId("vg_mesg_1"))
    assert message.additional_properties["status"] == "succeeded"


async def test_a_file_is_waited_for_until_it_can_be_used(inside: InProcess) -> None:
    vg = inside.vg
    created = await vg.files.create_file_upload(display_name="a.png")
    with pytest.raises(WaitTimeoutError, match="not ready"):
        await vg.wait_for(created, timeout=5)
    info = await vg.files.upload(b"", display_name="nothing.png", wait=False)
    with pytest.raises(JobFailedError) as caught:
        await vg.wait_for(info.file_id)
    assert caught.value.id == info.file_id
    assert caught.value.error is None


async def test_a_url_import_is_waited_for(inside: InProcess) -> None:
    started = await cast("Any", inside.vg.files.create_file_url_import)(url="https://a.test/b.png")
    done = await inside.vg.wait_for(another_process(started))
    assert done.status == "succeeded"
    assert type(started.id) is FileImportId
    assert (await inside.vg.wait_for(started.id)) == done


async def test_publishing_waits_for_the_public_url_and_for_what_plays_its_playback_id(inside: InProcess) -> None:
    vg = inside.vg
    image = (await vg.wait_for(vg.tools.generate_image(prompt="x"))).results[0]
    sound = (await vg.wait_for(vg.tools.generate_sound_effect(prompt="x"))).results[0]
    published = await vg.files.publish(image.file_id)
    assert published.static_public_preview_source is not None
    assert published.static_public_preview_source.url is not None
    assert published.public_playback_id is None
    assert (await vg.files.publish(sound.file_id)).public_playback_id is not None


async def test_publishing_that_does_not_come_about_says_how_to_go_on(inside: InProcess) -> None:
    created = await inside.vg.files.create_file_upload(display_name="a.png")
    with pytest.raises(WaitTimeoutError) as caught:
        await inside.vg.files.publish(created.file_id, timeout=3)
    assert caught.value.resume == f"await vg.files.publish({created.file_id!r})"


# -- what is no target ------------------------------------------------------------------------------------------


NO_TARGETS: list[tuple[object, str]] = [
    ("vg_tool_1", r"got plain text; name its kind first, as in ToolExecutionId\('vg_tool_1'\)"),
    ("https://s.test/a?sig=SECRET", r"got plain text; .* as in ToolExecutionId\('https://s.test/a\?…'\)"),
    (ProjectId("vg_proj_1"), "got ProjectId"),
    (JobId[Any]("vg_tool_1"), "got JobId"),
    (DONE, "got Reply"),
    (None, "got NoneType"),
    (7, "got int"),
]


@pytest.mark.parametrize(("target", "message"), NO_TARGETS)
async def test_what_cannot_be_waited_for_is_a_type_error_that_says_what_to_do(target: Any, message: str) -> None:
    server = Scripted(Reply())
    with pytest.raises(TypeError, match=f"wait_for: expected a job's id or an accepted start, {message}"):
        await server.client().wait_for(target)
    with pytest.raises(TypeError, match=f"cancel: expected a job's id or an accepted start, {message}"):
        await server.client().cancel(target)
    with pytest.raises(TypeError, match=f"watch: expected a job's id or an accepted start, {message}"):
        async with server.client().watch(target):
            pass
    assert server.asked == []


async def test_a_mistyped_option_is_refused() -> None:
    server = Scripted(Reply())
    with pytest.raises(TypeError, match="wait_for: unexpected keyword timout"):
        await cast("Any", server.client()).wait_for(ONE, timout=5)
    assert server.asked == []


async def test_an_id_of_another_kind_is_refused_before_anything_is_sent() -> None:
    server = Scripted(Reply())
    with pytest.raises(InvalidIdError, match="is of kind FileId, not ToolExecutionId"):
        await server.client().wait_for(ToolExecutionId("vg_file_1"))
    with pytest.raises(InvalidIdError, match="is of kind FileId, not ProjectId"):
        await server.client().wait_for(ExportId("vg_expo_1"), project_id=cast("ProjectId", FileId("vg_file_1")))
    assert server.asked == []


async def test_a_start_that_fails_is_the_starts_own_error(inside: InProcess) -> None:
    inside.sandbox.fail_next("generateImage", status=400)
    with pytest.raises(VideoGenError, match="generateImage: 400"):
        await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))


# -- how jobs end -----------------------------------------------------------------------------------------------


async def test_a_failed_job_raises_what_the_api_says(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript("failed", error={"message": "Blocked by\nmoderation.", "code": "moderation"}))
    started = await inside.vg.tools.generate_image(prompt="x")
    with pytest.raises(JobFailedError, match=r"failed: Blocked by moderation \(moderation\); change the req") as caught:
        await inside.vg.wait_for(started)
    error = caught.value
    assert (error.id, error.error.code, error.snapshot.status) == (started.id, "moderation", "failed")
    assert error.resume == f"await vg.wait_for({started.id!r})"
    assert pickle.loads(pickle.dumps(error)).snapshot == error.snapshot
    with pytest.raises(JobFailedError):
        await inside.vg.wait_for(cast("ToolExecutionId", error.id))


@pytest.mark.parametrize("error", [None, {"message": None}, {"code": "c"}, "text"])
async def test_a_failed_job_need_not_say_why(error: Any) -> None:
    with pytest.raises(JobFailedError, match="vg_tool_1 failed: no reason was given"):
        await Scripted(execution("failed", error=error)).client().wait_for(ONE)


@pytest.mark.parametrize("status", ["cancelled", "canceled"])
async def test_a_cancelled_job_raises(inside: InProcess, status: str) -> None:
    inside.sandbox.script_job(JobScript(status))
    started = await inside.vg.tools.generate_image(prompt="x")
    with pytest.raises(JobCancelledError, match="was cancelled; start it again") as caught:
        await inside.vg.wait_for(started, timeout=200)
    assert caught.value.id == started.id


async def test_a_job_that_needs_approval_raises_or_is_waited_for(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript("awaiting_approval", seconds=10))
    started = await inside.vg.tools.generate_image(prompt="x")
    with pytest.raises(
        ApprovalRequiredError, match=r"waits for a person's approval in the web app; then: await"
    ) as caught:
        await inside.vg.wait_for(started)
    assert (caught.value.id, caught.value.snapshot.status) == (started.id, "awaiting_approval")
    assert not isinstance(caught.value, JobFailedError)
    with pytest.raises(WaitTimeoutError, match="awaiting_approval"):
        await inside.vg.wait_for(started, timeout=100, on_approval="wait")


async def test_an_approved_job_goes_on_and_its_progress_may_fall() -> None:
    shown: list[float] = []
    replies = [execution(status, progressPercentage=progress) for status, progress in (
        ("running", 50), ("awaiting_approval", 60), ("running", 10), ("succeeded", 100)
    )]  # fmt: skip
    done = (
        await Scripted(*replies)
        .client()
        .wait_for(ONE, on_approval="wait", on_progress=lambda one: shown.append(one.progress_percentage))
    )
    assert done.status == "succeeded"
    assert shown == [50, 60, 10, 100]


async def test_a_new_attempt_starts_progress_anew(inside: InProcess) -> None:
    seen: list[tuple[int, float]] = []
    inside.sandbox.script_job(JobScript(attempts=3))
    await inside.vg.wait_for(
        inside.vg.tools.generate_image(prompt="x"),
        on_progress=lambda one: seen.append((one.attempt_index, one.progress_percentage)),
    )
    assert {attempt for attempt, _ in seen} == {0, 1, 2}
    assert any(later < earlier for (_, earlier), (_, later) in pairwise(seen))


async def test_an_unknown_status_is_waited_for_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    server = Scripted(*[execution("new\nin_2027")] * 5, execution("RUNNING"), DONE)
    assert (await server.client().wait_for(ONE)).status == "succeeded"
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert warnings == [r"vg_tool_1: unknown status 'new\nin_2027', taken as running"]


async def test_a_missing_url_is_looked_for_again(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(seconds=10, null_url_seconds=30))
    began = anyio.current_time()
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))
    assert done.results[0].download_url is not None
    assert 40 <= anyio.current_time() - began <= 45


async def test_a_missing_url_is_waited_for_a_minute_and_then_left_missing(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(seconds=10, null_url_seconds=1e6))
    began = anyio.current_time()
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))
    assert (done.status, done.results[0].download_url) == ("succeeded", None)
    assert 70 <= anyio.current_time() - began <= 75


# -- what may pass ----------------------------------------------------------------------------------------------

PASSING = {
    "408": {"status": 408},
    "425": {"status": 425},
    "429": {"status": 429},
    "429 without code": {"status": 429, "body": "<html>"},
    "500": {"status": 500},
    "503": {"status": 503},
    "502 HTML": {"status": 502, "body": "<html>Bad gateway</html>"},
    "403 HTML": {"status": 403, "body": "<html>Attention required</html>"},
    "404 HTML": {"status": 404, "body": "<html>nginx</html>"},
    "401 empty": {"status": 401, "body": b""},
    "302": {"status": 302, "headers": {"location": "/login"}, "body": ""},
    "truncated": {"status": 200, "body": b'{"toolExecutionId": "vg_tool_1", "status": "succe'},
    "empty": {"status": 200, "body": b""},
    "a list": {"status": 200, "body": b"[]"},
    "unreadable but running": {"status": 200, "body": b'{"status": "running"}'},
    "dropped": {"drop": "before"},
    "dropped after": {"drop": "after"},
}


@pytest.mark.parametrize("fault", PASSING)
async def test_what_may_pass_does_not_end_a_wait(inside: InProcess, fault: str) -> None:
    inside.sandbox.fail_next("getToolExecutionInfo", times=25, skip=2, **cast("Any", PASSING[fault]))
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))
    assert done.status == "succeeded"
    assert inside.sandbox.counts["getToolExecutionInfo"] > 27
    assert inside.sandbox.billed == 1


async def test_a_drop_does_not_end_the_wait_for_remix_actions(inside: InProcess) -> None:
    run = await inside.vg.wait_for(script(inside.vg))
    inside.sandbox.fail_next("listProjectRemixActions", times=3, drop="before")
    inside.sandbox.fail_next("listProjectRemixActions", times=3, status=200, body=b"{")
    (done,) = await inside.vg.wait_for(inside.vg.projects.remix_project(run.project_id, remix_actions=[ZOOM]))
    assert done.status == "succeeded"


@pytest.mark.parametrize(("asked", "least", "most"), [("20", 20, 21), ("86400", 60, 62), ("nonsense", 0.4, 1)])
async def test_retry_after_sets_the_next_look_within_a_minute(asked: str, least: float, most: float) -> None:
    server = Scripted(api_error(429, "rate_limited", **{"retry-after": asked}), DONE)
    began = anyio.current_time()
    await server.client().wait_for(ONE)
    assert least <= anyio.current_time() - began <= most
    assert len(server.asked) == 2


async def test_a_job_may_be_unknown_for_a_minute_after_acceptance(inside: InProcess) -> None:
    inside.sandbox.fail_next("getToolExecutionInfo", times=30, status=404)
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))
    assert done.status == "succeeded"


async def test_a_job_unknown_for_longer_is_not_found() -> None:
    began = anyio.current_time()
    with pytest.raises(NotFoundError) as caught:
        await Scripted(api_error(404, "not_found")).client().wait_for(ONE)
    assert 60 <= anyio.current_time() - began <= 63
    assert caught.value.__notes__ == [f"while waiting for vg_tool_1; to go on: await vg.wait_for({ONE!r})"]


async def test_an_old_job_that_is_unknown_is_not_found_at_once() -> None:
    started = models.StartToolExecutionResponse(tool_execution_id=ONE)
    started.accepted({}, time.time() - 61)
    server = Scripted(api_error(404, "not_found"))
    with pytest.raises(NotFoundError):
        await server.client().wait_for(started)
    assert len(server.asked) == 1


async def test_a_remix_action_that_is_never_listed_is_not_found() -> None:
    server = Scripted(Reply.json({"remixActions": [], "hasMore": False, "nextCursor": None}))
    with pytest.raises(NotFoundError, match="listProjectRemixActions: vg_rmix_1 is not in the list"):
        await server.client().wait_for(RemixActionId("vg_rmix_1"), project_id=ProjectId("p"))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_id", VideoGenError),
        (401, "invalid_api_key", AuthenticationError),
        (403, "not_authorized", PermissionDeniedError),
        (410, None, NotFoundError),
        (402, "insufficient_credits", InsufficientCreditsError),
        (429, "insufficient_credits", InsufficientCreditsError),
    ],
)
async def test_what_the_api_says_for_good_ends_a_wait_at_once(
    status: int, code: str, kind: type[VideoGenError]
) -> None:
    server = Scripted(execution("running"), api_error(status, code))
    with pytest.raises(kind) as caught:
        await server.client().wait_for(ONE)
    assert len(server.asked) == 2
    assert "vg_tool_1" in "".join(traceback.format_exception(caught.value))
    assert pickle.loads(pickle.dumps(caught.value)).__notes__ == caught.value.__notes__


async def test_a_key_that_is_gone_ends_a_wait() -> None:
    async def token() -> str:
        return ""

    with pytest.raises(AuthenticationError, match="no API key"):
        await Scripted(DONE).client(api_key=token).wait_for(ONE)


async def test_a_key_that_can_no_longer_be_had_ends_a_wait() -> None:
    keys = ["sk_one"]

    async def token() -> str:
        return keys.pop() if keys else "two words"

    with pytest.raises(ConfigurationError, match="api_key") as caught:
        await Scripted(execution("running"), Reply(401)).client(api_key=token).wait_for(ONE)
    assert caught.value.__notes__ == [
        "while waiting for vg_tool_1; to go on: await vg.wait_for(ToolExecutionId('vg_tool_1'))"
    ]


async def test_a_state_that_cannot_be_read_is_not_told_and_does_not_end_the_wait() -> None:
    seen: list[str] = []
    damaged = Reply.json({"toolExecutionId": "vg_tool_1", "status": "running", "results": 7, "toolType": {}})
    server = Scripted(execution("pending"), damaged, damaged, DONE)
    await server.client().wait_for(ONE, on_progress=lambda one: seen.append(one.status))
    assert seen == ["pending", "succeeded"]


async def test_a_job_that_is_over_and_cannot_be_read_is_said_at_once_with_the_body() -> None:
    body = b'{"status": "succeeded", "toolExecutionId": 7}'
    server = Scripted(execution("running"), Reply(200, body, {"x-request-id": "req_1"}))
    with pytest.raises(ResponseError, match=r"getToolExecutionInfo: .*toolExecutionId") as caught:
        await server.client().wait_for(ONE)
    assert (caught.value.body, caught.value.request_id) == (body, "req_1")
    assert len(server.asked) == 2


# -- deadlines --------------------------------------------------------------------------------------------------


async def test_the_deadline_is_exact_and_the_error_says_how_to_go_on(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(seconds=500))
    started = await inside.vg.tools.generate_image(prompt="x")
    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError, match=r"did not end within 100 s \(running at \d") as caught:
        await inside.vg.wait_for(started, timeout=100)
    assert anyio.current_time() - began == pytest.approx(100, abs=0.5)
    error = caught.value
    assert isinstance(error, TimeoutError)
    assert (error.id, error.resume) == (started.id, f"await vg.wait_for({started.id!r})")
    assert str(error).endswith(error.resume)
    assert error.snapshot.status == "running"
    assert type(error.id) is ToolExecutionId
    assert (await inside.vg.wait_for(error.id)).status == "succeeded"
    assert inside.sandbox.counts["cancelToolExecution"] == 0


async def test_the_deadline_is_exact_while_a_request_hangs() -> None:
    server = Scripted(execution("running", progressPercentage=12.5), Reply(seconds=1e6))
    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError, match=r"running at 12\.5 %"):
        await server.client().wait_for(ONE, timeout=30)
    assert anyio.current_time() - began == pytest.approx(30, abs=0.01)


async def test_a_wait_that_never_saw_the_job_says_what_stood_in_the_way() -> None:
    with pytest.raises(
        WaitTimeoutError, match=r"never seen, the last look ended with: getToolExecutionInfo: 503"
    ) as caught:
        await Scripted(api_error(503)).client().wait_for(ONE, timeout=30)
    assert caught.value.snapshot is None
    assert len(str(caught.value).splitlines()) == 1


async def test_trouble_that_has_passed_is_not_blamed() -> None:
    with pytest.raises(WaitTimeoutError) as caught:
        await Scripted(api_error(503), execution("running")).client().wait_for(ONE, timeout=30)
    assert "503" not in str(caught.value)


async def test_a_job_without_a_status_can_time_out() -> None:
    with pytest.raises(WaitTimeoutError, match="not ready"):
        await Scripted(Reply.json({"toolExecutionId": "x"})).client().wait_for(ONE, timeout=5)


async def test_the_timeout_counts_from_acceptance_and_none_waits_for_ever(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(seconds=8000))
    started = await inside.vg.tools.generate_image(prompt="x")
    early = models.StartToolExecutionResponse.from_dict({**started.to_dict(), "acceptedAt": time.time() - 900})
    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError):
        await inside.vg.wait_for(early, timeout=1000)
    assert anyio.current_time() - began == pytest.approx(100, abs=1)
    assert (await inside.vg.wait_for(early, timeout=None)).status == "succeeded"


async def test_a_clock_that_was_set_back_does_not_lengthen_the_wait(inside: InProcess) -> None:
    started = await inside.vg.tools.generate_image(prompt="x")
    future = models.StartToolExecutionResponse.from_dict({**started.to_dict(), "acceptedAt": time.time() + 9000})
    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError):
        await inside.vg.wait_for(future, timeout=10)
    assert anyio.current_time() - began == pytest.approx(10, abs=0.01)


async def test_the_timeout_never_cuts_a_start() -> None:
    server = Scripted(Reply(202, b'{"toolExecutionId": "vg_tool_1"}', seconds=50), DONE)
    vg = server.client()
    assert (await vg.wait_for(vg.tools.generate_image(prompt="x"), timeout=10)).status == "succeeded"


@pytest.mark.parametrize("timeout", [0, -5, 100])
async def test_an_overdue_wait_looks_once(timeout: float) -> None:
    started = models.StartToolExecutionResponse(tool_execution_id=ONE)
    started.accepted({}, time.time() - 5000)
    server = Scripted(execution("running"))
    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError, match="running"):
        await server.client().wait_for(started, timeout=timeout)
    assert len(server.asked) == 1
    assert anyio.current_time() == began
    assert (await Scripted(DONE).client().wait_for(started, timeout=timeout)).status == "succeeded"


async def test_an_overdue_wait_gives_its_look_a_few_tries_and_seconds() -> None:
    server = Scripted(api_error(503), Reply(raises=ConnectionResetError()), DONE)
    assert (await server.client().wait_for(ONE, timeout=0)).status == "succeeded"
    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError, match="never seen"):
        await Scripted(Reply(seconds=1e6)).client().wait_for(ONE, timeout=0)
    assert anyio.current_time() - began == pytest.approx(10, abs=0.01)


async def test_an_overdue_wait_looks_at_the_remix_actions_once_too(inside: InProcess) -> None:
    started = await script(inside.vg, remix_actions=[ZOOM])
    await inside.vg.wait_for(started.id)
    late = models.StartWorkflowRunResponse.from_dict({**started.to_dict(), "acceptedAt": time.time() - 5000})
    with pytest.raises(WaitTimeoutError, match=r"vg_rmix_.* did not end within 100 s") as caught:
        await inside.vg.wait_for(late, timeout=100)
    assert caught.value.id == started.remix_action_ids[0]
    await anyio.sleep(100)
    assert (await inside.vg.wait_for(late, timeout=100)).status == "succeeded"


async def test_a_timeout_among_remix_actions_names_them_and_their_states(inside: InProcess) -> None:
    started = await script(inside.vg, remix_actions=[ZOOM, CAPTIONS])
    with pytest.raises(WaitTimeoutError, match=r"\(running at .*, pending at 0 %\)") as caught:
        await inside.vg.wait_for(started, timeout=100)
    assert [one.remix_action_id for one in caught.value.snapshot] == started.remix_action_ids
    assert str(caught.value).startswith(", ".join(started.remix_action_ids))
    inside.sandbox.fail_next("listProjectRemixActions", times=9999)
    with pytest.raises(WaitTimeoutError, match="never seen") as caught:
        await inside.vg.wait_for(started, timeout=100)
    assert caught.value.snapshot is None


# -- cancelling -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("option", "cancels"), [("cancel", 1), ("leave", 0)])
async def test_a_timeout_cancels_the_job_only_where_asked_to(inside: InProcess, option: Any, cancels: int) -> None:
    inside.sandbox.script_job(JobScript(seconds=1000))
    started = await inside.vg.tools.generate_image(prompt="x")
    with pytest.raises(WaitTimeoutError):
        await inside.vg.wait_for(started, timeout=10, on_timeout=option)
    assert inside.sandbox.counts["cancelToolExecution"] == cancels
    expected = "cancelled" if cancels else "pending"
    assert (await inside.vg.tools.get_tool_execution_info(started.id)).status == expected


@pytest.mark.parametrize(("option", "cancels"), [("cancel", 1), ("leave", 0)])
async def test_a_cancelled_task_cancels_the_job_only_where_asked_to(
    inside: InProcess, option: Any, cancels: int
) -> None:
    started = await script(inside.vg)
    with anyio.move_on_after(10) as scope:
        await inside.vg.wait_for(started, on_cancel=option)
    assert scope.cancelled_caught
    assert inside.sandbox.counts["cancelWorkflowRun"] == cancels


@pytest.mark.parametrize(("option", "cancels"), [("cancel", 1), ("leave", 0)])
@pytest.mark.parametrize("nested", [False, True])
async def test_a_wait_that_is_cancelled_amid_its_start_cancels_the_job_only_where_asked_to(
    inside: InProcess, option: Any, cancels: int, nested: bool
) -> None:
    """The start goes on for a moment and brings its id."""
    inside.sandbox.add_fault(FaultRule("scriptToVideo", Delay(2, after=True)))
    told: list[str] = []
    vg = VideoGen(
        api_key=inside.sandbox.key,
        base_url="http://127.0.0.1:1",
        http_client=inside.http,
        on_accepted=lambda accepted: told.append(accepted.id),
    )

    async def start() -> Any:
        run = await script(vg)
        return await vg.wait_for(run) if nested else run

    with anyio.move_on_after(1) as scope:
        await vg.wait_for(start(), on_cancel=option)
    assert scope.cancelled_caught
    assert len(told) == 1
    assert inside.sandbox.counts["cancelWorkflowRun"] == cancels


async def test_a_start_that_ends_leaves_nothing_to_those_around_it(inside: InProcess) -> None:
    """A wait inside of a map: what was carried out in it counts for the whole input."""

    async def twice(prompt: str) -> Any:
        await inside.vg.wait_for(inside.vg.tools.generate_image(prompt=prompt))
        inside.sandbox.fail_next("generateImage", drop="before", times=9)
        return await inside.vg.tools.generate_image(prompt=prompt)

    async with inside.vg.map(twice, ["x"]) as outcomes:
        (outcome,) = await outcomes.collect()
    assert isinstance(outcome.error, (ConnectionFailedError, OutcomeUnknownError))
    assert inside.sandbox.billed == 1


async def test_a_server_that_does_not_answer_holds_up_an_ending_wait_for_five_seconds_at_most(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Scripted(execution("running"), Reply(seconds=1e6))
    began = anyio.current_time()
    with anyio.move_on_after(0.1):
        await server.client().wait_for(ONE, on_cancel="cancel")
    assert anyio.current_time() - began == pytest.approx(5.1, abs=0.01)
    assert "vg_tool_1 may go on: the server was asked to cancel it: did not answer in time" in caplog.text


async def test_a_cancel_that_is_refused_does_not_hide_why_the_wait_ended(
    inside: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    inside.sandbox.script_job(JobScript(seconds=1000))
    inside.sandbox.fail_next("cancelToolExecution", status=409)
    started = await inside.vg.tools.generate_image(prompt="x")
    with pytest.raises(WaitTimeoutError):
        await inside.vg.wait_for(started, timeout=10, on_timeout="cancel")
    assert f"{started.id} may go on: the server was asked to cancel it: cancelToolExecution: 409" in caplog.text


async def test_a_kind_without_a_cancel_goes_on_with_a_warning(
    inside: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    chat = await inside.vg.assistant.start_assistant_chat(message="x")
    with pytest.raises(WaitTimeoutError):
        await inside.vg.wait_for(chat, timeout=1, on_timeout="cancel")
    assert "goes on: the API has no way to cancel a MessageId" in caplog.text


async def test_cancelling_by_answer_or_id_reaches_the_server(inside: InProcess) -> None:
    for started in (await inside.vg.tools.generate_image(prompt="x"), await script(inside.vg)):
        for target in (started, started.id):
            await inside.vg.cancel(cast("Any", target))
        with pytest.raises(JobCancelledError):
            await inside.vg.wait_for(cast("Any", started))
    assert inside.sandbox.counts["cancelToolExecution"] == inside.sandbox.counts["cancelWorkflowRun"] == 2


@pytest.mark.parametrize(
    "target",
    [
        ExportId("vg_expo_1"),
        RemixActionId("vg_rmix_1"),
        InterchangeJobId("vg_inte_1"),
        MessageId("vg_mesg_1"),
        FileId("vg_file_1"),
        FileImportId("x"),
    ],
)
async def test_cancelling_what_cannot_be_cancelled_is_refused_before_anything_is_sent(target: JobId[Any]) -> None:
    server = Scripted(Reply())
    with pytest.raises(ValueError, match=f"cancel: the API has no way to cancel a {type(target).__name__}"):
        await server.client().cancel(target)
    assert server.asked == []


# -- progress and watch -----------------------------------------------------------------------------------------


async def test_progress_is_told_to_a_function_or_a_coroutine(inside: InProcess) -> None:
    plain: list[str] = []
    awaited: list[str] = []

    async def tell(one: models.ExecutedTool) -> None:
        await anyio.lowlevel.checkpoint()
        awaited.append(one.status)

    started = await inside.vg.tools.generate_image(prompt="x")
    await inside.vg.wait_for(started, on_progress=lambda one: plain.append(one.status))
    await inside.vg.wait_for(started, on_progress=tell)
    assert plain[0] == "pending"
    assert plain[-1] == "succeeded"
    assert "running" in plain
    assert awaited == ["succeeded"]


@pytest.mark.parametrize("error", [LookupError("mine"), TimeoutError("mine"), ConnectionResetError("mine")])
async def test_a_progress_callback_that_raises_ends_the_wait_with_its_own_error(error: Exception) -> None:
    def tell(_: object) -> None:
        raise error

    with pytest.raises(type(error), match="mine"):
        await Scripted(execution("running")).client().wait_for(ONE, on_progress=tell, timeout=50)


async def test_a_slow_progress_callback_does_not_move_the_deadline() -> None:
    async def tell(_: object) -> None:
        await anyio.sleep_forever()

    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError):
        await Scripted(execution("running")).client().wait_for(ONE, on_progress=tell, timeout=50)
    assert anyio.current_time() - began == pytest.approx(50, abs=0.01)


async def test_watching_gives_each_state_once_and_ends_with_the_job(inside: InProcess) -> None:
    states: list[models.ExecutedTool] = []
    async with inside.vg.watch(inside.vg.tools.generate_image(prompt="x")) as watch:
        async for state in watch:
            states.append(state)  # noqa: PERF401 - a comprehension would hide the loop that users write
    assert states[0].status == "pending"
    assert states[-1].status == "succeeded"
    assert all(one != other for one, other in pairwise(states))
    with pytest.raises(StopAsyncIteration):
        await anext(watch)


@pytest.mark.parametrize("status", ["failed", "cancelled"])
async def test_watching_a_job_that_ends_badly_shows_it_and_ends(inside: InProcess, status: str) -> None:
    inside.sandbox.script_job(JobScript(status))
    async with inside.vg.watch(await inside.vg.tools.generate_image(prompt="x")) as watch:
        assert [state.status async for state in watch][-1] == status


async def test_watching_goes_on_through_an_approval() -> None:
    server = Scripted(*map(execution, ("running", "running", "awaiting_approval", "running", "succeeded")))
    async with server.client().watch(ONE) as watch:
        states = [state.status async for state in watch]
    assert states == ["running", "awaiting_approval", "running", "succeeded"]


async def test_watching_has_a_deadline_and_looks_once_when_overdue(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(seconds=1000))
    started = await inside.vg.tools.generate_image(prompt="x")
    began = anyio.current_time()
    async with inside.vg.watch(started, timeout=20) as watch:
        with pytest.raises(WaitTimeoutError, match="did not end within 20 s"):
            async for _ in watch:
                pass
    assert anyio.current_time() - began == pytest.approx(20, abs=0.5)
    async with inside.vg.watch(started.id, timeout=0) as watch:
        assert (await anext(watch)).status == "pending"
        with pytest.raises(WaitTimeoutError):
            await anext(watch)


async def test_watching_what_cannot_be_looked_at_raises_as_waiting_does() -> None:
    async with Scripted(api_error(403, "not_authorized")).client().watch(ONE) as watch:
        with pytest.raises(PermissionDeniedError):
            await anext(watch)


async def test_breaking_off_a_watch_leaves_nothing_behind(inside: InProcess) -> None:
    async with inside.vg.watch(inside.vg.tools.generate_image(prompt="x")) as watch:
        async for state in watch:
            assert state.status == "pending"
            break
    with pytest.raises(StopAsyncIteration):
        await anext(watch)
    async with inside.vg.watch(ONE) as watch:
        with anyio.move_on_after(0.1):
            await anext(watch)
    gc.collect()
    await anyio.lowlevel.checkpoint()


async def test_a_watch_outside_of_async_with_says_so(inside: InProcess) -> None:
    with pytest.raises(RuntimeError, match="use it in `async with`"):
        await anext(inside.vg.watch(ONE))


# -- many -------------------------------------------------------------------------------------------------------


async def test_many_waits_together_stay_within_the_hourly_reads(inside: InProcess) -> None:
    inside.sandbox.script_job(*[JobScript(seconds=600)] * 50)
    started = [await inside.vg.tools.generate_image(prompt="x") for _ in range(50)]
    async with anyio.create_task_group() as group:
        for one in started:
            group.start_soon(inside.vg.wait_for, one)
    assert inside.sandbox.counts["getToolExecutionInfo"] < 5000 * 700 / 3600 + 100


ENDS: list[tuple[str, Callable[[VideoGen], Awaitable[Any]], type[JobError]]] = [
    ("failed", lambda vg: vg.wait_for(ONE), JobFailedError),
    ("cancelled", lambda vg: vg.wait_for(ONE), JobCancelledError),
    ("awaiting_approval", lambda vg: vg.wait_for(ONE), ApprovalRequiredError),
    ("running", lambda vg: vg.wait_for(ONE, timeout=3), WaitTimeoutError),
]


@pytest.mark.parametrize(("status", "wait", "kind"), ENDS)
async def test_every_end_of_a_job_carries_its_id_its_state_and_how_to_go_on(
    status: str, wait: Callable[[VideoGen], Awaitable[Any]], kind: type[JobError]
) -> None:
    with pytest.raises(kind) as caught:
        await wait(Scripted(execution(status)).client())
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert (error.id, error.snapshot.status) == ("vg_tool_1", status)
        assert error.resume == "await vg.wait_for(ToolExecutionId('vg_tool_1'))"
        assert str(error).isprintable()
    assert caught.value.__cause__ is None


async def test_the_id_of_an_error_may_be_waited_for() -> None:
    with pytest.raises(WaitTimeoutError) as caught:
        await (
            Scripted(Reply.json({"workflowRunId": "r", "status": "running"}))
            .client()
            .wait_for(WorkflowRunId("r"), timeout=3)
        )
    assert type(caught.value.id) is WorkflowRunId
