"""Many jobs at once (layer 5): waits for them with `wait_for`, and starts them with what the program gives.

No task outlives the `async with` block that it works for, and whatever becomes of one job leaves the others alone.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from inspect import isasyncgen, isawaitable, iscoroutine
from math import inf
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import anyio
import anyio.lowlevel

from ._accepted import Accepted
from ._calls import CARRIED_OUT
from ._outcomes import Mapped, Outcome
from .errors import (
    AuthenticationError,
    ConnectionFailedError,
    InsufficientCreditsError,
    RateLimitError,
    VideoGenError,
)

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Outcomes", "mapped", "waited"]

Ended = TypeVar("Ended", bound=Outcome[Any])

Wait = Callable[..., Awaitable[Any]]
OnProgress = Callable[[Any, Any], object]

STARTS_AT_ONCE = 8
"""Starts under way or in line for the rate limit: enough that none is idle, and few to refuse when credits end."""

HOPELESS = (AuthenticationError, InsufficientCreditsError)
"""After one of these nothing more is started: the next would be refused as well."""

OUTAGE_SECONDS = 300.0
"""How long no connection may come about before nothing more is started."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a start that never left is tried again: each try counts against the rate limit here."""

_END: Any = object()


class Outcomes(ABC, Generic[Ended]):
    """Outcomes as the jobs end: `async with vg.map(…) as outcomes: async for outcome in outcomes: …`.

    The tasks live in the `async with` block. Leaving it early ends the waits, as if they were cancelled.
    """

    def __init__(self, inputs: AsyncIterable[Any] | Iterable[Any], concurrency: float) -> None:
        self._inputs: AsyncIterator[Any] | Iterator[Any] = (
            aiter(inputs) if isinstance(inputs, AsyncIterable) else iter(inputs)
        )
        self._concurrency = concurrency
        self._room: anyio.CapacityLimiter
        self._tasks: Any = None
        self._ready: deque[Ended] = deque()
        self._put_back: deque[Ended] = deque()
        """What `collect` had taken when it was broken off: they take no room."""
        self._news: anyio.Event
        self._left = 1
        """The tasks that may still bring an outcome, the one that takes inputs among them."""
        self._problem: Exception | None = None
        self._over = False

    @abstractmethod
    async def _outcome(self, index: int, given: Any) -> Ended:
        """Return how one ended, whatever goes wrong."""

    async def __aenter__(self) -> Self:
        if self._tasks is not None:
            raise RuntimeError("outcomes: enter them once")
        self._room = anyio.CapacityLimiter(self._concurrency)
        self._news = anyio.Event()
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._tasks.start_soon(self._feed)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over = True
        self._tasks.cancel_scope.cancel()
        try:
            # Not told of the block's own error, which it would wrap in a group.
            await self._tasks.__aexit__(None, None, None)
        finally:
            if isasyncgen(self._inputs):  # nothing else would close it, and trio warns of that
                with anyio.CancelScope(shield=True):
                    await self._inputs.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Ended:
        if self._tasks is None or self._over:
            raise RuntimeError("outcomes: iterate inside their `async with` block")
        await anyio.lowlevel.checkpoint()
        while not self._ready and not self._put_back:
            if not self._left:
                problem, self._problem = self._problem, None
                raise StopAsyncIteration if problem is None else problem
            await self._news.wait()
        if self._put_back:
            return self._put_back.popleft()
        outcome = self._ready.popleft()
        self._room.release_on_behalf_of(outcome.index)
        return outcome

    async def collect(self) -> list[Ended]:
        """Return all outcomes not yet taken, once all jobs have ended, in the order of what was given.

        Raises what the inputs raised, once. After that, or after a cancellation, nothing is lost: call it again.
        """
        taken: list[Ended] = []
        try:
            while (one := await anext(self, None)) is not None:
                taken.append(one)
        except BaseException:
            self._put_back.extend(taken)
            raise
        return sorted(taken, key=lambda one: one.index)

    async def _feed(self) -> None:
        """Take one input after another, each once there is room for it."""
        index = 0
        try:
            while (given := await self._next(index)) is not _END:
                self._left += 1
                self._tasks.start_soon(self._work, index, given)
                index += 1
        except BaseException as error:  # the inputs' own, told when what was started has been collected
            self._problem = _own(error)
        self._tell()

    async def _next(self, index: int) -> Any:
        await self._room.acquire_on_behalf_of(index)
        if isinstance(self._inputs, AsyncIterator):
            return await anext(self._inputs, _END)
        return next(self._inputs, _END)

    async def _work(self, index: int, given: Any) -> None:
        self._ready.append(await self._outcome(index, given))
        self._tell()

    def _tell(self) -> None:
        self._left -= 1
        self._news.set()
        self._news = anyio.Event()


class _Waited(Outcomes[Outcome[Any]]):
    def __init__(self, wait: Wait, targets: list[Any], on_progress: OnProgress | None) -> None:
        super().__init__(targets, inf)
        self._wait = wait
        self._targets = targets
        self._on_progress = on_progress

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await super().__aexit__(kind, error, traceback)
        finally:
            for target in self._targets:
                if iscoroutine(target):  # a start that was never begun, and never will be
                    target.close()

    async def _outcome(self, index: int, given: Any) -> Outcome[Any]:
        target: Any = None if isawaitable(given) else given
        try:
            target = await given if isawaitable(given) else given
            return Outcome(index, target, await self._wait(target, on_progress=_bound(self._on_progress, target)), None)
        except BaseException as error:
            return Outcome(index, target, None, _own(error))


class _Mapped(Outcomes[Mapped[Any, Any]]):
    def __init__(
        self,
        wait: Wait,
        start: Callable[[Any], Awaitable[Any]],
        inputs: AsyncIterable[Any] | Iterable[Any],
        concurrency: int,
        on_progress: OnProgress | None,
    ) -> None:
        super().__init__(inputs, concurrency)
        self._wait = wait
        self._start = start
        self._on_progress = on_progress
        self._hopeless: Exception | None = None
        self._patience = inf
        """Until when an outage is sat out; inf as long as there is none."""
        self._line: anyio.CapacityLimiter

    async def __aenter__(self) -> Self:
        self._line = anyio.CapacityLimiter(STARTS_AT_ONCE)
        return await super().__aenter__()

    async def _next(self, index: int) -> Any:
        await self._line.acquire_on_behalf_of(index)
        return await super()._next(index)

    async def _outcome(self, index: int, given: Any) -> Mapped[Any, Any]:
        target: Any = None
        try:
            target = await self._started(index, given)
            result = await self._wait(target, on_progress=_bound(self._on_progress, given))
            return Mapped(index, target, result, None, given)
        except BaseException as error:
            if isinstance(error, HOPELESS):
                self._hopeless = self._hopeless or error
            return Mapped(index, target, None, _own(error), given)

    async def _started(self, index: int, given: Any) -> Any:
        """Call `start`, and again as long as it says that nothing was sent: an outage or a rate limit passes."""
        carried_out: list[object] = []
        CARRIED_OUT.set(carried_out)
        pause = FIRST_PAUSE
        try:
            while True:
                if self._hopeless is not None:
                    raise _not_started(self._hopeless)
                try:
                    return await self._tried(given, carried_out)
                except (ConnectionFailedError, RateLimitError) as error:
                    if carried_out:  # a start of several calls: not all of it would be sent for the first time
                        raise
                    await self._sit_out(error, pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self._line.release_on_behalf_of(index)

    async def _tried(self, given: Any, carried_out: list[object]) -> Any:
        """Call `start` once: whatever it ends with, but a lack of connection, shows that there is no outage."""
        lost = False
        try:
            return await self._start(given)
        except ConnectionFailedError:
            lost = not carried_out
            raise
        finally:
            self._patience = min(self._patience, anyio.current_time() + OUTAGE_SECONDS) if lost else inf

    async def _sit_out(self, error: ConnectionFailedError | RateLimitError, pause: float) -> None:
        """Wait before the next try, or raise the error where that would be too late: a rate limit passes, always."""
        asked = error.retry_after if isinstance(error, RateLimitError) else None
        until = anyio.current_time() + max(pause, asked or 0.0)
        if isinstance(error, ConnectionFailedError) and until > self._patience:
            self._hopeless = self._hopeless or error
            raise error
        if until > anyio.current_effective_deadline():
            raise error
        await anyio.sleep_until(until)


def waited(wait: Wait, targets: Iterable[Any], on_progress: OnProgress | None) -> Outcomes[Any]:
    """Return the outcomes of waits for `targets`, all at once."""
    if isinstance(targets, (str, Accepted)):
        raise TypeError("targets: expected several, got one; give it to wait_for")
    return _Waited(wait, [*targets], on_progress)


def mapped(
    wait: Wait,
    start: Callable[[Any], Awaitable[Any]],
    inputs: AsyncIterable[Any] | Iterable[Any],
    concurrency: int,
    on_progress: OnProgress | None,
) -> Outcomes[Any]:
    """Return the outcomes of starts for `inputs`, and of the waits for what they started."""
    if concurrency < 1:
        raise ValueError("map: concurrency must be at least 1")
    return _Mapped(wait, start, inputs, concurrency, on_progress)


def _bound(on_progress: OnProgress | None, given: object) -> Callable[[Any], object] | None:
    """Return a callback of `wait_for` that also tells whose state it is."""
    return None if on_progress is None else lambda seen: on_progress(given, seen)


def _own(error: BaseException) -> Exception:
    """Return the error of one among many; raises what isn't its own, as when all are cancelled.

    On asyncio a task or future that is cancelled by other code cancels who awaits it, who alone is to hear of that.
    """
    if isinstance(error, Exception):
        return error
    if not isinstance(error, anyio.get_cancelled_exc_class()) or anyio.current_effective_deadline() == -inf:
        raise error
    own = VideoGenError("what was given was cancelled by other code; look at what on_accepted was told of")
    own.__cause__ = error
    return own


def _not_started(error: Exception) -> Exception:
    own = copy.copy(error)
    own.__notes__ = ["met by an earlier input: nothing was sent for this one"]
    return own
