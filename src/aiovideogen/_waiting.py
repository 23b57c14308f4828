"""Waiting for jobs (layer 4): over a transport, by the decisions of `_schedule`.

Nothing that may pass ends a wait: only the job's own end, the deadline, or an answer of the API's own that says
that the job can't be looked at.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, Self, TypeVar, cast

import anyio
import attrs

from ._accepted import Accepted
from ._calls import CARRIED_OUT
from ._poller import Caller, Poller
from ._schedule import Phase, phase_of, phase_of_all
from ._targets import Target, operation_of
from ._telemetry import Ending, Telemetry, Wait, tell
from .errors import (
    ApprovalRequiredError,
    CallError,
    JobCancelledError,
    JobFailedError,
    ResponseError,
    VideoGenError,
    WaitTimeoutError,
    again,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

    from ._operation import Operation, Request
    from .webhooks import EventSource

__all__ = ["OnApproval", "OnCancel", "OnTimeout", "Waiting", "Watch"]

R = TypeVar("R")

logger = logging.getLogger("aiovideogen")

OnTimeout = Literal["leave", "cancel"]
OnCancel = Literal["leave", "cancel"]
OnApproval = Literal["raise", "wait"]

CANCEL_SECONDS = 5.0
"""How long a wait that ends early may take to ask the server to cancel."""

ENDINGS: dict[type[BaseException], Ending] = {
    JobFailedError: "failed",
    JobCancelledError: "cancelled",
    ApprovalRequiredError: "approval",
    WaitTimeoutError: "timeout",
}


class _Caller(Caller, Protocol):
    telemetry: Telemetry | None

    async def call(self, request: Request, *, retries: int | None = None) -> Any: ...


@attrs.frozen
class Seen:
    """What was seen: a snapshot per job, and where they stand together."""

    snapshots: tuple[Any, ...]
    phase: Phase


class Waiting:
    """All waits of one client, over one poller."""

    def __init__(self, calls: _Caller, events: EventSource | None = None) -> None:
        self._calls = calls
        self.poller: Poller = Poller(calls, events)

    def now(self) -> float:
        """Return Unix seconds by a clock that nobody sets."""
        return self._calls.now()

    async def wait(self, thing: object, params: Mapping[str, str], **options: Any) -> Any:
        """Wait for a job, or for a start and then its job, and return what it became."""
        if isawaitable(thing):
            thing = await self._started(cast("Awaitable[object]", thing), options)  # the timeout never cuts a start
        return await self.wait_for_target(Target.of(thing, params), **options)

    async def _started(self, start: Awaitable[object], options: Mapping[str, Any]) -> object:
        """Await a start; one that is cancelled may bring its job nevertheless, and `on_cancel` holds for that too."""
        outer, own = CARRIED_OUT.get(), list[object]()
        token = CARRIED_OUT.set(own)
        try:
            return await start
        except anyio.get_cancelled_exc_class():
            if options.get("on_cancel") == "cancel":
                for accepted in filter(lambda one: isinstance(one, Accepted), own):
                    await self._cancel_quietly(Target.of(accepted, {}))
            raise
        finally:
            CARRIED_OUT.reset(token)
            if outer is not None:
                outer += own

    async def wait_for_target(self, target: Target, **options: Any) -> Any:
        """Wait for a job, tell whoever measures, and return what it became."""
        began = self._calls.now()
        outcome: Ending = "succeeded"
        try:
            return await self._wait(target, **options)
        except BaseException as error:
            abandoned = isinstance(error, anyio.get_cancelled_exc_class())
            outcome = ENDINGS.get(type(error), "abandoned" if abandoned else "error")
            raise
        finally:
            ids = tuple(map(str, target.ids))
            tell(self._calls.telemetry, Wait(target.job.kind, ids, began, self._calls.now() - began, outcome))

    async def _wait(
        self,
        target: Target,
        *,
        timeout: float | None,
        on_progress: Callable[[Any], object] | None = None,
        on_timeout: OnTimeout = "leave",
        on_cancel: OnCancel = "leave",
        on_approval: OnApproval = "raise",
    ) -> Any:
        target.check()
        deadline, overdue = target.deadline(timeout, self._calls.now())
        observer = Observer(self.poller, target, on_approval, always=on_progress is not None, once=overdue)
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
        raise timed_out(observer, timeout)

    async def _result(self, observer: Observer, on_progress: Callable[[Any], object] | None) -> tuple[bool, Any]:
        """Return whether the job has succeeded, and what it became."""
        target = observer.target
        while True:
            seen = await observer.next()
            snapshot = shown(target, seen)
            if on_progress is not None:
                answer = on_progress(snapshot)
                if isawaitable(answer):
                    await answer
            if seen.phase == "succeeded":
                afterwards = target.afterwards()
                if afterwards is None:
                    return True, snapshot
                return (await self._result(observer.follow(afterwards), None))[0], snapshot
            if seen.phase != "waiting":
                raise ended(target, seen)
            if observer.once:
                return False, None

    async def cancel(self, thing: object, params: Mapping[str, str]) -> None:
        """Ask the server to cancel; raises ValueError, before anything is sent, where the API has no cancel."""
        target = Target.of(thing, params, "cancel")
        if target.job.cancel is None:
            raise ValueError(f"cancel: the API has no way to cancel a {target.job.kind}")
        await self._ask_to_cancel(target, operation_of(target.job.cancel))

    async def _ask_to_cancel(self, target: Target, operation: Operation) -> None:
        for one in target.ids:
            await self._calls.call(operation.request([one]))

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


class Observer:
    """One who waits: tells of a target's end, or with `always` of each of its states.

    With `once` it tells of the first state seen from now on, whatever that is.
    """

    def __init__(self, poller: Poller, target: Target, on_approval: OnApproval, *, always: bool, once: bool) -> None:
        self.once = once
        self._poller = poller
        self._on_approval = on_approval
        self._always = always or once
        self.follow(target)

    def follow(self, target: Target) -> Self:
        """Go on with what runs after the first target."""
        self.target = target
        self._tracks = self._poller.tracks(target)
        self._changes = 0
        self._looks = [track.looks for track in self._tracks]
        if self.once:
            for track in self._tracks:
                track.hurry()
        return self

    @property
    def trouble(self) -> VideoGenError | None:
        """Why the last look told nothing."""
        return next((track.trouble for track in self._tracks if track.trouble is not None), None)

    async def next(self) -> Seen:
        """Wait for the next state. Raises the error of a look that ends the wait, with how to take it up again."""
        while True:
            await self._poller.news(self._tracks, self._ready, always=self._always)
            self._raise_error()
            self._changes = sum(track.changes for track in self._tracks)
            phase = self._phase()
            try:
                return Seen(tuple(track.snapshot() for track in self._tracks), phase)
            except ResponseError as error:
                if phase != "waiting" or self.once:
                    raise self._about(error) from None
                self._tracks[0].trouble = error

    def last(self) -> Seen | None:
        """Return the last state, None where none was seen that can be read."""
        with suppress(ResponseError):
            if all(track.seen for track in self._tracks):
                return Seen(tuple(track.snapshot() for track in self._tracks), self._phase())
        return None

    def _ready(self) -> bool:
        seen = True
        for track in self._tracks:  # a loop, since a thousand waits ask again and again
            if track.error is not None:
                return True
            seen = seen and track.seen
        if self.once:
            return all(track.over or track.looks > n for track, n in zip(self._tracks, self._looks, strict=True))
        if not seen:
            return False
        return self._phase() != "waiting" or (self._always and self._changes < sum(t.changes for t in self._tracks))

    def _phase(self) -> Phase:
        phase = phase_of_all(
            [
                # Since it was seen, before this wait began, a person may have approved it.
                "waiting" if track.phase == "approval" and track.looks == looks else track.phase
                for track, looks in zip(self._tracks, self._looks, strict=True)
            ]
        )
        return "waiting" if phase == "approval" and self._on_approval == "wait" else phase

    def _raise_error(self) -> None:
        for track in self._tracks:
            if track.error is not None:
                raise self._about(again(track.error))

    def _about(self, error: VideoGenError) -> VideoGenError:
        """Put on an error what it ended, and how to take that up again."""
        if isinstance(error, CallError):
            last = self.last()
            error.id, error.resume = self.target.ids[0], self.target.resume
            error.snapshot = None if last is None else shown(self.target, last)
        error.add_note(f"while waiting for {self.target.named}; to go on: {self.target.resume}")
        return error


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
        self._told = False
        self._over = False

    async def __aenter__(self) -> Self:
        thing = self._thing
        if isawaitable(thing):
            thing = await cast("Awaitable[object]", thing)
        target = Target.of(thing, self._params, "watch")
        target.check()
        self._deadline, overdue = target.deadline(self._timeout, self._waiting.now())
        self._observer = Observer(self._waiting.poller, target, "wait", always=True, once=overdue)
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
        if self._over:
            raise StopAsyncIteration
        seen = None
        if not (self._told and self._observer.once):
            with anyio.CancelScope(deadline=self._deadline):
                seen = await self._observer.next()
        if seen is None:
            raise timed_out(self._observer, self._timeout)
        self._told, self._over = True, seen.phase != "waiting"
        return shown(self._observer.target, seen)


def shown(target: Target, seen: Seen) -> Any:
    """Return what the caller sees of a look: the job's state, or a list when several were started together."""
    return list(seen.snapshots) if target.several else seen.snapshots[0]


def _state(snapshot: Any) -> str:
    """Describe a snapshot in a few words."""
    status, progress = getattr(snapshot, "status", None), getattr(snapshot, "progress_percentage", None)
    return " at ".join(filter(None, (status, None if progress is None else f"{progress:g} %"))) or "not ready"


def ended(target: Target, seen: Seen) -> Exception:
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


def timed_out(observer: Observer, timeout: float | None) -> WaitTimeoutError:
    target, last = observer.target, observer.last()
    states = "never seen" if last is None else ", ".join(map(_state, last.snapshots))
    trouble = f", the last look ended with: {observer.trouble}" if observer.trouble is not None else ""
    text = f"{target.named} did not end within {timeout:g} s ({states}{trouble}); it goes on: {target.resume}"
    snapshot = None if last is None else shown(target, last)
    return WaitTimeoutError(text, id=target.ids[0], snapshot=snapshot, resume=target.resume)
