"""A thousand calls at once against a limit of a hundred a second: none is refused, none starves, none is kept."""

from __future__ import annotations

import gc
import time
from functools import partial
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

import anyio
import anyio.to_thread
import httpx
import pytest

from aiovideogen import VideoGen
from aiovideogen.sandbox import FaultRule, Sandbox, in_process
from aiovideogen.sandbox.faults import Delay

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

pytestmark = pytest.mark.anyio

CALLERS = 1000
A_SECOND = 100
FAIR = CALLERS / A_SECOND
"""Seconds that serving all takes at the least."""

LIMITS = {"GET /v1/projects, GET /v1/projects/{id}": A_SECOND, "POST /v1/tools/*": A_SECOND}


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


class Crowd:
    """A server that limits to a hundred calls a second, and a thousand callers; its clock may be ahead of theirs."""

    def __init__(self, reset: Literal["epoch", "seconds"] = "epoch", ahead: float = 0.0) -> None:
        self.sandbox = Sandbox(rate_limits=LIMITS, rate_window=1, rate_reset=reset, clock=self.clock)
        self._ahead = ahead
        self._offset = time.time() - anyio.current_time()
        self.http = httpx.AsyncClient(transport=in_process(self.sandbox))
        self.vg = VideoGen(api_key=self.sandbox.key, base_url="http://127.0.0.1", http_client=self.http)
        self.waited: list[tuple[int, float]] = []
        """Which caller was served after how many seconds, in the order in which they were."""
        self.objects: int = 0
        """Objects there are while most callers wait, beyond those before."""

    def clock(self) -> float:
        return anyio.current_time() + self._offset + self._ahead

    async def run(self, call: Callable[[], Awaitable[object]]) -> None:
        async with self.http:
            await anyio.to_thread.run_sync(import_module, "aiovideogen.models")
            self._offset = time.time() - anyio.current_time()
            assert self.vg.rate_limits == {}
            await call()  # what the first call learns is no caller's; it sets the client's clock as well
            await anyio.sleep(2)
            gc.collect()
            before = len(gc.get_objects())
            began, arrivals = anyio.current_time(), count()

            async def one() -> None:
                index = next(arrivals)
                await call()
                self.waited.append((index, anyio.current_time() - began))

            async with anyio.create_task_group() as group:
                for _ in range(CALLERS):
                    group.start_soon(one)
                await anyio.sleep(0.5)
                self.objects = len(gc.get_objects()) - before

    @property
    def worst(self) -> float:
        return max(seconds for _, seconds in self.waited)

    @property
    def statuses(self) -> set[int]:
        return {status for _, _, status in self.sandbox.requests}


@pytest.mark.parametrize("reset", ["epoch", "seconds"])
async def test_reads_wait_for_their_turn(reset: Literal["epoch", "seconds"]) -> None:
    crowd = Crowd(reset)
    await crowd.run(lambda: crowd.vg.projects.list_projects().fetch())
    assert len(crowd.waited) == CALLERS
    assert crowd.statuses == {200}, "paced before the limit, not after it"
    assert crowd.worst <= 2 * FAIR
    overtaken = max(abs(place - index) for place, (index, _) in enumerate(crowd.waited))
    assert overtaken <= A_SECOND, "who came first is served first, but for those that the same window serves"
    assert crowd.objects < 100 * CALLERS


async def test_starts_wait_for_their_turn() -> None:
    crowd = Crowd()
    await crowd.run(partial(crowd.vg.tools.generate_image, prompt="x"))
    assert len(crowd.waited) == CALLERS
    assert crowd.sandbox.billed == CALLERS + 1
    assert crowd.statuses == {202}
    assert crowd.worst <= 2 * FAIR


async def test_clocks_that_differ_let_no_refusal_through() -> None:
    """A Date header tells the difference to the second only: then the server may refuse, and is asked again."""
    crowd = Crowd(ahead=-0.3)
    await crowd.run(lambda: crowd.vg.projects.list_projects().fetch())
    assert len(crowd.waited) == CALLERS
    assert crowd.worst <= 2 * FAIR


async def test_nobody_is_refused_on_a_guess() -> None:
    """When a window has turned and nothing has told of the new one, answers under way will."""
    crowd = Crowd()
    crowd.sandbox.set_rate_limits({"GET /v1/projects, GET /v1/projects/{id}": 2}, window=10)
    async with crowd.http:
        await crowd.vg.projects.list_projects()
        await anyio.sleep(20)
        crowd.sandbox.add_fault(FaultRule("listProjects", Delay(1.0)))
        async with anyio.create_task_group() as group:
            for _ in range(2):
                group.start_soon(crowd.vg.projects.list_projects().fetch)
            await anyio.sleep(0.5)
            with anyio.fail_after(25):
                await crowd.vg.projects.list_projects()
    assert crowd.statuses == {200}
