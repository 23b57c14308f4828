"""Virtual time for tests: it passes only when nothing else is to do, so that an hour is waited for in milliseconds."""

from __future__ import annotations

import time
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import anyio

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Awaitable, Callable, Generator

    from trio.abc import Instrument
    from trio.testing import MockClock

T = TypeVar("T")

Backend = Literal["asyncio", "trio"]


class VirtualTime:
    """A clock for event loops of asyncio and trio, which jumps to the next timer when nothing else can go on.

    It stands still while a worker thread runs; so a worker must not wait for a timer of the loop's. A real socket, pipe
    or process that is waited for is given `grace` real seconds to say something before the clock jumps. Code that calls
    `time.time` or `time.monotonic` by itself sees real time. Loops that use it one after another go on from where the
    last one ended; two at once can't.

    `epoch` is the Unix time at which it begins; by default the time when the first loop is made.
    """

    def __init__(self, *, epoch: float | None = None, grace: float = 0.1) -> None:
        self.grace = grace
        self.held: int = 0
        self._epoch = epoch
        self._now = 0.0
        self._trio: MockClock | None = None

    @property
    def now(self) -> float:
        """The virtual seconds that have passed."""
        if self._trio is not None:
            self._now = max(self._now, self._trio.current_time())
        return self._now

    def clock(self) -> float:
        """Return the Unix time in virtual time, for `Sandbox(clock=…)`; real time as long as no loop uses this."""
        return time.time() if self._epoch is None else self._epoch + self.now

    def jump(self, seconds: float) -> None:
        """Let seconds pass."""
        self._now = self.now + seconds

    @contextmanager
    def hold(self) -> Generator[None]:
        """Let no time pass, while a thread of your own works that the event loop didn't start."""
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1

    def backend(self, name: Backend = "asyncio") -> tuple[str, dict[str, Any]]:
        """Return what a fixture `anyio_backend` returns for tests on virtual time."""
        if name == "asyncio":
            return name, {"loop_factory": self.asyncio_loop}
        clock, instrument = self._trio_clock()
        return name, {"clock": clock, "instruments": [instrument]}

    def run(self, function: Callable[..., Awaitable[T]], *args: Any, backend: Backend = "asyncio") -> T:
        """Run an async function on virtual time, as `anyio.run` does."""
        name, options = self.backend(backend)
        return anyio.run(function, *args, backend=name, backend_options=options)

    def asyncio_loop(self) -> AbstractEventLoop:
        """Make an asyncio event loop on virtual time, for whatever takes a loop factory."""
        self._begin()
        return _make_loop(self)

    def _trio_clock(self) -> tuple[MockClock, Instrument]:
        self._begin()
        self.jump(0)  # keep what a clock made before has counted
        self._trio, instrument = _make_clock(self)
        return self._trio, instrument

    def _begin(self) -> None:
        self._epoch = time.time() if self._epoch is None else self._epoch


def _make_loop(virtual: VirtualTime) -> AbstractEventLoop:
    # The one place that knows asyncio: only a loop of its own can be given another clock.
    import asyncio
    import selectors
    import threading

    from anyio._backends._asyncio import WorkerThread

    class Selector(selectors.DefaultSelector):
        """Instead of waiting for a timer, moves the clock to it."""

        loop: Loop
        own = 0

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if timeout is None or timeout <= 0:
                return super().select(timeout)
            if self.loop.held():
                return super().select(None)  # a thread that ends wakes the loop
            ready = super().select(virtual.grace if self._outside() else 0)
            if not ready:
                virtual.jump(timeout)
            return ready

        def _outside(self) -> bool:
            # Python 3.11 waits for each child process in a thread of this name, without a descriptor.
            children = (thread.name.startswith("asyncio-waitpid-") for thread in threading.enumerate())
            return len(self.get_map()) > self.own or any(children)

    class Loop(asyncio.SelectorEventLoop):
        def __init__(self, selector: Selector) -> None:
            super().__init__(selector)
            selector.loop = self
            selector.own = len(selector.get_map())
            self._executing: set[object] = set()

        def time(self) -> float:
            return virtual.now

        def held(self) -> bool:
            return bool(virtual.held or self._executing or any(map(self._works, threading.enumerate())))

        def _works(self, thread: threading.Thread) -> bool:
            # anyio's own record: a worker thread that isn't idle, also when nobody waits for it any more.
            if not isinstance(thread, WorkerThread) or thread.loop is not self:
                return False
            return thread in thread.workers and thread not in thread.idle_workers

        def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
            future = super().run_in_executor(executor, func, *args)
            self._executing.add(future)
            future.add_done_callback(self._executing.discard)
            return future

        async def shutdown_default_executor(self, *args: Any) -> None:
            with virtual.hold():  # it joins the threads in one of its own, within minutes
                await super().shutdown_default_executor(*args)

    return Loop(Selector())


def _make_clock(virtual: VirtualTime) -> tuple[MockClock, Instrument]:
    import trio.abc
    import trio.lowlevel
    import trio.testing

    clock = trio.testing.MockClock(autojump_threshold=0)
    statistics = trio.lowlevel.current_statistics

    class Instrument(trio.abc.Instrument):
        """Tells the clock, before trio may wait, how long it is to wait before it jumps."""

        def before_run(self) -> None:
            clock.jump(virtual.now - clock.current_time())

        def after_task_step(self, task: object) -> None:
            threshold = self._threshold()
            if threshold != clock.autojump_threshold:
                clock.autojump_threshold = threshold

        def _threshold(self) -> float:
            if virtual.held or trio.testing.active_thread_count():
                return inf
            io = statistics().io_statistics
            waiting = sum(getattr(io, name, 0) for name in _WAITING)
            return virtual.grace if waiting > 1 else 0  # trio itself waits to be woken

    return clock, Instrument()


_WAITING = ("tasks_waiting_read", "tasks_waiting_write", "tasks_waiting", "tasks_waiting_overlapped")
