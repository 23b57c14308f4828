"""Which jobs a client knows of (layer 2): what a start whose answer was lost can be told from.

Executions and runs carry no time, and nothing that the caller gave. But lists are ordered, newest first: what comes
before an id that was known when the call was sent is newer than the call, or was started beside it.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from ._accepted import Accepted
from ._generated.types import JOBS, SHOWS, STARTS
from ._operation import Operation, Request, find

if TYPE_CHECKING:
    from .errors import OutcomeUnknownError

__all__ = ["Before", "Known", "listing", "scope_of"]

IDS = 8192
"""Ids that are remembered, of those that were started and of those that were seen; the oldest are forgotten."""

LISTS = 512
"""Lists whose newest id is remembered: there are two for each project."""


class Before(NamedTuple):
    """What was known when a call was sent: fields of OutcomeUnknownError."""

    sent_at: float
    mark: str | None
    client: str
    serial: int


class Known:
    """The ids of jobs that a client started or has seen, and the newest of each list."""

    def __init__(self) -> None:
        self._client = os.urandom(8).hex()
        self._serial = 0
        self._seen: dict[str, int] = {}
        self._started: dict[str, int] = {}
        self._newest: dict[tuple[str, str], str] = {}

    def before(self, request: Request, now: float) -> Before:
        """Return what is known before a request goes out."""
        kind, _ = STARTS.get(request.operation.id, ("", None))
        mark = self._newest.get((kind, scope_of(kind, request.params)))
        return Before(now, mark, self._client, self._serial)

    def learn(self, request: Request, value: object) -> None:
        """Take note of the ids in an answer."""
        operation = request.operation
        if operation.id in SHOWS:
            if operation.items is None:
                self._learn_one(SHOWS[operation.id], request)
            else:
                self._learn_page(SHOWS[operation.id], request, value)
        elif isinstance(value, Accepted):
            self._learn_start(cast("Accepted[Any]", value))

    def when(self, one: str, error: OutcomeUnknownError) -> Literal["before", "started", "after"]:
        """Say what an id was to this client: known before the call was sent, its own start, or neither."""
        serial = self._started.get(one, self._seen.get(one))
        if one == error.mark or (serial is not None and error.client == self._client and serial <= error.serial):
            return "before"
        return "started" if one in self._started else "after"

    def is_from(self, error: OutcomeUnknownError) -> bool:
        """Say whether it was this client that sent the call."""
        return error.client == self._client

    def _learn_one(self, kind: str, request: Request) -> None:
        one = request.params[request.operation.path_fields[-1].key]
        if one not in self._seen and one not in self._started:
            self._note(self._seen, one)
            # It may be an old one; a mark that is too old only means more to look through.
            self._newest.setdefault((kind, scope_of(kind, request.params)), one)

    def _learn_page(self, kind: str, request: Request, value: object) -> None:
        operation = request.operation
        ids = [getattr(item, cast("str", operation.item_id)) for item in getattr(value, cast("str", operation.items))]
        for one in ids:
            if one not in self._seen:
                self._note(self._seen, one)
        place = kind, scope_of(kind, request.params)
        if "cursor" in request.query:
            return
        # The team's newest may be a colleague's, and then the own list doesn't have it.
        own = request.query.get("selfOnly") == "true" or all(one.key != "selfOnly" for one in operation.query_fields)
        if own or place not in self._newest:
            self._set_newest(place, ids[0] if ids else "")

    def _learn_start(self, accepted: Accepted[Any]) -> None:
        params = accepted.job_params()
        held = getattr(accepted, accepted.__id__)
        groups = [(accepted.__kind__, cast("list[str]", held) if isinstance(held, list) else [str(held)])]
        if accepted.__then__ is not None:
            name, kind = accepted.__then__
            groups.append((kind, getattr(accepted, name)))
        for kind, ids in groups:
            for one in ids if JOBS[kind].list is not None else ():
                self._note(self._started, one)
                self._set_newest((kind, scope_of(kind, params)), one)

    def _note(self, ids: dict[str, int], one: str) -> None:
        self._serial += 1
        ids[one] = self._serial
        if len(ids) > IDS:
            del ids[next(iter(ids))]

    def _set_newest(self, place: tuple[str, str], one: str) -> None:
        self._newest.pop(place, None)
        self._newest[place] = one
        if len(self._newest) > LISTS:
            del self._newest[next(iter(self._newest))]


@cache
def listing(kind: str) -> Operation | None:
    """Return the operation that lists a kind of job, None where the API has none."""
    where = JOBS[kind].list if kind in JOBS else None
    if where is None:
        return None
    group, name = where.split(".")
    return find(f"{__package__}._generated.api.{group}", name)


def scope_of(kind: str, params: Any) -> str:
    """Return what a kind's list is the list of, a project's id, or empty text for the whole account."""
    operation = listing(kind)
    return "" if operation is None or not operation.path_fields else params.get(operation.path_fields[0].key, "")
