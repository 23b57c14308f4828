"""A network in memory, on the event loop's own clock: httpx and httpcore as they are, and what goes wrong below them.

The sandbox's own faults begin where a request has arrived; here a connection can't be made, or breaks at any byte.
"""

from __future__ import annotations

import ssl
from collections import Counter, deque
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, cast

import anyio
import anyio.lowlevel
import h11
import httpcore
import httpx

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import TracebackType

    from anyio.abc import TaskGroup

T = TypeVar("T")

TLS = ssl.create_default_context()
WINDOW = 65536
"""Bytes under way in each direction before their writer waits."""

Trouble = Literal[
    "refused",
    "dns",
    "connect timeout",
    "pool timeout",
    "tls",
    "reset before the body",
    "reset during the body",
    "reset after the body",
    "reset mid-answer",
]
"""What the network does: the first five to a connection that is made, the others to a request on its way."""

CONNECTING: dict[str, Callable[[], Exception]] = {
    "refused": lambda: httpcore.ConnectError("All connection attempts failed"),
    "dns": lambda: httpcore.ConnectError("[Errno -2] Name or service not known"),
    "connect timeout": lambda: httpcore.ConnectTimeout(),
    "pool timeout": lambda: httpcore.PoolTimeout(),
}


class Moments:
    """The moments at which a call waits for something: counted, and at one of them something strikes."""

    def __init__(self) -> None:
        self.count: int = 0
        self._at = 0
        self._strike: Callable[[], object] | None = None

    def begin(self, at: int = 0, strike: Callable[[], object] | None = None) -> None:
        """Count from 0 again, and strike at the moment `at`."""
        self.count, self._at, self._strike = 0, at, strike

    async def of(self, call: Awaitable[T]) -> T:
        """Await a call, and count each time it waits."""
        return await _Counted(call, self._passes)

    def _passes(self) -> None:
        self.count += 1
        if self.count == self._at and self._strike is not None:
            self._strike()


class _Counted(Generic[T]):
    """An awaitable around another, told of each suspension before the event loop is."""

    def __init__(self, call: Awaitable[T], passes: Callable[[], None]) -> None:
        self._call = call
        self._passes = passes

    def __await__(self) -> Generator[Any, Any, T]:
        inner = self._call.__await__()
        step: Callable[[], Any] = partial(next, inner)
        while True:
            try:
                asked = step()
            except StopIteration as end:
                return end.value
            self._passes()
            try:
                answer = yield asked
            except BaseException as error:
                step = partial(cast("Any", inner).throw, error)
            else:
                step = partial(cast("Any", inner).send, answer)


class Network(httpcore.AsyncNetworkBackend):
    """Connections to one ASGI app, and the troubles that wait for them: used in `async with`."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.troubles: deque[Trouble] = deque()
        self.lasting: Trouble | None = None
        self.tries: int = 0
        """Requests that a client tried to send: refused connections count, and so do requests that came in part."""
        self.open: set[Wire] = set()
        self.delivered: list[tuple[int, bytes]] = []
        """Status and body of each answer that a client has read to its end."""
        self.arrived: Counter[str] = Counter()
        """Requests that came whole, by method and path."""
        self.heads: list[tuple[bytes, list[tuple[bytes, bytes]]]] = []
        """Target and headers of each request, as they came."""
        self.moments: Moments = Moments()
        """What httpx waits for, in whatever task."""
        self._tasks: TaskGroup
        self._transports: list[Transport] = []

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        self._tasks.cancel_scope.cancel()
        return await self._tasks.__aexit__(kind, error, traceback)

    def client(self) -> httpx.AsyncClient:
        """Return an httpx client over this network."""
        return httpx.AsyncClient(transport=self.transport())

    def transport(self) -> Transport:
        """Return what is below an httpx client over this network."""
        transport = Transport(self)
        self._transports.append(transport)
        return transport

    def busy(self) -> list[str]:
        """Return what the clients' pools hold that is neither idle nor closed; and connections that no pool knows."""
        pools = [transport.pool for transport in self._transports if not transport.closed]
        connections = [one for pool in pools for one in pool.connections]
        held = [repr(one) for one in connections if not (one.is_idle() or one.is_closed())]
        waiting = [repr(one) for pool in pools for one in pool._requests]  # pyright: ignore[reportPrivateUsage]
        idle = sum(one.is_idle() for one in connections)
        return held + waiting + ([] if len(self.open) == idle else [f"{len(self.open)} open, {idle} idle"])

    # -- the client's side --------------------------------------------------------------------------------------

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any, **__: Any) -> Wire:
        await anyio.lowlevel.checkpoint()
        trouble = self._due(CONNECTING.keys())
        if trouble is not None:
            self.tries += 1
            if trouble == "connect timeout":
                await anyio.sleep(timeout or 0)
            raise CONNECTING[trouble]()
        wire = Wire(self)
        self.open.add(wire)
        self._tasks.start_soon(wire.serve)
        return wire

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    def _due(self, stage: Any) -> Trouble | None:
        if self.lasting in stage:
            return self.lasting
        return self.troubles.popleft() if self.troubles and self.troubles[0] in stage else None

    def tls(self) -> None:
        if self._due({"tls"}):
            self.tries += 1
            raise httpcore.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number")

    def cut(self) -> Trouble | None:
        """Return where the request that begins to arrive shall break."""
        self.tries += 1
        return self._due({"reset before the body", "reset during the body", "reset after the body", "reset mid-answer"})


class Transport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a network in memory."""

    def __init__(self, network: Network) -> None:
        super().__init__(verify=TLS)
        self._moments = network.moments
        self.closed = False
        self.pool = httpcore.AsyncConnectionPool(ssl_context=TLS, max_connections=100, network_backend=network)
        self._pool = self.pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._moments.of(super().handle_async_request(request))

    async def aclose(self) -> None:
        self.closed = True
        await super().aclose()


class Wire(httpcore.AsyncNetworkStream):
    """One connection: the client's end, and a server's loop over the other."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._up, self._down = Pipe(), Pipe()
        self._unread: list[tuple[int, bytes]] = []
        """Answers whose last bytes the client hasn't read."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with within(timeout, httpcore.ReadTimeout), mapped(httpcore.ReadError):
            data = await self._down.get(max_bytes)
        if not self._down.data:
            self._network.delivered += self._unread
            self._unread.clear()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        with within(timeout, httpcore.WriteTimeout), mapped(httpcore.WriteError):
            await self._up.put(buffer)
            await anyio.lowlevel.checkpoint()  # a cancellation comes when the bytes have left: the worse of the two

    async def aclose(self) -> None:
        self._network.open.discard(self)
        self._up.close()
        self._down.break_off()
        await anyio.lowlevel.checkpoint()

    async def start_tls(self, ssl_context: ssl.SSLContext, *_: Any, **__: Any) -> Wire:
        try:
            await anyio.lowlevel.checkpoint()
            self._network.tls()
        except BaseException:
            await self.aclose()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        return bool(self._down.data or self._down.over) if info == "is_readable" else None

    # -- the server's side --------------------------------------------------------------------------------------

    async def serve(self) -> None:
        connection = h11.Connection(h11.SERVER)
        try:
            while await self._exchange(connection):
                connection.start_next_cycle()
        except h11.ProtocolError:
            pass  # the client has gone in the middle
        except ConnectionAbortedError:
            self._up.break_off()
            self._down.break_off()
        except ConnectionError:
            self._up.break_off()
        finally:
            self._down.close()

    async def _exchange(self, connection: h11.Connection) -> bool:
        """Serve one request; False when there is none more."""
        head = await self._event(connection)
        if not isinstance(head, h11.Request):
            return False
        self._network.heads.append((head.target, list(head.headers)))
        exchange = _Exchange(self, connection, head, self._network.cut())
        await self._network.app(exchange.scope(), exchange.receive, exchange.send)
        if exchange.body is None:
            raise ConnectionResetError
        return connection.our_state is h11.DONE and connection.their_state is h11.DONE

    async def _event(self, connection: h11.Connection) -> Any:
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(await self._up.get(WINDOW))
        return event

    async def event(self, connection: h11.Connection) -> Any:
        return await self._event(connection)

    async def send(self, data: bytes) -> None:
        with suppress(ConnectionError):  # as servers do: what is sent to a client that has gone is forgotten
            await self._down.put(data)
        await anyio.lowlevel.checkpoint()

    def answered(self, status: int, body: bytes) -> None:
        if not self._down.over:
            self._unread.append((status, body))

    def arrived(self, head: h11.Request) -> None:
        self._network.arrived[f"{head.method.decode()} {head.target.decode()}"] += 1

    async def gone(self) -> None:
        await self._down.gone()


class _Exchange:
    """One request and its answer, as ASGI has them."""

    def __init__(self, wire: Wire, connection: h11.Connection, head: h11.Request, cut: Trouble | None) -> None:
        self.body: bytes | None = None
        self._wire = wire
        self._connection = connection
        self._head = head
        self._cut = cut
        self._status = 0
        self._sent = b""
        self._got = 0
        self._held: bytes = b""
        """What an answer that is to break off consists of so far."""
        self._whole = False
        lengths = [int(value) for name, value in head.headers if name == b"content-length"]
        self._length = lengths[0] if lengths else 0

    def scope(self) -> dict[str, Any]:
        headers = list(self._head.headers)
        path, _, query = self._head.target.partition(b"?")
        host = dict(headers).get(b"host", b"127.0.0.1").decode()
        return {
            "type": "http",
            "method": self._head.method.decode(),
            "headers": headers,
            "scheme": "https",
            "path": path.decode("latin-1"),
            "raw_path": path,
            "query_string": query,
            "server": (host, 443),
            "root_path": "",
        }

    async def receive(self) -> dict[str, Any]:
        if self._whole:
            await self._wire.gone()
            return {"type": "http.disconnect"}
        if self._cut == "reset before the body":
            raise ConnectionAbortedError
        event = await self._wire.event(self._connection)
        if isinstance(event, h11.Data):
            self._got += len(event.data)
            if self._cut == "reset during the body" and self._got > self._length // 2:
                raise ConnectionAbortedError
            return {"type": "http.request", "body": bytes(event.data), "more_body": True}
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionResetError
        self._whole = True
        if self._cut is not None and self._cut != "reset mid-answer":
            raise ConnectionAbortedError
        self._wire.arrived(self._head)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            await self._out(self._written(h11.Response(status_code=self._status, headers=message.get("headers", []))))
            return
        body: bytes = message.get("body", b"")
        self._sent += body
        data = self._written(h11.Data(data=body))
        if message.get("more_body", False):
            await self._out(data)
            return
        data += self._written(h11.EndOfMessage())
        if self._cut == "reset mid-answer":
            self._held += data
            await self._wire.send(self._held[: len(self._held) // 2])
            return  # without a body the answer never was whole
        self.body = self._sent
        self._wire.answered(self._status, self._sent)
        await self._wire.send(data)

    def _written(self, event: h11.Event) -> bytes:
        return self._connection.send(event) or b""

    async def _out(self, data: bytes) -> None:
        if self._cut == "reset mid-answer":
            self._held += data
        else:
            await self._wire.send(data)


class Pipe:
    """Bytes on their way in one direction."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.over = self._broken = False
        self._changed = anyio.Event()

    async def put(self, data: bytes) -> None:
        if self.over:
            raise BrokenPipeError
        self.data += data
        self._tell()
        while len(self.data) > WINDOW and not self._broken:
            await self._changed.wait()
        if self._broken:
            raise ConnectionResetError("Connection reset by peer")

    async def get(self, most: int) -> bytes:
        """Return the next bytes, none after the last; raises when the connection was reset."""
        while not self.data and not self.over:
            await self._changed.wait()
        if self._broken:
            raise ConnectionResetError("Connection reset by peer")
        chunk = bytes(self.data[:most])
        del self.data[:most]
        self._tell()
        return chunk

    async def gone(self) -> None:
        while not self.over:
            await self._changed.wait()

    def close(self) -> None:
        self.over = True
        self._tell()

    def break_off(self) -> None:
        self._broken = True
        self.data.clear()
        self.close()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


@contextmanager
def within(seconds: float | None, error: type[Exception]) -> Generator[None]:
    with anyio.move_on_after(seconds) as scope:
        yield
    if scope.cancelled_caught:
        raise error


@contextmanager
def mapped(error: type[Exception]) -> Generator[None]:
    try:
        yield
    except ConnectionError as problem:
        raise error(str(problem)) from None
