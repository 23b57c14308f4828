"""Waits against servers, other waiters and events that misbehave or come at the worst moment, on virtual time."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiovideogen import (
    JobFailedError,
    MessageId,
    NotFoundError,
    PermissionDeniedError,
    ProjectId,
    RemixActionId,
    ToolExecutionId,
    VideoGen,
    WaitTimeoutError,
    models,
)
from aiovideogen.sandbox import FaultRule, JobScript, Sandbox
from aiovideogen.sandbox.faults import Delay, ExpireUrls, Status
from aiovideogen.webhooks import WorkflowRunSucceeded

from .conftest import Reply, Scripted
from .test_poller import GET, LIST, Source, hearing, looks, start, succeeded, wait_for_all
from .wire import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from aiovideogen.sandbox import VirtualTime

    from .conftest import InProcess

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def action(one: str, status: str = "running") -> dict[str, Any]:
    return {"remixActionId": one, "status": status, "type": "ADD_ZOOM", "projectId": "p", "error": None}


def page(*actions: Any, cursor: str | None = None) -> Reply:
    return Reply.json({"remixActions": list(actions), "hasMore": cursor is not None, "nextCursor": cursor})


# -- lists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strange", [[], {}, 7, None, ["r1"]])
async def test_an_id_in_the_list_that_is_no_text_is_passed_over(strange: Any) -> None:
    server = Scripted(page({**action("r1"), "remixActionId": strange}, action("r1", "succeeded")))
    done = await server.client().wait_for(RemixActionId("r1"), project_id=ProjectId("p"))
    assert done.status == "succeeded"


async def test_cursors_that_go_in_circles_end_the_reading() -> None:
    first = [page(action("r2"), cursor="a"), page(action("r3"), cursor="b"), page(action("r4"), cursor="a")]
    server = Scripted(*first, page(action("r1", "succeeded")))
    await server.client().wait_for(RemixActionId("r1"), project_id=ProjectId("p"), timeout=30)
    assert [one.query.partition("cursor=")[2] for one in server.asked] == ["", "a", "b", ""]


async def test_empty_pages_with_ever_new_cursors_hold_up_nobody() -> None:
    class Endless(Scripted):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            deep = b"cursor" in scope["query_string"]
            first = [] if deep else [action("r1", "running" if anyio.current_time() < began + 200 else "succeeded")]
            self.replies = [page(*first, cursor=str(len(self.asked)))]
            await super().__call__(scope, receive, send)

    began = anyio.current_time()
    vg = Endless(Reply()).client()
    async with anyio.create_task_group() as group:
        group.start_soon(missed, vg, "r9")
        await vg.wait_for(RemixActionId("r1"), project_id=ProjectId("p"), timeout=900)
        assert anyio.current_time() - began < 300


async def missed(vg: VideoGen, one: str) -> None:
    with pytest.raises(NotFoundError):
        await vg.wait_for(RemixActionId(one), project_id=ProjectId("p"), timeout=900)


async def test_a_server_that_gives_one_id_twice_is_waited_for() -> None:
    twice = {"projectId": "p", "projectUrl": "u", "remixActionIds": ["r1", "r1"]}
    server = Scripted(page(action("r1", "succeeded")))
    done = await server.client().wait_for(models.RemixProjectResponse.from_dict(twice))
    assert [one.status for one in done] == ["succeeded", "succeeded"]


@pytest.mark.parametrize("status", [409, 422])
async def test_a_list_that_is_refused_in_an_unknown_way_is_done_without(inside: InProcess, status: int) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, Status(status)))
    assert len(await wait_for_all(inside.vg, await start(inside, *[30] * 5))) == 5
    assert inside.sandbox.counts[LIST] == 1


async def test_a_page_that_says_failed_of_itself_ends_no_wait(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, Status(200, body={"status": "failed", "message": "try later"}), times=5))
    assert len(await wait_for_all(inside.vg, await start(inside, *[30] * 5))) == 5


# -- what failed is left alone for as long as was asked -----------------------------------------------------------


async def test_results_to_be_read_once_more_are_left_alone_for_as_long_as_the_server_asks(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, ExpireUrls(60)))
    inside.sandbox.add_fault(FaultRule(GET, Status(503, headers={"retry-after": "30"}), times=4))
    began = anyio.current_time()
    started = await start(inside, 5, 5, 5, 5, 300, 300, 300, 300)
    await wait_for_all(inside.vg, started[:4])
    assert 34 < anyio.current_time() - began < 60
    assert inside.sandbox.counts[GET] == 8, "each failed once and was read once"


async def test_results_that_can_not_be_read_again_are_asked_for_ever_more_rarely(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(LIST, ExpireUrls(60)))
    inside.sandbox.add_fault(FaultRule(GET, Status(503)))
    with anyio.move_on_after(300):
        await wait_for_all(inside.vg, await start(inside, *[5] * 5, *[1000] * 5), timeout=None)
    assert inside.sandbox.counts[GET] < 5 * 25


# -- the allowance ------------------------------------------------------------------------------------------------


TOLD = {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "99", "x-ratelimit-reset": "20"}


class Listed(Scripted):
    """Tells by itself of a job and of the allowance, and in its list of as many as are asked for."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        one: dict[str, Any] = {"toolType": "T", "results": [], "error": None, "status": "running"}
        if scope["path"].endswith("executions"):
            items = [{**one, "toolExecutionId": f"vg_tool_{number}"} for number in range(40)]
            self.replies = [Reply.json({"toolExecutions": items, "hasMore": False, "nextCursor": None})]
        else:
            self.replies = [Reply.json({**one, "toolExecutionId": scope["path"].rpartition("/")[2]}, 200, **TOLD)]
        await super().__call__(scope, receive, send)


async def test_looks_at_the_list_alone_stay_within_the_allowance_when_the_window_has_turned() -> None:
    server = Listed(Reply())
    vg = server.client()
    with anyio.move_on_after(1):
        await vg.wait_for(ToolExecutionId("vg_tool_0"))
    assert server.asked
    before = len(server.asked)
    for _ in range(30):  # ever anew, so that each is looked at often
        with anyio.move_on_after(60):
            await wait_for_all(vg, [ToolExecutionId(f"vg_tool_{number}") for number in range(40)], timeout=None)
    assert len(server.asked) - before <= 150, "a part of the first window, and at most all of the next"


async def test_an_allowance_that_is_used_up_holds_looks_back_until_its_window_turns_and_no_longer(
    inside: InProcess,
) -> None:
    used_up = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "600"}
    inside.sandbox.add_fault(FaultRule(GET, Status(503, headers=used_up), times=1))
    inside.sandbox.add_fault(FaultRule(LIST, Status(503)))
    began = anyio.current_time()
    await wait_for_all(inside.vg, await start(inside, *[30] * 6))
    assert anyio.current_time() - began < 700


async def test_jobs_without_a_documented_limit_are_read_no_more_often_than_others() -> None:
    running = {"messageId": "m", "role": "assistant", "status": "running", "content": None, "createdAt": 1}
    server = Scripted(Reply.json(running))
    vg = server.client()
    async with anyio.create_task_group() as group:
        for number in range(300):
            group.start_soon(given_up, vg, f"vg_msg_{number}")
    assert len(server.asked) <= 5000


async def given_up(vg: VideoGen, one: str) -> None:
    with pytest.raises(WaitTimeoutError):
        await vg.wait_for(MessageId(one), timeout=3500)


# -- who holds on to what was known -------------------------------------------------------------------------------


async def test_a_refusal_of_the_past_does_not_end_the_next_wait(inside: InProcess) -> None:
    (one,) = await start(inside, 100)
    inside.sandbox.add_fault(FaultRule(GET, Status(403), times=1))
    held = inside.vg.watch(one)
    async with held as states:
        with pytest.raises(PermissionDeniedError):
            await anext(states)
    assert (await inside.vg.wait_for(one)).status == "succeeded"
    del held


async def test_a_watch_that_is_still_held_does_not_give_its_old_urls_to_the_next_wait(inside: InProcess) -> None:
    (one,) = await start(inside, 10)
    held = inside.vg.watch(one)
    async with held as states:
        async for _ in states:
            pass
    before = looks(inside)
    await anyio.sleep(7 * 86400)
    done = await inside.vg.wait_for(one)
    assert (done.results[0].download_url_expires_at or 0) > inside.sandbox.now() + 3600
    assert looks(inside) == before + 1
    del held


async def test_a_watch_that_is_held_and_not_read_does_not_tell_the_next_wait_of_the_past(inside: InProcess) -> None:
    (one,) = await start(inside, 1000)
    seen: list[float] = []
    async with inside.vg.watch(one) as states:
        await anext(states)
        await anyio.sleep(900)
        await inside.vg.wait_for(one, on_progress=lambda state: seen.append(state.progress_percentage))
        assert seen[0] > 80
        after = [state async for state in states]
        assert [state.status for state in after] == ["succeeded"]


async def test_a_wait_that_comes_late_still_looks_once_where_others_look_rarely(inside: InProcess) -> None:
    (one,) = await start(inside, 5000)
    async with anyio.create_task_group() as group:
        group.start_soon(partial(inside.vg.wait_for, one, timeout=None))
        await anyio.sleep(4000)
        while True:  # right after a look, the next is many seconds away
            before = looks(inside)
            await anyio.sleep(0.5)
            if looks(inside) > before:
                break
        inside.sandbox.jump_clock(2000)
        began = anyio.current_time()
        assert (await inside.vg.wait_for(one, timeout=10)).status == "succeeded"
        assert anyio.current_time() - began < 1


async def test_an_approval_given_before_a_wait_does_not_end_it_where_another_goes_on() -> None:
    running: dict[str, Any] = {"toolExecutionId": "vg_tool_1", "toolType": "T", "results": [], "error": None}
    states = ["awaiting_approval", "running", "failed"]
    server = Scripted(*[Reply.json({**running, "status": one}) for one in states])
    vg, one = server.client(), ToolExecutionId("vg_tool_1")

    async def patient() -> None:
        with pytest.raises(JobFailedError):
            await vg.wait_for(one, on_approval="wait")

    async with anyio.create_task_group() as group:
        group.start_soon(patient)
        await anyio.sleep(0.1)
        assert len(server.asked) == 1
        with pytest.raises(JobFailedError):
            await vg.wait_for(one)


@pytest.mark.parametrize(("jobs", "listed"), [(1, True), (4, True), (4, False)])
@pytest.mark.parametrize("how", ["scope", "task"])
async def test_whoever_is_cancelled_at_whatever_moment_the_others_go_on(
    how: str, jobs: int, listed: bool, virtual: VirtualTime, anyio_backend: tuple[str, dict[str, Any]]
) -> None:
    """Two wait for each job, so old that a look which is lost would be taken late."""
    if how == "task" and anyio_backend[0] == "trio":
        pytest.skip("trio has scopes only")
    sandbox = Sandbox(clock=virtual.clock, seed=1, rate_limits=False)
    if not listed:
        sandbox.add_fault(FaultRule(LIST, Status(403)))
    async with Network(sandbox) as network, network.client() as http:
        vg = VideoGen(api_key=sandbox.key, base_url="https://127.0.0.1", http_client=http)
        moments = at = 0
        while at <= moments:
            sandbox.script_job(*[JobScript(seconds=999)] * jobs)
            started = [await vg.tools.generate_image(prompt="x") for _ in range(jobs)]
            await anyio.sleep(1000)
            began = anyio.current_time()
            async with anyio.create_task_group() as group:
                for one in reversed(started):
                    group.start_soon(vg.wait_for, one)
                await cancelled_at(network, partial(vg.wait_for, started[0]), at, how)
                moments = moments or network.moments.count
            assert anyio.current_time() - began < 5, at
            await anyio.wait_all_tasks_blocked()
            assert network.busy() == [], at
            at += 1
        assert moments > 3


async def cancelled_at(network: Network, call: Callable[[], Coroutine[Any, Any, Any]], at: int, how: str) -> None:
    """Make a call and cancel it at a moment of its own, or in httpx; at none with 0."""
    if how == "scope":
        with anyio.CancelScope() as scope:
            network.moments.begin(at, scope.cancel)
            await network.moments.of(call())
        return

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        network.moments.begin(at, task.cancel)
        await network.moments.of(call())

    with suppress(asyncio.CancelledError):
        await asyncio.get_running_loop().create_task(main())


# -- events -------------------------------------------------------------------------------------------------------


def run_ended(run: Any) -> Any:
    payload = {"event": "workflow_run.succeeded", "workflowRunId": str(run.id), "occurredAt": 1}
    rest = {"workflowType": "T", "projectId": str(run.project_id), "projectUrl": "u"}
    return WorkflowRunSucceeded.received({**payload, **rest}, "msg_1", 1)


async def test_an_event_in_the_middle_of_a_look_has_the_job_read_again(inside: InProcess) -> None:
    source = Source()
    vg = hearing(inside, source)
    run = await inside.vg.workflows.script_to_video(
        script="x", visual_style=models.WorkflowVisualStyle(type="STOCK"), auto_export=True
    )
    inside.sandbox.add_fault(FaultRule("getWorkflowRun", Delay(2, after=True), times=1))
    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        group.start_soon(end_amid_look, inside, source, run)
        await vg.wait_for(run)
    assert anyio.current_time() - began < 9
    assert inside.sandbox.counts["getWorkflowRun"] == 2


async def end_amid_look(inside: InProcess, source: Source, run: Any) -> None:
    while not inside.sandbox.counts["getWorkflowRun"]:  # noqa: ASYNC110
        await anyio.sleep(0.1)
    inside.sandbox.jump_clock(500)
    source.tell(run_ended(run))


async def test_events_may_come_from_any_thread(inside: InProcess) -> None:
    source = Source()
    vg = hearing(inside, source)
    first, second = await start(inside, 20, 1e5)
    async with anyio.create_task_group() as group:
        group.start_soon(vg.wait_for, first)
        await anyio.sleep(1)
        thread = threading.Thread(target=source.tell, args=[succeeded(second.id)])
        thread.start()
        thread.join()
    assert (await vg.wait_for(second)).status == "succeeded"
