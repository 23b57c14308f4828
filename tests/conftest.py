"""What all tests share: both event loops, a clock that jumps, a sandbox in process and one over a real socket."""

from __future__ import annotations

import gc
import json
import os
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anyio
import attrs
import httpx
import pytest

from aiovideogen import VideoGen
from aiovideogen.sandbox import Sandbox, VirtualTime, in_process, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

BACKENDS = ("asyncio", "trio")

# Coverage is measured in the processes that run the tests, not in those that tests start.
if "PYTEST_XDIST_WORKER" in os.environ:
    for _name in [name for name in os.environ if name.startswith("COVERAGE_PROCESS")]:
        del os.environ[_name]


def pytest_collection_finish() -> None:
    """Spare the garbage collections that tests ask for what was there before them: thousands of collected tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def scrubbed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave none of the machine's own settings to the code under test."""
    for name in [name for name in os.environ if name.startswith("VIDEOGEN") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture(params=BACKENDS)
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def virtual() -> VirtualTime:
    return VirtualTime()


@pytest.fixture(params=BACKENDS)
def virtual_backend(request: pytest.FixtureRequest, virtual: VirtualTime) -> tuple[str, dict[str, Any]]:
    """Both event loops on virtual time: a module that wants them calls its own `anyio_backend` this."""
    return virtual.backend(request.param)


@pytest.fixture(scope="session")
def served() -> Iterator[Any]:
    """A sandbox over a real socket, with quick jobs."""
    with serve(Sandbox(job_seconds=0.1)) as server:
        yield server


@pytest.fixture
async def vg(served: Any) -> AsyncIterator[VideoGen]:
    """A client of the sandbox over a real socket."""
    async with VideoGen(api_key=served.key, base_url=served.url) as client:
        yield client


class InProcess:
    """A sandbox in process, on virtual time, and a client of it."""

    def __init__(self, sandbox: Sandbox, vg: VideoGen, http: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.vg = vg
        self.http = http


@pytest.fixture
async def inside(virtual: VirtualTime) -> AsyncIterator[InProcess]:
    """Sandbox and client in process: use with `virtual_backend`, so that an hour passes in no time."""
    sandbox = Sandbox(job_seconds=60, clock=virtual.clock)
    async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
        client = VideoGen(api_key="sk_videogen_live_sandbox", base_url="http://127.0.0.1:1", http_client=http)
        yield InProcess(sandbox, client, http)
        await client.aclose()


@attrs.frozen
class Reply:
    """What a scripted server answers: a status, headers and a body, or an exception that drops the connection."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = attrs.field(factory=dict[str, str])
    raises: Exception | None = None
    seconds: float = 0.0

    @classmethod
    def json(cls, data: object, status: int = 200, **headers: str) -> Reply:
        return cls(status, json.dumps(data).encode(), {"content-type": "application/json", **headers})


@attrs.frozen
class Asked:
    """A request as a scripted server got it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Scripted:
    """A server in process that gives the replies it is told, in order, the last one for ever, and keeps the requests.

    For what the sandbox can't be told: statuses that no API has, answers that no schema allows.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[Asked] = []

    def client(self, **options: Any) -> VideoGen:
        """Return a client of this server."""
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=self))
        settings: dict[str, Any] = {"api_key": "sk_test", "base_url": "http://127.0.0.1:1", "http_client": http}
        return VideoGen(**{**settings, **options})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        path, query = scope["raw_path"].decode(), scope["query_string"].decode()
        self.asked.append(Asked(scope["method"], path, query, headers, body))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        await anyio.sleep(reply.seconds)
        if reply.raises is not None:
            raise reply.raises
        raw = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        await send({"type": "http.response.body", "body": reply.body})


@contextmanager
def raw_server(*scripts: bytes | None) -> Generator[tuple[str, list[bytes]]]:
    """Serve raw bytes over a real socket, one script a connection; None never answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    got: list[bytes] = []
    over = threading.Event()

    def serve() -> None:
        for script in scripts:
            connection, _ = listener.accept()
            with connection:
                got.append(connection.recv(65536))
                if script is None:
                    over.wait(5)
                else:
                    connection.sendall(script)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", got
    finally:
        over.set()
        with socket.create_connection(listener.getsockname()):  # lets a server that still waits go
            thread.join(0.2)
        while thread.is_alive():
            socket.create_connection(listener.getsockname()).close()
            thread.join(0.05)
        listener.close()
