"""The sandbox on a real socket, under uvicorn."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._http import ConnectionDropped
from ._running import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import uvicorn

    from ._app import Sandbox
    from ._http import Message, Receive, Scope, Send

BACKLOG = 2048
START_SECONDS = 10.0
_connection: ContextVar[Any] = ContextVar("connection", default=None)


@dataclass(frozen=True, slots=True)
class Served:
    """Where a served sandbox listens, and its key."""

    url: str
    key: str
    sandbox: Sandbox


def listen(host: str, port: int) -> tuple[socket.socket, str]:
    """Bind a loopback address; return the socket and the base URL.

    Raises ValueError for an address that other machines could reach.
    """
    address = "127.0.0.1" if host == "localhost" else host
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        raise ValueError(f"not an IP address: {host}") from None
    if not ip.is_loopback:
        raise ValueError(f"the sandbox listens on loopback only, not on {host}")
    family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET
    # asyncio sets TCP_NODELAY only where the protocol is named: without it every answer takes 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.listen(BACKLOG)
    except BaseException:
        sock.close()
        raise
    shown = f"[{address}]" if ip.version == 6 else address
    return sock, f"http://{shown}:{sock.getsockname()[1]}"


def make_server(sandbox: Sandbox, on_start: Callable[[], None] | None = None) -> uvicorn.Server:
    """Make the uvicorn server of a sandbox; `on_start` is called once it accepts connections."""
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Protocol(H11Protocol):
        def data_received(self, data: bytes) -> None:
            # The task that serves a request inherits this context: so a drop finds its connection.
            _connection.set(self.transport)
            super().data_received(data)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            schedule = self.servers[0].get_loop().call_soon_threadsafe
            sandbox.running.links.append(Link(threading.get_ident(), schedule, self.close_connections))
            if on_start is not None:
                on_start()

        async def main_loop(self) -> None:
            async with sandbox.delivering():
                await super().main_loop()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # A fault may hold requests up for long.
            sandbox.running.end_requests()
            sandbox.running.links[:] = [link for link in sandbox.running.links if link.thread != threading.get_ident()]
            await super().shutdown(sockets)

        def close_connections(self) -> None:
            spared = _connection.get()
            for protocol in list(self.server_state.connections):
                if protocol.transport is not spared:
                    protocol.transport.abort()

        @contextlib.contextmanager
        def capture_signals(self) -> Generator[None]:
            # uvicorn raises the signal again when it has stopped: a clean stop exits with 0.
            with super().capture_signals():
                yield
                self._captured_signals.clear()

    config = uvicorn.Config(
        _closing(sandbox),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        log_level="error",
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        proxy_headers=False,
    )
    return Server(config)


def _closing(sandbox: Sandbox) -> Callable[[Scope, Receive, Send], Any]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await sandbox(scope, receive, noted)
        except ConnectionDropped:
            transport = _connection.get()
            # What was sent of an answer shall arrive before the end does.
            transport.close() if begun else transport.abort()
            # uvicorn answers 500 unless it has seen the connection go.
            while (await receive())["type"] != "http.disconnect":
                pass

    return app


@contextlib.contextmanager
def serve(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> Generator[Served]:
    """Serve a sandbox from a thread for the length of a `with` block.

    The client's event loop does not matter, and need not exist. `port=0` takes a free one.

    Raises ValueError unless `host` is a loopback address.
    """
    sock, url = listen(host, port)
    server = make_server(sandbox)
    thread = threading.Thread(target=server.run, args=([sock],), name="videogen-sandbox", daemon=True)
    try:
        thread.start()
        _await_start(server, thread)
        yield Served(url, sandbox.key, sandbox)
    finally:
        server.should_exit = True
        thread.join()
        sock.close()


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the sandbox server did not start")
        time.sleep(0.002)
