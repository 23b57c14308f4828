"""The transport without a socket: streamed both ways, breaking as a socket does, leaving nothing behind."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest

from aiovideogen import OutcomeUnknownError, VideoGen
from aiovideogen.sandbox import ConnectionDropped, JobScript, Sandbox, VirtualTime, in_process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]

URL = "http://127.0.0.1/"
KIB = 1024
PART = b"x" * (64 * KIB)
PARTS = 100


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return VirtualTime().backend(request.param)


def tasks() -> int:
    return len(anyio.get_running_tasks())


async def start(send: Send, status: int = 200, **headers: str) -> None:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def body(send: Send, data: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def read(receive: Receive) -> bytes:
    data = b""
    while (message := await receive())["type"] == "http.request":
        data += message["body"]
        if not message["more_body"]:
            return data
    raise AssertionError("the client has gone")


async def echo(scope: Any, receive: Receive, send: Send) -> None:
    data = await read(receive)
    await start(send, content_length=str(len(data)))
    await body(send, data, more=False)


class Stream(httpx.AsyncByteStream):
    """A body made by a generator, without httpx's own around it: that leaves one unfinished when it is broken off."""

    def __init__(self, make: Callable[[], AsyncIterator[bytes]]) -> None:
        self._make = make

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._make()


async def read_some(http: httpx.AsyncClient, url: str = URL) -> bytes:
    """Read the first bytes of an answer and hang up."""
    async with http.stream("GET", url) as answer:
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        async with aclosing(cast("AsyncGenerator[bytes]", aiter(answer.stream))) as chunks:
            return await anext(chunks)


@asynccontextmanager
async def client(app: App, **options: Any) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of an app, which leaves no task."""
    before = tasks()
    async with httpx.AsyncClient(transport=in_process(app, **options), timeout=None) as http:
        yield http
    assert tasks() == before
    gc.collect(1)  # what was left unfinished warns now


# -- streaming ------------------------------------------------------------------------------------------------------


async def test_bodies_go_through_unchanged() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for index in range(1000):
            yield bytes([index % 256]) * index

    async with client(echo) as http:
        answer = await http.post(URL, content=parts())
    assert answer.content == b"".join(bytes([index % 256]) * index for index in range(1000))


async def test_a_body_need_not_be_a_generator() -> None:
    class Parts:
        left = 10

        def __aiter__(self) -> Parts:
            return self

        async def __anext__(self) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise StopAsyncIteration
            return PART

    async with client(echo) as http:
        answer = await http.send(httpx.Request("POST", URL, stream=Stream(Parts)))
    assert answer.content == PART * 10


async def test_the_app_sees_the_request_as_a_server_shows_it() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        seen.update(scope)
        await echo(scope, receive, send)

    async with client(app) as http:
        answer = await http.post("http://127.0.0.1:8000/a%20b/c%2Fd?x=1&y=%20", headers={"X-A": "1"}, content=b"q")
    assert (seen["method"], seen["path"], seen["raw_path"]) == ("POST", "/a b/c/d", b"/a%20b/c%2Fd")
    assert (seen["query_string"], seen["server"], seen["scheme"]) == (b"x=1&y=%20", ("127.0.0.1", 8000), "http")
    assert {(b"x-a", b"1"), (b"host", b"127.0.0.1:8000"), (b"content-length", b"1")} <= set(seen["headers"])
    assert (answer.status_code, answer.http_version, answer.headers["content-length"]) == (200, "HTTP/1.1", "1")


async def test_an_upload_is_sent_as_the_app_reads_it() -> None:
    made: list[int] = []
    ahead: list[int] = []

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(PARTS):
            made.append(1)
            yield PART

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        for taken in range(PARTS):
            await anyio.sleep(1)
            ahead.append(len(made) - taken)
            await receive()
        await echo(scope, receive, send)

    async with client(app) as http:
        assert (await http.post(URL, content=parts())).content == b""
    assert len(made) == PARTS
    assert 1 < max(ahead) <= 10


async def test_an_answer_is_read_as_the_app_sends_it() -> None:
    sent: list[int] = []
    ahead: list[int] = []

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        await start(send)
        for index in range(PARTS):
            sent.append(1)
            await body(send, PART, more=index + 1 < PARTS)

    async with client(app) as http, http.stream("GET", URL) as answer:
        size = 0
        async for chunk in answer.aiter_raw():
            size += len(chunk)
            ahead.append(len(sent) - size // len(PART))
            await anyio.sleep(1)
    assert size == PARTS * len(PART)
    assert 1 < max(ahead) <= 10


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
async def test_an_answer_may_have_no_body(method: str, status: int) -> None:
    async def app(scope: Any, receive: Receive, send: Send) -> None:
        await start(send, status, content_length="7")
        await body(send, b"7 bytes", more=False)

    async with client(app) as http:
        answer = await http.request(method, URL)
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (status, b"", "7")


async def test_answers_may_be_open_side_by_side_and_closed_in_any_order_and_task() -> None:
    async with client(stream_forever) as http:
        with anyio.fail_after(60):
            first = await http.send(http.build_request("GET", URL), stream=True)
        with anyio.fail_after(60):
            second = await http.send(http.build_request("GET", URL), stream=True)
            await first.aclose()
            assert isinstance(first.stream, httpx.AsyncByteStream)
            await first.stream.aclose()  # httpx itself may do it again
        async with anyio.create_task_group() as group:
            group.start_soon(second.aclose)


async def test_one_transport_serves_loop_after_loop(anyio_backend: tuple[str, Any]) -> None:
    http = httpx.AsyncClient(transport=in_process(echo))

    async def main() -> bytes:
        return (await http.post(URL, content=b"x")).content

    def elsewhere() -> list[bytes]:
        return [VirtualTime().run(main, backend=backend) for backend in ("asyncio", "trio", "asyncio")]

    assert await main() == b"x"
    assert await anyio.to_thread.run_sync(elsewhere) == [b"x"] * 3
    await http.aclose()


# -- what breaks ----------------------------------------------------------------------------------------------------


async def refused(scope: Any, receive: Receive, send: Send) -> None:
    raise ConnectionRefusedError


async def dropped(scope: Any, receive: Receive, send: Send) -> None:
    raise ConnectionDropped


async def dropped_in_a_group(scope: Any, receive: Receive, send: Send) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(dropped, scope, receive, send)


async def silent(scope: Any, receive: Receive, send: Send) -> None:
    pass


async def reset(scope: Any, receive: Receive, send: Send) -> None:
    await start(send, content_length="100")
    await body(send, b"1234")
    raise ConnectionDropped


async def reset_without_length(scope: Any, receive: Receive, send: Send) -> None:
    await start(send)
    await body(send, b"1234")
    raise ConnectionDropped


async def short(scope: Any, receive: Receive, send: Send) -> None:
    await start(send, content_length="100")
    await body(send, b"1234", more=False)


async def long(scope: Any, receive: Receive, send: Send) -> None:
    await start(send, content_length="6")
    await body(send, b"1234")
    await body(send, b"1234", more=False)


INCOMPLETE = r"peer closed connection without sending complete message body "
BREAKS: list[tuple[App, type[httpx.TransportError], str, bytes]] = [
    (refused, httpx.ConnectError, r"All connection attempts failed", b""),
    (dropped, httpx.RemoteProtocolError, r"Server disconnected without sending a response", b""),
    (dropped_in_a_group, httpx.RemoteProtocolError, r"Server disconnected without", b""),
    (silent, httpx.RemoteProtocolError, r"Server disconnected without", b""),
    (reset, httpx.RemoteProtocolError, INCOMPLETE + r"\(received 4 bytes, expected 100\)", b"1234"),
    (reset_without_length, httpx.RemoteProtocolError, INCOMPLETE + r"\(incomplete chunked read\)", b"1234"),
    (short, httpx.RemoteProtocolError, INCOMPLETE + r"\(received 4 bytes, expected 100\)", b"1234"),
    (long, httpx.RemoteProtocolError, INCOMPLETE + r"\(received 4 bytes, expected 6\)", b"1234"),
]


@pytest.mark.parametrize(("app", "error", "said", "arrived"), BREAKS)
@pytest.mark.parametrize("content", [None, PART * 20])
async def test_what_breaks_looks_as_over_a_socket(
    app: App, error: type[httpx.TransportError], said: str, arrived: bytes, content: bytes | None
) -> None:
    got: list[bytes] = []

    async def post(http: httpx.AsyncClient) -> None:
        async with http.stream("POST", URL, content=content) as answer:
            async for chunk in answer.aiter_raw():
                got.append(chunk)  # noqa: PERF401 - what arrives before the break counts

    async with client(app, connections=1) as http:
        for _ in range(2):  # the one place is free again
            with pytest.raises(error, match=said) as caught:
                await post(http)
            assert caught.value.request.url == URL
    assert b"".join(got) == arrived * 2


async def test_a_server_that_is_down_refuses() -> None:
    transport = in_process(echo)
    async with httpx.AsyncClient(transport=transport) as http:
        transport.refuses = True
        with pytest.raises(httpx.ConnectError):
            await http.get(URL)
        transport.refuses = False
        assert (await http.get(URL)).status_code == 200


@pytest.mark.parametrize("begun", [False, True])
async def test_a_bug_in_the_app_is_shown_as_it_is(begun: bool) -> None:
    async def buggy(scope: Any, receive: Receive, send: Send) -> None:
        if begun:
            await start(send)
        raise KeyError("bug")

    async with client(buggy) as http:
        with pytest.raises(KeyError, match="bug"):
            await http.get(URL)


async def test_a_bug_after_the_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def buggy(scope: Any, receive: Receive, send: Send) -> None:
        await echo(scope, receive, send)
        raise KeyError("bug")

    async with client(buggy) as http:
        assert (await http.get(URL)).status_code == 200
    assert "KeyError: 'bug'" in caplog.text


async def test_what_fails_while_the_body_is_made_reaches_the_caller() -> None:
    gone: list[str] = []

    async def parts() -> AsyncIterator[bytes]:
        yield b"1"
        await anyio.sleep(1)
        raise ZeroDivisionError

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        gone.extend([(await receive())["type"], (await receive())["type"]])

    async with client(app) as http:
        with pytest.raises(ZeroDivisionError):
            await http.post(URL, content=parts())
        await anyio.lowlevel.checkpoint()
        await anyio.sleep(1)
    assert gone == ["http.request", "http.disconnect"]


async def test_an_app_may_answer_before_it_has_the_whole_body() -> None:
    closed: list[bool] = []

    async def parts() -> AsyncIterator[bytes]:
        try:
            while True:
                yield PART
        finally:
            closed.append(True)

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        await receive()
        await start(send, 413)
        await body(send, b"too large", more=False)
        assert (await receive())["type"] == "http.disconnect"

    async with client(app) as http:
        answer = await http.send(httpx.Request("PUT", URL, stream=Stream(parts)))
        assert (answer.status_code, answer.content) == (413, b"too large")
        assert closed == [True]


# -- time -----------------------------------------------------------------------------------------------------------


async def slow_to_answer(scope: Any, receive: Receive, send: Send) -> None:
    await anyio.sleep(30)
    await echo(scope, receive, send)


async def drip(scope: Any, receive: Receive, send: Send) -> None:
    await start(send, content_length="10")
    for index in range(10):
        await anyio.sleep(5)
        await body(send, b".", more=index < 9)


async def stream_forever(scope: Any, receive: Receive, send: Send) -> None:
    await start(send)
    while True:
        await body(send, PART)


SMALL, LARGE = b"x", PART * 10
TIMEOUTS: list[tuple[App, bytes, dict[str, Any], dict[str, float], type[httpx.TimeoutException], float]] = [
    (slow_to_answer, SMALL, {"connections": 0}, {"pool": 3}, httpx.PoolTimeout, 3),
    (slow_to_answer, SMALL, {"connect_seconds": 5}, {"connect": 4}, httpx.ConnectTimeout, 4),
    (slow_to_answer, LARGE, {"connect_seconds": 5}, {"connect": 6, "write": 2}, httpx.WriteTimeout, 7),
    (slow_to_answer, SMALL, {}, {"write": 2, "read": 20}, httpx.ReadTimeout, 20),
    (drip, SMALL, {}, {"read": 4}, httpx.ReadTimeout, 4),
]


@pytest.mark.parametrize(("app", "content", "options", "limits", "error", "after"), TIMEOUTS)
async def test_timeouts_count_on_the_clock_of_the_loop(
    app: App,
    content: bytes,
    options: dict[str, Any],
    limits: dict[str, float],
    error: type[httpx.TimeoutException],
    after: float,
) -> None:
    async with client(app, **options) as http:
        began = anyio.current_time()
        with pytest.raises(error, match="timed out after"):
            await http.post(URL, content=content, timeout=httpx.Timeout(None, **limits))
        assert anyio.current_time() - began == pytest.approx(after)


@pytest.mark.parametrize(("app", "seconds"), [(slow_to_answer, 30), (drip, 50)])
async def test_what_is_slow_arrives_in_time(app: App, seconds: float) -> None:
    async with client(app) as http:
        began = anyio.current_time()
        answer = await http.post(URL, content=b"." * 10, timeout=httpx.Timeout(31))
        assert answer.content == b"." * 10
        assert anyio.current_time() - began == pytest.approx(seconds)


async def test_a_request_waits_for_a_free_place() -> None:
    async with client(slow_to_answer, connections=2) as http:
        began = anyio.current_time()
        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(http.get, URL)
        assert anyio.current_time() - began == pytest.approx(90)


# -- leaving --------------------------------------------------------------------------------------------------------


async def test_what_was_asked_for_takes_effect_though_the_client_has_left() -> None:
    done: list[str] = []

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        data = await read(receive)
        await anyio.sleep(30)
        done.append(data.decode())
        await start(send)
        await body(send, b"", more=False)
        done.append((await receive())["type"])

    async with client(app) as http:
        with anyio.move_on_after(10):
            await http.post(URL, content=b"paid")
        assert done == []
        await anyio.sleep(21)
        assert done == ["paid", "http.disconnect"]


async def test_closing_the_client_ends_what_still_runs_for_those_that_left() -> None:
    ended: list[float] = []

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(anyio.current_time())

    async with client(app) as http:
        before = tasks()
        with anyio.move_on_after(10):
            await http.get(URL)
        assert tasks() == before + 1
        await http.aclose()
        assert (len(ended), tasks()) == (1, before)


async def test_closing_an_answer_ends_its_app() -> None:
    ended: list[bool] = []

    async def app(scope: Any, receive: Receive, send: Send) -> None:
        try:
            await stream_forever(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(1)
            ended.append(True)

    async with client(app) as http:
        assert await read_some(http) == PART
        assert ended == [True]


async def slow_all_along(scope: Any, receive: Receive, send: Send) -> None:
    for _ in range(20):
        await receive()
        await anyio.sleep(1)
    await start(send)
    for index in range(20):
        await anyio.sleep(1)
        await body(send, PART * 5, more=index < 19)


async def test_a_hundred_requests_cancelled_anywhere_leave_nothing() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield PART

    async with client(slow_all_along, connections=1) as http:
        before = tasks()
        whole = 0
        for index in range(100):
            with anyio.move_on_after(index / 2):
                await http.send(httpx.Request("POST", URL, stream=Stream(parts)))
                whole += 1
        assert 10 < whole < 30
        await anyio.sleep(100)  # those whose client left early come to their end
        assert tasks() == before
        assert (await http.send(httpx.Request("POST", URL, stream=Stream(parts)))).status_code == 200


# -- through the client, to the sandbox -----------------------------------------------------------------------------


class Wired:
    """A sandbox, what stands between, and a client."""

    def __init__(self) -> None:
        now = anyio.current_time
        self.sandbox = Sandbox(job_seconds=60, clock=lambda: 1_790_000_000 + now())
        self.broken: dict[str, int] = {}
        self.transport = in_process(self._app)
        self.http = httpx.AsyncClient(transport=self.transport)
        self.vg = VideoGen(api_key=self.sandbox.key, base_url="http://127.0.0.1", http_client=self.http)

    async def _app(self, scope: Any, receive: Receive, send: Send) -> None:
        left = self.broken.pop(scope["method"], None) if scope["path"].startswith("/_storage") else None

        async def breaking(message: Message) -> None:
            nonlocal left
            await send(message)
            if left is not None and message["type"] == "http.response.body":
                raise ConnectionDropped

        await self.sandbox(scope, receive, breaking)


@pytest.fixture
async def wired() -> AsyncIterator[Wired]:
    one = Wired()
    before = tasks()
    yield one
    await one.vg.aclose()
    await one.http.aclose()
    assert tasks() == before


async def test_a_job_from_its_start_to_its_file(wired: Wired, tmp_path: Path) -> None:
    wired.sandbox.script_job(JobScript(seconds=3600))
    image = await wired.vg.wait_for(wired.vg.tools.generate_image(prompt="x"), timeout=None)
    path = await wired.vg.files.download(image, tmp_path / "a.png")
    assert (await anyio.Path(path).read_bytes())[:4] == b"\x89PNG"


@pytest.mark.parametrize(("drop", "billed"), [("before", 0), ("after", 1)])
async def test_a_dropped_start_is_not_repeated(wired: Wired, drop: Any, billed: int) -> None:
    wired.sandbox.fail_next("generateImage", drop=drop)
    with pytest.raises(OutcomeUnknownError):
        await wired.vg.tools.generate_image(prompt="x")
    assert (wired.sandbox.counts["generateImage"], wired.sandbox.billed) == (1, billed)


async def test_a_start_that_was_refused_is_repeated(wired: Wired) -> None:
    async def come_back() -> None:
        await anyio.sleep(0.01)
        wired.transport.refuses = False

    wired.transport.refuses = True
    async with anyio.create_task_group() as group:
        group.start_soon(come_back)
        await wired.vg.tools.generate_image(prompt="x")
    assert wired.sandbox.billed == 1


async def test_files_survive_a_reset_either_way(wired: Wired, tmp_path: Path) -> None:
    source, copy = tmp_path / "a.bin", tmp_path / "b.bin"
    source.write_bytes(bytes(range(256)) * 4 * KIB * 3)
    file = await wired.vg.files.upload(source)
    wired.broken = {"GET": 1}
    await wired.vg.files.download(file.file_id, copy)
    assert wired.broken == {}
    assert hashlib.sha256(copy.read_bytes()).digest() == hashlib.sha256(source.read_bytes()).digest()


async def test_a_download_that_is_broken_off_leaves_no_task_and_no_open_file(wired: Wired, tmp_path: Path) -> None:
    source = tmp_path / "a.bin"
    file_bytes = source.write_bytes(b"x" * KIB * KIB * 4)
    file = await wired.vg.files.upload(source)
    before = tasks()
    url = (await wired.vg.files.hydrate_file(file.file_id)).download_url
    assert url is not None
    assert len(await read_some(wired.http, url)) < file_bytes
    assert tasks() == before
    gc.collect(1)
