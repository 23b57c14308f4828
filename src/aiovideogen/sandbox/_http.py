"""Requests, answers and refusals on plain ASGI."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote_to_bytes

import anyio
from anyio import to_thread

if TYPE_CHECKING:
    from pathlib import Path

Json: TypeAlias = dict[str, Any]
Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Sleep: TypeAlias = Callable[[float], Awaitable[object]]

CHUNK = 256 * 1024
DRIP_SECONDS = 0.1
BODY_LIMIT = 10 * 1024 * 1024


class ConnectionDropped(ConnectionResetError):
    """Leave a request without an answer: `serve()` closes the connection, in process it raises."""


class ConnectionRefused(ConnectionDropped, ConnectionRefusedError):
    """Refuse a request unread: `serve()` closes the connection at once, in process it raises."""


class ClientGone(Exception):
    """End a call whose client closed the connection before its body was complete."""


class ApiFault(Exception):
    """End a call with a status and an ApiError body."""

    def __init__(
        self,
        status: int,
        code: str | None,
        message: str,
        *,
        requirement: str | None = None,
        details: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = api_error(message, code, requirement, details)
        self.headers = dict(headers or {})


def api_error(
    message: str,
    code: str | None = None,
    requirement: str | None = None,
    details: Mapping[str, str] | None = None,
    *,
    internal: str | None = None,
) -> Json:
    """Build the body that every refusal and every failed job carries."""
    needed: Json | None = {"type": requirement, "details": dict(details or {})} if requirement else None
    return {"message": message, "code": code, "requirement": needed, "internalErrorCode": internal}


def invalid(message: str, code: str = "invalid_request") -> ApiFault:
    """Refuse a request that breaks a documented rule."""
    return ApiFault(400, code, message)


def not_found(what: str) -> ApiFault:
    """Refuse an id that names nothing of this team's."""
    return ApiFault(404, "not_found", f"{what} not found.")


def forbidden(message: str, requirement: str | None = None, details: Mapping[str, str] | None = None) -> ApiFault:
    """Refuse what the plan or the owner does not allow."""
    return ApiFault(403, "not_authorized", message, requirement=requirement, details=details)


def conflict(message: str) -> ApiFault:
    """Refuse what was already done; the API names no code for it."""
    return ApiFault(409, None, message)


@dataclass(slots=True)
class FileSlice:
    """A stretch of a file on disk, sent without reading it whole."""

    path: Path
    start: int
    length: int


@dataclass(slots=True)
class Pace:
    """How a body leaves: `rate` in bytes a second, in chunks of a size, broken off at a byte."""

    rate: float | None = None
    chunk: int | None = None
    stop_at: int | None = None

    @property
    def altered(self) -> bool:
        return (self.rate, self.chunk, self.stop_at) != (None, None, None)

    @property
    def piece(self) -> int:
        sizes = [CHUNK, self.chunk or CHUNK]
        return min(*sizes, max(1, int(self.rate * DRIP_SECONDS))) if self.rate else min(sizes)


@dataclass(slots=True)
class Answer:
    """One HTTP answer, its body in memory or on disk."""

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes | FileSlice = b""
    pace: Pace = field(default_factory=Pace)

    @property
    def length(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.length

    async def deliver(self, receive: Receive, send: Send, sleep: Sleep, *, head: bool = False) -> None:
        """Send it; `head` leaves the body out and keeps its headers.

        Raises ConnectionDropped where the pace says to break off.
        """
        await send({"type": "http.response.start", "status": self.status, "headers": self._raw()})
        content = b"" if head else self.content
        paced = send if head or not self.pace.altered else _PacedSend(send, self.pace, sleep)
        if isinstance(content, bytes) and paced is send:
            await _send_bytes(send, content)
            return
        dropped: ConnectionDropped | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(_stop_when_gone, receive, group.cancel_scope)
            try:
                await (_send_bytes(paced, content) if isinstance(content, bytes) else _send_slice(paced, content))
            except ConnectionDropped as error:
                # Raised out of the group it would come wrapped in another exception.
                dropped = error
            group.cancel_scope.cancel()
        if dropped is not None:
            raise dropped

    def _raw(self) -> list[tuple[bytes, bytes]]:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.status >= 200 and self.status not in (204, 304) and self.pace.chunk is None:
            headers.setdefault("content-length", str(self.length))
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def json_answer(status: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with a JSON body; None gives an empty one."""
    if body is None:
        return Answer(status, dict(headers or {}))
    content = json.dumps(body, separators=(",", ":")).encode()
    return Answer(status, {"content-type": "application/json", **(headers or {})}, content)


class _PacedSend:
    """Sends body messages on at a pace."""

    def __init__(self, send: Send, pace: Pace, sleep: Sleep) -> None:
        self._send = send
        self._pace = pace
        self._sleep = sleep
        self._sent = 0

    async def __call__(self, message: Message) -> None:
        data: bytes = message["body"]
        stop_at = self._pace.stop_at
        if stop_at is not None:
            data = data[: stop_at - self._sent]
        for start in range(0, len(data), self._pace.piece):
            piece = data[start : start + self._pace.piece]
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            self._sent += len(piece)
            if self._pace.rate:
                await self._sleep(len(piece) / self._pace.rate)
        if self._sent == stop_at:
            raise ConnectionDropped("broken off in the middle of the body")
        if not message["more_body"]:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_bytes(send: Send, data: bytes) -> None:
    for start in range(0, max(1, len(data)), CHUNK):
        chunk, more = data[start : start + CHUNK], start + CHUNK < len(data)
        await send({"type": "http.response.body", "body": chunk, "more_body": more})


async def _send_slice(send: Send, part: FileSlice) -> None:
    file = await to_thread.run_sync(part.path.open, "rb")
    try:
        file.seek(part.start)
        left = part.length
        while left and (chunk := await to_thread.run_sync(file.read, min(CHUNK, left))):
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
    finally:
        # Not in a thread: an await here would not outlive a cancellation, and leave the file open.
        file.close()


async def _stop_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    # Servers swallow what is sent to a closed connection: without this, gigabytes are read in vain.
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


class Request:
    """What a handler needs of one ASGI request."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.receive = receive
        self._complete = False
        self._held: deque[bytes] = deque()
        self.method: str = scope["method"]
        self.headers: dict[str, str] = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        root: str = scope.get("root_path", "")
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        self.raw_path: str = raw.decode("latin-1").removeprefix(root)
        self.query: str = scope.get("query_string", b"").decode("latin-1")
        self.base: str = f"{scope.get('scheme', 'http')}://{self._host(scope)}{root}"

    def _host(self, scope: Scope) -> str:
        server: tuple[str, int] = scope.get("server") or ("127.0.0.1", 80)
        return self.headers.get("host") or f"{server[0]}:{server[1]}"

    @property
    def segments(self) -> list[str]:
        """The path's parts, percent-decoded one by one."""
        parts = self.raw_path.split("/")[1:]
        return [unquote_to_bytes(part).decode("utf-8", "replace") for part in parts]

    async def chunk(self) -> bytes | None:
        """Return the next bytes of the body, None after the last.

        Raises ClientGone when the client closes the connection first.
        """
        if self._held:
            return self._held.popleft()
        if self._complete:
            return None
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        self._complete = not message.get("more_body", False)
        return message.get("body", b"")

    async def hold(self) -> None:
        """Read the body now, to be had later: so the request takes effect though its client leaves."""
        parts: list[bytes] = []
        while sum(map(len, parts)) <= BODY_LIMIT and (chunk := await self.chunk()) is not None:
            parts.append(chunk)
        self._held.extend(parts)

    async def drain(self) -> None:
        """Read and forget what is left of the body: an answer sent before it breaks some clients."""
        while await self.chunk() is not None:
            pass

    async def body(self) -> bytes:
        """Read the whole body, up to what a JSON request may be."""
        parts: list[bytes] = []
        size = 0
        while (chunk := await self.chunk()) is not None:
            parts.append(chunk)
            size += len(chunk)
            if size > BODY_LIMIT:
                raise ApiFault(413, "invalid_request", "The request body is too large.")
        return b"".join(parts)
