"""The one poller of a client (layer 4): takes the looks that the agendas plan, on behalf of whoever waits.

There is no task in the background. Of those who wait for jobs of one kind, one at a time drives: it sleeps until the
next look is due, asks for one page of the list, or has those whose jobs need a GET of their own take it themselves. A
drive is one step, and never spans a caller's own code: who is slow, breaks off or ends holds up nobody, because the
next one takes over where the last one left off.
"""

from __future__ import annotations

import logging
import random
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol, cast
from weakref import WeakMethod, WeakValueDictionary, finalize

import anyio
import anyio.lowlevel

from ._agenda import Agenda
from ._limits import TURN_SECONDS, clock_offset
from ._loops import running
from ._operation import camel
from ._schedule import WINDOW_SECONDS, Budget, ends_wait, phase_of, phase_of_status, url_missing, urls_last
from ._seen import asked_by, json_of, lacks_url, not_listed, page_of, read_item, told_by, weakly
from ._targets import operation_of, request_of
from ._tracks import Bell, Feed, Kind, Sweep, Track
from .errors import ConnectionFailedError, InsufficientCreditsError, NotFoundError, ResponseError, VideoGenError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._accepted import Job
    from ._limits import RateLimit
    from ._operation import Operation, Request
    from ._protocol import Answer
    from ._schedule import Phase
    from ._targets import Target
    from .webhooks import EventSource, WebhookEvent

__all__ = ["Caller", "Poller"]

logger = logging.getLogger("aiovideogen")

LOOK_SECONDS = 15.0
"""A look that takes longer counts as failed: others wait for what it would tell."""

MOST_PAGES = 100
"""Pages of a list that are read beyond where a job was thought to stand, where nothing else shows it."""

TOLD_WHOLE = frozenset({"tool_execution", "assistant_message"})
"""The events that hold all there is to know of a job; those of runs and exports leave something out."""

MOST_EVENTS = 10_000
"""Webhook events that are remembered for waits which begin after them."""

FOR_EVER = float("inf")

USUAL_LIMIT = 5000
"""Status reads an hour where none are documented: as many as for the kinds that have a limit."""


class Caller(Protocol):
    """What looks go through."""

    async def answer(self, request: Request, *, retries: int | None = None) -> Answer:
        """Send a request and return the answer, where it is one of success."""
        ...

    def read(self, request: Request, answer: Answer) -> Any:
        """Read an answer; raises ResponseError."""
        ...

    def limit_of(self, operation: Operation) -> RateLimit:
        """Return what is known of the operation's rate limit."""
        ...

    def now(self) -> float:
        """Return Unix seconds by a clock that nobody sets."""
        ...


class Poller:
    """The looks of one client at all jobs that are waited for."""

    def __init__(self, calls: Caller, events: EventSource | None) -> None:
        self._calls = calls
        self._events = events
        self._unsubscribe: Callable[[], None] | None = None
        self._told: dict[str, WebhookEvent] = {}
        self._loop: object = None
        self._feeds = WeakValueDictionary[tuple[Any, ...], Feed]()
        self._kinds: dict[Job, Kind] = {}

    def tracks(self, target: Target) -> list[Track]:
        """Return what is known of each job of a target."""
        if self._events is not None and self._unsubscribe is None:
            self._unsubscribe = finalize(self, self._events.subscribe(weakly(WeakMethod(self._hear))))
        if anyio.lowlevel.current_token() != self._loop:
            self._loop = anyio.lowlevel.current_token()
            # Those who waited in another event loop ended with it.
            self._feeds, self._kinds = WeakValueDictionary[tuple[Any, ...], Feed](), {}
        feed = self._feed(target)
        now = anyio.current_time()
        began = None if target.accepted_at is None else now - target.age(self._calls.now())
        tracks: list[Track] = []
        for one in target.ids:
            track = feed.tracks.get(one)
            if track is not None and track.bells:
                if self._events is not None and began is None:
                    track.hurry()  # a handler may wait for what its own event is about
                tracks.append(track)
                continue
            if track is None:
                track = feed.tracks[one] = Track(feed, one, feed.agenda.meet(began, now, random.random()))
            else:  # someone holds on to what was known, and nobody has looked since
                track.renew()
            tracks.append(track)
            event = self._told.get(one)
            if event is not None:
                self._wake(track, event)
        return tracks

    def _feed(self, target: Target) -> Feed:
        job, where = target.job, target.where()
        key = (job, *where.values())
        feed = self._feeds.get(key)
        if feed is None:
            kind = self._kinds.setdefault(job, Kind())
            pushed = self._events is not None and job.event is not None
            agenda = Agenda(kind.pacer, listed=job.list is not None, single=job.get is not None, pushed=pushed)
            feed = self._feeds[key] = Feed(job, where, kind, agenda)
        return feed

    # -- webhooks ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Hear of no more events, until the next wait."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _hear(self, event: WebhookEvent) -> None:
        """Wake those who wait for the job that an event is about, and remember it for those who will."""
        one = event.job_id
        if one is None:
            return
        self._told.pop(one, None)
        self._told[one] = event
        if len(self._told) > MOST_EVENTS:
            del self._told[next(iter(self._told))]
        if running() == self._loop:
            for track in [feed.tracks[one] for feed in self._feeds.values() if one in feed.tracks]:
                self._wake(track, event)

    def _wake(self, track: Track, event: WebhookEvent) -> None:
        """Take over a state that an event holds whole, and have the job looked at where it doesn't."""
        job = track.feed.job
        snapshot = told_by(event) if job.event in TOLD_WHOLE else None
        data = {} if snapshot is None else snapshot.to_dict()
        if snapshot is None or url_missing(job, snapshot) or not urls_last(data, self._calls.now()):
            track.feed.hasten(track)  # should the look fail or show less, no further event will tell
            track.order(anew=True)
        else:
            self._tell(track, data, phase_of(job, snapshot), lambda: snapshot)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def news(self, tracks: Sequence[Track], ready: Callable[[], bool], *, always: bool) -> None:
        """Wait until the jobs are `ready`, looking at them and at others; `always` checks after every look."""
        if not tracks or ready():
            await anyio.lowlevel.checkpoint()
            return
        feed, bell = tracks[0].feed, Bell(always=always)
        feed.enter(tracks, bell)
        try:
            while not ready():
                ordered = next((track for track in tracks if track.ordered and not track.getting), None)
                if ordered is not None:
                    feed.hand_on()
                    await self._get(ordered)
                elif feed.driver is None:
                    await self._drive(feed, bell)
                else:
                    await feed.idle_until(bell)
        finally:
            feed.leave(tracks, bell)
            feed.hand_on()

    async def _drive(self, feed: Feed, bell: Bell) -> None:
        """Take one step for all who wait: sleep until a look is due, plan it, or read one page of the list."""
        feed.driver = bell
        try:
            now = anyio.current_time()
            feed.wakes_at = self._next_at(feed, now)
            if feed.wakes_at > now:
                with anyio.CancelScope(deadline=feed.wakes_at):
                    await bell.wait()
            elif feed.sweep is not None:
                await self._read_page(feed, feed.sweep)
            else:
                self._plan(feed, now)
        finally:
            feed.driver = None

    def _next_at(self, feed: Feed, now: float) -> float:
        """Return when the next request is due, and may be sent: the feeds of a kind take turns."""
        due = feed.agenda.due_at(now) if feed.sweep is None else now
        if feed.turn is None and due <= now:
            feed.turn = feed.agenda.reserve(now, self._budget(feed))
        return due if feed.turn is None else max(due, feed.turn)

    def _plan(self, feed: Feed, now: float) -> None:
        look = feed.agenda.take(now)
        for one in look.gets:
            feed.tracks[one].order()
        if look.pages:
            feed.sweep = Sweep(set(look.sought), look.pages, look.limit)
        else:
            feed.turn = None
        beyond = len(look.gets) - (0 if look.pages else 1)
        if beyond > 0:
            feed.agenda.asked(beyond, now, self._budget(feed))

    def _budget(self, feed: Feed) -> Budget:
        """Return how many looks at jobs of a kind are left.

        The list's limit isn't documented: it counts with the status reads, until answers name one of its own.
        """
        budget = self._budget_of(operation_of(feed.job.get or cast("str", feed.job.list)), feed.kind)
        noted = feed.kind.noted_since(self._calls.now() + budget.seconds - WINDOW_SECONDS)
        return budget._replace(remaining=budget.remaining - noted)

    def _budget_of(self, operation: Operation, kind: Kind) -> Budget:
        now, known = self._calls.now(), self._calls.limit_of(operation)
        limit = known.limit or USUAL_LIMIT
        if known.resets_at is None or known.resets_at <= now:  # no read has been counted since
            return Budget(limit, kind.turns_at(now) - now, limit)
        seconds = known.resets_at + TURN_SECONDS - now
        return Budget(limit if known.remaining is None else known.remaining, seconds, limit)

    # -- the list ---------------------------------------------------------------------------------------------------

    async def _read_page(self, feed: Feed, sweep: Sweep) -> None:
        """Read the next page of the list."""
        operation = operation_of(cast("str", feed.job.list))
        query: dict[str, object] = {"limit": sweep.limit}
        if any(field.name == "self_only" for field in operation.query_fields):
            query["self_only"] = True  # the rest of the team's jobs only stand in between
        if sweep.cursor is not None:
            query["cursor"] = sweep.cursor
        path = [feed.params[field.key] for field in operation.path_fields]
        feed.turn, read_on = None, True
        if self._calls.limit_of(operation).limit is None:
            feed.kind.note(self._calls.now())
        elif feed.job.get:
            read_on = feed.agenda.list_asked(anyio.current_time(), self._budget_of(operation, feed.kind))
        try:
            answer = await self._answer(operation.request(path, query))
            data = page_of(operation, answer)
        except VideoGenError as error:
            feed.sweep = None
            self._list_failed(feed, sweep, error)
        else:
            going_on = self._take_page(feed, sweep, operation, answer, data)
            feed.sweep = going_on if read_on else None

    def _take_page(
        self, feed: Feed, sweep: Sweep, operation: Operation, answer: Answer, data: dict[str, Any]
    ) -> Sweep | None:
        """Tell of each job on the page, and return how the reading goes on."""
        key, id_key = camel(cast("str", operation.items)), camel(cast("str", operation.item_id))
        items = cast("list[Any]", data[key])
        now, placed = anyio.current_time(), list[tuple[str, int]]()
        server_now = self._calls.now() + clock_offset(answer.headers, self._calls.now())
        for place, item in enumerate(items, sweep.place):
            if not isinstance(item, dict):
                continue
            item = cast("dict[str, Any]", item)
            one = item.get(id_key)
            track = feed.tracks.get(one) if isinstance(one, str) else None
            if track is not None and "status" in item:
                placed.append((track.id, place))
                self._tell_listed(feed, track, item, server_now, operation)
        feed.agenda.listed(placed, len(items), len(answer.body), now, random.random())
        sought = feed.agenda.waited_for(sweep.sought.difference(one for one, _ in placed))
        cursor, pages = data.get("nextCursor"), sweep.pages - 1
        # Beyond what was planned, a page is still worth it while it may spare more than one GET.
        beyond = len(sought) if feed.job.get else MOST_PAGES
        if sought and isinstance(cursor, str) and cursor not in sweep.used and pages > -beyond:
            place, used = sweep.place + len(items), sweep.used | {cursor}
            return sweep._replace(sought=sought, pages=pages, cursor=cursor, used=used, place=place)
        for one in sought:
            feed.agenda.missing(one, now)
            if not feed.job.get:
                feed.tracks[one].fail(not_listed(operation, one))
        return None

    def _tell_listed(self, feed: Feed, track: Track, item: dict[str, Any], now: float, listing: Operation) -> None:
        """Take over what the list says of a job; its end counts only with URLs that last."""
        phase = phase_of_status(item["status"])
        if track.confirm(item, phase):
            return
        read: Callable[[], Any] = partial(read_item, listing, item)
        if phase == "succeeded" and feed.job.get and not track.over:
            read = cache(read)
            stale = not urls_last(item, now)
            feed.agenda.stale = feed.agenda.stale or stale
            if stale or lacks_url(feed.job, read):
                track.order()
                return
        self._tell(track, item, phase, read)

    def _list_failed(self, feed: Feed, sweep: Sweep, error: VideoGenError) -> None:
        """Look again later; a list that is refused for good is given up for GETs, which say what is the matter."""
        asked = asked_by(error)
        feed.agenda.list_failed(anyio.current_time(), asked, random.random())
        # Neither says anything of the jobs: a page that can't be read, and a cursor that may have run out.
        passing = isinstance(error, ResponseError) or sweep.cursor is not None
        refused = not passing and ends_wait(error, FOR_EVER) and not isinstance(error, InsufficientCreditsError)
        if feed.job.get and refused:
            feed.agenda.without_list()
            return
        for track in filter(None, map(feed.tracks.get, sweep.sought)):
            if passing:
                track.trouble = error
            else:
                track.fail(error)

    # -- one job ----------------------------------------------------------------------------------------------------

    async def _get(self, track: Track) -> None:
        """Look at one job by itself."""
        track.ordered, track.getting = False, True
        feed = track.feed
        operation = operation_of(cast("str", feed.job.get))
        if self._calls.limit_of(operation).limit is None:
            feed.kind.note(self._calls.now())
        request = request_of(cast("str", feed.job.get), track.id, feed.params)
        try:
            answer = await self._answer(request)
            self._tell_got(track, request, answer)
        except VideoGenError as error:
            if isinstance(error, NotFoundError):  # not visible yet, which is no trouble
                feed.agenda.got(track.id, anyio.current_time(), random.random())
            else:
                feed.agenda.failed(track.id, anyio.current_time(), asked_by(error), random.random())
            track.fail(error)
        except BaseException:
            track.getting = False
            track.order()  # another one who waits for it takes the look
            raise
        else:
            feed.agenda.got(track.id, anyio.current_time(), random.random())
        finally:
            track.getting = False

    def _tell_got(self, track: Track, request: Request, answer: Answer) -> None:
        job = track.feed.job
        read = cache(partial(self._calls.read, request, answer))
        if job.done != "status":
            self._tell(track, answer.body, phase_of(job, read()), read)
            return
        raw = json_of(answer.body)
        if not isinstance(raw, dict):
            read()  # says what is wrong
        raw = cast("dict[str, Any]", raw)
        phase = phase_of_status(raw.get("status"))
        if phase == "succeeded" and url_missing(job, read()) and track.url_may_come():
            phase = "waiting"
        self._tell(track, raw, phase, read)

    def _tell(self, track: Track, raw: Any, phase: Phase, read: Callable[[], Any]) -> None:
        """Hand on a state; one that is the end and can't be read is an error at once."""
        if track.over:
            return
        if phase == "waiting" and track.feed.job.done == "status":
            track.warn_of(raw.get("status"))
        track.tell(raw, phase, read)

    async def _answer(self, request: Request) -> Answer:
        name, problem = request.operation.id, f"no answer within {LOOK_SECONDS:g} s"
        with anyio.move_on_after(LOOK_SECONDS):
            try:
                return await self._calls.answer(request, retries=0)
            except VideoGenError:
                raise
            except Exception as error:  # of an api_key or an httpx client that was given, which may pass as well
                problem = type(error).__name__
                logger.warning("%s: %s while looking at jobs; it is asked again", name, problem)
        raise ConnectionFailedError(f"{name}: {problem}; it is asked again", operation=name)
