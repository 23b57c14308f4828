"""What is noted on the walk, brought together: each difference once, with all that it is met in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from .kinds import KINDS, Change, OnlyOurs, Place

if TYPE_CHECKING:
    from .kinds import Direction

Reached = set[tuple["Direction", str]]
"""The directions and operations that a difference is met in."""


class Met(NamedTuple):
    place: Place
    kind: str
    ours: str
    theirs: str


class Notes:
    """Takes note of differences, in the direction and the operation that are being walked."""

    def __init__(self) -> None:
        self.direction: Direction = "request"
        self.reach = ""
        self.known: set[OnlyOurs] = set()
        self.uses: defaultdict[str, set[Place]] = defaultdict(set)
        """Where each named scalar of ours is used."""
        self._met: defaultdict[tuple[Met, str], Reached] = defaultdict(set)

    def record(self, place: Place, kind: str, ours: str = "", theirs: str = "", *, leaf: str = "") -> None:
        """Note a difference; `leaf` is the named scalar of ours that it may belong to."""
        self._met[Met(place, kind, ours, theirs), leaf].add((self.direction, self.reach))

    def only_ours(self, place: Place, why: str) -> None:
        self.known.add(OnlyOurs(place, self.reach, why))

    def changes(self) -> list[Change]:
        changes = [_change(met, reached) for met, reached in self._gathered().items()]
        return sorted(changes, key=lambda change: (change.place, change.kind, change.ours, change.theirs))

    def _gathered(self) -> dict[Met, Reached]:
        """Bring what differs alike wherever a named scalar of ours is used to one difference, of that scalar."""
        places: defaultdict[Met, set[Place]] = defaultdict(set)
        for met, leaf in self._met:
            if leaf:
                places[met._replace(place=Place("schema", leaf))].add(met.place)
        gathered: defaultdict[Met, Reached] = defaultdict(set)
        for (met, leaf), reached in self._met.items():
            home = met._replace(place=Place("schema", leaf))
            everywhere = leaf and len(self.uses[leaf]) > 1 and places[home] == self.uses[leaf]
            gathered[home if everywhere else met] |= reached
        return gathered


def _change(met: Met, reached: Reached) -> Change:
    requests = sorted(name for direction, name in reached if direction == "request")
    answers = sorted(name for direction, name in reached if direction == "answer")
    return Change(
        **met._asdict(),
        callers=KINDS[met.kind].request if requests else "none",
        parsers=KINDS[met.kind].answer if answers else "none",
        requests=tuple(requests),
        answers=tuple(answers),
    )
