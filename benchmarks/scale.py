"""Thousands of jobs through `vg.map` with the documented rate limits in force: in process, on virtual time.

`simulate` runs one of three scenarios and returns what came of it; `waits.py` prints it, a test runs it smaller.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import anyio
import attrs
import httpx

from aiovideogen import OutcomeUnknownError, RateLimitError, VideoGen
from aiovideogen.sandbox import FaultRule, JobScript, Sandbox, VirtualTime, in_process
from aiovideogen.sandbox.faults import Drop, Html, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiovideogen import Accepted

__all__ = ["BUDGETS", "Report", "simulate"]

Scenario = Literal["limits", "trouble", "outage"]

WINDOW = 3600.0
STARTS_AN_HOUR = 500
INTO_THE_WINDOW = 600.0
"""Seconds after the turn of an hour at which the first start is due."""
EPOCH = 1_800_000_000.0
"""The turn of an hour."""

STATUS = ["getToolExecutionInfo", "listToolExecutions"]
OUTAGE = 90.0

_ALWAYS = {"429 that reached the caller": 0.0, "started twice": 0.0, "ended otherwise": 0.0}
_IDLE = {"longest idle of the starts, s": 1.0}

BUDGETS: dict[str, dict[str, float]] = {
    "limits": {**_ALWAYS, **_IDLE, "surfaced as OutcomeUnknownError": 0.0, "latest result after its end, s": 30.0},
    "trouble": {**_ALWAYS, **_IDLE, "surfaced as OutcomeUnknownError": 0.0},
    "outage": _ALWAYS,
}
"""The most that each figure may be."""


@attrs.define
class Report:
    """What came of a scenario."""

    jobs: int
    collected: int = 0
    unknown: int = 0
    errors: Counter[str] = attrs.field(factory=Counter[str])
    refused: int = 0
    twice: int = 0
    accepted: dict[str, float] = attrs.field(factory=dict[str, float])
    idle: float = 0.0
    delays: list[float] = attrs.field(factory=list[float])
    reads: int = 0
    hours: float = 0.0

    def figures(self) -> dict[str, float]:
        """Return the figures to print, by name."""
        return {
            "collected": self.collected,
            "surfaced as OutcomeUnknownError": self.unknown,
            "429 that reached the caller": self.errors[RateLimitError.__name__],
            "429 answers": self.refused,
            "started twice": self.twice,
            "ended otherwise": self.jobs - self.collected - self.unknown,
            **({} if self.unknown else {"longest idle of the starts, s": self.idle}),
            "mean result after its end, s": sum(self.delays) / max(1, len(self.delays)),
            "latest result after its end, s": max(self.delays, default=0.0),
            "requests a job": self.reads / self.jobs,
            "hours": self.hours,
        }


class Counting(httpx.AsyncBaseTransport):
    """Counts what the rate limits refused."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.refused = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        self.refused += response.status_code == 429
        return response


def simulate(
    scenario: Scenario | str,
    jobs: int,
    *,
    scale: float = 1.0,
    seed: int = 1,
    backend: Literal["asyncio", "trio"] = "asyncio",
) -> Report:
    """Push jobs of 1–10 min in at once, with the limits multiplied by `scale`, and wait for all of them."""
    virtual = VirtualTime(epoch=EPOCH + INTO_THE_WINDOW)
    return virtual.run(_simulate, virtual, scenario, jobs, scale, seed, backend=backend)


async def _simulate(virtual: VirtualTime, scenario: str, jobs: int, scale: float, seed: int) -> Report:
    report = Report(jobs)
    draw = random.Random(seed)
    sandbox = Sandbox(clock=virtual.clock, seed=seed, rate_limit_scale=scale)
    sandbox.script_job(*[JobScript(seconds=draw.uniform(60, 600)) for _ in range(jobs)])
    transport = Counting(in_process(sandbox))

    def note(accepted: Accepted[Any]) -> None:
        report.accepted[accepted.id] = virtual.clock()

    async with httpx.AsyncClient(transport=transport) as http, anyio.create_task_group() as tasks:
        vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http, on_accepted=note)
        tasks.start_soon(_TROUBLE[scenario], sandbox, seed)
        await _map(vg, virtual, sandbox, report)
        tasks.cancel_scope.cancel()
    report.refused = transport.refused
    report.reads = sum(sandbox.counts[name] for name in STATUS)
    prompts = {execution.files[0].name for execution in sandbox.state.executions.values()}
    report.twice = len(sandbox.state.executions) - len(prompts)
    report.idle = _idle([*report.accepted.values()], round(STARTS_AN_HOUR * scale))
    report.hours = virtual.now / 3600
    return report


async def _map(vg: VideoGen, virtual: VirtualTime, sandbox: Sandbox, report: Report) -> None:
    start: Callable[[int], Any] = lambda number: vg.tools.generate_image(prompt=str(number))  # noqa: E731
    async with vg.map(start, range(report.jobs), timeout=3600) as outcomes:
        async for outcome in outcomes:
            if outcome.ok:
                job = sandbox.state.executions[outcome.id].job
                report.collected += 1
                report.delays.append(virtual.clock() - job.accepted - job.seconds)
            else:
                report.errors[type(outcome.error).__name__] += 1
                report.unknown += isinstance(outcome.error, OutcomeUnknownError)


def _idle(starts: list[float], limit: int) -> float:
    """Return the longest time for which the limit allowed the next start and none came."""
    used: Counter[float] = Counter()
    longest = starts[0] - (EPOCH + INTO_THE_WINDOW)
    used[starts[0] // WINDOW] += 1
    for before, start in pairwise(starts):
        window = before // WINDOW
        allowed = before if used[window] < limit else (window + 1) * WINDOW
        longest = max(longest, start - allowed)
        used[start // WINDOW] += 1
    return longest


# -- what goes wrong --------------------------------------------------------------------------------------------------


async def _nothing(sandbox: Sandbox, seed: int) -> None:
    pass


async def _status_reads(sandbox: Sandbox, seed: int) -> None:
    """Let a fifth of the status answers fail, and the server go away when only states are read."""
    actions = [Status(503), Html(502), Drop("after"), Drop("before")]
    for number, action in enumerate(actions):
        # Each on what the ones before have left: 5 % of all.
        chance = 0.05 / (1 - 0.05 * number)
        sandbox.add_fault(FaultRule(STATUS, action, probability=chance, seed=seed + number))
    for moment, seconds in ((100, 5.0), (300, OUTAGE), (500, 5.0)):
        await anyio.sleep_until(moment)
        sandbox.restart(seconds)


async def _starts(sandbox: Sandbox, seed: int) -> None:
    """Let the server be away when the second hour's starts are due, and lose some answers in the third."""
    turn = WINDOW - INTO_THE_WINDOW
    await anyio.sleep_until(turn - OUTAGE / 2)
    sandbox.restart(OUTAGE)
    for number, action in enumerate([Drop("after"), Drop("before"), Status(503), Status(429)]):
        sandbox.add_fault(FaultRule("generateImage", action, probability=0.02, seed=seed + number))


_TROUBLE = {"limits": _nothing, "trouble": _status_reads, "outage": _starts}
