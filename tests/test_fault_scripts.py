"""Random troubles against a few calls at once, some of them cancelled: no start is billed twice, and no id is lost.

FUZZ multiplies the scripts: 20 make 10,000. What a script does follows from its seed alone, which a failure names.
"""

from __future__ import annotations

import json
import os
import random
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import anyio
import attrs
import pytest

from aiovideogen import OutcomeUnknownError, ToolExecutionId, VideoGen, VideoGenError
from aiovideogen.sandbox import FaultRule, Sandbox, VirtualTime
from aiovideogen.sandbox.faults import Chunked, Delay, Drop, Html, InvalidJson, Refuse, Reset, Status, Truncate

from .conftest import BACKENDS
from .wire import Network, Trouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiovideogen.sandbox.faults import Action

FUZZ = int(os.environ.get("FUZZ", "1"))
SCRIPTS = 500 * FUZZ if FUZZ > 1 else 300
FINISH_SECONDS = 5.0
AT_ONCE = 50
"""Scripts in one test."""

TROUBLES: tuple[Trouble, ...] = (
    "refused",
    "dns",
    "connect timeout",
    "pool timeout",
    "tls",
    "reset before the body",
    "reset during the body",
    "reset after the body",
)
STATUSES = (200, 202, 302, 400, 401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 520, 524)
OPERATIONS = ("generateImage", "generateText", "getMe", "getToolExecutionInfo", "cancelToolExecution", "*", "once")


def harmless(draw: random.Random) -> Action:
    """Return something that a server may do without losing an answer of what it has carried out."""
    wait = draw.choice([{}, {"retry-after": "0"}, {"retry-after": "3"}, {"retry-after": "9999"}, {"retry-after": "x"}])
    code = draw.choice([None, "rate_limited", "insufficient_credits"])
    status = Status(draw.choice(STATUSES), code=code, headers=wait)
    slow = Delay(draw.choice([0.1, 2.0, 4.0, 90.0]), after=draw.random() < 0.5)
    return draw.choice((status, status, status, Html(502), slow, slow, Drop("before"), Chunked(7), Refuse()))


def harmful(draw: random.Random) -> Action:
    """Return something by which an answer is lost."""
    late = Status(draw.choice((408, 500, 503, 524)), after=True)
    return draw.choice(
        (late, late, Drop("after"), Reset(fraction=draw.random()), Truncate(draw.random()), InvalidJson())
    )


@attrs.define
class Ledger:
    """What the caller made, and what reached it."""

    starts: int = 0
    told: set[str] = attrs.field(factory=set[str])
    returned: set[str] = attrs.field(factory=set[str])
    unknown: int = 0
    """Starts that ended with OutcomeUnknownError."""
    given_up: int = 0
    """Starts whose caller was cancelled, and whose answer didn't come in the time that they are given to finish."""


class Script:
    """One random script: the troubles and the calls that its seed draws."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.virtual = VirtualTime()
        self.ledger = Ledger()
        self.lossy = self.draw.random() < 0.5
        self.sandbox = Sandbox(job_seconds=10, clock=self.virtual.clock, seed=seed)
        self.vg: VideoGen
        self.calls: tuple[Callable[[], Awaitable[None]], ...] = (
            self.start,
            self.start,
            self.text,
            self.read,
            self.wait,
        )

    async def run(self) -> None:
        async with Network(self.sandbox) as network:
            before = {task.id for task in anyio.get_running_tasks()}
            async with network.client() as http:
                self.vg = VideoGen(
                    api_key=self.sandbox.key,
                    base_url="https://127.0.0.1",
                    http_client=http,
                    on_accepted=lambda accepted: self.ledger.told.add(accepted.id),
                    retries=self.draw.randrange(4),
                )
                self.arm(network)
                async with anyio.create_task_group() as group:
                    for _ in range(self.draw.randint(1, 6)):
                        group.start_soon(self.make, self.draw.choice(self.calls), self.draw.random())
                assert network.busy() == []
            assert not network.open
            await anyio.sleep(1000)  # the server ends what it has begun
            left = [task.name for task in anyio.get_running_tasks() if task.id not in before]
            assert left == []
            self.check(network)

    def arm(self, network: Network) -> None:
        troubles = (*TROUBLES, "reset mid-answer") if self.lossy else TROUBLES
        network.troubles.extend(self.draw.choices(troubles, k=self.draw.randrange(4)))
        for _ in range(self.draw.randrange(5)):
            times, skip = self.draw.randint(1, 3), self.draw.randrange(3)
            where = self.draw.choice(OPERATIONS)
            action = harmful(self.draw) if self.lossy and self.draw.random() < 0.5 else harmless(self.draw)
            self.sandbox.add_fault(FaultRule(where, action, times=times, skip=skip))

    async def make(self, call: Callable[[], Awaitable[None]], chance: float) -> None:
        """Make a call, and cancel it at a moment that chance says, if at all."""
        seconds = None if chance < 0.5 else (chance - 0.5) ** 3 * 80
        with anyio.move_on_after(seconds) as scope:
            await call()
        if scope.cancelled_caught and call in (self.start, self.text):
            self.ledger.given_up += anyio.current_time() >= scope.deadline + FINISH_SECONDS - 0.01

    async def start(self) -> None:
        self.ledger.starts += 1
        await self.noting(partial(self.vg.tools.generate_image, prompt="x"))

    async def text(self) -> None:
        self.ledger.starts += 1
        await self.noting(partial(self.vg.text.generate_text, prompt="x"))

    async def noting(self, start: Callable[[], Awaitable[Any]]) -> None:
        try:
            answer = await start()
        except OutcomeUnknownError:
            self.ledger.unknown += 1
        except VideoGenError:
            pass
        else:
            self.ledger.returned.add(getattr(answer, "tool_execution_id", ""))

    async def read(self) -> None:
        try:
            await self.vg.account.get_me()
        except VideoGenError as error:
            assert not isinstance(error, OutcomeUnknownError)  # noqa: PT017 - it may end well, too

    async def wait(self) -> None:
        ids = sorted(self.ledger.told) or ["vg_tool_unknown"]
        one = ToolExecutionId(self.draw.choice(ids))
        try:
            if self.draw.random() < 0.3:
                await self.vg.cancel(one)
            await self.vg.wait_for(one, timeout=200, on_cancel=self.draw.choice(["leave", "cancel"]))
        except VideoGenError as error:
            assert not isinstance(error, OutcomeUnknownError)  # noqa: PT017

    def check(self, network: Network) -> None:
        ledger = self.ledger
        assert self.sandbox.billed <= ledger.starts
        whole = [body for status, body in network.delivered if status == 202]
        given = {one for one in map(_started, whole) if one is not None}
        assert given <= ledger.told, "an id that came over an intact connection is lost"
        assert ledger.returned - {""} <= ledger.told
        made = self.sandbox.billed - self.sandbox.counts["generateText"]
        if not self.lossy:
            # What nobody was told of ended with an open outcome, or was waited for in vain after its caller had gone.
            assert made - len(ledger.told) <= ledger.unknown + ledger.given_up


def _started(body: bytes) -> str | None:
    """Return the id that the answer to a start gives out, if it can be read."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer.get("toolExecutionId")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("first", range(0, SCRIPTS // len(BACKENDS), AT_ONCE))
def test_nothing_is_billed_twice_and_no_id_is_lost(backend: Literal["asyncio", "trio"], first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        script = Script(2 * seed + BACKENDS.index(backend))
        try:
            script.virtual.run(script.run, backend=backend)
        except BaseException as error:
            error.add_note(f"seed {2 * seed + BACKENDS.index(backend)} on {backend}")
            raise
