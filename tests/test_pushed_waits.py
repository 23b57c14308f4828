"""Waits that webhooks end, as a whole: a sandbox that delivers, a real receiver, clients that listen to it.

On virtual time. FUZZ raises the 150 jobs to 1,000.
"""

from __future__ import annotations

import gc
import json
import os
import random
from collections import Counter
from contextlib import asynccontextmanager
from contextvars import ContextVar
from statistics import mean
from typing import TYPE_CHECKING, Any, Literal

import anyio
import attrs
import httpx
import pytest

from aiovideogen import JobCancelledError, JobFailedError, VideoGen, models
from aiovideogen._poller import Poller
from aiovideogen.receiver import Receiver
from aiovideogen.sandbox import FaultRule, JobScript, Sandbox, in_process
from aiovideogen.sandbox.faults import Delay, Status, WebhookRule
from aiovideogen.webhooks import BY_NAME, WebhookEvent, sign

from .test_receiver import ask, piece
from .test_webhooks import SECRET

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from aiovideogen.sandbox import VirtualTime

pytestmark = pytest.mark.anyio

JOBS = 1000 if "FUZZ" in os.environ else 150
SHORTEST, LONGEST = 5.0, 40.0
LOOKS = ("getToolExecutionInfo", "listToolExecutions")

REQUESTS_A_JOB = 0.1
MEAN_SECONDS = 0.15
NET_SECONDS = 15.0
"""By when a look has found the end of a job of at most 40 s whose event was lost: a quarter of its age, and some."""

STOCK = models.WorkflowVisualStyle(type="STOCK")
PNG = b"\x89PNG\r\n\x1a\n"

Action = Literal["drop", "duplicate", "delay", "reorder"]
ACTIONS: tuple[Action, ...] = ("drop", "duplicate", "delay", "reorder")


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


@attrs.frozen
class Place:
    """A sandbox that delivers to a receiver, and a client that listens to it."""

    sandbox: Sandbox
    http: httpx.AsyncClient
    receiver: Receiver
    vg: VideoGen
    returned: dict[str, float] = attrs.field(factory=dict[str, float])
    """When the wait for each job returned, by the sandbox's clock."""
    results: dict[str, Any] = attrs.field(factory=dict[str, Any])
    handled: list[str] = attrs.field(factory=list[str])
    """The ids of the events that the handler has succeeded on."""

    def client(self) -> VideoGen:
        url = "http://127.0.0.1:1"
        return VideoGen(api_key=self.sandbox.key, base_url=url, http_client=self.http, receiver=self.receiver)

    async def start(self, *seconds: float) -> list[models.StartToolExecutionResponse]:
        """Start tool jobs that take so many seconds."""
        self.sandbox.script_job(*[JobScript(seconds=one) for one in seconds])
        return [await self.vg.tools.generate_image(prompt="A harbour") for _ in seconds]

    async def wait(self, target: Any, vg: VideoGen | None = None, **options: Any) -> Any:
        """Wait for one job, and note when that was over."""
        result = await (vg or self.vg).wait_for(target, **options)
        self.returned[target.id], self.results[target.id] = self.sandbox.now(), result
        return result

    async def wait_for_all(self, targets: Iterable[Any]) -> None:
        async with anyio.create_task_group() as group:
            for target in targets:
                group.start_soon(self.wait, target)

    def late(self) -> dict[str, float]:
        """Return how long after each tool job's end its wait returned, in seconds."""
        jobs = [execution.job for execution in self.sandbox.state.executions.values()]
        ends = {job.id: job.accepted + job.seconds for job in jobs}
        return {one: at - ends[one] for one, at in self.returned.items()}

    def looks(self) -> int:
        return sum(self.sandbox.counts[name] for name in LOOKS)

    def delivered(self) -> set[str]:
        """Return the ids of the events that were sent at all."""
        return {delivery.id for delivery in self.sandbox.deliveries if delivery.note != "dropped"}

    def dropped(self) -> set[str]:
        return {delivery.id for delivery in self.sandbox.deliveries if delivery.note == "dropped"}


@asynccontextmanager
async def pushing(virtual: VirtualTime, *, events: Iterable[str] = BY_NAME, **options: Any) -> AsyncGenerator[Place]:
    """Deliver the sandbox's events to a receiver while inside."""
    settings: dict[str, Any] = {"job_seconds": 60, "rate_limits": {"generateImage": 100_000}, "seed": 1, **options}
    sandbox = Sandbox(clock=virtual.clock, **settings)
    receiver = Receiver(clock=virtual.clock)
    sandbox.route_webhooks(receiver)
    async with httpx.AsyncClient(transport=in_process(sandbox)) as http, sandbox.delivering():
        url = "http://127.0.0.1:1"
        vg = VideoGen(api_key=sandbox.key, base_url=url, http_client=http, receiver=receiver)
        place = Place(sandbox, http, receiver, vg)
        made = await vg.webhooks.create_webhook_endpoint(url="https://127.0.0.1/hooks/", events=[*events])
        receiver.set_secrets(made.signing_secret or "")

        @receiver.on_all
        async def note(event: WebhookEvent) -> None:
            place.handled.append(event.id)

        yield place
        await vg.aclose()


def seconds_of_jobs() -> list[float]:
    draw = random.Random(1)
    return [draw.uniform(SHORTEST, LONGEST) for _ in range(JOBS)]


# -- tools ----------------------------------------------------------------------------------------------------------


async def test_many_tools_end_with_their_events(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        started = await place.start(*seconds_of_jobs())
        await place.wait_for_all(started)
        late = place.late()
        assert place.results.keys() == {one.id for one in started}
        assert all(result.status == "succeeded" and result.results[0].download_url for result in place.results.values())
        assert place.looks() / JOBS <= REQUESTS_A_JOB
        assert mean(late.values()) <= MEAN_SECONDS
        assert min(late.values()) >= 0
        assert Counter(place.handled) == dict.fromkeys(place.delivered(), 1)
        assert len(place.handled) == JOBS


@pytest.mark.parametrize("actions", [*[(one,) for one in ACTIONS], ACTIONS], ids="-".join)
async def test_a_fifth_of_the_events_goes_astray(virtual: VirtualTime, actions: tuple[Action, ...]) -> None:
    """What is lost costs time, never the result; what comes twice or late is handled once."""
    async with pushing(virtual) as place:
        for seed, action in enumerate(actions):
            rule = WebhookRule(action=action, probability=0.2 / len(actions), seed=seed, seconds=20)
            place.sandbox.add_webhook_fault(rule)
        started = await place.start(*seconds_of_jobs())
        await place.wait_for_all(started)
        late = place.late()
        assert place.results.keys() == {one.id for one in started}
        assert {result.status for result in place.results.values()} == {"succeeded"}
        assert place.looks() / JOBS <= REQUESTS_A_JOB
        assert max(late.values()) <= NET_SECONDS
        astray = [one for one in late.values() if one > MEAN_SECONDS]
        assert len(astray) < 0.3 * JOBS, "the others are not held up"
        assert bool(astray) == (actions != ("duplicate",))
        await anyio.sleep(60)  # what is still under way comes in
        assert Counter(place.handled) == dict.fromkeys(place.delivered(), 1)
        assert len(place.delivered() | place.dropped()) == JOBS
        assert bool(place.dropped()) == ("drop" in actions)


async def test_events_of_failed_and_cancelled_jobs_end_the_waits_too(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        place.sandbox.script_job(JobScript(status="failed", seconds=3.5, error={"message": "too dark"}))
        failing, cancelled = [await place.vg.tools.generate_image(prompt="x") for _ in range(2)]
        began = anyio.current_time()
        with pytest.raises(JobFailedError, match="too dark"):
            await place.vg.wait_for(failing)
        assert anyio.current_time() - began == pytest.approx(3.5)
        async with anyio.create_task_group() as group:
            group.start_soon(cancel_after, place, 2.0, cancelled)
            with pytest.raises(JobCancelledError):
                await place.vg.wait_for(cancelled)
        assert anyio.current_time() - began == pytest.approx(5.5)
        assert place.looks() <= 1


async def cancel_after(place: Place, seconds: float, target: Any) -> None:
    await anyio.sleep(seconds)
    await place.vg.cancel(target)


# -- before and after -----------------------------------------------------------------------------------------------


async def test_events_that_came_before_the_wait_are_the_result(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        started = await place.start(*[10] * 20)
        await anyio.sleep(15)
        began = anyio.current_time()
        await place.wait_for_all(started)
        assert anyio.current_time() == began
        assert place.looks() == 0


async def test_an_event_that_overtakes_the_answer_of_its_start_is_not_lost(virtual: VirtualTime) -> None:
    async with pushing(virtual, job_seconds=1) as place:
        await place.wait_for_all(await place.start(0.5))  # the client listens from its first wait on
        place.sandbox.add_fault(FaultRule("generateImage", Delay(4, after=True)))
        done = await place.vg.wait_for(place.vg.tools.generate_image(prompt="x"))
        assert done.status == "succeeded"
        assert place.looks() == 0


async def test_a_client_that_was_closed_hears_again(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        await place.wait_for_all(await place.start(3))
        during, after = await place.start(7, 30)
        await place.vg.aclose()
        await anyio.sleep(10)
        now = place.sandbox.now()
        await place.wait(during)
        assert place.returned[during.id] == pytest.approx(now), "what came while it was closed is known"
        assert place.looks() == 0
        await place.wait(after)
        assert place.late()[after.id] == pytest.approx(0)


async def test_all_clients_of_a_receiver_hear_its_events(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        started = await place.start(*[10] * 5, *[30] * 5)
        clients = [place.client() for _ in range(5)]
        ends = list[float]()

        async def wait(vg: VideoGen, target: Any) -> None:
            await place.wait(target, vg)
            ends.append(place.late()[target.id])

        async with anyio.create_task_group() as group:
            for vg in clients:
                for target in started:
                    group.start_soon(wait, vg, target)
        assert ends == pytest.approx([0] * 50)
        assert len(place.handled) == 10
        assert place.looks() <= 5 * 8, "of each client the safety net, for all of its jobs together"
        for vg in clients:
            await vg.aclose()


async def test_events_for_a_client_with_other_options_end_its_waits(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        (one,) = await place.start(4)
        await place.wait(one, place.vg.with_options(total_timeout=20))
        assert place.late()[one.id] == pytest.approx(0)
        assert place.looks() == 0


# -- handlers that take time, or fail ---------------------------------------------------------------------------------


async def test_a_wait_ends_when_the_handlers_have_run(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        ended = list[float]()

        @place.receiver.on_all
        async def take_time(event: WebhookEvent) -> None:
            await anyio.sleep(1)
            ended.append(place.sandbox.now())

        (one,) = await place.start(3)
        await place.wait(one)
        assert ended == [place.returned[one.id]]
        assert place.looks() == 0


async def test_a_handler_that_fails_delays_the_wait_until_the_event_comes_again(virtual: VirtualTime) -> None:
    """Or until a look of the safety net; the event is handled in the end, once."""
    async with pushing(virtual) as place:
        tried = Counter[str]()

        @place.receiver.on_all
        async def fail_at_first(event: WebhookEvent) -> None:
            tried[event.id] += 1
            if tried[event.id] == 1:
                raise LookupError

        started = await place.start(*seconds_of_jobs()[:100])
        await place.wait_for_all(started)
        late = place.late()
        assert place.results.keys() == {one.id for one in started}
        assert 0 < max(late.values()) <= 5.01, "the sandbox sends again after five seconds"
        await anyio.sleep(60)
        assert tried == dict.fromkeys(place.delivered(), 2)
        assert {delivery.status for delivery in place.sandbox.deliveries} == {503, 204}


async def test_handlers_that_always_fail_cost_no_result(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:

        @place.receiver.on_all
        def fail(event: WebhookEvent) -> None:
            raise LookupError

        started = await place.start(*seconds_of_jobs()[:50])
        await place.wait_for_all(started)
        assert place.results.keys() == {one.id for one in started}
        assert max(place.late().values()) <= NET_SECONDS


# -- what is read once more -----------------------------------------------------------------------------------------


def sent_at(place: Place, event: str) -> float:
    """Return when the one event of this name was sent."""
    (delivery,) = [one for one in place.sandbox.deliveries if one.event == event]
    return delivery.at


async def test_a_run_with_auto_export_is_read_once(virtual: VirtualTime) -> None:
    async with pushing(virtual, job_seconds=2) as place:
        run = await place.vg.workflows.script_to_video(script="x", visual_style=STOCK, auto_export=True)
        done = await place.wait(run)
        assert (done.status, done.download_url is not None) == ("succeeded", True)
        assert place.returned[run.id] == pytest.approx(sent_at(place, "workflow_run.succeeded"))
        assert place.sandbox.counts["getWorkflowRun"] == 1
        assert place.sandbox.counts["listWorkflowRuns"] == 0


async def test_many_runs_are_read_once_each(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        place.sandbox.script_job(*[JobScript(seconds=10 + n) for n in range(30)])
        runs = [await place.vg.workflows.script_to_video(script="x", visual_style=STOCK) for _ in range(30)]
        await place.wait_for_all(runs)
        assert {done.status for done in place.results.values()} == {"succeeded"}
        at = {one.id: one.at for one in place.sandbox.deliveries}
        heard = {event.job_id: at[event.id] for event in place.receiver.recent}
        assert place.returned == pytest.approx(heard, abs=0.01)
        assert place.sandbox.counts["getWorkflowRun"] <= 31
        assert place.sandbox.counts["listWorkflowRuns"] <= 10


async def test_an_export_is_read_once(virtual: VirtualTime) -> None:
    async with pushing(virtual, job_seconds=4) as place:
        run = await place.vg.wait_for(place.vg.workflows.script_to_video(script="x", visual_style=STOCK))
        export = await place.vg.projects.export_project(run.project_id)
        done = await place.wait(export)
        assert done.download_url is not None
        assert place.returned[export.id] == pytest.approx(sent_at(place, "project_export.succeeded"))
        assert place.sandbox.counts["getProjectExport"] == 1


async def test_a_message_is_not_read_at_all(virtual: VirtualTime) -> None:
    async with pushing(virtual, job_seconds=4) as place:
        chat = await place.vg.assistant.start_assistant_chat(message="hello")
        done = await place.wait(chat)
        assert (done.status, bool(done.content)) == ("succeeded", True)
        assert place.returned[chat.id] == pytest.approx(sent_at(place, "assistant_message.succeeded"))
        assert place.sandbox.counts["getAssistantMessage"] == 0


async def test_an_upload_is_usable_when_its_event_says_so(virtual: VirtualTime) -> None:
    async with pushing(virtual, file_seconds=22) as place:
        began = anyio.current_time()
        info = await place.vg.files.upload(PNG, display_name="a.png")
        assert anyio.current_time() - began == pytest.approx(22)
        assert info.download_source is not None
        assert place.sandbox.counts["hydrateFile"] <= 6
        assert place.sandbox.now() == pytest.approx(sent_at(place, "file.upload.completed"))


# -- when the look that an event asks for brings nothing ------------------------------------------------------------


def heard_at(place: Place) -> float:
    """Return when the last event was sent."""
    return place.sandbox.deliveries[-1].at


async def test_a_look_that_fails_when_an_event_came_is_taken_again_soon(virtual: VirtualTime) -> None:
    """No other event will tell, and the safety net would take a minute."""
    async with pushing(virtual, job_seconds=600) as place:
        run = await place.vg.workflows.script_to_video(script="x", visual_style=STOCK)
        async with anyio.create_task_group() as group:
            group.start_soon(place.wait, run)
            await anyio.sleep(599)
            place.sandbox.add_fault(FaultRule(["getWorkflowRun", "listWorkflowRuns"], Status(503)))
            await anyio.sleep(2)
            place.sandbox.clear_faults()
        assert 1 < place.returned[run.id] - heard_at(place) <= 20


async def test_an_event_during_a_look_has_the_job_looked_at_again(virtual: VirtualTime) -> None:
    """The look's answer may be older than the event."""
    async with pushing(virtual, job_seconds=3600) as place:
        run = await place.vg.workflows.script_to_video(script="x", visual_style=STOCK)
        place.sandbox.add_fault(FaultRule("getWorkflowRun", Delay(10, after=True)))
        async with anyio.create_task_group() as group:
            group.start_soon(cancel_during_a_look, place, run)
            with pytest.raises(JobCancelledError):
                await place.vg.wait_for(run)
        assert 10 < place.sandbox.now() - heard_at(place) < 21


async def cancel_during_a_look(place: Place, run: Any) -> None:
    await anyio.sleep(250)
    looked = anyio.Event()

    async def note(request: httpx.Request) -> None:
        looked.set()

    place.http.event_hooks = {"request": [note]}
    await looked.wait()
    await anyio.sleep(1)
    await place.vg.cancel(run)


async def test_the_look_that_an_event_asks_for_passes_to_another_when_its_waiter_goes(virtual: VirtualTime) -> None:
    async with pushing(virtual, job_seconds=600) as place:
        run = await place.vg.workflows.script_to_video(script="x", visual_style=STOCK)
        waiter, looking = ContextVar[anyio.CancelScope]("waiter"), list[anyio.CancelScope]()

        async def wait() -> None:
            with anyio.CancelScope() as scope:
                waiter.set(scope)
                await place.wait(run)

        async def note(request: httpx.Request) -> None:
            looking.append(waiter.get())

        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            group.start_soon(wait)
            await anyio.sleep(598)
            place.sandbox.add_fault(FaultRule("getWorkflowRun", Delay(10)))
            place.http.event_hooks = {"request": [note]}
            await anyio.sleep(7)
            looking[-1].cancel()
        assert place.returned[run.id] - heard_at(place) == pytest.approx(15, abs=0.1)


async def test_a_url_that_comes_after_the_event_is_waited_for(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        place.sandbox.script_job(JobScript(seconds=900, null_url_seconds=5))
        one = await place.vg.tools.generate_image(prompt="x")
        done = await place.wait(one)
        assert done.results[0].download_url
        assert place.late()[one.id] <= 30


async def test_a_handler_may_wait_for_the_job_that_another_waits_for(virtual: VirtualTime) -> None:
    async with pushing(virtual, job_seconds=300) as place:
        results: list[Any] = []

        @place.receiver.on("workflow_run.succeeded")
        async def collect(event: WebhookEvent) -> None:
            assert event.job_id is not None
            results.append(await place.vg.wait_for(event.job_id))

        run = await place.vg.workflows.script_to_video(script="x", visual_style=STOCK, auto_export=True)
        await place.wait(run)
        await anyio.sleep(60)
        assert place.returned[run.id] == pytest.approx(sent_at(place, "workflow_run.succeeded"), abs=2)
        assert [one.status for one in results] == ["succeeded"]


async def test_an_event_of_an_end_whose_message_is_not_at_its_end_has_it_read(virtual: VirtualTime) -> None:
    async with pushing(virtual, events=["file.download_ready"], job_seconds=300) as place:
        place.receiver.set_secrets(SECRET)
        chat = await place.vg.assistant.start_assistant_chat(message="hello")

        async def tell() -> None:
            await anyio.sleep(302)
            message = {"messageId": chat.id, "status": "running", "role": "assistant"}
            fields = {"event": "assistant_message.succeeded", "messageId": chat.id, "occurredAt": 1, "message": message}
            body = json.dumps(fields).encode()
            signed = sign(body, SECRET, id="msg_1", timestamp=int(place.sandbox.now()))
            headers = [(name.encode(), value.encode()) for name, value in signed.items()]
            assert (await ask(place.receiver, [piece(body)], headers)).status == 204

        async with anyio.create_task_group() as group:
            group.start_soon(tell)
            began = anyio.current_time()
            await place.wait(chat)
            assert anyio.current_time() - began < 305


def pollers() -> int:
    gc.collect()
    return sum(isinstance(one, Poller) for one in gc.get_objects())


async def test_a_client_that_nobody_closed_is_not_kept_by_its_receiver(virtual: VirtualTime) -> None:
    async with pushing(virtual) as place:
        await place.wait((await place.start(5))[0])
        before = pollers()

        async def use() -> None:
            vg = place.client()
            await vg.wait_for(await vg.tools.generate_image(prompt="x"))

        for _ in range(3):
            await use()
        assert pollers() == before
        (one,) = await place.start(5)
        await place.wait(one)
        assert place.late()[one.id] <= 1


async def test_a_source_that_goes_on_telling_finds_nobody_when_the_client_is_gone(virtual: VirtualTime) -> None:
    class Source:
        def subscribe(self, listener: Callable[[WebhookEvent], None], /) -> Callable[[], None]:
            listeners.append(listener)
            return lambda: None

    listeners: list[Callable[[WebhookEvent], None]] = []
    async with pushing(virtual) as place:
        await place.wait((await place.start(5))[0])
        before = pollers()

        async def use() -> None:
            vg = VideoGen(
                api_key=place.sandbox.key, base_url="http://127.0.0.1:1", http_client=place.http, receiver=Source()
            )
            await vg.wait_for(await vg.tools.generate_image(prompt="x"))

        await use()
        assert pollers() == before
        await anyio.sleep(30)
        for listener in listeners:
            listener(place.receiver.recent[-1])
    assert len(listeners) == 1


async def test_events_of_another_kind_only_leave_the_safety_net(virtual: VirtualTime) -> None:
    async with pushing(virtual, events=["workflow_run.succeeded"]) as place:
        started = await place.start(*seconds_of_jobs()[:50])
        await place.wait_for_all(started)
        assert max(place.late().values()) <= NET_SECONDS
        assert place.handled == []
