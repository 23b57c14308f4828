"""Calls of the API (layer 3): from a request to a value or an error, by the decisions of `_protocol` and `_limits`.

Three promises stand here. A call that must not be repeated is sent again only where it surely had no effect. A start
that may have left finishes, also when its caller is cancelled, so that its id is not lost. And calls wait before a
rate limit rather than run into it, in the order in which they came.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Protocol, cast

import anyio
import anyio.lowlevel

from ._accepted import Accepted
from ._codecs import Unreadable
from ._limits import Limit, RateLimit
from ._protocol import (
    RETRY_AFTER_CAP,
    Answer,
    Failure,
    Sending,
    Verdict,
    decide,
    error_from,
    excerpt,
    retry_after,
    retry_delay,
)
from .errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseError,
)

if TYPE_CHECKING:
    from ._operation import Operation, Request
    from ._telemetry import Telemetry

__all__ = ["Calls", "Key", "OnAccepted", "checked_key"]

logger = logging.getLogger("aiovideogen")

Key = str | Callable[[], Awaitable[str]]
OnAccepted = Callable[[Accepted[Any]], object]

FINISH_SECONDS = 5.0
"""How long a start whose caller was cancelled may take to bring its id."""

LONG_PAUSE = 10.0
"""Seconds: a rate limit that holds a call back for longer is worth a line in the log."""


class _Sender(Protocol):
    async def send(self, request: Request, headers: Mapping[str, str], sending: Sending) -> Answer | Failure: ...


class Calls:
    """The calls of one client, over what sends them."""

    def __init__(self, http: _Sender, *, key: Key, retries: int, on_accepted: OnAccepted | None) -> None:
        self._http = http
        self._key = key
        self._asked_key: str | None = None
        self._retries = retries
        self._on_accepted = on_accepted
        self.telemetry: Telemetry | None = None
        self._loop: object = None
        self._asking: anyio.Lock
        self._gates: dict[str, _Gate] = {}
        self._ahead = 0.0

    @property
    def rate_limits(self) -> dict[str, RateLimit]:
        """What is known of each endpoint group's limit, for those used so far."""
        return {name: gate.limit.shown() for name, gate in self._gates.items()}

    async def call(self, request: Request, *, retries: int | None = None) -> Any:
        """Send a request until its outcome is settled, and return what its operation reads from the answer.

        Raises the errors drawn in `aiovideogen.errors`. `retries` overrides the client's.
        """
        self._enter_loop()
        left = self._retries if retries is None else retries
        attempt = 0
        asked_again = False
        while True:
            attempt += 1
            key = await self._current_key()
            outcome = await self._attempt(request, attempt, key)
            if isinstance(outcome, Answer) and outcome.ok:
                return await self._taken(request, outcome)
            if isinstance(outcome, Answer) and outcome.status == 401 and callable(self._key) and not asked_again:
                asked_again = True  # an OAuth token lives an hour: ask for a new one, once
                self._asked_key = None if self._asked_key == key else self._asked_key
                continue
            verdict = decide(request.operation.effect, outcome)
            wait = retry_after(outcome.headers, self._now()) if isinstance(outcome, Answer) else None
            delay = retry_delay(attempt, wait, random.random())
            if verdict != "again" or attempt > left or delay is None:
                raise _error(request.operation.id, outcome, verdict, self._now())
            await anyio.sleep(delay)

    async def _attempt(self, request: Request, attempt: int, key: str) -> Answer | Failure:
        """Send once, when the rate limit allows it, and learn from the answer."""
        operation = request.operation
        gate = self._gate(operation)
        await gate.enter(self._now, operation.id)
        started = time.perf_counter()
        headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
        try:
            if operation.effect == "once":
                outcome = await self._finish(request, headers)
            else:
                outcome = await self._http.send(request, headers, Sending())
        finally:
            gate.limit.ended()
        if isinstance(outcome, Answer):
            gate.limit.learn(outcome.headers, self._now())
            wait = retry_after(outcome.headers, self._now()) if outcome.status == 429 else None
            if wait is not None and wait <= RETRY_AFTER_CAP:
                gate.limit.hold(wait, self._now())
        said = outcome.status if isinstance(outcome, Answer) else outcome.reason
        logger.debug("%s: attempt %d: %s in %.3f s", operation.id, attempt, said, time.perf_counter() - started)
        return outcome

    async def _finish(self, request: Request, headers: Mapping[str, str]) -> Answer | Failure:
        """Send what must not be repeated, so that a cancellation doesn't lose what comes of it.

        Once bytes may have left, the request goes on for FINISH_SECONDS after its caller was cancelled. What arrives by
        then goes to `on_accepted` and the log; then the cancellation passes.
        """
        sending = Sending()
        scope = anyio.CancelScope(shield=True)
        arrived = anyio.Event()
        outcome: Answer | Failure | None = None
        problem: Exception | None = None

        async def send() -> None:
            nonlocal outcome, problem
            with scope:
                try:
                    outcome = await self._http.send(request, headers, sending)
                except Exception as error:  # the task group would wrap it
                    problem = error
            arrived.set()

        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(send)
                try:
                    await arrived.wait()
                finally:
                    scope.deadline = anyio.current_time() + (FINISH_SECONDS if sending.sent else 0.0)
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True, deadline=anyio.current_time() + FINISH_SECONDS):
                await self._tell_of_orphan(request, outcome, sending)
            raise
        if problem is not None:
            raise problem
        return cast("Answer | Failure", outcome)

    async def _tell_of_orphan(self, request: Request, outcome: Answer | Failure | None, sending: Sending) -> None:
        """Hand on what came of a start whose caller is no longer there."""
        name = request.operation.id
        if isinstance(outcome, Answer) and outcome.ok:
            taken = await self._taken(request, outcome)
            what = f"accepted as {_ids(cast('Accepted[Any]', taken))}" if isinstance(taken, Accepted) else "carried out"
            logger.warning("%s: %s while its caller was cancelled", name, what)
        elif sending.sent and (outcome is None or decide("once", outcome) == "unknown"):
            logger.warning("%s: cancelled after it was sent: it may have been carried out and billed", name)

    async def _taken(self, request: Request, answer: Answer) -> Any:
        """Read an answer, and tell of what it accepted."""
        value = self._read(request, answer)
        if isinstance(value, Accepted) and self._on_accepted is not None:
            accepted = cast("Accepted[Any]", value)
            with anyio.CancelScope(shield=True):
                try:
                    told = self._on_accepted(accepted)
                    if isawaitable(told):
                        await told
                except Exception:
                    logger.warning("%s: accepted as %s; on_accepted failed", request.operation.id, _ids(accepted))
                    raise
        return cast("Any", value)

    def _read(self, request: Request, answer: Answer) -> Any:
        operation = request.operation
        if operation.result is None:
            return None
        problem: Unreadable
        try:
            return operation.read(json.loads(answer.body), request.params, time.time())
        except Unreadable as error:
            problem = error
        except (ValueError, RecursionError):
            problem = Unreadable("no JSON")
        raise _unreadable(operation, problem, answer)

    async def _current_key(self) -> str:
        if isinstance(self._key, str):
            return self._key
        async with self._asking:
            if self._asked_key is None:
                self._asked_key = checked_key(await self._key())
            return self._asked_key

    def _gate(self, operation: Operation) -> _Gate:
        group, hourly = operation.rate or (operation.id, None)
        gate = self._gates.get(group)
        if gate is None:
            gate = self._gates[group] = _Gate(Limit(group, hourly))
        return gate

    def _now(self) -> float:
        """Return Unix seconds that advance with the loop's clock, which no one sets while it runs."""
        return anyio.current_time() + self._ahead

    def _enter_loop(self) -> None:
        """Begin anew in another event loop: locks belong to one, and its calls ended with it."""
        loop = anyio.lowlevel.current_token()
        if loop != self._loop:
            self._loop = loop
            self._asking = anyio.Lock(fast_acquire=True)
            self._gates = {}
            self._ahead = time.time() - anyio.current_time()


class _Gate:
    """A rate limit, and the line before it: who came first goes first."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self._line = anyio.Lock(fast_acquire=True)

    async def enter(self, now: Callable[[], float], name: str) -> None:
        """Wait until the limit allows a request, and count it. Raises RateLimitError where that would be too late."""
        if not self._line.locked() and self.limit.pause(now()) <= 0:
            self.limit.sent(now())
            return
        async with self._line:
            told = False
            while (pause := self.limit.pause(now())) > 0:
                left = anyio.current_effective_deadline() - anyio.current_time()
                if pause > left:
                    raise _too_late(name, self.limit.group, pause)
                if pause > LONG_PAUSE and not told:
                    told = True
                    logger.warning("%s: waits %.0f s for the rate limit of %s", name, pause, self.limit.group)
                await anyio.sleep(pause)
            self.limit.sent(now())


def _ids(accepted: Accepted[Any]) -> str:
    held = getattr(accepted, accepted.__id__)
    return ", ".join(cast("list[str]", held)) if isinstance(held, list) else str(held)


def _too_late(operation: str, group: str, pause: float) -> RateLimitError:
    text = f"{operation}: not sent: the rate limit of {group} allows it in {pause:.0f} s, after the caller's deadline"
    return RateLimitError(f"{text}; wait {pause:.0f} s", status=429, operation=operation, retry_after=pause)


def _error(operation: str, outcome: Answer | Failure, verdict: Verdict, now: float) -> Exception:
    """Return the error for an outcome that no further try will change."""
    if isinstance(outcome, Failure):
        if verdict == "unknown":
            return OutcomeUnknownError(
                f"{operation}: the answer was lost ({outcome.reason}); it may have been carried out and billed: "
                "look at the newest items before sending it again",
                operation=operation,
            )
        return ConnectionFailedError(
            f"{operation}: no connection ({outcome.reason}); check the network and the base URL", operation=operation
        )
    if verdict == "unknown":
        return OutcomeUnknownError(
            f"{operation}: {outcome.status} leaves open whether it was carried out and billed; "
            "look at the newest items before sending it again",
            operation=operation,
            status=outcome.status,
            request_id=outcome.request_id,
            body_excerpt=excerpt(outcome.body),
        )
    return error_from(operation, outcome, now)


def _unreadable(operation: Operation, problem: Unreadable, answer: Answer) -> Exception:
    about: dict[str, Any] = {
        "operation": operation.id,
        "status": answer.status,
        "request_id": answer.request_id,
        "body_excerpt": excerpt(answer.body),
    }
    model = operation.result.name if operation.result is not None else None
    where = f"{operation.id}: the answer can't be read as {model}: {problem.path or 'the whole'}: {problem.reason}"
    if operation.effect == "once":
        return OutcomeUnknownError(
            f"{where}; it was carried out, look at the newest items before sending it again", **about
        )
    return ResponseError(
        f"{where}; quote the request id to support", model=model, path=problem.path, body=answer.body, **about
    )


def checked_key(key: object) -> str:
    """Return the key without the white space around it; refuse what can't stand in a header.

    Raises AuthenticationError when it is empty and ConfigurationError when it is none, never with the key in it.
    """
    if not isinstance(key, str):
        raise ConfigurationError(f"api_key: expected text, got {type(key).__name__}")
    key = key.strip()
    if not key:
        # The class and code of the server's answer to a request without a key, before one is sent.
        text = "no API key: set VIDEOGEN_API_KEY or pass api_key= (a key is made at app.videogen.io/api)"
        raise AuthenticationError(text, status=401, code="missing_api_key", documented=True)
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "api_key: has characters that no key has (spaces, line breaks or others); copy it again"
        )
    return key
