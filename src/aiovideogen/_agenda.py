"""Which jobs of a kind to look at next, and when (layer 2): pure, so that whole days of it can be simulated.

Two ways lead to a job's state. A GET tells of one job, and signs its URLs anew. The list, newest first, tells of up to
200 jobs for one request. An agenda weighs the one against the other by where the jobs are thought to stand in the
list, and keeps all looks together within the hourly allowance. All times are seconds of one clock, which is the
caller's.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import attrs

from ._schedule import FASTEST, backoff, interval, pace

if TYPE_CHECKING:
    from ._schedule import Budget

__all__ = ["Agenda", "Entry", "Look", "Pacer"]

PAGE_ITEMS = 200
"""The most that the API puts on a page."""

PAGE_BYTES = 1 << 20
"""A page that grows beyond this is asked for with fewer items."""

SLACK = 0.25
"""A look that is due within this part of its interval is taken along with one that is due now."""

ROOM = 1.25, 8
"""Items asked for beyond where the deepest job is thought to stand: a part more, and a few."""

LIST_PATIENCE = 2.0
"""Seconds that a list which an allowance of its own holds back is waited for, before GETs take its place."""


class Look(NamedTuple):
    """What to ask for next: so many pages of the list, of so many items, and some jobs by themselves."""

    pages: int
    limit: int
    sought: tuple[str, ...]
    """The jobs that these pages are read for."""
    gets: tuple[str, ...]


@attrs.define(eq=False)
class Entry:
    """One job that is waited for."""

    began: float
    """When it was accepted."""
    due: float
    interval: float
    rank: int
    """How many jobs the agenda had met before it."""
    place: float | None
    """Where in the list it was, 0 for the newest, when the agenda had met `then` jobs; None where it isn't listed."""
    then: int
    failures: int = 0
    held: float = 0.0
    """Until when it isn't looked at by itself, since that failed."""
    eager: bool = False
    """Whether someone wants to be told of progress, for which webhooks are no help."""


class Pacer:
    """Keeps the requests of one kind apart, so that all looks together stay within the allowance."""

    def __init__(self) -> None:
        self.not_before = 0.0

    def reserve(self, now: float, budget: Budget) -> float:
        """Return when one request may be sent, and count it: who asks first goes first."""
        moment = max(self.not_before, now)
        self.spend(1, now, budget)
        self.not_before = max(self.not_before, moment + FASTEST)
        return moment

    def spend(self, requests: int, now: float, budget: Budget) -> None:
        """Count requests that are sent now: the next ones wait their share of the allowance."""
        ends = max(self.not_before, now) + requests * pace(budget)
        # When the window turns there is a new allowance.
        self.not_before = min(ends, now + max(budget.seconds, requests * FASTEST))


class Agenda:
    """The looks at all jobs of one kind, in one list if they are in any, that are waited for at the moment."""

    def __init__(self, pacer: Pacer, *, listed: bool, single: bool, pushed: bool = False) -> None:
        self.stale = False
        """Whether what the list shows of ended jobs can't be used, so that each needs a GET at its end."""
        self.pacer = pacer
        self._listed = listed
        self._list_from = 0.0
        self._list_rests = 0.0
        self._single = single
        self._pushed = pushed
        self._entries: dict[str, Entry] = {}
        self._met = 0
        self._taken = 0.0
        self._stretch = 1.0
        self._item_bytes = 1.0
        self._failures = 0

    def __len__(self) -> int:
        return len(self._entries)

    def waited_for(self, ids: set[str]) -> set[str]:
        """Return those that are still waited for."""
        return ids & self._entries.keys()

    def meet(self, began: float | None, now: float, draw: float) -> Entry:
        """Return the entry of a job that was accepted at `began`, None where that isn't known.

        Its first look is a while after that, or now.
        """
        wait = interval(0.0 if began is None else max(0.0, now - began), draw, pushed=self._pushed)
        self._met += 1
        due = now if began is None else max(now, began + wait)
        return Entry(now if began is None else began, due, wait, self._met, 0.0, self._met)

    def add(self, one: str, entry: Entry) -> None:
        """Begin to look at a job, or go on looking at it."""
        self._entries[one] = entry

    def hasten(self, entry: Entry, now: float, draw: float) -> None:
        """Look at a job as often as if no webhooks told of it, since someone wants to see its progress."""
        entry.eager = True
        entry.interval = interval(max(0.0, now - entry.began), draw)
        entry.due = max(entry.held, min(entry.due, now + entry.interval))

    def remove(self, one: str) -> None:
        """Look at a job no more."""
        self._entries.pop(one, None)

    def next_at(self) -> float:
        """Return when the next look is due that the allowance has room for."""
        return max(self.due_at(self.pacer.not_before), self.pacer.not_before)

    def due_at(self, now: float) -> float:
        """Return when the next look is due."""
        due = min((entry.due for entry in self._entries.values()), default=float("inf"))
        if not self._single:
            return max(due, self._list_from)
        from_ = max(due, now)
        return self._list_rests if from_ < self._list_rests <= from_ + LIST_PATIENCE else due

    def take(self, now: float) -> Look:
        """Return the looks to take now; it is up to the caller to tell what came of them."""
        self._taken = now
        due = [(one, e) for one, e in self._entries.items() if max(e.held, e.due - SLACK * e.interval) <= now]
        places = {one: place for one, e in due if (place := self._place(e, now)) is not None}
        pages = self._pages(sorted(places.values()))
        depth = pages * self._page_items()
        sought = tuple(one for one, place in places.items() if place < depth)
        gets = self._gets([pair for pair in due if places.get(pair[0], depth) >= depth], max(1, pages), now)
        return Look(pages, self._limit(pages, max(places.values(), default=0.0)), sought, gets)

    def _gets(self, due: list[tuple[str, Entry]], most: int, now: float) -> tuple[str, ...]:
        """Choose whom to look at alone: those who are the latest, measured by how often they are looked at."""
        if not self._single:
            return ()
        chosen = heapq.nsmallest(most, due, key=lambda pair: (pair[1].due - now) / pair[1].interval)
        for _, entry in chosen:
            entry.due = now + entry.interval
        return tuple(one for one, _ in chosen)

    def _pages(self, places: list[float]) -> int:
        """Return how many pages of the list are worth it: each must spare more than one GET."""
        size = self._page_items()
        if not self._single:
            return int(places[-1] // size) + 1 if places else 0
        best, cost = 0, len(places)
        for index, place in enumerate(places, 1):
            pages = int(place // size) + 1
            if pages + len(places) - index < cost:
                best, cost = pages, pages + len(places) - index
        return best

    def _limit(self, pages: int, deepest: float) -> int:
        size = self._page_items()
        return min(size, int(deepest * ROOM[0]) + ROOM[1]) if pages == 1 else size

    def _page_items(self) -> int:
        return max(1, min(PAGE_ITEMS, int(PAGE_BYTES / self._item_bytes)))

    def _place(self, entry: Entry, now: float) -> float | None:
        """Return where a job is thought to stand in the list by now; None where the list is no way to find it."""
        if not self._listed or now < max(self._list_from, self._list_rests) or entry.place is None:
            return None
        return entry.place + (self._met - entry.then) * self._stretch

    # -- what came of it --------------------------------------------------------------------------------------------

    def reserve(self, now: float, budget: Budget) -> float:
        """Return when the next request may be sent, and count it; the agendas of a kind take turns."""
        return self.pacer.reserve(now, self._without_ends(budget))

    def asked(self, requests: int, now: float, budget: Budget) -> None:
        """Count requests that were sent: the next ones wait their share of the allowance."""
        self.pacer.spend(requests, now, self._without_ends(budget))

    def _without_ends(self, budget: Budget) -> Budget:
        """Return what is left when each job that needs it has had the GET at its end."""
        kept = min(len(self._entries), budget.remaining / 2) if self.stale else 0
        return budget._replace(remaining=budget.remaining - kept)

    def list_asked(self, now: float, budget: Budget) -> bool:
        """Count a page that an allowance of the list's own pays for; say whether it may soon be read on."""
        self._list_rests = now + pace(budget)
        return self._list_rests <= now + LIST_PATIENCE

    def listed(self, placed: list[tuple[str, int]], items: int, size: int, now: float, draw: float) -> None:
        """Note a page of the list: which jobs stood where in it, how many it held, and how many bytes it had."""
        self._failures = 0
        if items:
            self._item_bytes = size / items
        known = [(place, self._entries[one]) for one, place in placed if one in self._entries]
        for place, entry in known:
            entry.place, entry.then = float(place), self._met
            self._seen(entry, now, draw)
            # Those of all pages of one reading are due together.
            entry.due = max(entry.held, self._taken + entry.interval)
        if len(known) > 1:
            (first, newest), (last, oldest) = known[0], known[-1]
            if newest.rank - oldest.rank >= PAGE_ITEMS // 20:
                self._stretch = max(1.0, (last - first) / (newest.rank - oldest.rank))

    def missing(self, one: str, now: float) -> None:
        """Note that a job is not in the list where it should be."""
        entry = self._entries.get(one)
        if entry is not None:
            entry.place = None if self._single else entry.place
            entry.due = max(entry.held, now) if self._single else now + entry.interval

    def got(self, one: str, now: float, draw: float) -> None:
        """Note that a job was looked at by itself."""
        entry = self._entries.get(one)
        if entry is not None:
            entry.failures, entry.held = 0, 0.0
            self._seen(entry, now, draw)

    def _seen(self, entry: Entry, now: float, draw: float) -> None:
        entry.interval = interval(max(0.0, now - entry.began), draw, pushed=self._pushed and not entry.eager)
        entry.due = now + entry.interval

    def failed(self, one: str, now: float, asked: float, draw: float) -> None:
        """Note that a look at one job failed, and how many seconds the server asked to wait."""
        entry = self._entries.get(one)
        if entry is not None:
            entry.failures += 1
            entry.held = now + max(asked, backoff(entry.failures, draw))
            entry.due = max(entry.held, now + entry.interval)

    def list_failed(self, now: float, asked: float, draw: float) -> None:
        """Note that a look at the list failed, and how many seconds the server asked to wait."""
        self._failures += 1
        self._list_from = now + max(asked, backoff(self._failures, draw))

    def without_list(self) -> None:
        """Use the list no more, since it is refused."""
        self._listed = False
