"""Simulate the looks at many jobs: how many requests they take, and how late each end is seen.

    python benchmarks/poll_simulation.py [--jobs 10000] [--shortest 60] [--longest 600]

The agenda that plans the looks is the package's own; the server is a list of jobs in memory, newest first, and the
clock is a number. So an hour of ten thousand jobs takes seconds.
"""

from __future__ import annotations

import argparse
import bisect
import random
from typing import NamedTuple

from aiovideogen._agenda import Agenda, Pacer
from aiovideogen._schedule import WINDOW_SECONDS, Budget

ALLOWANCE = 5000
LATENCY = 0.08
"""Seconds that a request takes."""
AT_ONCE = 8
"""Calls that are under way together: those who see that their job has ended don't wait for each other."""
ITEM_BYTES = 1500


class Figures(NamedTuple):
    """What a simulation came to."""

    requests: int
    most_in_an_hour: int
    mean: float
    worst: float
    """Seconds from a job's end to when it is seen."""


class World:
    """A server's jobs and a client that waits for its own among them."""

    def __init__(self, seconds: list[float], *, foreign: float, stale: bool, seed: int) -> None:
        self._random = random.Random(seed)
        self._stale = stale
        self._agenda = Agenda(Pacer(), listed=True, single=True)
        self._now = 0.0
        self._requests: list[float] = []
        self._ends = {str(one): length for one, length in enumerate(seconds)}
        self._late: list[float] = []
        order = list(self._ends)
        for _ in range(int(len(seconds) * foreign / (1 - foreign))):
            order.insert(self._random.randrange(len(order) + 1), "")
        self._list = order[::-1]
        for one in self._ends:
            self._agenda.add(one, self._agenda.meet(0.0, 0.0, self._random.random()))

    def run(self) -> Figures:
        """Look until every job's end has been seen."""
        while len(self._agenda):
            self._now = max(self._now, self._agenda.next_at())
            look = self._agenda.take(self._now)
            for one in look.gets:
                self._get(one)
            if look.pages:
                self._read_list(set(look.sought), look.pages, look.limit)
        return Figures(len(self._requests), self._most(), sum(self._late) / len(self._late), max(self._late))

    def _request(self, *, paced: bool) -> None:
        if paced:
            self._now = max(self._now, self._agenda.pacer.not_before)
            seconds = WINDOW_SECONDS - self._now % WINDOW_SECONDS
            self._agenda.asked(1, self._now, Budget(self._left(), seconds, ALLOWANCE))
        elif self._left() < 1:  # the governor of calls holds it back until the window turns
            self._now += WINDOW_SECONDS - self._now % WINDOW_SECONDS
        self._requests.append(self._now)
        self._now += LATENCY if paced else LATENCY / AT_ONCE

    def _left(self) -> int:
        """Return how many requests the current hour still allows."""
        window = self._now - self._now % WINDOW_SECONDS
        return ALLOWANCE - len(self._requests) + bisect.bisect_left(self._requests, window)

    def _read_list(self, sought: set[str], pages: int, limit: int) -> None:
        for start in range(0, len(self._list), limit):
            self._request(paced=True)
            page = self._list[start : start + limit]
            placed = [(one, place) for place, one in enumerate(page, start) if one in self._ends]
            self._agenda.listed(placed, len(page), len(page) * ITEM_BYTES, self._now, self._random.random())
            for one, _ in placed:
                if self._ends[one] <= self._now:
                    self._ended(one)
            sought -= {one for one, _ in placed}
            pages -= 1
            if not sought or pages <= -len(sought):
                break
        for one in sought:
            self._agenda.missing(one, self._now)

    def _ended(self, one: str) -> None:
        if self._stale:
            self._agenda.stale = True
            self._request(paced=False)
            self._seen(one)
        else:
            self._seen(one)

    def _get(self, one: str) -> None:
        self._request(paced=True)
        self._agenda.got(one, self._now, self._random.random())
        if self._ends[one] <= self._now:
            self._seen(one)

    def _seen(self, one: str) -> None:
        self._late.append(self._now - self._ends.pop(one))
        self._agenda.remove(one)

    def _most(self) -> int:
        """Return the most requests that fell in any hour."""
        begins = (bisect.bisect_left(self._requests, at - WINDOW_SECONDS) for at in self._requests)
        return max(index - begin + 1 for index, begin in enumerate(begins))


def simulate(
    jobs: int, *, shortest: float, longest: float, foreign: float = 0.0, stale: bool = False, seed: int = 1
) -> Figures:
    """Return what it takes to see the ends of jobs that are all started at once.

    `shortest` and `longest` are the seconds that a job takes, `foreign` is the part of other people's jobs in the
    list, and `stale` says that each needs a GET at its end.
    """
    draw = random.Random(seed)
    seconds = [draw.uniform(shortest, longest) for _ in range(jobs)]
    return World(seconds, foreign=foreign, stale=stale, seed=seed).run()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--shortest", type=float, default=60.0, help="seconds that the quickest job takes")
    parser.add_argument("--longest", type=float, default=600.0, help="seconds that the slowest job takes")
    asked = parser.parse_args()
    print(f"{asked.jobs} jobs of {asked.shortest:g} to {asked.longest:g} s, all at once; {ALLOWANCE} reads an hour")
    print(f"{'':40}{'requests':>10}{'in an hour':>12}{'mean s':>8}{'worst s':>9}")
    for foreign in (0.0, 0.05, 0.3):
        for stale in (False, True):
            f = simulate(asked.jobs, shortest=asked.shortest, longest=asked.longest, foreign=foreign, stale=stale)
            named = f"{foreign:.0%} other people's, {'stale' if stale else 'fresh'} URLs in the list"
            print(f"{named:40}{f.requests:>10}{f.most_in_an_hour:>12}{f.mean:>8.1f}{f.worst:>9.1f}")


if __name__ == "__main__":
    main()
