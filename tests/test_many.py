"""Many jobs at once, on virtual time, against the sandbox in process: one's trouble is its own, and nothing is lost."""

from __future__ import annotations

import asyncio
import gc
import pickle
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from aiovideogen import (
    Accepted,
    AuthenticationError,
    ConnectionFailedError,
    ExportId,
    InsufficientCreditsError,
    InvalidRequestError,
    JobFailedError,
    NotFoundError,
    Outcome,
    OutcomeUnknownError,
    RateLimitError,
    ToolExecutionId,
    VideoGen,
    VideoGenError,
    WaitTimeoutError,
)
from aiovideogen.sandbox import FaultRule, JobScript, in_process
from aiovideogen.sandbox.faults import Delay, Refuse, Status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from aiovideogen.models import ExecutedTool, StartToolExecutionResponse

    from .conftest import InProcess

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def last(inside: InProcess, *seconds: float) -> None:
    """Say how long the next jobs last."""
    inside.sandbox.script_job(*[JobScript(seconds=one) for one in seconds])


def image(vg: VideoGen) -> Callable[[str], Any]:
    return lambda prompt: vg.tools.generate_image(prompt=prompt)


async def images(vg: VideoGen, number: int) -> list[StartToolExecutionResponse]:
    return [await vg.tools.generate_image(prompt="x") for _ in range(number)]


class Traced(httpx.AsyncBaseTransport):
    """Tells when a request leaves, as a real connection does."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if "trace" in request.extensions:
            await request.extensions["trace"]("http11.send_request_headers.started", {})
        return await self.inner.handle_async_request(request)


# -- jobs that are there already ------------------------------------------------------------------------------------


async def test_all_are_waited_for_at_once_and_come_back_in_order(inside: InProcess) -> None:
    last(inside, 50, 10, 30)
    started = await images(inside.vg, 3)
    began = anyio.current_time()
    outcomes = await inside.vg.wait_all(started)
    assert anyio.current_time() - began < 60
    assert [(one.index, one.ok, one.error, one.target) for one in outcomes] == [
        (index, True, None, one) for index, one in enumerate(started)
    ]
    assert [one.id for one in outcomes] == [one.id for one in started]
    assert [one.unwrap().tool_execution_id for one in outcomes] == [one.id for one in started]


async def test_targets_of_every_form_are_waited_for_together(inside: InProcess) -> None:
    vg = inside.vg
    started, other = await images(vg, 2)
    first, second, third = await vg.wait_all([started, other.id, vg.tools.generate_image(prompt="y")])
    assert (first.target, second.target, second.id) == (started, other.id, other.id)
    assert isinstance(third.target, Accepted)
    assert third.id == third.unwrap().tool_execution_id
    assert inside.sandbox.billed == 3


async def test_a_failure_is_kept_and_leaves_the_others_alone(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(status="failed", seconds=1), JobScript(seconds=20))
    bad, good = await inside.vg.wait_all(await images(inside.vg, 2))
    assert good.unwrap().status == "succeeded"
    assert (bad.ok, bad.result) == (False, None)
    assert isinstance(bad.error, JobFailedError)
    with pytest.raises(JobFailedError) as caught:
        bad.unwrap()
    assert caught.value.id == bad.id


async def test_a_start_among_the_targets_that_fails_has_no_target(inside: InProcess) -> None:
    inside.sandbox.credits = 0
    (outcome,) = await inside.vg.wait_all([inside.vg.tools.generate_image(prompt="x")])
    assert isinstance(outcome.error, InsufficientCreditsError)
    assert (outcome.target, outcome.id) == (None, None)


async def test_each_has_its_own_time(inside: InProcess) -> None:
    last(inside, 5, 500)
    quick, slow = await inside.vg.wait_all(await images(inside.vg, 2), timeout=60, on_timeout="cancel")
    assert quick.ok
    assert isinstance(slow.error, WaitTimeoutError)
    assert inside.sandbox.counts["cancelToolExecution"] == 1


async def test_options_and_path_values_hold_for_all(inside: InProcess) -> None:
    vg = inside.vg
    run = await vg.wait_for(vg.workflows.prompt_to_video_clip(prompt="x"))
    exports = [(await vg.projects.export_project(run.project_id)).export_id for _ in range(2)]
    outcomes = await vg.wait_all(exports, project_id=run.project_id)
    assert [one.unwrap().export_id for one in outcomes] == exports
    (lacking,) = await vg.wait_all([ExportId("vg_expo_1")])
    assert "project_id=" in str(lacking.error)
    (gone,) = await vg.wait_all([ToolExecutionId("vg_tool_gone")])
    assert isinstance(gone.error, NotFoundError)


async def test_progress_tells_whose_it_is(inside: InProcess) -> None:
    seen: dict[str, list[float]] = {}

    def note(target: Any, state: ExecutedTool) -> None:
        seen.setdefault(target.id, []).append(state.progress_percentage)

    started = await images(inside.vg, 2)
    await inside.vg.wait_all(started, on_progress=note)
    assert seen.keys() == {one.id for one in started}
    assert all(shown[-1] == 100 and len(shown) > 2 for shown in seen.values())


async def test_one_target_alone_is_refused(inside: InProcess) -> None:
    started = (await images(inside.vg, 1))[0]
    for one in (started, started.id):
        with pytest.raises(TypeError, match="give it to wait_for"):
            inside.vg.as_completed(one)  # pyright: ignore[reportArgumentType]
    assert await inside.vg.wait_all([]) == []


async def test_they_come_as_they_end(inside: InProcess) -> None:
    last(inside, 50, 10, 30)
    times: list[float] = []
    began = anyio.current_time()
    async with inside.vg.as_completed(await images(inside.vg, 3)) as outcomes:
        order: list[int] = []
        async for outcome in outcomes:
            order.append(outcome.index)
            times.append(anyio.current_time() - began)
    assert order == [1, 2, 0]
    assert all(end <= time < end + 5 for end, time in zip((10, 30, 50), times, strict=True))


@pytest.mark.parametrize(("on_cancel", "asked"), [("leave", 0), ("cancel", 2)])
async def test_breaking_off_ends_the_waits_at_once(inside: InProcess, on_cancel: Any, asked: int) -> None:
    last(inside, 10, 5000, 5000)
    began = anyio.current_time()
    async with inside.vg.as_completed(await images(inside.vg, 3), on_cancel=on_cancel) as outcomes:
        async for outcome in outcomes:
            assert outcome.ok
            break
    assert anyio.current_time() - began < 20
    looks = inside.sandbox.counts["getToolExecutionInfo"] + inside.sandbox.counts["listToolExecutions"]
    assert inside.sandbox.counts["cancelToolExecution"] == asked
    await anyio.sleep(1000)
    assert inside.sandbox.counts["getToolExecutionInfo"] + inside.sandbox.counts["listToolExecutions"] == looks


async def test_the_blocks_own_error_comes_out_as_it_is(inside: InProcess) -> None:
    with pytest.raises(KeyError, match="own"):
        async with inside.vg.as_completed(await images(inside.vg, 2)):
            raise KeyError("own")


async def test_a_start_that_never_began_is_let_go(inside: InProcess) -> None:
    """Python warns of a coroutine that nobody awaits."""
    async with inside.vg.as_completed([inside.vg.tools.generate_image(prompt="x") for _ in range(3)]):
        pass
    gc.collect()
    assert inside.sandbox.billed == 0


async def test_outcomes_belong_to_their_block(inside: InProcess) -> None:
    outcomes = inside.vg.as_completed(await images(inside.vg, 1))
    with pytest.raises(RuntimeError, match="async with"):
        await anext(outcomes)
    async with outcomes:
        assert (await anext(outcomes)).ok
        with pytest.raises(RuntimeError, match="once"):
            await outcomes.__aenter__()
    with pytest.raises(RuntimeError, match="async with"):
        await anext(outcomes)


async def test_several_may_take_from_one(inside: InProcess) -> None:
    last(inside, *range(1, 11))
    taken: list[tuple[str, int]] = []

    async def take(name: str, outcomes: AsyncIterator[Outcome[ExecutedTool]]) -> None:
        async for outcome in outcomes:
            taken.append((name, outcome.index))
            await anyio.sleep(1)

    async with inside.vg.as_completed(await images(inside.vg, 10)) as outcomes, anyio.create_task_group() as tasks:
        tasks.start_soon(take, "one", outcomes)
        tasks.start_soon(take, "other", outcomes)
    assert sorted(index for _, index in taken) == [*range(10)]
    assert {name for name, _ in taken} == {"one", "other"}


# -- jobs to be started ---------------------------------------------------------------------------------------------


async def test_each_input_has_its_outcome(inside: InProcess) -> None:
    last(inside, 30, 10, 20)
    async with inside.vg.map(image(inside.vg), ["a", "b", "c"]) as outcomes:
        came = [(one.index, one.input, one.ok) async for one in outcomes]
    assert came == [(1, "b", True), (2, "c", True), (0, "a", True)]
    async with inside.vg.map(image(inside.vg), ["a", "b", "c"]) as outcomes:
        collected = await outcomes.collect()
    assert [(one.index, one.input) for one in collected] == [*enumerate("abc")]
    assert all(one.id == one.unwrap().tool_execution_id for one in collected)
    assert inside.sandbox.billed == 6


async def numbers(took: list[int], count: int) -> AsyncIterator[int]:
    for number in range(count):
        took.append(number)
        yield number


async def test_inputs_are_taken_when_there_is_room(inside: InProcess) -> None:
    took: list[int] = []

    def lazily() -> Iterator[int]:
        for number in range(20):
            took.append(number)
            yield number

    def start(number: int) -> Any:
        return inside.vg.tools.generate_image(prompt=str(number))

    for inputs in (lazily(), numbers(took, 20)):
        took.clear()
        async with inside.vg.map(start, inputs, concurrency=3) as outcomes:
            await anyio.sleep(1000)  # what has ended and isn't taken counts as well
            assert took == [0, 1, 2]
            async for outcome in outcomes:
                assert outcome.ok
                assert len(took) <= outcome.index + 6
        assert took == [*range(20)]
    assert inside.sandbox.billed == 40


async def test_an_async_generator_of_inputs_is_closed_with_the_block(inside: InProcess) -> None:
    """trio warns of one that isn't."""
    took: list[int] = []
    inputs = numbers(took, 100)
    async with inside.vg.map(lambda number: inside.vg.tools.generate_image(prompt=str(number)), inputs, concurrency=2):
        await anyio.sleep(10)
    assert await anext(inputs, None) is None
    assert took == [0, 1]


async def test_what_goes_wrong_with_one_input_is_its_outcome(inside: InProcess) -> None:
    vg = inside.vg
    inside.sandbox.script_job(JobScript(status="failed"))
    inside.sandbox.fail_next("textToSpeech", drop="after")

    def start(number: int) -> Any:
        calls: list[Callable[[], Any]] = [
            lambda: vg.tools.generate_image(prompt="fails"),
            lambda: vg.tools.generate_image(prompt="x", num_results=1000),
            lambda: vg.tools.text_to_speech(tts_text="lost", voice_id="Matilda"),
            lambda: vg.tools.generate_image(prompt="good"),
        ]
        return calls[number]()

    async with vg.map(start, range(5), concurrency=1) as outcomes:
        collected = await outcomes.collect()
    assert [type(one.error) for one in collected] == [
        JobFailedError,
        InvalidRequestError,
        OutcomeUnknownError,
        type(None),
        IndexError,
    ]
    assert [one.target is None for one in collected] == [False, True, True, False, True]
    assert inside.sandbox.billed == 3


async def test_out_of_credits_starts_nothing_more_and_collects_what_is_under_way(inside: InProcess) -> None:
    inside.sandbox.credits = 20
    async with inside.vg.map(image(inside.vg), map(str, range(500))) as outcomes:
        collected = await outcomes.collect()
    assert [one.input for one in collected] == [str(number) for number in range(500)]
    assert sum(one.ok for one in collected) == inside.sandbox.billed == 20
    left = [one.error for one in collected if not one.ok]
    assert {type(error) for error in left} == {InsufficientCreditsError}
    assert inside.sandbox.counts["generateImage"] <= 20 + 8
    told = [getattr(error, "__notes__", []) for error in left]
    assert sum("nothing was sent" in str(notes) for notes in told) >= 480 - 8
    assert max(map(len, told)) == 1


async def test_a_key_that_is_revoked_starts_nothing_more(inside: InProcess) -> None:
    async with inside.vg.map(image(inside.vg), map(str, range(100)), concurrency=10) as outcomes:
        first = await anext(outcomes)
        inside.sandbox.keys.clear()
        others = await outcomes.collect()
    assert first.ok
    assert len(others) == 99
    assert sum(isinstance(one.error, AuthenticationError) for one in others) >= 80
    assert inside.sandbox.counts["generateImage"] <= 10 + 10 + 8


async def test_an_outage_is_sat_out(inside: InProcess) -> None:
    inside.sandbox.restart(90)
    began = anyio.current_time()
    async with inside.vg.map(image(inside.vg), map(str, range(50))) as outcomes:
        collected = await outcomes.collect()
    assert all(one.ok for one in collected)
    assert inside.sandbox.billed == 50
    assert 90 + 60 <= anyio.current_time() - began <= 90 + 60 + 60


async def test_an_outage_without_end_is_told_of_each_input(inside: InProcess) -> None:
    async with inside.vg.map(image(inside.vg), map(str, range(50)), concurrency=10) as outcomes:
        await anyio.sleep(200)  # the first ten have ended
        inside.sandbox.restart(100_000)
        began = anyio.current_time()
        collected = await outcomes.collect()
    assert 250 < anyio.current_time() - began < 320
    assert [one.ok for one in collected] == [True] * 10 + [False] * 40
    assert {type(one.error) for one in collected[10:]} == {ConnectionFailedError}


async def test_a_start_of_several_calls_is_not_begun_anew_when_one_was_carried_out(inside: InProcess) -> None:
    vg = inside.vg

    async def start(prompt: str) -> Accepted[ExecutedTool]:
        first = await vg.wait_for(vg.tools.generate_image(prompt=prompt))
        return await vg.tools.generate_video_clip(prompt=prompt, image_file_ids=[first.results[0].file_id])

    inside.sandbox.add_fault(FaultRule("generateVideoClip", Refuse(), nth=[1, 2, 3]))
    async with vg.map(start, ["a", "b"], concurrency=1) as outcomes:
        refused, good = await outcomes.collect()
    assert isinstance(refused.error, ConnectionFailedError)
    assert good.ok
    assert inside.sandbox.counts["generateImage"] == 2
    assert inside.sandbox.billed == 3


async def test_a_rate_limit_that_others_use_up_is_waited_for(inside: InProcess) -> None:
    """The server says when to come again: later than a call by itself would wait."""
    inside.sandbox.add_fault(FaultRule("generateImage", Status(429, headers={"retry-after": "1800"}), times=3))
    began = anyio.current_time()
    async with inside.vg.map(image(inside.vg), map(str, range(3))) as outcomes:
        assert all(one.ok for one in await outcomes.collect())
    assert 1860 <= anyio.current_time() - began < 1900
    inside.sandbox.add_fault(FaultRule("generateImage", Status(429, headers={"retry-after": "1800"}), times=1))
    with anyio.move_on_after(100):
        async with inside.vg.map(image(inside.vg), ["a"]) as outcomes:
            assert isinstance((await anext(outcomes)).error, RateLimitError)


async def test_a_rate_limit_is_no_outage(inside: InProcess) -> None:
    """However long it holds, and also where the connection is lost for a moment when it has passed."""
    inside.sandbox.add_fault(FaultRule("generateImage", Status(429), times=60))
    async with inside.vg.map(image(inside.vg), ["a", "b"], concurrency=1) as outcomes:
        assert all(one.ok for one in await outcomes.collect())
    inside.sandbox.add_fault(FaultRule("generateMusic", Status(429, headers={"retry-after": "1200"}), nth=[4]))
    inside.sandbox.add_fault(FaultRule("generateMusic", Refuse(), nth=[1, 2, 3, 5, 6, 7]))
    async with inside.vg.map(lambda prompt: inside.vg.tools.generate_music(prompt=prompt), ["a", "b"]) as outcomes:
        assert all(one.ok for one in await outcomes.collect())


async def test_where_others_get_through_there_is_no_outage(inside: InProcess) -> None:
    vg = inside.vg
    inside.sandbox.add_fault(FaultRule("generateMusic", Refuse(), times=60))

    def start(prompt: str) -> Any:
        return vg.tools.generate_music(prompt=prompt) if prompt == "0" else vg.tools.generate_image(prompt=prompt)

    async with vg.map(start, map(str, range(30)), concurrency=2) as outcomes:
        assert all(one.ok for one in await outcomes.collect())


@pytest.mark.parametrize("fails", ["generateImage", "generateVideoClip"])
async def test_an_outage_ends_with_the_first_answer_whatever_it_says(inside: InProcess, fails: str) -> None:
    vg = inside.vg

    async def start(prompt: str) -> Accepted[ExecutedTool]:
        first = await vg.wait_for(vg.tools.generate_image(prompt=prompt))
        return await vg.tools.generate_video_clip(prompt=prompt, image_file_ids=[first.results[0].file_id])

    async def inputs() -> AsyncIterator[str]:
        yield "a"
        await anyio.sleep(1000)
        yield "b"

    # First the connection is lost, then an answer of no use comes, or came: a quarter of an hour later all is new.
    inside.sandbox.add_fault(FaultRule("generateImage", Refuse(), nth=[1, 2, 3, 5, 6, 7]))
    inside.sandbox.add_fault(FaultRule("generateImage", Status(400), nth=[4] if fails == "generateImage" else [99]))
    inside.sandbox.add_fault(FaultRule("generateVideoClip", Refuse(), nth=[1, 2, 3] if "Clip" in fails else [99]))
    async with vg.map(start, inputs(), concurrency=1) as outcomes:
        first, second = await anext(outcomes), await anext(outcomes)
    assert not first.ok
    assert second.ok


async def test_the_error_of_the_inputs_comes_when_the_rest_is_collected(inside: InProcess) -> None:
    def inputs() -> Iterator[str]:
        yield from ("a", "b")
        raise OSError("the file ends here")

    async with inside.vg.map(image(inside.vg), inputs()) as outcomes:
        assert (await anext(outcomes)).ok
        assert (await anext(outcomes)).ok
        with pytest.raises(OSError, match="ends here"):
            await anext(outcomes)


async def test_what_is_collected_is_not_lost_with_the_inputs(inside: InProcess) -> None:
    def inputs() -> Iterator[str]:
        yield from "abc"
        raise OSError("the file ends here")

    async with inside.vg.map(image(inside.vg), inputs()) as outcomes:
        with pytest.raises(OSError, match="ends here"):
            await outcomes.collect()
        assert [(one.input, one.ok) for one in await outcomes.collect()] == [("a", True), ("b", True), ("c", True)]
        assert await outcomes.collect() == []


async def test_what_is_collected_is_not_lost_with_a_cancellation(inside: InProcess) -> None:
    last(inside, 20, 10, 200, 300)
    async with inside.vg.map(image(inside.vg), "abcdef", concurrency=2) as outcomes:
        for _ in range(2):
            with anyio.move_on_after(100):
                await outcomes.collect()
        first = await anext(outcomes)
        others = await outcomes.collect()
    assert (first.input, [one.input for one in others]) == ("b", [*"acdef"])
    assert inside.sandbox.billed == 6


@pytest.fixture
def on_asyncio(anyio_backend: tuple[str, dict[str, Any]]) -> None:
    """On trio nothing is cancelled but by the scope that it runs in."""
    if anyio_backend[0] != "asyncio":
        pytest.skip("asyncio's own cancellations")


async def cancelled() -> Any:
    task = asyncio.create_task(asyncio.sleep(1000))
    asyncio.get_running_loop().call_later(5, task.cancel)
    return await task


@pytest.mark.usefixtures("on_asyncio")
async def test_a_task_that_other_code_cancels_is_an_outcome(inside: InProcess) -> None:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(cancelled())
        good, bad = await inside.vg.wait_all([*await images(inside.vg, 1), task])
    assert good.ok
    assert type(bad.error) is VideoGenError
    assert isinstance(bad.error.__cause__, asyncio.CancelledError)
    assert bad.target is None


@pytest.mark.usefixtures("on_asyncio")
async def test_a_start_or_inputs_that_other_code_cancels_leave_the_others_alone(inside: InProcess) -> None:
    async def start(prompt: str) -> StartToolExecutionResponse:
        return await (cancelled() if prompt == "b" else inside.vg.tools.generate_image(prompt=prompt))

    async def inputs() -> AsyncIterator[str]:
        for prompt in "abc":
            yield prompt
        await cancelled()

    async with inside.vg.map(start, inputs()) as outcomes:
        with pytest.raises(VideoGenError, match="by other code"):
            await outcomes.collect()
        assert [one.ok for one in await outcomes.collect()] == [True, False, True]


@pytest.mark.usefixtures("on_asyncio")
async def test_a_task_that_waits_for_many_can_be_cancelled(inside: InProcess) -> None:
    task = asyncio.create_task(inside.vg.wait_all(await images(inside.vg, 2)))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(task, 5)
    assert task.cancelled()


async def test_progress_tells_the_input(inside: InProcess) -> None:
    seen: set[tuple[str, str]] = set()

    async def note(text: str, state: ExecutedTool) -> None:
        seen.add((text, state.status))

    async with inside.vg.map(image(inside.vg), ["a", "b"], on_progress=note) as outcomes:
        await outcomes.collect()
    assert seen >= {(text, status) for text in "ab" for status in ("running", "succeeded")}


@pytest.mark.parametrize(("on_cancel", "asked"), [("leave", False), ("cancel", True)])
async def test_no_id_is_lost_when_many_are_cancelled(inside: InProcess, on_cancel: Any, asked: bool) -> None:
    noted: list[str] = []
    inside.sandbox.add_fault(FaultRule("generateImage", Delay(1, after=True)))
    async with httpx.AsyncClient(transport=Traced(in_process(inside.sandbox))) as http:
        vg = VideoGen(
            api_key=inside.sandbox.key,
            base_url="http://127.0.0.1:1",
            http_client=http,
            on_accepted=lambda accepted: noted.append(accepted.id),
        )
        with anyio.move_on_after(2.5):
            async with vg.map(image(vg), map(str, range(100)), on_cancel=on_cancel) as outcomes:
                await outcomes.collect()
    assert len(noted) == len({*noted}) == inside.sandbox.billed == 24
    # Those whose start had an answer by then were waited for; the others' ids came while they were cancelled.
    assert inside.sandbox.counts["cancelToolExecution"] == (16 if asked else 0)


async def test_a_job_that_is_known_need_not_be_started(inside: InProcess) -> None:
    known = (await images(inside.vg, 1))[0].id

    async def start(text: str) -> Accepted[ExecutedTool] | ToolExecutionId:
        return known if text == "old" else await inside.vg.tools.generate_image(prompt=text)

    async with inside.vg.map(start, ["old", "new"]) as outcomes:
        old, new = await outcomes.collect()
    assert (old.target, old.unwrap().tool_execution_id) == (known, known)
    assert new.id != known


async def test_outcomes_pickle(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(), JobScript(status="failed"))
    async with inside.vg.map(image(inside.vg), ["a", "b"], concurrency=1) as outcomes:
        good, bad = await outcomes.collect()
    assert pickle.loads(pickle.dumps(good)) == good
    again = pickle.loads(pickle.dumps(bad))
    assert (again.input, str(again.error)) == ("b", str(bad.error))


async def test_without_room_there_is_nothing_to_do(inside: InProcess) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        inside.vg.map(image(inside.vg), ["a"], concurrency=0)
