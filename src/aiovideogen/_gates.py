"""Waiting before a rate limit (layer 3): a line per endpoint group, by the decisions of `_limits`."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import anyio

from ._limits import Limit, RateLimit, clock_offset
from ._loops import entered
from .errors import RateLimitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anyio.lowlevel import EventLoopToken

    from ._operation import Operation

__all__ = ["Gate", "Gates"]

logger = logging.getLogger("aiovideogen")

LONG_PAUSE = 10.0
"""Seconds: a rate limit that holds a call back for longer is worth a line in the log."""


class Gates:
    """The gates of one client, and the clock that they go by."""

    def __init__(self) -> None:
        self._loop: EventLoopToken | None = None
        self._gates: dict[str, Gate] = {}
        self._ahead = 0.0
        self._date: tuple[str, float] | None = None

    def enter_loop(self) -> None:
        """Begin anew in another event loop: locks belong to one, and its calls ended with it.

        Raises RuntimeError where they haven't.
        """
        loop = entered(self._loop)
        if loop != self._loop:
            self._loop = loop
            self._gates = {}
            self._ahead = time.time() - anyio.current_time()

    def now(self) -> float:
        """Return Unix seconds that advance with the loop's clock, which no one sets while it runs."""
        return anyio.current_time() + self._ahead

    def of(self, operation: Operation) -> Gate:
        """Return the gate of an operation's group, made at its first use."""
        group, hourly = operation.rate or (operation.id, None)
        gate = self._gates.get(group)
        if gate is None:
            gate = self._gates[group] = Gate(self, Limit(group, hourly))
        return gate

    def learn(self, gate: Gate, headers: Mapping[str, str], now: float) -> None:
        """Take over what an answer says of the limit, and of the server's clock."""
        gate.limit.learn(headers, now)
        date = headers.get("date")
        if date is not None:
            self._date = date, now

    def server_ahead(self) -> float:
        """Return how many seconds the server's clock is ahead of this machine's, by the last answer that told."""
        return 0.0 if self._date is None else clock_offset({"date": self._date[0]}, self._date[1])

    def shown(self) -> dict[str, RateLimit]:
        """Return what is known of each group's limit, for those used so far."""
        return {name: gate.limit.shown() for name, gate in self._gates.items()}


class Gate:
    """A rate limit, and the line before it: who came first goes first."""

    def __init__(self, gates: Gates, limit: Limit) -> None:
        self.limit = limit
        self._gates = gates
        self._line = anyio.Lock(fast_acquire=True)
        self._news: anyio.Event | None = None

    def ended(self, *, sent: bool) -> None:
        """Note that a request has its answer, or will have none, and have who stands first in line look again."""
        self.limit.ended(sent=sent)
        if self._news is not None:
            self._news.set()
            self._news = None

    async def enter(self, name: str, deadline: float) -> float:
        """Wait until the limit allows a request, count it, and return the time.

        Raises RateLimitError, at once where it can be told, when that would be after the `deadline` on the loop's
        clock or the caller's own.
        """
        now = self._gates.now()
        if self._line.locked() or self.limit.pause(now) > 0:
            now = await self._wait(name, deadline)
        self.limit.sent(now)
        return now

    async def _wait(self, name: str, deadline: float) -> float:
        self._refuse_if_late(name, deadline)  # also for those who would wait in line: the line is no faster
        with anyio.CancelScope(deadline=deadline):
            async with self._line:
                told = False
                while (pause := self._refuse_if_late(name, deadline)) > 0:
                    if pause > LONG_PAUSE and not told and not self.limit.will_learn:
                        told = True
                        logger.warning("%s: waits %.0f s for the rate limit of %s", name, pause, self.limit.group)
                    self._news = anyio.Event()
                    with anyio.move_on_after(pause):
                        await self._news.wait()  # an answer may tell of more room than was thought
                return self._gates.now()
        raise _too_late(name, self.limit.group, self.limit.pause(self._gates.now()))

    def _refuse_if_late(self, name: str, deadline: float) -> float:
        """Return the seconds to pause; raises RateLimitError when they are more than are left."""
        pause = self.limit.pause(self._gates.now())
        left = min(deadline, anyio.current_effective_deadline()) - anyio.current_time()
        if pause > left and not self.limit.will_learn:
            raise _too_late(name, self.limit.group, pause)
        return pause


def _too_late(operation: str, group: str, pause: float) -> RateLimitError:
    text = f"{operation}: not sent: the rate limit of {group} allows it in {pause:.0f} s, after the caller's deadline"
    return RateLimitError(f"{text}; wait {pause:.0f} s", status=429, operation=operation, retry_after=pause)
