"""The way of one request (layer 3): neither a cancellation nor a deadline breaks the pool, or loses an id."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.lowlevel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ._protocol import Answer, Failure, Sending

__all__ = ["FINISH_SECONDS", "finish", "see_through"]

R = TypeVar("R")

logger = logging.getLogger("aiovideogen")

FINISH_SECONDS = 5.0
"""How long a start whose caller was cancelled, or whose time is over, may take to bring its id."""


async def finish(
    send: Callable[[], Awaitable[Answer | Failure]],
    sending: Sending,
    deadline: float,
    orphaned: Callable[[Answer | Failure | None], Awaitable[None]] | None,
) -> Answer | Failure | None:
    """Send a request in a task of its own, and return what came of it; None when the time was over before.

    asyncio's own `Task.cancel` goes through every shield, and a connection that is being given back at that moment
    would be taken for ever: in this task it finds none. With `orphaned` the request must not be repeated: once bytes
    may have left, it has FINISH_SECONDS beyond the `deadline` on the loop's clock, or beyond its caller's
    cancellation. What comes of it then goes to `orphaned`, and the cancellation passes.
    """
    scope = anyio.CancelScope(shield=True)
    caller = anyio.CancelScope(deadline=deadline)
    arrived = anyio.Event()
    outcome: Answer | Failure | None = None
    problem: Exception | None = None

    async def run() -> None:
        nonlocal outcome, problem
        with scope:
            try:
                outcome = await send()
            except Exception as error:  # the task group would wrap it
                problem = error
        arrived.set()

    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
            try:
                with caller:
                    await arrived.wait()
            finally:
                if orphaned is not None and sending.may_have_left:
                    scope.deadline = anyio.current_time() + FINISH_SECONDS
                else:
                    scope.cancel()  # at once: a deadline would only be noticed when the bytes have left after all
        if caller.cancelled_caught:  # it waited on; trio doesn't say by itself that it was cancelled meanwhile
            await anyio.lowlevel.checkpoint_if_cancelled()
    except anyio.get_cancelled_exc_class():
        if orphaned is not None:
            with anyio.CancelScope(shield=True, deadline=anyio.current_time() + FINISH_SECONDS):
                await orphaned(outcome)
        raise
    if problem is not None:
        raise problem
    return outcome


async def see_through(work: Callable[[], Awaitable[R]]) -> R:
    """Return what `work` returns, which comes to its end whatever becomes of its caller; it has to be soon.

    Also where that is cancelled by asyncio's own `Task.cancel`, which goes through every shield; the cancellation
    passes afterwards, and an error is in the log then.
    """
    done: list[R] = []
    problems: list[Exception] = []

    async def run() -> None:
        with anyio.CancelScope(shield=True):
            try:
                done.append(await work())
            except Exception as error:  # the task group would wrap it
                problems.append(error)

    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
        if problems:  # trio doesn't say by itself that it was cancelled meanwhile
            await anyio.lowlevel.checkpoint_if_cancelled()
    except anyio.get_cancelled_exc_class():
        for problem in problems:
            logger.warning("while its caller was cancelled: %s: %s", type(problem).__name__, problem)
        raise
    for problem in problems:
        raise problem
    if not done:
        raise RuntimeError("what was awaited here was cancelled by other code")
    return done[0]
