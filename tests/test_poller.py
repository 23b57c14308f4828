"""Many waits over one poller, on virtual time: they share looks, and none of them disturbs another."""

from __future__ import annotations

import gc
import json
import weakref
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from aiovideogen import (
    InsufficientCreditsError,
    PermissionDeniedError,
    ProjectId,
    RemixActionId,
    ResponseError,
    ToolExecutionId,
    VideoGen,
    WaitTimeoutError,
    models,
)
from aiovideogen.sandbox import FaultRule, JobScript, Sandbox, in_process
from aiovideogen.sandbox.faults import (
    Delay,
    ExpireUrls,
    Html,
    InvalidJson,
    MissingField,
    NullField,
    Status,
    UnknownValue,
)
from aiovideogen.webhooks import ToolExecutionFailed, ToolExecutionSucceeded, UnknownEvent, WorkflowRunSucceeded

from .conftest import Reply, Scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from aiovideogen.sandbox import VirtualTime
    from aiovideogen.webhooks import WebhookEvent

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

GET, LIST = "getToolExecutionInfo", "listToolExecutions"


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


async def start(inside: InProcess, *seconds: float) -> list[models.StartToolExecutionResponse]:
    """Start jobs that take so many seconds."""
    inside.sandbox.script_job(*[JobScript(seconds=one) for one in seconds])
    return [await inside.vg.tools.generate_image(prompt="x") for _ in seconds]


async def wait_for_all(vg: VideoGen, targets: Sequence[Any], **options: Any) -> list[Any]:
    """Wait for all targets at once."""
    done: list[Any] = [None] * len(targets)

    async def one(index: int) -> None:
        done[index] = await vg.wait_for(targets[index], **options)

    async with anyio.create_task_group() as group:
        for index in range(len(targets)):
            group.start_soon(one, index)
    return done


def looks(inside: InProcess) -> int:
    counts = inside.sandbox.counts
    return counts[GET] + counts[LIST]


# -- sharing ----------------------------------------------------------------------------------------------------


async def test_twenty_waits_on_one_id_make_no_more_requests_than_one(inside: InProcess) -> None:
    (one,) = await start(inside, 120)
    await inside.vg.wait_for(one)
    alone = looks(inside)
    (one,) = await start(inside, 120)
    done = await wait_for_all(inside.vg, [one] * 20)
    assert looks(inside) - alone <= alone + 3  # the jitter of two waits differs
    assert {result.status for result in done} == {"succeeded"}


async def test_many_jobs_are_read_from_the_list(inside: InProcess) -> None:
    started = await start(inside, *range(5, 105))
    done = await wait_for_all(inside.vg, started)
    assert [one.tool_execution_id for one in done] == [one.id for one in started]
    assert looks(inside) < 150, "a hundred seconds for a hundred jobs"
    assert inside.sandbox.counts[GET] < 10


async def test_jobs_beyond_the_first_page_are_found(inside: InProcess) -> None:
    started = await start(inside, *[10] * 450)
    assert len(await wait_for_all(inside.vg, started)) == 450
    assert inside.sandbox.counts[GET] < 20


async def test_other_peoples_jobs_in_between_cost_little(inside: InProcess) -> None:
    ours: list[Any] = []
    for _ in range(20):
        ours += await start(inside, 100)
        await start(inside, *[100] * 20)
    assert len(await wait_for_all(inside.vg, ours)) == 20
    assert looks(inside) < 400, "GETs alone would be some 1,400"


async def test_listed_urls_that_are_about_to_expire_cost_one_get_at_the_end(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, ExpireUrls(3000)))
    started = await start(inside, *[30] * 10)
    done = await wait_for_all(inside.vg, started)
    assert inside.sandbox.counts[GET] == 10
    now = inside.sandbox.now()
    assert all(one.results[0].download_url_expires_at > now + 3600 for one in done)


async def test_a_job_without_its_url_in_the_list_is_read_by_itself(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, NullField("downloadUrl")))
    done = await wait_for_all(inside.vg, await start(inside, *[30] * 5))
    assert all(one.results[0].download_url for one in done)


async def test_a_job_that_vanishes_from_the_list_is_read_by_itself(inside: InProcess) -> None:
    started = await start(inside, *[30] * 5)
    inside.sandbox.add_fault(FaultRule(LIST, UnknownValue("toolExecutionId", "vg_tool_other"), skip=2))
    done = await wait_for_all(inside.vg, started)
    assert [one.tool_execution_id for one in done] == [one.id for one in started]


@pytest.mark.parametrize(
    "fault",
    [Status(503), Status(403), Status(404), Html(502), InvalidJson(), UnknownValue("toolExecutions", "no list"),
     MissingField("status"), MissingField("toolExecutionId"), Delay(1e6)],
    ids=lambda fault: type(fault).__name__ + str(getattr(fault, "status", "")),
)  # fmt: skip
async def test_a_list_that_is_no_use_is_done_without(inside: InProcess, fault: Any) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, fault))
    started = await start(inside, *[30] * 5)
    began = anyio.current_time()
    assert len(await wait_for_all(inside.vg, started)) == 5
    assert anyio.current_time() - began < 50


async def test_an_item_of_the_list_that_is_no_object_is_passed_over() -> None:
    item: dict[str, Any] = {
        "toolExecutionId": "vg_tool_1",
        "status": "failed",
        "toolType": "T",
        "results": [],
        "error": None,
    }
    second = {**item, "toolExecutionId": "vg_tool_2", "status": "running"}
    server = Scripted(Reply.json({"toolExecutions": ["x", None, item, second], "hasMore": False, "nextCursor": None}))
    outcomes: list[str] = []

    async def one(target: ToolExecutionId) -> None:
        try:
            await vg.wait_for(target, timeout=5)
        except Exception as error:
            outcomes.append(type(error).__name__)

    vg = server.client()
    async with anyio.create_task_group() as group:
        group.start_soon(one, ToolExecutionId("vg_tool_1"))
        group.start_soon(one, ToolExecutionId("vg_tool_2"))
    assert outcomes == ["JobFailedError", "WaitTimeoutError"]


async def test_a_terminal_job_that_the_list_shows_damaged_is_read_by_itself(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, UnknownValue("results", "no list")))
    assert len(await wait_for_all(inside.vg, await start(inside, *[30] * 5))) == 5


async def test_an_ended_remix_action_that_cannot_be_read_is_said_at_once_with_its_json() -> None:
    action = {"remixActionId": "r1", "status": "failed", "type": {"no": "text"}, "projectId": 7}
    server = Scripted(Reply.json({"remixActions": [action], "hasMore": False, "nextCursor": None}))
    with pytest.raises(ResponseError) as caught:
        await server.client().wait_for(RemixActionId("r1"), project_id=ProjectId("p"))
    assert json.loads(caught.value.body) == action
    assert (caught.value.id, caught.value.resume) == (
        "r1",
        "await vg.wait_for(RemixActionId('r1'), project_id=ProjectId('p'))",
    )
    assert len(server.asked) == 1


async def test_exports_of_a_project_share_its_list(inside: InProcess) -> None:
    run = await inside.vg.wait_for(
        inside.vg.workflows.script_to_video(script="x", visual_style=models.WorkflowVisualStyle(type="STOCK"))
    )
    started = [await inside.vg.projects.export_project(run.project_id) for _ in range(5)]
    done = await wait_for_all(inside.vg, started)
    assert all(one.download_url for one in done)
    assert inside.sandbox.counts["listProjectExports"] > 0
    assert inside.sandbox.counts["getProjectExport"] < 10


async def test_all_looks_together_stay_within_the_hours_allowance(inside: InProcess) -> None:
    started = await start(inside, *[7200] * 60)
    await wait_for_all(inside.vg, started, timeout=None)
    assert looks(inside) < 2 * 5000


@pytest.mark.parametrize(("limit", "lists", "gets"), [(None, 300, 0), (100_000, 300, 0), (20, 40, 150)])
async def test_a_limit_of_the_lists_own_holds_back_the_list_alone(
    virtual: VirtualTime, limit: int | None, lists: int, gets: int
) -> None:
    limits = {LIST: limit} if limit else None
    sandbox = Sandbox(job_seconds=1800, clock=virtual.clock, rate_limits=limits or True)
    async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
        vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http)
        await wait_for_all(vg, [await vg.tools.generate_image(prompt="x") for _ in range(2)], timeout=None)
    assert sandbox.counts[LIST] <= lists
    assert sandbox.counts[GET] >= gets
    assert 150 < sandbox.counts[LIST] + sandbox.counts[GET] < 500


async def test_a_list_whose_allowance_others_have_used_up_is_done_without(virtual: VirtualTime) -> None:
    sandbox = Sandbox(job_seconds=60, clock=virtual.clock, rate_limits={LIST: 20})
    async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
        vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http)
        for _ in range(20):
            await vg.tools.list_tool_executions(limit=1)
        started = [await vg.tools.generate_image(prompt="x") for _ in range(3)]
        await wait_for_all(vg, started, timeout=70)


async def test_lists_of_a_kind_take_turns(virtual: VirtualTime) -> None:
    """A hundred exports in as many projects are read one by one: at four looks a second, each every 25 s."""
    sandbox = Sandbox(job_seconds=1, clock=virtual.clock, rate_limits=False)
    late: list[float] = []
    async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
        vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http)
        runs = [await vg.workflows.prompt_to_video_clip(prompt="x") for _ in range(100)]
        sandbox.script_job(*[JobScript(seconds=120 if number % 15 == 7 else 180) for number in range(100)])
        started = [await vg.projects.export_project(run.project_id) for run in runs]
        began = anyio.current_time()

        async def wait(export: models.ExportProjectResponse) -> None:
            await vg.wait_for(export)
            late.append(anyio.current_time() - began - 120)

        async with anyio.create_task_group() as group:
            for export in started:
                group.start_soon(wait, export)
    assert sorted(late)[6] < 40


async def test_a_key_that_cannot_be_had_for_a_while_ends_no_wait(
    inside: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    class DownError(Exception):
        pass

    async def ask() -> str:
        if refused and anyio.current_time() < refused[0] + 10:
            raise DownError("SECRET")
        return inside.sandbox.key

    async def refuse() -> None:
        await anyio.sleep(20)
        inside.sandbox.fail_next(LIST, status=401)
        inside.sandbox.fail_next(GET, status=401)
        refused.append(anyio.current_time())

    refused = list[float]()
    vg = VideoGen(api_key=ask, base_url="http://127.0.0.1:1", http_client=inside.http)
    started = await start(inside, *[60] * 3)
    async with anyio.create_task_group() as group:
        group.start_soon(refuse)
        for one in started:
            group.start_soon(vg.wait_for, one)
    assert "DownError while looking at jobs" in caplog.text
    assert "SECRET" not in caplog.text


async def test_a_cursor_that_is_refused_once_costs_little(inside: InProcess) -> None:
    started = await start(inside, *[120] * 300)
    inside.sandbox.fail_next(LIST, skip=1, status=400)
    assert len(await wait_for_all(inside.vg, started)) == 300
    assert inside.sandbox.counts[GET] < 20


# -- nobody disturbs another ------------------------------------------------------------------------------------


class Others:
    """Waits that go on beside the one under test, and what became of them."""

    def __init__(self, inside: InProcess, targets: Sequence[Any]) -> None:
        self.inside = inside
        self.targets = targets
        self.ended: list[float] = []

    async def wait(self, target: Any) -> None:
        await self.inside.vg.wait_for(target)
        self.ended.append(anyio.current_time())


async def cancelled(inside: InProcess, target: Any) -> None:
    with anyio.move_on_after(7):
        await inside.vg.wait_for(target)


async def timed_out(inside: InProcess, target: Any) -> None:
    with pytest.raises(WaitTimeoutError):
        await inside.vg.wait_for(target, timeout=7)


async def raising(inside: InProcess, target: Any) -> None:
    def callback(_: Any) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError):
        await inside.vg.wait_for(target, on_progress=callback)


async def sleeping(inside: InProcess, target: Any) -> None:
    async def callback(_: Any) -> None:
        await anyio.sleep(3600)

    with pytest.raises(WaitTimeoutError):
        await inside.vg.wait_for(target, on_progress=callback, timeout=3000)


async def breaking_off(inside: InProcess, target: Any) -> None:
    async with inside.vg.watch(target) as states:
        async for _ in states:
            break


async def dropping(inside: InProcess, target: Any) -> None:
    states = await inside.vg.watch(target).__aenter__()
    await anext(states)
    del states
    gc.collect()


async def idling(inside: InProcess, target: Any) -> None:
    async with inside.vg.watch(target) as states:
        await anext(states)
        await anyio.sleep(3000)


DISTURBERS = [cancelled, timed_out, raising, sleeping, breaking_off, dropping, idling]


@pytest.mark.parametrize("disturb", DISTURBERS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("first", [True, False], ids=["drives", "follows"])
@pytest.mark.parametrize("same", [True, False], ids=["same job", "other job"])
async def test_a_waiter_that_goes_its_own_way_does_not_disturb_the_others(
    inside: InProcess, disturb: Callable[[InProcess, Any], Coroutine[Any, Any, None]], first: bool, same: bool
) -> None:
    own, *targets = await start(inside, 60, 60, 60, 60)
    others = Others(inside, [own, *targets] if same else targets)
    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        if first:
            group.start_soon(disturb, inside, own)
        for target in others.targets:
            group.start_soon(others.wait, target)
        if not first:
            group.start_soon(disturb, inside, own)
    assert len(others.ended) == len(others.targets)
    assert max(others.ended) - began < 63


@pytest.mark.parametrize("operation", [GET, LIST])
async def test_a_waiter_cancelled_in_the_middle_of_a_look_hands_it_on(inside: InProcess, operation: str) -> None:
    inside.sandbox.add_fault(FaultRule(operation, Delay(2)))
    started = await start(inside, *([30] * (1 if operation == GET else 4)))
    others = Others(inside, started)
    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        for seconds in (1, 1.5, 2.5, 3):
            group.start_soon(timed_out_after, inside, started[0], seconds)
        for target in started:
            group.start_soon(others.wait, target)
    assert max(others.ended) - began < 36


async def timed_out_after(inside: InProcess, target: Any, seconds: float) -> None:
    with anyio.move_on_after(seconds):
        await inside.vg.wait_for(target)


async def test_each_of_many_waits_keeps_its_own_deadline_while_a_request_hangs(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule([GET, LIST], Delay(1e6)))
    started = await start(inside, *[1000] * 5)
    ended: dict[int, float] = {}

    async def one(index: int) -> None:
        with pytest.raises(WaitTimeoutError):
            await inside.vg.wait_for(started[index], timeout=10 * (index + 1))
        ended[index] = anyio.current_time() - began

    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        for index in range(5):
            group.start_soon(one, index)
    assert [round(ended[index]) for index in range(5)] == [10, 20, 30, 40, 50]


async def test_a_look_that_hangs_is_given_up_and_blamed(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(GET, Delay(1e6)))
    (one,) = await start(inside, 1000)
    with pytest.raises(WaitTimeoutError, match="no answer within 15 s"):
        await inside.vg.wait_for(one, timeout=40)
    assert inside.sandbox.counts[GET] == 3


async def test_what_ends_a_wait_ends_each_of_those_who_wait_with_an_error_of_its_own(inside: InProcess) -> None:
    (one,) = await start(inside, 1000)
    inside.sandbox.add_fault(FaultRule(GET, Status(403), skip=2))
    errors: list[PermissionDeniedError] = []

    async def wait() -> None:
        try:
            await inside.vg.wait_for(one)
        except PermissionDeniedError as error:
            errors.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(wait)
    assert len({id(error) for error in errors}) == 3
    assert {(error.id, error.snapshot.status) for error in errors} == {(one.id, "pending")}
    assert {error.resume for error in errors} == {f"await vg.wait_for({one.id!r})"}


async def test_out_of_credits_in_the_list_ends_the_waits(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, Status(429, code="insufficient_credits")))
    ended: list[str] = []

    async def wait(target: Any) -> None:
        with pytest.raises(InsufficientCreditsError):
            await inside.vg.wait_for(target)
        ended.append(target.id)

    async with anyio.create_task_group() as group:
        for target in await start(inside, 60, 60):
            group.start_soon(wait, target)
    assert len(ended) == 2


async def test_a_second_wait_after_the_first_has_ended_looks_anew(inside: InProcess) -> None:
    (one,) = await start(inside, 10)
    first = await inside.vg.wait_for(one)
    count = looks(inside)
    assert (await inside.vg.wait_for(one)).tool_execution_id == first.tool_execution_id
    assert looks(inside) == count + 1


async def test_nothing_is_kept_of_jobs_that_nobody_waits_for(inside: InProcess) -> None:
    started = await start(inside, *[10] * 30)
    done = await wait_for_all(inside.vg, started)
    kept = [weakref.ref(one) for one in done]
    del done
    gc.collect()
    assert [one for one in kept if one() is not None] == []


async def test_waiting_for_nothing_is_over_at_once_and_lets_others_run(inside: InProcess) -> None:
    nothing = models.RemixProjectResponse.from_dict({"projectId": "p", "projectUrl": "u", "remixActionIds": []})
    assert await inside.vg.wait_for(nothing) == []


# -- webhooks ---------------------------------------------------------------------------------------------------


class Source:
    """Verified events as a receiver tells of them."""

    def __init__(self, *remembered: WebhookEvent) -> None:
        self.remembered = list(remembered)
        self.listeners: list[Callable[[WebhookEvent], None]] = []

    def subscribe(self, listener: Callable[[WebhookEvent], None], /) -> Callable[[], None]:
        self.listeners.append(listener)
        for event in self.remembered:
            listener(event)
        return lambda: self.listeners.remove(listener)

    def tell(self, event: WebhookEvent) -> None:
        for listener in self.listeners:
            listener(event)


def succeeded(one: str, expires: float = 2e9) -> ToolExecutionSucceeded:
    result = {"downloadUrl": "https://127.0.0.1/x", "downloadUrlExpiresAt": expires, "fileId": "vg_file_1"}
    payload = {"event": "tool_execution.succeeded", "toolExecutionId": str(one), "occurredAt": 1, "toolType": "T"}
    return ToolExecutionSucceeded.received({**payload, "results": [result]}, "msg_1", 1)


def hearing(inside: InProcess, source: Source) -> VideoGen:
    return VideoGen(api_key=inside.sandbox.key, base_url="http://127.0.0.1:1", http_client=inside.http, receiver=source)


async def test_a_tools_event_ends_the_wait_without_any_request(inside: InProcess) -> None:
    source = Source()
    vg = hearing(inside, source)
    (one,) = await start(inside, 1e5)
    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        group.start_soon(tell_after, 3, source, succeeded(one.id))
        done = await vg.wait_for(one)
        assert anyio.current_time() - began == pytest.approx(3)
        assert (done.status, done.progress_percentage, done.results[0].file_id) == ("succeeded", 100, "vg_file_1")
    assert looks(inside) == 0
    await vg.aclose()
    assert source.listeners == []


async def tell_after(seconds: float, source: Source, event: WebhookEvent) -> None:
    await anyio.sleep(seconds)
    source.tell(event)


async def test_an_event_that_came_before_the_wait_ends_it_at_once(inside: InProcess) -> None:
    (one,) = await start(inside, 1e5)
    vg = hearing(inside, Source(succeeded("vg_tool_other"), succeeded(one.id)))
    assert (await vg.wait_for(one)).status == "succeeded"
    assert looks(inside) == 0


async def test_events_are_remembered_within_bounds(inside: InProcess) -> None:
    (one,) = await start(inside, 60)
    vg = hearing(inside, Source(succeeded(one.id), *[succeeded(f"vg_tool_{n}") for n in range(10_000)]))
    await vg.wait_for(one)
    assert looks(inside) > 0


async def test_a_failed_tools_event_is_the_error(inside: InProcess) -> None:
    (one,) = await start(inside, 1e5)
    payload = {"event": "tool_execution.failed", "toolExecutionId": str(one.id), "occurredAt": 1, "toolType": "T"}
    event = ToolExecutionFailed.received({**payload, "error": {"message": "too dark"}}, "msg_1", 1)
    with pytest.raises(Exception, match="too dark"):
        await hearing(inside, Source(event)).wait_for(one)


async def test_an_event_with_urls_that_are_about_to_expire_has_the_job_read_once(inside: InProcess) -> None:
    (one,) = await start(inside, 0)
    done = await hearing(inside, Source(succeeded(one.id, expires=inside.sandbox.now() + 60))).wait_for(one)
    assert (done.results[0].download_url_expires_at or 0) > inside.sandbox.now() + 3600
    assert looks(inside) == 1


@pytest.mark.parametrize("results", [[], "no list", [7]])
async def test_an_event_that_was_cut_on_its_way_has_the_job_read_once(inside: InProcess, results: Any) -> None:
    (one,) = await start(inside, 0)
    payload = {"event": "tool_execution.succeeded", "toolExecutionId": str(one.id), "occurredAt": 1, "toolType": "T"}
    event = ToolExecutionSucceeded.received({**payload, "results": results}, "msg_1", 1)
    done = await hearing(inside, Source(event)).wait_for(one)
    assert done.results[0].download_url
    assert looks(inside) == 1


async def test_a_runs_event_has_the_run_read_once(inside: InProcess) -> None:
    source = Source()
    vg = hearing(inside, source)
    run = await vg.workflows.script_to_video(
        script="x", visual_style=models.WorkflowVisualStyle(type="STOCK"), auto_export=True
    )
    payload = {"event": "workflow_run.succeeded", "workflowRunId": str(run.id), "occurredAt": 1}
    event = WorkflowRunSucceeded.received(
        {**payload, "workflowType": "T", "projectId": str(run.project_id), "projectUrl": "u"}, "msg_1", 1
    )
    inside.sandbox.jump_clock(500)
    source.remembered.append(event)
    done = await vg.wait_for(run)
    assert done.download_url is not None
    assert inside.sandbox.counts["getWorkflowRun"] == 1


async def test_a_lost_webhook_costs_time_and_not_the_result(inside: InProcess) -> None:
    vg = hearing(inside, Source())
    began = anyio.current_time()
    done = await wait_for_all(vg, await start(inside, *[60] * 50))
    assert len(done) == 50
    assert anyio.current_time() - began < 90
    assert looks(inside) < 20


async def test_progress_is_told_as_often_as_without_webhooks(inside: InProcess) -> None:
    vg = hearing(inside, Source())
    seen: list[float] = []
    (one,) = await start(inside, 20)
    await vg.wait_for(one, on_progress=lambda state: seen.append(state.progress_percentage))
    assert len(seen) > 15


async def test_events_about_nothing_that_is_waited_for_are_let_by(inside: InProcess) -> None:
    source = Source(UnknownEvent.received({"event": "moon.full"}, "msg_1", 1))
    vg = hearing(inside, source)
    (one,) = await start(inside, 30)
    async with anyio.create_task_group() as group:
        group.start_soon(tell_after, 3, source, succeeded("vg_tool_other"))
        group.start_soon(tell_after, 4, source, UnknownEvent.received({"event": "moon.full"}, "msg_2", 1))
        assert (await vg.wait_for(one)).status == "succeeded"


async def test_an_event_after_the_end_changes_nothing(inside: InProcess) -> None:
    source = Source()
    vg = hearing(inside, source)
    (one,) = await start(inside, 1e5)
    async with vg.watch(one) as states:
        before = await anext(states)
        source.tell(succeeded(one.id))
        source.tell(succeeded(one.id, expires=3e9))
        after = [state async for state in states]
    assert before.status == "pending"
    assert [state.results[0].download_url_expires_at for state in after] == [2e9]
