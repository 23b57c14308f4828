"""Calls of the API (layer 3): from a request to a value or an error, by the decisions of `_protocol` and `_limits`.

Three promises stand here. A call that must not be repeated is sent again only where it surely had no effect. A start
that may have left finishes, also when its caller is cancelled, so that its id is not lost. And calls wait before a
rate limit rather than run into it, in the order in which they came.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

import anyio

from ._accepted import Accepted
from ._codecs import Unreadable
from ._finish import finish, see_through
from ._gates import Gates
from ._keys import Key, Keys, KnownKey
from ._known import Known
from ._protocol import (
    RETRY_AFTER_CAP,
    Answer,
    Failure,
    Sending,
    decide,
    error_of,
    next_delay,
    retry_after,
    unreadable,
)
from .errors import ConnectionFailedError, OutcomeUnknownError

if TYPE_CHECKING:
    from ._known import Before
    from ._limits import RateLimit
    from ._operation import Operation, Request
    from ._options import Options
    from ._telemetry import Telemetry

__all__ = ["CARRIED_OUT", "Calls", "OnAccepted"]

logger = logging.getLogger("aiovideogen")

OnAccepted = Callable[[Accepted[Any]], object]

CARRIED_OUT: ContextVar[list[object] | None] = ContextVar("CARRIED_OUT", default=None)
"""Takes what came of each call that was carried out and must not be repeated, where someone has put a list."""

FOR_EVER = float("inf")


class _Sender(Protocol):
    @property
    def given(self) -> bool: ...

    async def send(
        self, request: Request, headers: Mapping[str, str], sending: Sending, timeout: Mapping[str, float | None]
    ) -> Answer | Failure: ...


class Calls:
    """The calls of one client, over what sends them."""

    def __init__(
        self,
        http: _Sender,
        *,
        key: Key,
        options: Options,
        on_accepted: OnAccepted | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self.options = options
        self.telemetry = telemetry
        self.known = Known()
        self._http = http
        self._keys = Keys(key)
        self._gates = Gates()
        self._on_accepted = on_accepted

    def with_options(self, options: Options) -> Self:
        """Return calls with other options, which share all else with these."""
        other = copy(self)
        other.options = options
        return other

    @property
    def rate_limits(self) -> dict[str, RateLimit]:
        """What is known of each endpoint group's limit, for those used so far."""
        return self._gates.shown()

    def limit_of(self, operation: Operation) -> RateLimit:
        """Return what is known of the limit that an operation shares."""
        self._gates.enter_loop()
        return self._gates.of(operation).limit.shown()

    def now(self) -> float:
        """Return Unix seconds that advance with the loop's clock, which no one sets while it runs."""
        self._gates.enter_loop()
        return self._gates.now()

    @property
    def server_ahead(self) -> float:
        """How many seconds the server's clock is ahead of this machine's, as far as an answer told."""
        return self._gates.server_ahead()

    async def call(self, request: Request, *, retries: int | None = None) -> Any:
        """Send a request until its outcome is settled, and return what its operation reads from the answer.

        Raises the errors drawn in `aiovideogen.errors`. `retries` overrides the options'.
        """
        answer, before = await self._settle(request, retries)
        return await self._taken(request, answer, before)

    async def answer(self, request: Request, *, retries: int | None = None) -> Answer:
        """Send a request until its outcome is settled, and return the answer unread, where it is one of success."""
        return (await self._settle(request, retries))[0]

    async def _settle(self, request: Request, retries: int | None) -> tuple[Answer, Before | None]:
        """Return the answer of success, and what was known when the request that got it was sent."""
        self._gates.enter_loop()
        options, operation = self.options, request.operation
        deadline = FOR_EVER if options.total is None else anyio.current_time() + options.total
        tries = options.retries if retries is None else retries
        number, asked_again = 0, False
        while True:
            number += 1
            sending = Sending()
            outcome, key = await self._attempt(request, number, sending, deadline)
            wait: float | None = None
            if isinstance(outcome, Answer):
                if outcome.ok:
                    return outcome, sending.before
                if outcome.status == 401 and self._keys.refused(key, asked_again):
                    asked_again = True  # an OAuth token lives an hour: ask for a new one, which counts as no try
                    tries += 1
                    self._tell_of_retry(operation, number, 0.0, outcome)
                    continue
                wait = retry_after(outcome.headers, self._gates.now())
            verdict = decide(operation.effect, outcome)
            if verdict == "again" and _limited(outcome) and wait is not None and wait <= RETRY_AFTER_CAP:
                self._gates.of(operation).limit.hold(wait, self._gates.now())
            left = deadline - anyio.current_time()
            delay = next_delay(verdict, number, tries, wait, left, random.random())
            if delay is None:
                raise error_of(request, outcome, verdict, wait, sending.before)
            self._tell_of_retry(operation, number, delay, outcome)
            await anyio.sleep(delay)

    async def _ask_key(self, request: Request, deadline: float) -> KnownKey:
        with anyio.CancelScope(deadline=deadline):
            return await self._keys.current()
        name = request.operation.id
        text = f"{name}: not sent: total_timeout was over before api_key answered; allow it more time"
        raise ConnectionFailedError(text, operation=name)

    async def _attempt(
        self, request: Request, number: int, sending: Sending, deadline: float
    ) -> tuple[Answer | Failure, KnownKey]:
        """Send once, when the rate limit allows it, and learn from the answer; return the key as well."""
        gate = self._gates.of(request.operation)
        began = await gate.enter(request.operation.id, deadline)
        try:  # not before: the limit may hold a call back for longer than a token lives
            key = self._keys.known or await self._ask_key(request, deadline)
        except BaseException:
            gate.ended(sent=False)
            raise
        headers = {"authorization": f"Bearer {key.text}", **request.headers()}
        told: Answer | Failure = Failure(True, "cancelled")
        try:
            told = outcome = await self._send(request, headers, sending, began, deadline)
        except Exception as error:  # of a given client's own
            told = Failure(True, type(error).__name__)
            raise
        finally:
            gate.ended(sent=isinstance(told, Answer) or told.sent)
            now = self._tell_of_attempt(request, number, began, told)
        if isinstance(outcome, Answer):
            self._gates.learn(gate, outcome.headers, now)
            if not outcome.ok:  # a refusal may quote the key, and stands in errors
                outcome = outcome._replace(body=outcome.body.replace(key.text.encode(), b"..."))
        return outcome, key

    async def _send(
        self, request: Request, headers: Mapping[str, str], sending: Sending, began: float, deadline: float
    ) -> Answer | Failure:
        """Send within the call's time; what must not be repeated is given FINISH_SECONDS more to bring its id."""
        send = partial(self._http.send, request, headers, sending, self.options.timeout)
        orphaned = None
        if request.operation.effect == "once":
            sending.before = self.known.before(request, began)
            orphaned = partial(self._tell_of_orphan, request, sending)
        else:
            sending.sent = True  # no step of it is watched
            if deadline == FOR_EVER and not self._http.given:
                return await send()  # a client of ours that is broken off is closed: no need of a task of its own
        outcome = await finish(send, sending, deadline, orphaned)
        reason = f"total_timeout of {self.options.total} s was over"
        return outcome or Failure(sending.may_have_left, reason, "allow it more time")

    def _tell_of_attempt(self, request: Request, number: int, began: float, outcome: Answer | Failure) -> float:
        """Tell the log and whoever measures; return the time."""
        name, now = request.operation.id, self._gates.now()
        logger.debug("%s: attempt %d: %s in %.3f s", name, number, _said(outcome), now - began)
        if self.telemetry is not None:
            from ._telemetry import Attempt, tell  # an import costs as much as a call: only where someone listens

            status = outcome.status if isinstance(outcome, Answer) else None
            failure = None if isinstance(outcome, Answer) else outcome.reason
            tell(self.telemetry, Attempt(name, number, began, now - began, status, failure))
        return now

    def _tell_of_retry(self, operation: Operation, number: int, delay: float, outcome: Answer | Failure) -> None:
        if self.telemetry is not None:
            from ._telemetry import Retry, tell

            tell(self.telemetry, Retry(operation.id, number, delay, _said(outcome)))

    async def _tell_of_orphan(self, request: Request, sending: Sending, outcome: Answer | Failure | None) -> None:
        """Hand on what came of a start whose caller is no longer there."""
        name = request.operation.id
        if isinstance(outcome, Answer) and outcome.ok:
            try:
                taken = await self._taken(request, outcome, sending.before)
            except OutcomeUnknownError as error:
                text = "%s: carried out while its caller was cancelled; its answer can't be read: %s"
                logger.warning(text, name, error.body_excerpt)
                return
            except Exception:
                return  # on_accepted's own, which is in the log: the cancellation passes all the same
            what = f"accepted as {_ids(cast('Accepted[Any]', taken))}" if isinstance(taken, Accepted) else "carried out"
            logger.warning("%s: %s while its caller was cancelled", name, what)
        elif sending.may_have_left and (outcome is None or decide("once", outcome) == "unknown"):
            logger.warning("%s: cancelled after it was sent: it may have been carried out and billed", name)

    async def _taken(self, request: Request, answer: Answer, before: Before | None) -> Any:
        """Read an answer, and tell of what it accepted."""
        carried_out = CARRIED_OUT.get() if request.operation.effect == "once" else None
        if carried_out is not None:
            carried_out.append(None)
        value = self.read(request, answer, before)
        if carried_out is not None:
            carried_out[-1] = value
        if isinstance(value, Accepted) and self._on_accepted is not None:
            await self._tell_of_accepted(request.operation, cast("Accepted[Any]", value), self._on_accepted)
        return cast("Any", value)

    async def _tell_of_accepted(self, operation: Operation, accepted: Accepted[Any], tell: OnAccepted) -> None:
        """Hand on an id to where it is written down, also when the caller is cancelled meanwhile."""
        with _named_in_log(operation, accepted):
            told = tell(accepted)
        if isawaitable(told):
            await see_through(partial(_awaited, told, operation, accepted))

    def read(self, request: Request, answer: Answer, before: Before | None = None) -> Any:
        """Read an answer, and remember the ids in it; raises ResponseError, or OutcomeUnknownError for a start's."""
        operation = request.operation
        if operation.result is None:
            return None
        problem: Unreadable
        try:
            at = self._gates.now() if operation.effect == "once" else None
            value = operation.read(json.loads(answer.body), request.params, at)
            self.known.learn(request, value)
            return value
        except Unreadable as error:
            problem = error
        except (ValueError, RecursionError):
            problem = Unreadable("no JSON")
        raise unreadable(request, problem, answer, before)


def _said(outcome: Answer | Failure) -> str:
    return str(outcome.status) if isinstance(outcome, Answer) else outcome.reason


async def _awaited(told: Awaitable[object], operation: Operation, accepted: Accepted[Any]) -> None:
    with _named_in_log(operation, accepted):
        await told


@contextmanager
def _named_in_log(operation: Operation, accepted: Accepted[Any]) -> Generator[None]:
    try:
        yield
    except BaseException:  # other code may have cancelled what it awaits
        logger.warning("%s: accepted as %s; on_accepted failed", operation.id, _ids(accepted))
        raise


def _limited(outcome: Answer | Failure) -> bool:
    return isinstance(outcome, Answer) and outcome.status == 429


def _ids(accepted: Accepted[Any]) -> str:
    held = getattr(accepted, accepted.__id__)
    return ", ".join(cast("list[str]", held)) if isinstance(held, list) else str(held)
