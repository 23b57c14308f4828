"""An ASGI app behind an httpx client without a socket: streamed both ways, and breaking as a socket does.

The app runs in a task of its own, since its cancel scopes must not lie between those of a client that reads the answer
bit by bit. The event loop is that task's parent, so that no client has to be entered, and an exchange owns it: closing
an answer that isn't whole ends it. A client that leaves before the answer begins doesn't, as behind a socket: the app
is told, and what it was asked for may still take effect. Closing the transport ends that as well.
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import anyio
import anyio.lowlevel
import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator

    from ._http import Message, Receive, Scope, Send

    App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger("aiovideogen.sandbox")

WINDOW = 256 * 1024
"""Bytes that may be under way in each direction before their writer waits, as in the buffers of a socket."""

BODILESS = frozenset({204, 304})


def in_process(app: App, *, connections: int | None = None, connect_seconds: float = 0.0) -> InProcess:
    """Return an httpx transport to a sandbox, or to any other ASGI app, on the event loop that uses it.

    `connections` is how many requests may be under way at a time, and `connect_seconds` how long each takes to
    connect. httpx's timeouts count on the loop's clock, which may be virtual.
    """
    return InProcess(app, connections, connect_seconds)


class InProcess(httpx.AsyncBaseTransport):
    """The transport; with `refuses` set it can't be connected to."""

    def __init__(self, app: App, connections: int | None, connect_seconds: float) -> None:
        self.refuses = False
        self._app = app
        self._connections = connections
        self._connect_seconds = connect_seconds
        self._open = 0
        self._freed: anyio.Event | None = None
        self._exchanges: set[_Exchange] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return its answer once that has begun."""
        seconds: dict[str, float | None] = request.extensions.get("timeout", {})
        with _limited(seconds.get("pool"), httpx.PoolTimeout):
            await self._free_place()
        self._open += 1
        try:
            with _limited(seconds.get("connect"), httpx.ConnectTimeout):
                await anyio.sleep(self._connect_seconds)
            if self.refuses:
                raise httpx.ConnectError("All connection attempts failed")
            return await self._exchange(request, seconds)
        except BaseException:
            self._leave_place()
            raise

    async def _exchange(self, request: httpx.Request, seconds: dict[str, float | None]) -> httpx.Response:
        exchange = _Exchange(request.method, self._exchanges)
        exchange.task = _start(exchange.run, self._app, _scope(request))
        try:
            await exchange.upload(cast("httpx.AsyncByteStream", request.stream), seconds.get("write"))
            with _limited(seconds.get("read"), httpx.ReadTimeout):
                status, headers = await exchange.head()
        except BaseException:
            exchange.leave()
            raise
        answer = _Answer(exchange, seconds.get("read"), self._leave_place)
        return httpx.Response(status, headers=headers, stream=answer, extensions={"http_version": b"HTTP/1.1"})

    async def _free_place(self) -> None:
        while self._connections is not None and self._open >= self._connections:
            self._freed = self._freed or anyio.Event()
            await self._freed.wait()

    def _leave_place(self) -> None:
        self._open -= 1
        if self._freed is not None:
            self._freed.set()
            self._freed = None

    async def aclose(self) -> None:
        """End all that still runs for clients that have left."""
        for exchange in [one for one in self._exchanges if one.loop == _loop()]:
            await exchange.stop()


class _Answer(httpx.AsyncByteStream):
    """The body of an answer as it comes: no generator, so that one left unread leaves nothing unfinished."""

    def __init__(self, exchange: _Exchange, seconds: float | None, on_close: Callable[[], None]) -> None:
        self._exchange = exchange
        self._seconds = seconds
        self._on_close = on_close
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        with _limited(self._seconds, httpx.ReadTimeout):
            chunk = await self._exchange.read()
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        """Hang up; what the app has sent whole is left to end by itself."""
        if not self._closed:
            self._closed = True
            self._on_close()
            await self._exchange.hang_up()


class _Pipe:
    """Bytes on their way in one direction."""

    def __init__(self) -> None:
        self.broken = False
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._closed = False
        self._changed = anyio.Event()

    def put(self, data: bytes) -> None:
        if data and not self._closed:
            self._chunks.append(data)
            self._size += len(data)
            self._tell()

    async def drain(self) -> None:
        """Wait until the reader has caught up, or has gone."""
        while self._size > WINDOW and not self.broken:
            await self._changed.wait()

    async def get(self) -> bytes | None:
        """Return the next bytes, None after the last."""
        while not self._chunks and not self._closed:
            await self._changed.wait()
        if not self._chunks:
            return None
        chunk = self._chunks.popleft()
        self._size -= len(chunk)
        self._tell()
        return chunk

    def close(self) -> None:
        """Let nothing more in."""
        self._closed = True
        self._tell()

    def break_off(self) -> None:
        """Let nothing more in, and forget what is under way: nobody reads it."""
        self.broken = True
        self._chunks.clear()
        self.close()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


class _Exchange:
    """One request and its answer, between the client's task and the app's."""

    def __init__(self, method: str, running: set[_Exchange]) -> None:
        self.loop = _loop()
        self.task: object = None
        self._running = running
        self._bodiless = method == "HEAD"
        self._up, self._down = _Pipe(), _Pipe()
        self._uploaded = self._read_all = self._whole = False
        self._head: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._length: int | None = None
        self._sent = self._received = 0
        self._begun, self._over, self._ended = anyio.Event(), anyio.Event(), anyio.Event()
        self._failure: Exception | None = None
        self._scope = anyio.CancelScope()
        running.add(self)

    # -- the app's side -----------------------------------------------------------------------------------------

    async def run(self, app: App, scope: Scope) -> None:
        """Run the app for this request, and keep what it raises for the client."""
        try:
            with self._scope:
                await app(scope, self._receive, self._send)
        except Exception as error:
            self._failure = _single(error)
            if self._over.is_set() and not isinstance(self._failure, ConnectionError):
                logger.exception("the app failed when its client was gone")
        finally:
            self._up.break_off()
            self._down.close()
            self._running.discard(self)
            for event in (self._begun, self._over, self._ended):
                event.set()

    async def _receive(self) -> Message:
        if not self._read_all:
            chunk = await self._up.get()
            if chunk is not None:
                return {"type": "http.request", "body": chunk, "more_body": True}
            if self._uploaded:
                self._read_all = True
                return {"type": "http.request", "body": b"", "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await anyio.lowlevel.checkpoint()  # an app that sends for ever, to nobody, can be ended
        if message["type"] == "http.response.start":
            self._head = (message["status"], [(bytes(k), bytes(v)) for k, v in message.get("headers", [])])
            self._bodiless = self._bodiless or message["status"] in BODILESS
            lengths = [int(value) for name, value in self._head[1] if name.lower() == b"content-length"]
            self._length = lengths[0] if lengths and not self._bodiless else None
            self._begun.set()
        elif message["type"] == "http.response.body" and not self._over.is_set():
            await self._send_body(message.get("body", b""), more=message.get("more_body", False))

    async def _send_body(self, data: bytes, *, more: bool) -> None:
        data = b"" if self._bodiless else data
        self._sent += len(data)
        if self._length is not None and self._sent > self._length:
            more = False  # a server that has promised less sends none of it, and closes
        else:
            self._down.put(data)
        if not more:
            self._whole = self._length in (None, self._sent)
            self._down.close()
            self._up.break_off()
            self._over.set()
        await self._down.drain()

    # -- the client's side --------------------------------------------------------------------------------------

    async def upload(self, stream: httpx.AsyncByteStream, seconds: float | None) -> None:
        """Send the request's body, unless the app has done with it before its end."""
        chunks = aiter(stream)
        try:
            async for chunk in chunks:
                self._up.put(chunk)
                with _limited(seconds, httpx.WriteTimeout):
                    await self._up.drain()
                if self._up.broken:
                    break
            self._uploaded = True
            self._up.close()
        finally:
            # Nothing else closes what a broken-off upload has left unread, and trio warns of it.
            if (close := getattr(chunks, "aclose", None)) is not None:
                with anyio.CancelScope(shield=True):
                    await close()

    async def head(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Wait for the status and the headers; raises what a client meets that gets none."""
        await self._begun.wait()
        if self._head is not None:
            return self._head
        if isinstance(self._failure, ConnectionRefusedError):
            raise httpx.ConnectError("All connection attempts failed")
        if self._failure is not None and not isinstance(self._failure, ConnectionError):
            raise self._failure
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")

    async def read(self) -> bytes | None:
        """Return the next bytes of the answer, None after its end; raises when it breaks off."""
        await anyio.lowlevel.checkpoint()
        chunk = await self._down.get()
        if chunk is not None:
            self._received += len(chunk)
            return chunk
        if self._whole:
            return None
        if self._failure is not None and not isinstance(self._failure, ConnectionError):
            raise self._failure
        missing = f"received {self._received} bytes, expected {self._length}"
        problem = "incomplete chunked read" if self._length is None else missing
        raise httpx.RemoteProtocolError(f"peer closed connection without sending complete message body ({problem})")

    def leave(self) -> None:
        """Hang up, and let the app go on: it learns of it when it next reads or sends."""
        self._up.close()
        self._down.break_off()
        self._over.set()

    async def hang_up(self) -> None:
        """Hang up, and end an app that is still sending."""
        sending = not self._whole
        self.leave()
        if sending:
            await self.stop()

    async def stop(self) -> None:
        """End the app, and wait until it has."""
        self._scope.cancel()
        with anyio.CancelScope(shield=True):
            await self._ended.wait()


def _loop() -> object:
    return anyio.lowlevel.current_token().native_token


def _start(function: Callable[[App, Scope], Coroutine[Any, Any, None]], app: App, scope: Scope) -> object:
    """Start a task whose parent is the event loop itself, which ends it when it ends; it must not raise."""
    create: Callable[..., object] | None = getattr(_loop(), "create_task", None)
    if create is not None:  # asyncio's loop
        return create(function(app, scope))
    from trio.lowlevel import spawn_system_task

    return spawn_system_task(function, app, scope, context=copy_context())


def _scope(request: httpx.Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }


@contextmanager
def _limited(seconds: float | None, error: type[httpx.TimeoutException]) -> Generator[None]:
    with anyio.move_on_after(seconds) as scope:
        yield
    if scope.cancelled_caught:
        raise error(f"timed out after {seconds:g} s")


def _single(error: Exception) -> Exception:
    """Return the one exception that a task group has wrapped."""
    inner: tuple[Exception, ...] = getattr(error, "exceptions", ())
    return _single(inner[0]) if len(inner) == 1 else error
