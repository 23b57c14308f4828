"""What is known of jobs that are waited for, and who waits (layer 4): shared state, changed by the poller alone."""

from __future__ import annotations

import logging
import random
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakValueDictionary

import anyio
import attrs

from ._agenda import Pacer
from ._schedule import URL_SECONDS, WINDOW_SECONDS, ends_wait, is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ._accepted import Job
    from ._agenda import Agenda, Entry
    from ._schedule import Phase
    from .errors import VideoGenError

__all__ = ["Bell", "Feed", "Kind", "Sweep", "Track"]

logger = logging.getLogger("aiovideogen")

MOST_LOOKS = 100_000
"""Looks that are remembered: more than any hour has room for."""


class Bell:
    """What wakes one waiter, again and again."""

    def __init__(self, *, always: bool) -> None:
        self.always = always
        """Whether every change is of interest, rather than the end alone."""
        self._event = anyio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()
        self._event = anyio.Event()


class Track:
    """What is known of one job, shared by all who wait for it."""

    def __init__(self, feed: Feed, one: str, entry: Entry) -> None:
        self.feed = feed
        self.id = one
        self.entry = entry
        self.seen = False
        """Whether its state is known."""
        self.changes = 0
        """How often its state changed."""
        self.looks = 0
        """How often it was seen."""
        self.phase: Phase = "waiting"
        self.trouble: VideoGenError | None = None
        """Why the last look told nothing, None when it did."""
        self.error: VideoGenError | None = None
        """Why it can't be looked at any more."""
        self.ordered = False
        """Whether one who waits for it is to take a look at it by itself."""
        self.getting = False
        """Whether one of them does."""
        self.bells: dict[Bell, None] = {}
        self._raw: Any = None
        self._read: Callable[[], Any] | None = None
        self._snapshot: Any = None
        self._succeeded_at: float | None = None
        self._warned = False

    @property
    def over(self) -> bool:
        """Whether no further look will change it."""
        return self.phase in ("succeeded", "failed", "cancelled")

    def age(self) -> float:
        return anyio.current_time() - self.entry.began

    def snapshot(self) -> Any:
        """Return its last state; raises ResponseError where that can't be read."""
        if self._read is not None:
            self._snapshot, self._read = self._read(), None
        return self._snapshot

    def renew(self) -> None:
        """Take up again what nobody waited for in the meantime: what was seen or went wrong then no longer counts."""
        self.seen, self.phase, self.error, self.trouble = False, "waiting", None, None
        self.hurry()

    def hurry(self) -> None:
        """Have it looked at as soon as that may be."""
        self.entry.due = max(self.entry.held, anyio.current_time())

    def order(self, *, anew: bool = False) -> None:
        """Have one who waits for it look at it; a look under way, or one that is held back, will do unless `anew`."""
        if not anew and (self.getting or self.entry.held > anyio.current_time()):
            return
        self.ordered = True
        self.ring_one()

    def ring_one(self) -> None:
        """Wake one who waits for it; one who reads the list has no time."""
        busy = self.feed.driver if self.feed.sweep is not None else None
        bell = next((bell for bell in self.bells if bell is not busy), busy)
        if bell is not None:
            bell.ring()

    def confirm(self, raw: Any, phase: Phase) -> bool:
        """Say whether a look saw what is known already, and if so, take note."""
        if phase != self.phase or raw != self._raw or not self.seen:
            return False
        self.looks += 1
        self.trouble = None
        self._ring(always_only=True)
        return True

    def tell(self, raw: Any, phase: Phase, read: Callable[[], Any]) -> None:
        """Take over what a look saw."""
        if self.confirm(raw, phase):
            return
        self.looks += 1
        self.trouble = None
        self.seen = True
        self._raw, self._read, self.phase = raw, read, phase
        self.changes += 1
        self._ring(always_only=phase == "waiting")

    def fail(self, error: VideoGenError) -> None:
        """Take over that a look failed, which ends the waits where it can't pass."""
        self.trouble = error
        if ends_wait(error, self.age()):
            self.error = error
        self._ring(always_only=self.error is None)

    def _ring(self, *, always_only: bool) -> None:
        for bell in self.bells:
            if bell.always or not always_only:
                bell.ring()

    def url_may_come(self) -> bool:
        """Say whether a missing URL may still come; rarely it is signed a moment after the end."""
        now = anyio.current_time()
        self._succeeded_at = now if self._succeeded_at is None else self._succeeded_at
        return now - self._succeeded_at < URL_SECONDS

    def warn_of(self, status: object) -> None:
        """Say once that a status is unknown."""
        if not self._warned and not is_known(status):
            self._warned = True
            logger.warning("%s: unknown status %r, taken as running", self.id, status)


class Sweep(NamedTuple):
    """A reading of the list that is under way: what it looks for, and where it goes on."""

    sought: set[str]
    pages: int
    """Pages that are worth it, those read taken off."""
    limit: int
    cursor: str | None = None
    used: frozenset[str] = frozenset()
    """The cursors so far."""
    place: int = 0
    """Items on the pages before."""


class Kind:
    """What all jobs of a kind share, whatever list they are in: one allowance."""

    def __init__(self) -> None:
        self.pacer = Pacer()
        self._uncounted: deque[float] = deque(maxlen=MOST_LOOKS)
        self._turns_at = 0.0

    def note(self, now: float) -> None:
        """Count a look that no documented limit counts."""
        self._uncounted.append(now)

    def noted_since(self, moment: float) -> int:
        """Return how many of them were taken since then."""
        while self._uncounted and self._uncounted[0] < moment:
            self._uncounted.popleft()
        return len(self._uncounted)

    def turns_at(self, now: float) -> float:
        """Return when a window of our own turns, for as long as no limit's window is known."""
        if now >= self._turns_at:
            self._turns_at = now + WINDOW_SECONDS
        return self._turns_at


@attrs.define(eq=False, slots=False)
class Feed:
    """The jobs of one kind, or of one kind in one project, that are waited for, and whose turn it is."""

    job: Job
    params: Mapping[str, str]
    """The values of the path beside the job's own id, by JSON key."""
    kind: Kind
    agenda: Agenda
    tracks: WeakValueDictionary[str, Track] = attrs.field(factory=WeakValueDictionary[str, Track])
    turn: float | None = None
    """When its next request may be sent, once one was due."""
    driver: Bell | None = None
    wakes_at: float = 0.0
    """Until when the one who drives sleeps."""
    idle: dict[Bell, None] = attrs.field(factory=dict[Bell, None])
    """Those who wait while another drives, the first to come first."""
    sweep: Sweep | None = None

    def enter(self, tracks: Sequence[Track], bell: Bell) -> None:
        """Begin to look at jobs on behalf of one who waits."""
        for track in tracks:
            if not track.bells:
                self.agenda.add(track.id, track.entry)
            track.bells[bell] = None
            if bell.always and not track.entry.eager:
                self.hasten(track)
            elif self.driver is not None and track.entry.due < self.wakes_at:
                self.driver.ring()

    def hasten(self, track: Track) -> None:
        """Look at a job as often as if no webhooks told of it."""
        self.agenda.hasten(track.entry, anyio.current_time(), random.random())
        if self.driver is not None and track.entry.due < self.wakes_at:
            self.driver.ring()

    def leave(self, tracks: Sequence[Track], bell: Bell) -> None:
        """End what `enter` began."""
        for track in tracks:
            track.bells.pop(bell, None)  # a server may give the same id twice
            if not track.bells:
                self.agenda.remove(track.id)
            elif track.ordered:
                track.ring_one()

    def hand_on(self) -> None:
        """Have the next one drive, if nobody does."""
        if self.driver is None:
            for bell in self.idle:
                bell.ring()
                break

    async def idle_until(self, bell: Bell) -> None:
        """Wait while another drives, until there is news or a new driver is needed."""
        self.idle[bell] = None
        try:
            await bell.wait()
        finally:
            del self.idle[bell]
