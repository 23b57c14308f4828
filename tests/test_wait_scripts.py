"""Random troubles against a few dozen waits at once: each ends as its job does and in time, whatever the others do.

FUZZ multiplies the scripts. What a script does follows from its seed alone, which a failure names.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

import anyio
import attrs
import httpx
import pytest

from aiovideogen import (
    Accepted,
    JobCancelledError,
    JobFailedError,
    NotFoundError,
    VideoGen,
    WaitTimeoutError,
    models,
)
from aiovideogen.sandbox import FaultRule, JobScript, Sandbox, VirtualTime, in_process
from aiovideogen.sandbox.faults import (
    Delay,
    Drop,
    ExpireUrls,
    Html,
    InvalidJson,
    MissingField,
    NullField,
    Refuse,
    Reset,
    Status,
    Truncate,
    UnknownValue,
)

from .conftest import BACKENDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiovideogen.sandbox.faults import Action

FUZZ = int(os.environ.get("FUZZ", "1"))
SCRIPTS = 24 * FUZZ
AT_ONCE = 6
"""Scripts in one test."""

LISTS = ("listToolExecutions", "listWorkflowRuns", "listProjectExports", "listProjectRemixActions")
GETS = (
    "getToolExecutionInfo",
    "getWorkflowRun",
    "getProjectExport",
    "getTimelineInterchange",
    "getAssistantMessage",
    "hydrateFile",
)
STYLE = models.WorkflowVisualStyle(type="STOCK")
ACTIONS = [models.RemixActionAddZoom(), models.RemixActionEnableCaptions()]
NEVER = 1e6
OUTAGE = 90.0
LATEST_LOOK = 22.0 + 15.0
"""Seconds that a look which failed may cost a wait, without what the server asked for: until the next, and it hangs."""
NEAR = 0.001
OVERDUE_SECONDS = 10.0
AT_REST = 30.0
"""Seconds after its end at which a job is found out, where nothing goes wrong."""


def trouble(draw: random.Random) -> Action:
    """Return something that passes, on one look."""
    after = draw.choice([{}, {}, {"retry-after": "3"}, {"retry-after": "45"}, {"retry-after": "9999"}])
    status = Status(draw.choice((408, 425, 429, 500, 502, 503, 520, 524)), headers=after)
    return draw.choice(
        (
            *[status] * 4,
            Html(draw.choice((403, 404, 502))),
            Delay(draw.choice((0.5, 10.0, 60.0)), after=draw.random() < 0.5),
            Drop("before"),
            Drop("after"),
            Reset(fraction=draw.random()),
            Truncate(draw.random()),
            InvalidJson(),
            Refuse(),
            UnknownValue("status", "resting"),
            MissingField("status"),
            NullField("downloadUrl"),
            ExpireUrls(600),
        )
    )


def spoiled(draw: random.Random) -> Action:
    """Return something that only a list may do for long."""
    return draw.choice(
        (
            Status(403),
            Status(404),
            ExpireUrls(600),
            UnknownValue("toolExecutions", "no list"),
            MissingField("toolExecutionId"),
            Delay(1e6),
            Html(502),
            Status(503),
        )
    )


def tasks() -> set[int]:
    return {task.id for task in anyio.get_running_tasks()}


Started = tuple[Any, float, float, type[Exception] | None]
"""What was started, when by the loop's clock, how many seconds it takes at most, and what it ends in."""


@attrs.define
class Wait:
    """One wait: what is waited for, how, and what has to come of it."""

    target: Any
    ends: float
    """When its jobs end, by the loop's clock, at the latest."""
    truth: type[Exception] | None
    started: float
    timeout: float | None
    callback: Callable[[Any], object] | None
    cancel_after: float | None
    how: Literal["scope", "task"]


class Script:
    """One random script: the jobs, the waits and the troubles that its seed draws."""

    def __init__(self, seed: int, backend: str) -> None:
        self.draw = random.Random(seed)
        self.backend = backend
        self.virtual = VirtualTime()
        self.sandbox = Sandbox(clock=self.virtual.clock, seed=seed, job_seconds=30)
        self.vg: VideoGen
        self.cost = 0.0
        """Seconds by which the troubles may hold a wait up."""
        self.unseen = False
        """Whether a server may say for more than a minute that a job isn't there."""
        self.problems: list[str] = []

    async def run(self) -> None:
        async with httpx.AsyncClient(transport=in_process(self.sandbox)) as http:
            self.vg = VideoGen(api_key=self.sandbox.key, base_url="http://127.0.0.1:1", http_client=http)
            before = tasks()
            waits = [self.wait(*job) for job in await self.start() for _ in range(self.draw.choice((1, 1, 1, 2, 3)))]
            self.arm()
            counted, began = self.sandbox.counts.copy(), anyio.current_time()
            async with anyio.create_task_group() as group:
                for wait in waits:
                    group.start_soon(self.make, wait, self.draw.choice((0.0, 0.0, self.draw.random() * 60)))
                for _ in range(self.draw.randrange(3)):
                    group.start_soon(self.restart, self.draw.random() * 200, self.draw.choice((0.0, 5.0, OUTAGE)))
            seconds = anyio.current_time() - began
            assert self.problems == []
            for one in (*GETS, *LISTS):
                assert self.sandbox.counts[one] - counted[one] <= 10 + seconds / 0.2, one
            await anyio.sleep(2 * NEVER)  # the server ends what it has begun
            del waits
            gc.collect()
            assert tasks() == before
            poller = cast("Any", self.vg)._waiting.poller
            assert dict(poller._feeds) == {}

    # -- what there is to wait for ------------------------------------------------------------------------------

    async def start(self) -> list[Started]:
        """Start jobs of all kinds."""
        vg, draw = self.vg, self.draw
        jobs: list[Started] = []
        for _ in range(draw.randint(0, 15)):
            status, truth = draw.choice(
                (("succeeded", None), ("failed", JobFailedError), ("cancelled", JobCancelledError))
            )
            seconds = draw.choice((0.0, draw.random() * 20, draw.random() * 200, NEVER))
            self.sandbox.script_job(JobScript(status, seconds))
            one = await vg.tools.generate_image(prompt="x")
            jobs.append((draw.choice((one, one.id)), anyio.current_time(), seconds, truth))
        for auto in draw.choices((True, False), k=draw.randrange(4)):
            run = await vg.workflows.script_to_video(
                script="x", visual_style=STYLE, auto_export=auto, remix_actions=draw.choice(([], ACTIONS))
            )
            jobs.append((run, anyio.current_time(), 120, None))
        if draw.random() < 0.5:
            jobs += await self.of_a_project()
        if draw.random() < 0.3:
            chat = await vg.assistant.start_assistant_chat(message="hello")
            jobs.append((chat, anyio.current_time(), 30, None))
        return jobs

    async def of_a_project(self) -> list[Started]:
        vg, draw = self.vg, self.draw
        run = await vg.wait_for(vg.workflows.script_to_video(script="x", visual_style=STYLE))
        project = run.project_id
        started = [await vg.projects.export_project(project) for _ in range(draw.randrange(4))]
        jobs: list[Started] = [(one, anyio.current_time(), 30, None) for one in started]
        remix = await vg.projects.remix_project(project, remix_actions=ACTIONS)
        jobs.append((remix, anyio.current_time(), 60, None))
        cut = await vg.projects.create_timeline_interchange(project, format="SRT")
        jobs.append((cut, anyio.current_time(), 30, None))
        file = await vg.files.upload(b"x", display_name="x.bin", wait=False)
        jobs.append((file.file_id, anyio.current_time(), 30, None))
        return jobs

    def wait(self, target: Any, started: float, seconds: float, truth: type[Exception] | None) -> Wait:
        draw = self.draw
        ends = started + seconds
        timeout = draw.choice((None, 30.0, 300.0)) if seconds < NEVER else draw.choice((30.0, 300.0))
        callback = draw.choice((None, None, self.sleeps, self.raises, lambda _: None))
        cancel_after = draw.choice((None, None, draw.random() * 5, draw.random() * 200))
        how = "task" if self.backend == "asyncio" and draw.random() < 0.5 else "scope"
        return Wait(target, ends, truth, started, timeout, callback, cancel_after, how)

    async def sleeps(self, _: Any) -> None:
        await anyio.sleep(5)

    def raises(self, _: Any) -> None:
        raise LookupError

    # -- what goes wrong ----------------------------------------------------------------------------------------

    def arm(self) -> None:
        draw = self.draw
        for _ in range(draw.randrange(6)):
            times, action = draw.randint(1, 3), trouble(draw)
            headers = action.headers if isinstance(action, Status) else None
            self.cost += times * (LATEST_LOOK + min(60.0, float((headers or {}).get("retry-after", 0))))
            where = draw.choice((*GETS, *LISTS, "read"))
            self.sandbox.add_fault(FaultRule(where, action, times=times, skip=draw.randrange(10)))
        if draw.random() < 0.3:
            action = spoiled(draw)
            self.cost += LATEST_LOOK
            self.sandbox.add_fault(FaultRule(list(LISTS[:3]), action))
        if draw.random() < 0.2:
            self.unseen = True
            self.sandbox.add_fault(FaultRule(draw.choice(GETS), Status(404), times=draw.randint(1, 5)))
            self.cost += 5 * LATEST_LOOK

    async def restart(self, after: float, away: float) -> None:
        self.cost += away + 2 * LATEST_LOOK
        await anyio.sleep(after)
        self.sandbox.restart(away)

    # -- what comes of it ---------------------------------------------------------------------------------------

    async def make(self, wait: Wait, after: float) -> None:
        await anyio.sleep(after)
        began = anyio.current_time()
        call = partial(self.vg.wait_for, wait.target, timeout=wait.timeout, on_progress=wait.callback)
        if wait.how == "scope":
            with anyio.move_on_after(wait.cancel_after):
                await self.judged(wait, call, began)
            return
        task = asyncio.get_running_loop().create_task(cast("Any", self.judged(wait, call, began)))
        if wait.cancel_after is not None:
            asyncio.get_running_loop().call_later(wait.cancel_after, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    async def judged(self, wait: Wait, call: Callable[[], Awaitable[Any]], began: float) -> None:
        """Wait, and note what should not have come of it."""
        error: Exception | None = None
        try:
            await call()
        except Exception as problem:
            error = problem
        now = anyio.current_time()
        said = (
            f"{wait}: {type(error).__name__} {error} after {now - began:.2f} s, {now - wait.ends:.2f} s after its end"
        )
        if isinstance(error, WaitTimeoutError):
            due = self.deadline(wait, began)
            late = due - max(wait.ends, began) - self.allowed(wait)
            early = due - now > NEAR and not self.overdue(wait, began)
            if early or now - due > NEAR or late > 0:
                self.problems.append(f"{said}; it was due at {due - began:.2f} s, and late by {late}")
        elif type(error) is not LookupError or wait.callback != self.raises:
            right = error is None if wait.truth is None else type(error) is wait.truth
            if not right and not (self.unseen and type(error) is NotFoundError):
                self.problems.append(said)
            if now - max(wait.ends, began) > self.allowed(wait):
                self.problems.append(f"too late: {said}")
            early = wait.truth is not None and type(error) is wait.truth and wait.ends - now > NEAR
            if early or (wait.timeout is not None and now > self.deadline(wait, began) + NEAR):
                self.problems.append(f"at the wrong time: {said}")

    def allowed(self, wait: Wait) -> float:
        return AT_REST + self.cost + (10.0 if wait.callback is not None else 0.0)

    def deadline(self, wait: Wait, began: float) -> float:
        assert wait.timeout is not None
        left = wait.timeout - self.age(wait, began)
        return began + (left if left > 0 else OVERDUE_SECONDS)

    def overdue(self, wait: Wait, began: float) -> bool:
        """Say whether its time was over before it began: then it ends with the first look."""
        return wait.timeout is not None and wait.timeout <= self.age(wait, began)

    def age(self, wait: Wait, moment: float) -> float:
        return moment - wait.started if isinstance(wait.target, Accepted) else 0.0


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("first", range(0, SCRIPTS // len(BACKENDS), AT_ONCE))
def test_each_wait_ends_as_its_job_does_and_in_time(backend: Literal["asyncio", "trio"], first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        number = 2 * seed + BACKENDS.index(backend)
        script = Script(number, backend)
        try:
            script.virtual.run(script.run, backend=backend)
        except BaseException as error:
            error.add_note(f"seed {number} on {backend}")
            raise
