"""Requests that must not be repeated (layer 3): neither a cancellation nor a deadline loses what comes of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ._protocol import Answer, Failure, Sending

__all__ = ["FINISH_SECONDS", "finish"]

FINISH_SECONDS = 5.0
"""How long a start whose caller was cancelled, or whose time is over, may take to bring its id."""


async def finish(
    send: Callable[[], Awaitable[Answer | Failure]],
    sending: Sending,
    deadline: float,
    orphaned: Callable[[Answer | Failure | None], Awaitable[None]],
) -> Answer | Failure | None:
    """Send a request, and once bytes may have left give it FINISH_SECONDS beyond its caller's time.

    After the `deadline` on the loop's clock what arrives by then is returned, else None. When the caller is
    cancelled it goes to `orphaned` instead, and the cancellation passes.
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
                scope.deadline = anyio.current_time() + (FINISH_SECONDS if sending.may_have_left else 0.0)
        if caller.cancelled_caught:  # it waited on; trio doesn't say by itself that it was cancelled meanwhile
            await anyio.lowlevel.checkpoint_if_cancelled()
    except anyio.get_cancelled_exc_class():
        with anyio.CancelScope(shield=True, deadline=anyio.current_time() + FINISH_SECONDS):
            await orphaned(outcome)
        raise
    if problem is not None:
        raise problem
    return outcome
