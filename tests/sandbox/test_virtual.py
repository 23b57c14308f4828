"""Virtual time: waiting costs nothing, and what really takes time isn't outrun."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import anyio
import anyio.from_thread
import anyio.lowlevel
import httpx
import pytest
import trio
from anyio.to_thread import run_sync  # bound early, as in code that a patch of anyio would miss

from aiovideogen import VideoGen
from aiovideogen.sandbox import JobScript, Sandbox, VirtualTime, in_process

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

BACKENDS = ("asyncio", "trio")
EPOCH = 1_790_000_000.0


@pytest.fixture(params=BACKENDS)
def name(request: pytest.FixtureRequest) -> Literal["asyncio", "trio"]:
    return request.param


@pytest.fixture
def virtual() -> VirtualTime:
    return VirtualTime(epoch=EPOCH)


@pytest.fixture
def run(virtual: VirtualTime, name: Literal["asyncio", "trio"]) -> Callable[..., Any]:
    """Run an async function on virtual time."""
    return partial(virtual.run, backend=name)


def test_an_hour_is_waited_for_in_no_time(run: Callable[..., Any], virtual: VirtualTime) -> None:
    async def wait() -> str | None:
        sandbox = Sandbox(clock=virtual.clock)
        sandbox.script_job(JobScript(seconds=3600))
        async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
            vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1", http_client=http)
            began = time.perf_counter()
            done = await vg.wait_for(vg.tools.generate_image(prompt="x"), timeout=4000)
            assert time.perf_counter() - began < 20  # some 0.3 s, if the machine has nothing else to do
        return done.status

    assert run(wait) == "succeeded"
    assert 3600 <= virtual.now <= 3640


def test_timers_end_at_their_time_in_their_order(run: Callable[..., Any], virtual: VirtualTime) -> None:
    ended: list[tuple[float, float]] = []

    async def sleep(seconds: float) -> None:
        began = anyio.current_time()
        await anyio.sleep(seconds)
        ended.append((seconds, anyio.current_time() - began))

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for seconds in (7.5, 0.25, 1e6, 86400 * 3, 0.5):
                group.start_soon(sleep, seconds)

    run(main)
    assert ended == [(s, pytest.approx(s)) for s in (0.25, 0.5, 7.5, 86400 * 3, 1e6)]
    assert virtual.now == pytest.approx(1e6)


# -- threads --------------------------------------------------------------------------------------------------------


async def in_worker() -> None:
    await run_sync(time.sleep, 0.05)


async def with_own_limiter() -> None:
    await run_sync(time.sleep, 0.05, limiter=anyio.CapacityLimiter(1))


async def in_two_workers() -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(run_sync, time.sleep, 0.02)
        group.start_soon(run_sync, time.sleep, 0.05)


async def again_after_idling() -> None:
    await run_sync(time.sleep, 0)
    await anyio.lowlevel.checkpoint()
    await run_sync(time.sleep, 0.05)


@pytest.mark.parametrize("work", [in_worker, with_own_limiter, in_two_workers, again_after_idling])
def test_a_thread_holds_the_clock(
    run: Callable[..., Any], virtual: VirtualTime, work: Callable[[], Awaitable[None]]
) -> None:
    async def main() -> None:
        with anyio.fail_after(0.001):
            await work()
        assert virtual.now == 0
        await anyio.sleep(60)  # and lets it go again
        assert virtual.now == 60

    run(main)


@pytest.mark.parametrize("executor", ["own", "asyncio"])
def test_an_executor_of_asyncio_holds_the_clock(virtual: VirtualTime, executor: str) -> None:
    async def main() -> None:
        async with asyncio.timeout(0.001):
            if executor == "own":
                await asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.05)
            else:
                await asyncio.to_thread(time.sleep, 0.05)
        assert virtual.now == 0
        await asyncio.sleep(60)

    virtual.run(main)
    assert virtual.now == 60


def test_a_thread_of_trio_holds_the_clock(virtual: VirtualTime) -> None:
    async def main() -> None:
        with trio.fail_after(0.001):
            await trio.to_thread.run_sync(time.sleep, 0.05)
        await trio.sleep(60)

    virtual.run(main, backend="trio")
    assert virtual.now == 60


def test_idle_workers_that_are_dismissed_after_hours_hold_nothing(
    run: Callable[..., Any], virtual: VirtualTime, tmp_path: Path
) -> None:
    async def main() -> None:
        for _ in range(5):
            async with anyio.create_task_group() as group:
                for index in range(4):
                    group.start_soon(anyio.Path(tmp_path / f"{index}").write_text, "x")
            await anyio.sleep(3600)

    run(main)
    assert virtual.now == 5 * 3600


def test_a_thread_of_ones_own_can_be_held_for(run: Callable[..., Any], virtual: VirtualTime) -> None:
    async def main() -> None:
        done = anyio.Event()
        token = anyio.lowlevel.current_token()

        def work() -> None:
            time.sleep(0.05)
            anyio.from_thread.run_sync(done.set, token=token)

        thread = threading.Thread(target=work)
        with anyio.fail_after(10):
            thread.start()
            with virtual.hold():
                await done.wait()
        thread.join()
        assert virtual.now == 0
        await anyio.sleep(60)

    run(main)
    assert virtual.now == 60


def test_a_call_from_another_thread_is_heard_while_no_timer_runs(run: Callable[..., Any]) -> None:
    async def main() -> None:
        done = anyio.Event()
        token = anyio.lowlevel.current_token()
        call = partial(anyio.from_thread.run_sync, done.set, token=token)
        timer = threading.Timer(0.02, call)
        timer.start()
        await done.wait()
        timer.join()

    run(main)


# -- what is outside ------------------------------------------------------------------------------------------------


def serve_once(listener: socket.socket, greets: bool, finish: threading.Event) -> None:
    connection, _ = listener.accept()
    with connection:
        if greets:
            time.sleep(0.02)
            connection.sendall(b"hello")
        finish.wait(5)


@pytest.mark.parametrize("greets", [True, False])
def test_a_socket_is_given_some_real_time(run: Callable[..., Any], virtual: VirtualTime, greets: bool) -> None:
    finish = threading.Event()

    async def main(port: int) -> None:
        got = None
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            with anyio.move_on_after(3600):
                got = await stream.receive()
        assert (got, virtual.now) == ((b"hello", 0) if greets else (None, 3600))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        virtual.grace = 0.2
        thread = threading.Thread(target=serve_once, args=(listener, greets, finish))
        thread.start()
        run(main, listener.getsockname()[1])
        finish.set()
        thread.join()


@pytest.mark.parametrize("piped", [True, False])
def test_a_process_is_given_some_real_time(run: Callable[..., Any], virtual: VirtualTime, piped: bool) -> None:
    async def main() -> None:
        pipe = subprocess.PIPE if piped else None
        with anyio.fail_after(0.001):
            done = await anyio.run_process([sys.executable, "-S", "-c", "pass"], stdout=pipe, stderr=pipe)
        assert done.returncode == 0

    virtual.grace = 10.0  # enough for the slowest machine, and not waited for
    run(main)
    assert virtual.now == 0


# -- one time for all -----------------------------------------------------------------------------------------------


def test_loops_one_after_another_go_on_with_the_same_time(virtual: VirtualTime) -> None:
    seen: list[float] = []

    async def main() -> None:
        began = anyio.current_time()
        seen.append(virtual.clock())
        await anyio.sleep(100)
        assert anyio.current_time() - began == 100

    for backend in ("asyncio", "trio", "trio", "asyncio", "trio"):
        virtual.run(main, backend=backend)
    assert seen == [EPOCH + 100 * index for index in range(5)]
    assert virtual.now == 500


def test_a_clock_for_trio_that_is_made_early_begins_when_it_is_used(virtual: VirtualTime) -> None:
    _, options = virtual.backend("trio")
    virtual.run(anyio.sleep, 100)
    trio.run(trio.sleep, 1, **options)
    assert virtual.now == 101


def test_it_shows_real_time_until_a_loop_uses_it() -> None:
    virtual = VirtualTime()
    assert abs(virtual.clock() - time.time()) < 5
    virtual.run(anyio.sleep, 3600)
    assert 3600 <= virtual.clock() - time.time() + 5 < 3610


def test_it_leaves_the_real_clocks_alone(run: Callable[..., Any]) -> None:
    async def main() -> float:
        began = time.monotonic()
        await anyio.sleep(3600)
        return time.monotonic() - began

    assert run(main) < 60


def test_the_same_story_has_the_same_times(name: Literal["asyncio", "trio"]) -> None:
    async def story(virtual: VirtualTime) -> list[tuple[float, str]]:
        told: list[tuple[float, str]] = []

        async def job(own: str, step: float) -> None:
            for _ in range(10):
                await anyio.sleep(step)
                await run_sync(time.sleep, 0.001)
                told.append((virtual.clock(), own))

        async with anyio.create_task_group() as group:
            group.start_soon(job, "a", 1.1)
            group.start_soon(job, "b", 2.3)
        return told

    stories: list[list[tuple[float, str]]] = []
    for _ in range(3):
        virtual = VirtualTime(epoch=EPOCH)
        stories.append(virtual.run(story, virtual, backend=name))
    assert stories[0] == stories[1] == stories[2]
    assert stories[0][-1] == (pytest.approx(EPOCH + 23), "b")
