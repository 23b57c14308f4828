"""A receiver of webhooks as a plain ASGI app (layer 6): mount it in any framework, or serve it alone.

    receiver = Receiver(secrets=os.environ["VIDEOGEN_WEBHOOK_SECRET"])

    @receiver.on(ToolExecutionSucceeded)
    async def collect(event: ToolExecutionSucceeded) -> None:
        ...

    app.mount("/videogen", receiver)  # Starlette, FastAPI; or `uvicorn module:receiver`

It takes any path. For a mount, register the URL with its slash, `https://your.host/videogen/` here: without it
Starlette and FastAPI answer with a redirect, which a sender need not follow. A route of one path needs none:
`Route("/videogen", receiver, methods=["POST"])`.

A delivery is acknowledged once its handlers have run, and comes again where one failed: a handler runs at least once
for each event, so let it bear a second time. An id whose handlers succeeded isn't handled again.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from inspect import isasyncgenfunction, isawaitable, isgeneratorfunction
from typing import Any, Final, Protocol, TypeAlias, TypeVar, overload

import anyio

from .errors import ConfigurationError, WebhookVerificationError
from .webhooks import TOLERANCE, Event, Secrets, WebhookEvent, verify

__all__ = ["Inbox", "MemoryStore", "Receiver", "Store"]

logger: logging.Logger = logging.getLogger("aiovideogen")

E = TypeVar("E", bound=Event)
R = TypeVar("R")
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler: TypeAlias = Callable[[Any], object]
Listener: TypeAlias = Callable[[WebhookEvent], None]

MAX_BODY: Final = 2**20
MAX_READING: Final = 64 * 2**20
"""Bytes of unfinished bodies that are held at once, of all requests together: nothing is known of their senders yet."""
ANSWER_SECONDS: Final = 10.0
"""The sender gives up after 15."""
MARK_SECONDS: Final = 3.0
"""How long the store may take on top, once the handlers have run."""
RETRY_SECONDS: Final = 1
WARNING_SECONDS: Final = 60.0


class Store(Protocol):
    """Which deliveries were handled, by their `webhook-id`: where several processes receive, let them share it."""

    async def seen(self, id: str, /) -> bool:
        """Say whether `id` was marked."""
        ...

    async def mark(self, id: str, /) -> None:
        """Remember `id`."""
        ...


class Inbox(Protocol):
    """Where events are kept until they are worked on, durably: what it has taken is acknowledged and never comes again.

    Work on them with `Receiver.handle`; `webhooks.parse` makes an event of its body, id and timestamp again.
    """

    async def put(self, event: WebhookEvent, body: bytes, /) -> None:
        """Return once the event would outlive this machine's crash."""
        ...


class MemoryStore:
    """The newest `limit` ids, in this process."""

    def __init__(self, limit: int = 100_000) -> None:
        self._limit = limit
        self._ids: dict[str, None] = {}

    async def seen(self, id: str, /) -> bool:
        """Say whether `id` was marked."""
        return id in self._ids

    async def mark(self, id: str, /) -> None:
        """Remember `id`, and forget the oldest beyond the limit."""
        self._ids[id] = None
        if len(self._ids) > self._limit:
            del self._ids[next(iter(self._ids))]


class _Refusal(Exception):
    """What a request is answered with instead of being worked on."""

    def __init__(self, status: int, reason: str, *, close: bool = False) -> None:
        super().__init__(reason)
        headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(reason.encode()))}
        if status == 405:
            headers["allow"] = "POST"
        if status == 503:
            headers["retry-after"] = str(RETRY_SECONDS)
        if close:
            headers["connection"] = "close"
        self.status = status
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.body = reason.encode()


class Receiver:
    """An ASGI app that takes deliveries, verifies them, and hands each event to its handlers once.

    Answers 204 when an event was handled, now or before; 503 with Retry-After when a handler failed or took longer than
    `seconds`, and while `concurrency` deliveries are in work; 4xx to all that isn't a delivery.

    Args:
        secrets: The signing secret of the endpoint, or several while one takes the place of another. None answers 503
            until `set_secrets` is called.
        max_body: Bytes of a body; a longer one is answered 413, and not read.
        tolerance: Seconds that a delivery's timestamp may be away from this machine's clock.
        store: Remembers which deliveries were handled; by default in memory, for the newest 100,000.
        inbox: Takes events durably; they are acknowledged then, and handlers are left to `handle`.
        concurrency: How many deliveries may be in work at once.
        seconds: How long the handlers of a delivery may take together; the sender waits for 15.
        remember: How many of the newest events `recent` holds.
        clock: What timestamps are held against, in Unix seconds.

    Raises:
        ConfigurationError: A secret or a bound that can't be used.
    """

    def __init__(
        self,
        secrets: Secrets | str | Sequence[str] | None = None,
        *,
        max_body: int = MAX_BODY,
        tolerance: float = TOLERANCE,
        store: Store | None = None,
        inbox: Inbox | None = None,
        concurrency: int = 200,
        seconds: float = ANSWER_SECONDS,
        remember: int = 1000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not (max_body > 0 and tolerance >= 0 and concurrency > 0 and seconds > 0 and remember >= 0):
            raise ConfigurationError("Receiver: bounds must be above 0, tolerance and remember not below")
        self._secrets = None if secrets is None else Secrets.of(secrets)
        self._max_body = max_body
        self._tolerance = tolerance
        self._store: Store = MemoryStore() if store is None else store
        self._inbox = inbox
        self._concurrency = concurrency
        self._seconds = seconds
        self._clock = clock
        self._handlers: list[tuple[tuple[type[Event] | str, ...], Handler]] = []
        self._listeners: dict[object, Listener] = {}
        self._recent: deque[WebhookEvent] = deque(maxlen=remember)
        self._active = 0
        self._running: dict[str, anyio.Event | None] = {}
        """The ids in work, with what those that wait for one of them wait on."""
        self._reading = 0
        self._refused = 0
        self._warned_at = float("-inf")

    def set_secrets(self, secrets: Secrets | str | Sequence[str]) -> None:
        """Take deliveries signed by any of `secrets` from now on; raises ConfigurationError."""
        self._secrets = Secrets.of(secrets)

    # -- handlers and listeners ---------------------------------------------------------------------------------

    @overload
    def on(self, *kinds: type[E]) -> Callable[[Callable[[E], R]], Callable[[E], R]]: ...

    @overload
    def on(self, *kinds: str) -> Callable[[Callable[[Any], R]], Callable[[Any], R]]: ...

    def on(self, *kinds: type[Event] | str) -> Callable[[Callable[[Any], R]], Callable[[Any], R]]:
        """Call, or await, the decorated function with each event of these classes or names.

        Handlers of an event run one after another in the order they were registered. They run in the event loop: leave
        what blocks to a thread. Raises TypeError for what is neither a class of events nor a name.
        """
        if not kinds or not all(map(_is_kind, kinds)):
            raise TypeError("on: expected classes of events or names, as in on(ToolExecutionSucceeded); or use on_all")

        def register(handler: Callable[[Any], R]) -> Callable[[Any], R]:
            self._handlers.append((kinds, _checked(handler)))
            return handler

        return register

    def on_all(self, handler: Callable[[WebhookEvent], R]) -> Callable[[WebhookEvent], R]:
        """Call, or await, the decorated function with every event, unknown ones too."""
        self._handlers.append(((Event,), _checked(handler)))
        return handler

    async def handle(self, event: WebhookEvent) -> None:
        """Run the handlers of an event, such as one taken out of an inbox; raises what a handler raises."""
        for kinds, handler in tuple(self._handlers):
            if any(event.name == kind if isinstance(kind, str) else isinstance(event, kind) for kind in kinds):
                answer = handler(event)
                if isawaitable(answer):
                    await answer

    @property
    def recent(self) -> tuple[WebhookEvent, ...]:
        """The newest events that were acknowledged, oldest first."""
        return tuple(self._recent)

    def subscribe(self, listener: Listener, /) -> Callable[[], None]:
        """Call `listener` with each remembered event at once and with each new one; return what ends that.

        It is called when an event's handlers have succeeded, and must not block. What it raises is logged.
        """
        key = object()
        self._listeners[key] = listener
        for event in self.recent:
            _tell(listener, event)

        def unsubscribe() -> None:
            self._listeners.pop(key, None)

        return unsubscribe

    # -- the app ------------------------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request, under any path."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            raise NotImplementedError("the receiver serves HTTP only")
        try:
            body = await self._respond(scope, receive)
        except _Refusal as refusal:
            await _answer(send, refusal.status, refusal.headers, refusal.body)
        else:
            if body:
                await _answer(send, 204, [], b"")

    async def _respond(self, scope: Scope, receive: Receive) -> bool:
        """Take a delivery; False when its sender has gone, _Refusal when it must be answered otherwise than 204."""
        if scope["method"] != "POST":
            raise _Refusal(405, "webhooks are POSTed")
        headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        _check_length(headers, self._max_body)
        secrets = self._secrets
        if secrets is None:
            raise _Refusal(503, "no secret is known yet")
        self._check_room()
        body: bytes | None = None
        with anyio.move_on_after(self._seconds):
            body = await self._read(receive)
            if body is None:
                return False
            event = self._verified(body, headers, secrets)
            await self._in_turn(event, body)
            return True
        if body is None:
            raise _Refusal(408, "the body took too long", close=True)
        logger.warning("webhook: handling took longer than %g s; the delivery comes again", self._seconds)
        raise _Refusal(503, "handling took too long")

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the body; None when the sender has gone."""
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            body: bytes = message.get("body", b"")
            if len(body) > self._max_body:
                raise _Refusal(413, "the body is too long", close=True)
            return body
        held = bytearray()
        try:
            while message["type"] == "http.request":
                chunk: bytes = message.get("body", b"")
                if len(held) + len(chunk) > self._max_body:
                    raise _Refusal(413, "the body is too long", close=True)
                if self._reading + len(chunk) > max(MAX_READING, self._max_body):
                    raise _Refusal(503, "too much is being received", close=True)
                held += chunk
                self._reading += len(chunk)
                if not message.get("more_body"):
                    return bytes(held)
                message = await receive()
            return None
        finally:
            self._reading -= len(held)

    def _verified(self, body: bytes, headers: Sequence[tuple[bytes, bytes]], secrets: Secrets) -> WebhookEvent:
        try:
            return verify(body, headers, secrets, tolerance=self._tolerance, now=self._clock())
        except WebhookVerificationError as error:
            self._warn_of_refusals(error)
            raise _Refusal(400, error.message) from None

    def _warn_of_refusals(self, error: WebhookVerificationError) -> None:
        """Log what was refused, now and then: anybody can send what can't be verified."""
        self._refused += 1
        now = time.monotonic()
        if now - self._warned_at >= WARNING_SECONDS:
            logger.warning("webhook: %d deliveries refused; the last one: %s", self._refused, error)
            self._warned_at, self._refused = now, 0

    def _check_room(self) -> None:
        if self._active >= self._concurrency:
            raise _Refusal(503, "too many deliveries are in work")

    async def _in_turn(self, event: WebhookEvent, body: bytes) -> None:
        """Take an event while there is room for it."""
        self._check_room()
        self._active += 1
        try:
            await self._once(event, body)
        finally:
            self._active -= 1

    async def _once(self, event: WebhookEvent, body: bytes) -> None:
        """Take an event; where another delivery of it is in work, once that one has ended."""
        while event.id in self._running:
            ended = self._running[event.id] = self._running[event.id] or anyio.Event()
            await ended.wait()
        self._running[event.id] = None
        try:
            await self._take(event, body)
        finally:
            if (ended := self._running.pop(event.id)) is not None:
                ended.set()

    async def _take(self, event: WebhookEvent, body: bytes) -> None:
        """Have an event handled and marked, unless it was before."""
        try:
            if await self._store.seen(event.id):
                return
            if self._inbox is None:
                await self.handle(event)
            else:
                await self._inbox.put(event, body)
            # What was handled is marked even when the time is over or the sender has gone, lest it be handled again.
            with anyio.move_on_after(MARK_SECONDS, shield=True) as marking:
                await self._store.mark(event.id)
        except Exception:
            # Whatever went wrong, the event isn't lost: it comes again.
            logger.exception("webhook: %s of %s failed; the delivery comes again", event.name, event.id)
            raise _Refusal(503, "handling failed") from None
        if marking.cancelled_caught:
            logger.warning("webhook: the store took longer than %g s to mark an event", MARK_SECONDS)
            raise _Refusal(503, "marking took too long")
        self._recent.append(event)
        for listener in tuple(self._listeners.values()):
            _tell(listener, event)


def _checked(handler: Callable[[Any], R]) -> Callable[[Any], R]:
    if isasyncgenfunction(handler) or isgeneratorfunction(handler):
        raise TypeError("receiver: a handler with yield would never run; use a function, async or not")
    return handler


def _is_kind(kind: object) -> bool:
    return isinstance(kind, str) or (isinstance(kind, type) and issubclass(kind, Event))


def _tell(listener: Listener, event: WebhookEvent) -> None:
    try:
        listener(event)
    except Exception:
        logger.exception("webhook: a listener failed on %s", event.name)


def _check_length(headers: Sequence[tuple[bytes, bytes]], most: int) -> None:
    for name, value in headers:
        if name.lower() == b"content-length":
            if not value.isdigit():
                raise _Refusal(400, "content-length is not a number", close=True)
            # Longer than any number of bytes there is, and int() might refuse it.
            if len(value) > 18 or int(value) > most:
                raise _Refusal(413, "the body is too long", close=True)


async def _live(receive: Receive, send: Send) -> None:
    """Agree to start and to stop; there is nothing to do."""
    phase = ""
    while phase != "lifespan.shutdown":
        phase = (await receive())["type"]
        await send({"type": f"{phase}.complete"})


async def _answer(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
