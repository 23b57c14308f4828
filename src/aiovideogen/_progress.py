"""How fast bytes go (layer 2): what a transfer tells of itself, and when it is too slow; pure, over given times."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import attrs

__all__ = ["MIN_RATE", "Meter", "OnProgress", "Pace", "Progress"]

MIN_RATE = 4096.0
"""Bytes a second: a transfer that is slower for WINDOW_SECONDS counts as broken, and is taken up anew."""

WINDOW_SECONDS = 30.0

RATE_SECONDS = 5.0
SAMPLE_SECONDS = 0.25
"""The rate that is told is that of the last few seconds, from samples so far apart."""


@attrs.frozen
class Progress:
    """Where a transfer stands."""

    bytes: int
    """Bytes that went, or are there, so far; those of an earlier, unfinished download included."""
    total: int | None
    """Bytes in all; None where the server doesn't say."""
    rate: float
    """Bytes a second over the last few seconds."""
    name: str | None = None
    """What is transferred: the name of the file on this machine, where it has one."""

    @property
    def fraction(self) -> float | None:
        """How much of it is done, from 0 to 1; None where the total isn't known."""
        if self.total is None:
            return None
        return self.bytes / self.total if self.total else 1.0


OnProgress = Callable[[Progress], object]
"""Called with where a transfer stands; may be async."""


class Meter:
    """The rate of the last few seconds."""

    def __init__(self, now: float) -> None:
        self._samples: deque[tuple[float, int]] = deque([(now, 0)])
        self._count = 0

    def came(self, count: int, now: float) -> None:
        """Count bytes that went over the network."""
        self._count += count
        if now - self._samples[-1][0] >= SAMPLE_SECONDS:
            self._samples.append((now, self._count))
        while len(self._samples) > 2 and now - self._samples[1][0] >= RATE_SECONDS:
            self._samples.popleft()

    def rate(self, now: float) -> float:
        """Return bytes a second."""
        then, count = self._samples[0]
        return (self._count - count) / (now - then) if now > then else 0.0


class Pace:
    """Whether bytes come fast enough: so many must come in each window of time spent on the network.

    Time spent elsewhere, on a slow disk or in a callback, is not counted. A rate of 0 asks for nothing.
    """

    def __init__(self, rate: float) -> None:
        self._quota = rate * WINDOW_SECONDS
        self._came = 0
        self._spent = 0.0

    def came(self, count: int, seconds: float) -> None:
        """Count bytes, and the seconds on the network that they took."""
        self._came += count
        self._spent += seconds
        if self._came >= self._quota:
            self._came, self._spent = 0, 0.0

    def left(self) -> float:
        """Return the seconds on the network after which the transfer is too slow unless more came by then."""
        return WINDOW_SECONDS - self._spent if self._quota else float("inf")

    @property
    def complaint(self) -> str:
        return f"slower than {self._quota / WINDOW_SECONDS:g} bytes/s for {WINDOW_SECONDS:g} s"
