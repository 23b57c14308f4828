"""Waiting for jobs (layer 4): over a transport, by the decisions of `_schedule`.

Nothing that may pass ends a wait: only the job's own end, the deadline, or an answer of the API's own that says
that the job can't be looked at.
"""

from __future__ import annotations

import logging
import random
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, Self, TypeVar, cast

import anyio
import attrs

from ._operation import Operation, Page, Request
from ._protocol import RETRY_AFTER_CAP
from ._schedule import (
    KNOWN_STATUSES,
    URL_SECONDS,
    Phase,
    ends_wait,
    interval,
    phase_of,
    phase_of_all,
    status_of,
    url_missing,
)
from ._targets import Target, operation_of
from .errors import (
    ApiStatusError,
    ApprovalRequiredError,
    JobCancelledError,
    JobFailedError,
    NotFoundError,
    VideoGenError,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from types import TracebackType

__all__ = ["OnApproval", "OnCancel", "OnTimeout", "Waiting", "Watch"]

R = TypeVar("R")

logger = logging.getLogger("aiovideogen")

OnTimeout = Literal["leave", "cancel"]
OnCancel = Literal["leave", "cancel"]
OnApproval = Literal["raise", "wait"]

CANCEL_SECONDS = 5.0
"""How long a wait that ends early may take to ask the server to cancel."""


class _Caller(Protocol):
    async def call(self, request: Request, *, retries: int | None = None) -> Any: ...


@attrs.frozen
class Seen:
    """What a look saw: a snapshot per job, and where they stand together."""

    snapshots: tuple[Any, ...]
    phase: Phase


class Waiting:
    """All waits of one client: they share the hourly allowance of status reads."""

    def __init__(self, transport: _Caller) -> None:
        self._transport = transport
        self._active = 0

    async def wait(
        self,
        thing: object,
        params: Mapping[str, str],
        **options: Any,
    ) -> Any:
        """Wait for a job, or for a start and then its job, and return what it became."""
        if isawaitable(thing):
            thing = await cast("Awaitable[object]", thing)  # the timeout never cuts a start
        return await self.wait_for_target(Target.of(thing, params), **options)

    async def wait_for_target(
        self,
        target: Target,
        *,
        timeout: float | None,
        on_progress: Callable[[Any], object] | None = None,
        on_timeout: OnTimeout = "leave",
        on_cancel: OnCancel = "leave",
        on_approval: OnApproval = "raise",
    ) -> Any:
        """Wait for a job and return what it became."""
        target.check()
        deadline, overdue = target.deadline(timeout)
        observer = Observer(self, target, on_approval, once=overdue)
        over, result = False, None
        try:
            with anyio.CancelScope(deadline=deadline):
                over, result = await self._result(observer, on_progress)
        except anyio.get_cancelled_exc_class():
            if on_cancel == "cancel":
                await self._cancel_quietly(observer.target)
            raise
        if over:
            return result
        if on_timeout == "cancel":
            await self._cancel_quietly(observer.target)
        raise _timed_out(observer, timeout)

    async def _result(self, observer: Observer, on_progress: Callable[[Any], object] | None) -> tuple[bool, Any]:
        """Return whether the job has succeeded, and what it became."""
        target = observer.target
        async for seen in observer:
            snapshot = _shown(target, seen)
            if on_progress is not None:
                answer = on_progress(snapshot)
                if isawaitable(answer):
                    await answer
            if seen.phase == "succeeded":
                afterwards = target.afterwards()
                if afterwards is None:
                    return True, snapshot
                observer.follow(afterwards)
                return (await self._result(observer, None))[0], snapshot
            if seen.phase != "waiting":
                raise _ended(target, seen)
        return False, None

    async def look(self, target: Target) -> tuple[Any, ...]:
        """Read the jobs once, and return a snapshot of each, in order."""
        if not target.ids:
            return ()
        operation = target.operation()
        if target.job.get is not None:
            request = operation.request(target.path_values(target.ids[0]))
            return (await self._transport.call(request, retries=0),)
        return await self._look_in_list(target, operation)

    async def _look_in_list(self, target: Target, operation: Operation) -> tuple[Any, ...]:
        """Page through a list, newest first, until every id has been met (remix actions can't be read singly)."""
        found: dict[str, Any] = {}
        page: Page[Any, Any] = Page(_OnceEach(self._transport), operation, target.path_values(None), {"limit": 200})
        async for item in page:
            own = getattr(item, cast("str", operation.item_id))
            if own in target.ids:
                found[own] = item
                if len(found) == len(target.ids):
                    return tuple(found[one] for one in target.ids)
        raise _not_listed(operation, [one for one in target.ids if one not in found])

    async def cancel(self, thing: object, params: Mapping[str, str]) -> None:
        """Ask the server to cancel; raises ValueError, before anything is sent, where the API has no cancel."""
        target = Target.of(thing, params, "cancel")
        if target.job.cancel is None:
            raise ValueError(f"cancel: the API has no way to cancel a {target.job.kind}")
        await self._ask_to_cancel(target, operation_of(target.job.cancel))

    async def _ask_to_cancel(self, target: Target, operation: Operation) -> None:
        for one in target.ids:
            await self._transport.call(operation.request([one]))

    async def _cancel_quietly(self, target: Target) -> None:
        """Ask to cancel while the wait itself ends: within seconds, and without hiding why it ends."""
        if target.job.cancel is None:
            logger.warning("%s goes on: the API has no way to cancel a %s", target.named, target.job.kind)
            return
        answer: object = "did not answer in time"
        with anyio.CancelScope(shield=True, deadline=anyio.current_time() + CANCEL_SECONDS):
            try:
                await self._ask_to_cancel(target, operation_of(target.job.cancel))
                return
            except VideoGenError as error:
                answer = error
        logger.warning("%s may go on: the server was asked to cancel it: %s", target.named, answer)

    def entered(self) -> None:
        self._active += 1

    def left(self) -> None:
        self._active -= 1

    @property
    def active(self) -> int:
        return self._active


class Observer:
    """Looks at a target again and again, and tells each time what it saw; what may pass never ends it.

    With `once` it tells of one state of each target, and ends.
    """

    def __init__(self, waiting: Waiting, target: Target, on_approval: OnApproval, *, once: bool) -> None:
        self.target = target
        self.last: Seen | None = None
        self.trouble: VideoGenError | None = None
        self._waiting = waiting
        self._on_approval = on_approval
        self._once = once
        self._began = anyio.current_time() - target.age()
        self._succeeded_at: float | None = None
        self._next = anyio.current_time()
        self._warned = False

    def follow(self, target: Target) -> None:
        """Go on with what runs after the first target."""
        self.target = target
        self.last = self.trouble = None
        self._began = self._next = anyio.current_time()
        self._succeeded_at = None

    def __aiter__(self) -> AsyncIterator[Seen]:
        return self

    async def __anext__(self) -> Seen:
        if self._once and self.last is not None:
            raise StopAsyncIteration
        self._waiting.entered()
        try:
            while True:
                await anyio.sleep_until(self._next)
                seen = await self._look()
                if seen is not None:
                    self.last = seen
                    return seen
        finally:
            self._waiting.left()

    async def _look(self) -> Seen | None:
        pause: float | None = None
        snapshots: tuple[Any, ...] | None = None
        try:
            snapshots = await self._waiting.look(self.target)
            self.trouble = None
        except VideoGenError as error:
            if ends_wait(error, self._age()):
                error.add_note(f"while waiting for {self.target.named}; to go on: {self.target.resume}")
                raise
            self.trouble = error
            pause = error.retry_after if isinstance(error, ApiStatusError) else None
        self._next = anyio.current_time() + max(
            interval(self._age(), self._waiting.active, random.random()), min(pause or 0.0, RETRY_AFTER_CAP)
        )
        return None if snapshots is None else Seen(snapshots, self._phase(snapshots))

    def _phase(self, snapshots: tuple[Any, ...]) -> Phase:
        phase = phase_of_all([phase_of(self.target.job, snapshot) for snapshot in snapshots])
        if phase == "approval" and self._on_approval == "wait":
            return "waiting"
        if phase == "succeeded" and any(url_missing(self.target.job, one) for one in snapshots):
            now = anyio.current_time()
            self._succeeded_at = now if self._succeeded_at is None else self._succeeded_at
            return "waiting" if now - self._succeeded_at < URL_SECONDS else phase
        if phase == "waiting":
            self._warn_of_unknown(snapshots)
        return phase

    def _warn_of_unknown(self, snapshots: tuple[Any, ...]) -> None:
        if self._warned or self.target.job.done != "status":
            return
        unknown = {status_of(one) for one in snapshots} - KNOWN_STATUSES
        if unknown:
            self._warned = True
            names = ", ".join(map(repr, sorted(unknown)))
            logger.warning("%s: unknown status %s, taken as running", self.target.named, names)

    def _age(self) -> float:
        return anyio.current_time() - self._began


class Watch(Generic[R]):
    """The states of a job as they change: `async with vg.watch(id) as states: async for state in states: …`.

    Ends after the state in which the job came to its end, whether good or bad. Raises as `wait_for` does where the job
    can't be looked at, and WaitTimeoutError when the time is over.
    """

    def __init__(self, waiting: Waiting, thing: object, params: Mapping[str, str], timeout: float | None) -> None:
        self._waiting = waiting
        self._thing = thing
        self._params = params
        self._timeout = timeout
        self._observer: Observer | None = None
        self._deadline = 0.0
        self._last: Any = None
        self._over = False

    async def __aenter__(self) -> Self:
        thing = self._thing
        if isawaitable(thing):
            thing = await cast("Awaitable[object]", thing)
        target = Target.of(thing, self._params, "watch")
        target.check()
        self._deadline, overdue = target.deadline(self._timeout)
        self._observer = Observer(self._waiting, target, "wait", once=overdue)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over = True

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        if self._observer is None:
            raise RuntimeError("watch: use it in `async with`")
        while not self._over:
            seen = None
            with anyio.CancelScope(deadline=self._deadline):
                seen = await anext(self._observer, None)
            if seen is None:
                raise _timed_out(self._observer, self._timeout)
            snapshot = _shown(self._observer.target, seen)
            self._over = seen.phase != "waiting"
            if snapshot != self._last:
                self._last = snapshot
                return snapshot
        raise StopAsyncIteration


class _OnceEach:
    """A transport for pages that doesn't retry: the wait itself looks again."""

    def __init__(self, transport: _Caller) -> None:
        self._transport = transport

    async def call(self, request: Request) -> Any:
        return await self._transport.call(request, retries=0)


def _shown(target: Target, seen: Seen) -> Any:
    """Return what the caller sees of a look: the job's state, or a list when several were started together."""
    return list(seen.snapshots) if target.several else seen.snapshots[0]


def _state(snapshot: Any) -> str:
    """Describe a snapshot in a few words."""
    status, progress = getattr(snapshot, "status", None), getattr(snapshot, "progress_percentage", None)
    return " at ".join(filter(None, (status, None if progress is None else f"{progress:g} %"))) or "not ready"


def _ended(target: Target, seen: Seen) -> Exception:
    """Return the error for a job that came to another end than success."""
    index = next(i for i, one in enumerate(seen.snapshots) if phase_of(target.job, one) == seen.phase)
    snapshot, own = seen.snapshots[index], target.ids[index]
    error = getattr(snapshot, "error", None)
    said = (error is not None and error.message) or "no reason was given"
    if seen.phase == "failed":
        code = f" ({error.code})" if error is not None and error.code else ""
        return JobFailedError(
            f"{own} failed: {said.rstrip('.')}{code}; change the request before starting it again",
            id=own,
            snapshot=snapshot,
            resume=target.resume,
            error=error,
        )
    if seen.phase == "cancelled":
        text = f"{own} was cancelled; start it again if it is still wanted"
        return JobCancelledError(text, id=own, snapshot=snapshot, resume=target.resume)
    text = f"{own} waits for a person's approval in the web app; then: {target.resume}"
    return ApprovalRequiredError(text, id=own, snapshot=snapshot, resume=target.resume)


def _timed_out(observer: Observer, timeout: float | None) -> WaitTimeoutError:
    target, last = observer.target, observer.last
    states = "never seen" if last is None else ", ".join(map(_state, last.snapshots))
    trouble = f", the last look ended with: {observer.trouble}" if observer.trouble is not None else ""
    text = f"{target.named} did not end within {timeout:g} s ({states}{trouble}); it goes on: {target.resume}"
    shown = _shown(target, last) if last is not None else None
    return WaitTimeoutError(text, id=target.ids[0], snapshot=shown, resume=target.resume)


def _not_listed(operation: Operation, missing: list[str]) -> VideoGenError:
    text = f"{operation.id}: {', '.join(missing)} is not in the list; check the id and that it is your team's"
    return NotFoundError(text, status=404, documented=True, operation=operation.id)
