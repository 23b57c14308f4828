"""The receiver: as a bare ASGI app, mounted in frameworks, over a real socket, and with a sandbox that delivers."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast

import anyio
import attrs
import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar, asgi
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from aiovideogen import ConfigurationError, ToolExecutionId
from aiovideogen.receiver import MemoryStore, Receiver
from aiovideogen.sandbox import in_process
from aiovideogen.sandbox.faults import WebhookRule
from aiovideogen.webhooks import Event, ToolExecutionEvent, ToolExecutionSucceeded, UnknownEvent, WebhookEvent, sign

from .test_webhooks import BAD_BODIES, BAD_HEADERS, BODY, OTHER, SECRET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator

    from aiovideogen.sandbox import VirtualTime

    from .conftest import InProcess

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def body_of(number: int = 1, name: str = "tool_execution.succeeded") -> bytes:
    fields = {"toolExecutionId": f"vg_tool_{number}", "occurredAt": 1, "toolType": "X"}
    return json.dumps({"event": name, **fields}).encode()


def headers_of(body: bytes, id: str = "msg_1", **options: Any) -> list[tuple[bytes, bytes]]:
    given: dict[str, Any] = {"secret": SECRET, "timestamp": int(time.time()), **options}
    return [(name.encode(), value.encode()) for name, value in sign(body, id=id, **given).items()]


@attrs.frozen
class Answer:
    """What an app answered; status 0 when it gave none."""

    status: int
    headers: dict[str, str]
    body: bytes


GONE = {"type": "http.disconnect"}


async def ask(app: Any, messages: list[Any], headers: Any = (), **scope: Any) -> Answer:
    """Call an ASGI app with a request that comes in as `messages`; what is a number is waited for."""
    sent: list[Any] = []
    coming = iter(messages)

    async def receive() -> Any:
        message = next(coming, None)
        while isinstance(message, (int, float)):
            await anyio.sleep(message)
            message = next(coming, None)
        if message is None:
            await anyio.sleep_forever()
        return message

    async def send(message: Any) -> None:
        sent.append(message)

    whole = {"type": "http", "method": "POST", "path": "/", "headers": headers, **scope}
    await app(whole, receive, send)
    if not sent:
        return Answer(0, {}, b"")
    start, *parts = sent
    return Answer(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(part["body"] for part in parts),
    )


def piece(body: bytes, more: bool = False) -> Any:
    return {"type": "http.request", "body": body, "more_body": more}


async def deliver(app: Any, number: int = 1, id: str | None = None, **options: Any) -> int:
    body = body_of(number)
    return (await ask(app, [piece(body)], headers_of(body, id or f"msg_{number}", **options))).status


class Recorder:
    """A handler that notes what it gets, and does before it returns what it is told."""

    def __init__(self, *does: Callable[[], Awaitable[object]]) -> None:
        self.got: list[Event] = []
        self.done: list[str] = []
        self._does = [*does]

    async def __call__(self, event: Event) -> None:
        self.got.append(event)
        if self._does:
            await self._does.pop(0)()
        self.done.append(event.id)


async def fail() -> None:
    raise LookupError("the handler's own")


def recording(*does: Callable[[], Awaitable[object]], **options: Any) -> tuple[Receiver, Recorder]:
    receiver, recorder = Receiver(SECRET, **options), Recorder(*does)
    receiver.on_all(recorder)
    return receiver, recorder


# -- handlers -------------------------------------------------------------------------------------------------------


async def test_a_delivery_reaches_its_handlers_and_is_acknowledged() -> None:
    receiver, recorder = recording()
    body = body_of()
    answer = await ask(receiver, [piece(body)], headers_of(body))
    assert answer == Answer(204, {}, b"")
    (event,) = recorder.got
    assert isinstance(event, ToolExecutionSucceeded)
    assert event.job_id == ToolExecutionId("vg_tool_1")


async def test_handlers_get_the_events_they_asked_for_in_their_order() -> None:
    receiver = Receiver(SECRET)
    got: list[str] = []

    def note(who: str) -> Callable[[Any], None]:
        return lambda event: got.append(f"{who} {event.name}")

    receiver.on(ToolExecutionSucceeded)(note("class"))
    receiver.on(ToolExecutionEvent)(note("family"))
    receiver.on("tool_execution.failed", "tool_execution.paused")(note("name"))
    receiver.on(UnknownEvent)(note("unknown"))
    receiver.on_all(note("all"))
    for number, end in enumerate(("succeeded", "failed", "paused")):
        body = body_of(name=f"tool_execution.{end}")
        assert (await ask(receiver, [piece(body)], headers_of(body, f"msg_{number}"))).status == 204
    one, two, three = (f"tool_execution.{end}" for end in ("succeeded", "failed", "paused"))
    assert got[:3] == [f"class {one}", f"family {one}", f"all {one}"]
    assert got[3:6] == [f"family {two}", f"name {two}", f"all {two}"]
    assert got[6:] == [f"name {three}", f"unknown {three}", f"all {three}"]


async def test_a_decorator_gives_the_function_back() -> None:
    receiver = Receiver(SECRET)

    @receiver.on(ToolExecutionSucceeded)
    def one(event: ToolExecutionSucceeded) -> str:
        return event.tool_type

    @receiver.on_all
    async def both(event: WebhookEvent) -> None: ...

    assert (one.__name__, both.__name__) == ("one", "both")


@pytest.mark.parametrize("kinds", [(), (print,), (int,), (ToolExecutionSucceeded, None)])
def test_a_handler_of_nothing_is_a_mistake(kinds: Any) -> None:
    with pytest.raises(TypeError, match="expected classes of events or names"):
        Receiver(SECRET).on(*kinds)


async def test_an_event_that_nobody_handles_is_acknowledged() -> None:
    assert await deliver(Receiver(SECRET)) == 204


async def test_a_failed_handler_gets_the_event_again(caplog: pytest.LogCaptureFixture) -> None:
    receiver, recorder = recording(fail, fail)
    body = body_of()
    answer = await ask(receiver, [piece(body)], headers_of(body))
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert "the handler's own" not in answer.body.decode()
    assert "tool_execution.succeeded of msg_1 failed" in caplog.text
    assert [await deliver(receiver) for _ in range(3)] == [503, 204, 204]
    assert len(recorder.got) == 3
    assert recorder.done == ["msg_1"]


async def test_a_handler_that_takes_too_long_gets_the_event_again(caplog: pytest.LogCaptureFixture) -> None:
    receiver, recorder = recording(lambda: anyio.sleep(11))
    began = anyio.current_time()
    assert await deliver(receiver) == 503
    assert anyio.current_time() - began == pytest.approx(10)
    assert "handling took longer than 10 s" in caplog.text
    assert recorder.done == []
    assert await deliver(receiver) == 204
    assert recorder.done == ["msg_1"]


async def test_a_cancelled_delivery_is_not_handled(caplog: pytest.LogCaptureFixture) -> None:
    receiver, recorder = recording(anyio.sleep_forever)
    with anyio.move_on_after(1) as scope:
        await deliver(receiver)
    assert scope.cancelled_caught
    assert caplog.text == ""
    assert await deliver(receiver) == 204
    assert (len(recorder.got), recorder.done) == (2, ["msg_1"])


# -- once -----------------------------------------------------------------------------------------------------------


async def test_an_id_is_handled_once() -> None:
    receiver, recorder = recording()
    assert [await deliver(receiver, 1), await deliver(receiver, 1), await deliver(receiver, 2)] == [204] * 3
    assert recorder.done == ["msg_1", "msg_2"]


async def test_a_second_delivery_waits_for_the_first() -> None:
    receiver, recorder = recording(lambda: anyio.sleep(5))
    statuses: list[int] = []

    async def one() -> None:
        statuses.append(await deliver(receiver))

    began = anyio.current_time()
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(one)
    assert anyio.current_time() - began == pytest.approx(5)
    assert statuses == [204] * 5
    assert recorder.done == ["msg_1"]


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_second_delivery_takes_over_where_the_first_fails_or_is_cancelled(cancelled: bool) -> None:
    async def fail_later() -> None:
        await anyio.sleep(5)
        raise LookupError

    receiver, recorder = recording(fail_later)
    statuses: list[int] = []

    async def one() -> None:
        statuses.append(await deliver(receiver))

    async with anyio.create_task_group() as group:
        with anyio.move_on_after(1 if cancelled else 10):
            group.start_soon(_later, one)
            await one()
    assert statuses == ([204] if cancelled else [503, 204])
    assert (len(recorder.got), recorder.done) == (2, ["msg_1"])


async def _later(call: Callable[[], Awaitable[None]]) -> None:
    await anyio.sleep(0.5)
    await call()


async def test_a_second_delivery_gives_up_in_time() -> None:
    receiver, recorder = recording(lambda: anyio.sleep(9))
    statuses: dict[str, int] = {}

    async def one(which: str, after: float) -> None:
        await anyio.sleep(after)
        statuses[which] = await deliver(receiver)

    receiver._seconds = 5  # pyright: ignore[reportPrivateUsage]
    async with anyio.create_task_group() as group:
        group.start_soon(one, "first", 0)
        group.start_soon(one, "second", 0.5)
    assert statuses == {"first": 503, "second": 204}
    assert recorder.done == ["msg_1"]


class SlowStore(MemoryStore):
    """A store that takes its time, and forgets what it is told once."""

    def __init__(self, seconds: float, *, fails: int = 0) -> None:
        super().__init__()
        self.seconds = seconds
        self.fails = fails

    async def mark(self, id: str, /) -> None:
        await anyio.sleep(self.seconds)
        if self.fails:
            self.fails -= 1
            raise ConnectionError("no store")
        await super().mark(id)


async def test_what_was_handled_is_marked_though_the_delivery_is_over() -> None:
    receiver, recorder = recording(lambda: anyio.sleep(9), store=SlowStore(2))
    began = anyio.current_time()
    await deliver(receiver)
    assert anyio.current_time() - began == pytest.approx(11)
    assert await deliver(receiver) == 204
    assert recorder.done == ["msg_1"]


async def test_what_a_shielded_handler_has_done_is_marked_by_a_store_that_waits() -> None:
    async def transaction() -> None:
        with anyio.CancelScope(shield=True):
            await anyio.sleep(12)

    receiver, recorder = recording(transaction, store=SlowStore(1))
    assert await deliver(receiver) == 204
    assert await deliver(receiver) == 204
    assert recorder.done == ["msg_1"]


async def test_a_store_that_is_slow_is_what_the_log_names(caplog: pytest.LogCaptureFixture) -> None:
    receiver, _ = recording(store=SlowStore(60))
    assert await deliver(receiver) == 503
    assert "the store took longer than 3 s" in caplog.text


def test_a_handler_that_would_never_run_is_refused() -> None:
    async def streams(_: WebhookEvent) -> Any:
        yield

    with pytest.raises(TypeError, match="yield"):
        Receiver(SECRET).on_all(streams)
    with pytest.raises(TypeError, match="yield"):
        Receiver(SECRET).on(ToolExecutionSucceeded)(streams)


@pytest.mark.parametrize(("seconds", "fails"), [(60, 0), (0, 1)])
async def test_without_its_store_a_delivery_comes_again(seconds: float, fails: int) -> None:
    store = SlowStore(seconds, fails=fails)
    receiver, recorder = recording(store=store)
    assert await deliver(receiver) == 503
    store.seconds = 0
    assert await deliver(receiver) == 204
    assert recorder.done == ["msg_1", "msg_1"]


async def test_the_store_in_memory_keeps_the_newest() -> None:
    store = MemoryStore(limit=2)
    for id in ("a", "b", "a", "c"):
        await store.mark(id)
    assert [await store.seen(id) for id in "abc"] == [False, True, True]


async def test_processes_may_share_a_store() -> None:
    store = MemoryStore()
    one, first = recording(store=store)
    two, second = recording(store=store)
    assert (await deliver(one), await deliver(two)) == (204, 204)
    assert (first.done, second.done) == (["msg_1"], [])


# -- an inbox -------------------------------------------------------------------------------------------------------


class Box:
    """An inbox that keeps what it takes, or fails."""

    def __init__(self) -> None:
        self.kept: list[tuple[WebhookEvent, bytes]] = []
        self.full = False

    async def put(self, event: WebhookEvent, body: bytes, /) -> None:
        if self.full:
            raise OSError("no space left")
        self.kept.append((event, body))


async def test_an_inbox_takes_events_before_their_handlers() -> None:
    box = Box()
    receiver, recorder = recording(inbox=box)
    heard: list[str] = []
    receiver.subscribe(lambda event: heard.append(event.id))
    assert [await deliver(receiver), await deliver(receiver)] == [204, 204]
    ((event, body),) = box.kept
    assert (event.id, body) == ("msg_1", body_of())
    assert (recorder.got, heard) == ([], ["msg_1"])
    await receiver.handle(event)
    assert recorder.done == ["msg_1"]


async def test_what_an_inbox_didnt_take_comes_again() -> None:
    box = Box()
    box.full = True
    receiver, _ = recording(inbox=box)
    assert await deliver(receiver) == 503
    box.full = False
    assert await deliver(receiver) == 204
    assert len(box.kept) == 1


async def test_who_works_on_an_inbox_gets_what_a_handler_raises() -> None:
    box = Box()
    receiver, _ = recording(fail, inbox=box)
    await deliver(receiver)
    with pytest.raises(LookupError):
        await receiver.handle(box.kept[0][0])


# -- listeners ------------------------------------------------------------------------------------------------------


async def test_a_listener_hears_what_came_before_it_and_what_comes() -> None:
    receiver, _ = recording(remember=2)
    for number in range(3):
        await deliver(receiver, number)
    heard: list[str] = []
    unsubscribe = receiver.subscribe(lambda event: heard.append(event.id))
    assert heard == ["msg_1", "msg_2"], "the newest are remembered"
    await deliver(receiver, 3)
    await deliver(receiver, 3)
    assert heard == ["msg_1", "msg_2", "msg_3"]
    unsubscribe()
    unsubscribe()
    await deliver(receiver, 4)
    assert heard == ["msg_1", "msg_2", "msg_3"]
    assert [event.id for event in receiver.recent] == ["msg_3", "msg_4"]


async def test_a_listener_hears_nothing_of_what_failed() -> None:
    receiver, _ = recording(fail)
    heard: list[str] = []
    receiver.subscribe(lambda event: heard.append(event.id))
    await deliver(receiver)
    assert (heard, receiver.recent) == ([], ())
    await deliver(receiver)
    assert heard == ["msg_1"]


async def test_a_listener_that_fails_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    receiver, _ = recording()
    heard: list[str] = []

    def broken(event: WebhookEvent) -> None:
        raise LookupError("mine")

    receiver.subscribe(broken)
    receiver.subscribe(lambda event: heard.append(event.id))
    assert await deliver(receiver) == 204
    receiver.subscribe(broken)
    assert heard == ["msg_1"]
    assert caplog.text.count("a listener failed on tool_execution.succeeded") == 2


async def test_the_same_listener_may_subscribe_twice_and_leave_while_it_is_told() -> None:
    receiver, _ = recording()
    heard: list[str] = []
    leave: list[Callable[[], None]] = []

    def listener(event: WebhookEvent) -> None:
        heard.append(event.id)
        leave.pop()()

    leave += [receiver.subscribe(listener), receiver.subscribe(listener)]
    await deliver(receiver, 1)
    await deliver(receiver, 2)
    assert heard == ["msg_1", "msg_1"]


# -- bounds ---------------------------------------------------------------------------------------------------------


async def test_over_the_bound_deliveries_are_told_to_come_again() -> None:
    gate = anyio.Event()
    receiver, recorder = recording(gate.wait, gate.wait, gate.wait, concurrency=3)
    statuses: list[int] = []

    async def one(number: int) -> None:
        statuses.append(await deliver(receiver, number))

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(one, number)
        await anyio.sleep(1)
        assert statuses == [503] * 7
        body = body_of()
        answer = await ask(receiver, [], headers_of(body))  # not even read
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        gate.set()
    assert statuses == [503] * 7 + [204] * 3
    assert len(recorder.done) == 3
    assert [await deliver(receiver, number) for number in range(10)] == [204] * 10
    assert len(recorder.done) == len({*recorder.done}) == 10


async def test_repeats_that_wait_count_too() -> None:
    gate = anyio.Event()
    receiver, _ = recording(gate.wait, concurrency=3)
    statuses: list[int] = []

    async def one() -> None:
        statuses.append(await deliver(receiver))

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(one)
        await anyio.sleep(1)
        assert statuses == [503, 503]
        gate.set()
    assert statuses == [503, 503, 204, 204, 204]


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("1048576", 400),  # as long as may be: it is read, and not signed
        ("1048577", 413),
        ("9" * 5000, 413),
        ("-1", 400),
        ("+1", 400),
        ("1e3", 400),
        ("", 400),
        ("\u00b2", 400),
    ],
)
async def test_the_length_is_looked_at_before_the_body(length: str, status: int) -> None:
    messages = [piece(b"{}")] if length == "1048576" else []
    headers = [*headers_of(BODY), (b"Content-Length", length.encode("latin-1"))]
    answer = await ask(Receiver(SECRET), messages, headers)
    assert answer.status == status
    assert answer.headers.get("connection") == ("close" if messages == [] else None)


@pytest.mark.parametrize("sizes", [[101], [60, 41], [100, 1], [1] * 101])
async def test_a_body_longer_than_it_may_be_is_not_read_to_its_end(sizes: list[int]) -> None:
    receiver = Receiver(SECRET, max_body=100)
    messages = [piece(b"x" * size, more=len(sizes) > 1) for size in sizes]  # and it never ends
    answer = await ask(receiver, messages, headers_of(BODY))
    assert (answer.status, answer.headers["connection"]) == (413, "close")


async def test_a_body_comes_in_any_pieces() -> None:
    receiver, recorder = recording()
    body = body_of()
    pieces = [piece(body[at : at + 7], more=True) for at in range(0, len(body), 7)]
    answer = await ask(receiver, [*pieces, piece(b"")], headers_of(body))
    assert (answer.status, recorder.done) == (204, ["msg_1"])
    answer = await ask(receiver, [{"type": "http.request"}], headers_of(b"", "msg_2"))
    assert answer.body == b"webhook: the body is not JSON"


async def test_a_slow_body_is_given_up() -> None:
    receiver, recorder = recording()
    answer = await ask(receiver, [piece(b"{", more=True), 4, piece(b"", more=True), 7], headers_of(BODY))
    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert recorder.got == []


async def test_a_sender_that_goes_away_gets_no_answer() -> None:
    receiver, recorder = recording()
    assert (await ask(receiver, [GONE], headers_of(BODY))).status == 0
    assert (await ask(receiver, [piece(BODY[:9], more=True), GONE], headers_of(BODY))).status == 0
    assert recorder.got == []


async def test_unfinished_bodies_together_are_bounded() -> None:
    """Who sends them isn't known yet; all is free again when they end."""
    receiver, recorder = recording(max_body=2**20)
    statuses: list[int] = []

    async def one() -> None:
        messages = [piece(bytes(2**20 - 1), more=True), 5, GONE]
        statuses.append((await ask(receiver, messages, headers_of(BODY))).status)

    async with anyio.create_task_group() as group:
        for _ in range(80):
            group.start_soon(one)
        await anyio.sleep(1)
        assert statuses == [503] * 16
        assert await deliver(receiver) == 204, "what is short and comes at once is not held up"
    assert statuses == [503] * 16 + [0] * 64
    assert recorder.done == ["msg_1"]
    body = body_of(2)
    answer = await ask(receiver, [piece(body[:9], more=True), piece(body[9:])], headers_of(body, "msg_2"))
    assert answer.status == 204


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_body", 0),
        ("tolerance", -1),
        ("tolerance", float("nan")),
        ("concurrency", 0),
        ("seconds", 0),
        ("remember", -1),
        ("secrets", []),
        ("secrets", "whsec_AAAA"),
    ],
)
def test_bounds_that_cant_be_kept_are_refused(name: str, value: Any) -> None:
    options: dict[str, Any] = {"secrets": SECRET, name: value}
    with pytest.raises(ConfigurationError):
        Receiver(**options)


# -- secrets --------------------------------------------------------------------------------------------------------


async def test_without_a_secret_deliveries_come_again() -> None:
    receiver = Receiver()
    assert await deliver(receiver) == 503
    receiver.set_secrets(OTHER)
    assert await deliver(receiver) == 400
    receiver.set_secrets([SECRET, OTHER])
    assert await deliver(receiver) == 204
    assert await deliver(receiver, 2, secret=OTHER) == 204


async def test_its_tolerance_is_its_own() -> None:
    now = int(time.time())
    receiver = Receiver(SECRET, tolerance=10)
    assert [await deliver(receiver, timestamp=now - age) for age in (60, -60, 0)] == [400, 400, 204]


# -- hostile input --------------------------------------------------------------------------------------------------


def raw(headers: Any) -> list[tuple[bytes, bytes]]:
    """Return bad headers as a server would hand them over."""
    pairs: object = [*cast("dict[Any, Any]", headers).items()] if isinstance(headers, dict) else headers
    return [(_raw(k), _raw(v)) for k, v in cast("list[tuple[Any, Any]]", pairs)] if isinstance(pairs, list) else []


def _raw(text: Any) -> bytes:
    return text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("what", BAD_HEADERS)
async def test_bad_headers_are_answered_with_400(what: str) -> None:
    receiver, recorder = recording()
    answer = await ask(receiver, [piece(BODY)], raw(BAD_HEADERS[what]))
    assert (answer.status, answer.body[:9]) == (400, b"webhook: ")
    assert recorder.got == []


@pytest.mark.parametrize("what", BAD_BODIES)
async def test_bad_bodies_are_answered_with_4xx(what: str) -> None:
    receiver, recorder = recording()
    body = BAD_BODIES[what]
    answer = await ask(receiver, [piece(body)], headers_of(body))
    assert answer.status == (413 if what == "100 MB" else 400)
    assert recorder.got == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"])
async def test_only_post_is_taken(method: str) -> None:
    answer = await ask(Receiver(SECRET), [], method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


async def test_refusals_are_logged_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    receiver, _ = recording()
    for _ in range(50):
        assert await deliver(receiver, secret=OTHER) == 400
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("webhook: 1 deliveries refused; the last one: webhook: no signature matches")
    assert OTHER not in caplog.text
    receiver._warned_at -= 61  # pyright: ignore[reportPrivateUsage]
    await deliver(receiver, secret=OTHER)
    assert "webhook: 50 deliveries refused" in caplog.text


messages = st.lists(st.binary(max_size=300), max_size=5)
pairs = st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=30)), max_size=5)
ours = st.sampled_from([*headers_of(BODY), (b"content-length", b"5"), (b"content-length", b"x"), (b"", b"")])


@given(messages, pairs | st.lists(ours), st.booleans())
@settings(deadline=None, max_examples=200)
def test_no_request_is_answered_with_5xx(parts: list[bytes], headers: Any, ends: bool) -> None:
    async def main() -> int:
        sent = [piece(part, more=True) for part in parts]
        return (await ask(Receiver(SECRET, max_body=1000), [*sent, piece(BODY) if ends else GONE], headers)).status

    status = anyio.run(main)
    assert status == 0 or 400 <= status < 500 or (status == 204 and not any(parts))


# -- as an app ------------------------------------------------------------------------------------------------------


async def test_it_agrees_to_start_and_to_stop() -> None:
    sent: list[Any] = []
    coming = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(coming)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await Receiver(SECRET)({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_it_has_no_other_protocol() -> None:
    with pytest.raises(NotImplementedError, match="HTTP only"):
        await ask(Receiver(SECRET), [], type="websocket")


def starlette(receiver: Receiver) -> Any:
    return Starlette(routes=[Mount("/hooks", receiver), Route("/hook", receiver, methods=["POST"])])


def fastapi(receiver: Receiver) -> Any:
    app = FastAPI()
    app.mount("/hooks", receiver)
    app.add_route("/hook", receiver, methods=["POST"])  # pyright: ignore[reportArgumentType]
    return app


def litestar(receiver: Receiver) -> Any:
    mounted = asgi("/hooks", is_mount=True, copy_scope=True)(receiver)
    exact = asgi("/hook", copy_scope=True)(receiver)
    return Litestar([mounted, exact], openapi_config=None, logging_config=None)


FRAMEWORKS = [starlette, fastapi, litestar]


@pytest.mark.parametrize("mounted", FRAMEWORKS)
@pytest.mark.parametrize("path", ["/hook", "/hooks/", "/hooks/of/any/name"])
async def test_it_is_mounted_in_a_framework(mounted: Callable[[Receiver], Any], path: str) -> None:
    receiver, recorder = recording()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(mounted(receiver))) as http:
        body = body_of()
        headers = headers_of(body)
        assert (await http.post(f"http://127.0.0.1{path}", content=body, headers=headers)).status_code == 204
        assert (await http.post(f"http://127.0.0.1{path}", content=body + b" ", headers=headers)).status_code == 400
    assert recorder.done == ["msg_1"]


@pytest.mark.parametrize(("mounted", "status"), [(starlette, 307), (fastapi, 307), (litestar, 204)])
async def test_the_path_of_a_mount_without_its_slash(mounted: Callable[[Receiver], Any], status: int) -> None:
    """Why the documentation says to register the URL with the slash: senders of webhooks need not follow redirects."""
    receiver, recorder = recording()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(mounted(receiver))) as http:
        answer = await http.post("http://127.0.0.1/hooks", content=body_of(), headers=headers_of(body_of()))
    assert answer.status_code == status
    assert answer.headers.get("location") == ("http://127.0.0.1/hooks/" if status == 307 else None)
    assert recorder.done == (["msg_1"] if status == 204 else [])


# -- with a sandbox -------------------------------------------------------------------------------------------------


async def hooked(inside: InProcess, receiver: Receiver, app: Any = None, path: str = "/hook") -> None:
    """Let the sandbox deliver the ends of tool executions to a receiver, or to the `app` that it is mounted in."""
    inside.sandbox.route_webhooks(app or receiver)
    events = ["tool_execution.succeeded", "tool_execution.failed"]
    made = await inside.vg.webhooks.create_webhook_endpoint(url=f"https://127.0.0.1{path}", events=events)
    receiver.set_secrets(made.signing_secret or "")


@pytest.mark.parametrize("mounted", FRAMEWORKS)
@pytest.mark.parametrize("path", ["/hook", "/hooks/"])
async def test_a_delivery_arrives_through_a_framework(
    inside: InProcess, virtual: VirtualTime, mounted: Callable[[Receiver], Any], path: str
) -> None:
    receiver = Receiver(clock=virtual.clock)
    await hooked(inside, receiver, mounted(receiver), path)
    async with inside.sandbox.delivering():
        started = await inside.vg.tools.generate_image(prompt="A harbour")
        await anyio.sleep(61)
    assert [event.job_id for event in receiver.recent] == [started.id]
    assert [delivery.status for delivery in inside.sandbox.deliveries] == [204]


async def test_a_tools_webhook_tells_what_a_look_would(inside: InProcess, virtual: VirtualTime) -> None:
    receiver = Receiver(clock=virtual.clock)
    await hooked(inside, receiver)
    async with inside.sandbox.delivering():
        started = await inside.vg.tools.generate_image(prompt="A harbour")
        await anyio.sleep(61)
    (event,) = receiver.recent
    assert isinstance(event, ToolExecutionSucceeded)
    looked = await inside.vg.wait_for(started)
    told = event.snapshot()
    assert told.replace(attempt_index=0, results=looked.results) == looked
    assert [(one.file_id, one.type) for one in told.results] == [(one.file_id, one.type) for one in looked.results]
    async with httpx.AsyncClient(transport=in_process(inside.sandbox)) as http:
        assert (await http.get(told.results[0].download_url or "")).content.startswith(b"\x89PNG")


async def test_deliveries_lost_doubled_and_out_of_order(inside: InProcess, virtual: VirtualTime) -> None:
    """All that isn't lost for good is handled, once; also what a handler or its time failed first."""
    receiver = Receiver(clock=virtual.clock, concurrency=5)
    await hooked(inside, receiver)
    actions: tuple[Literal["drop", "duplicate", "reorder"], ...] = ("drop", "duplicate", "reorder")
    for seed, action in enumerate(actions):
        inside.sandbox.add_webhook_fault(WebhookRule(action=action, probability=0.2, seed=seed))
    tried: list[str] = []
    done: list[str] = []

    @receiver.on(ToolExecutionSucceeded)
    async def collect(event: ToolExecutionSucceeded) -> None:
        tried.append(event.id)
        if tried.count(event.id) == 1 and len(tried) % 5 == 0:
            raise LookupError
        await anyio.sleep(0.3)
        done.append(event.id)

    async with inside.sandbox.delivering():
        started: list[str] = []
        for _ in range(120):
            started.append((await inside.vg.tools.generate_sound_effect(prompt="x")).id)
            await anyio.sleep(0.1)
        await anyio.sleep(600)
    lost = {item.id for item in inside.sandbox.deliveries if item.note == "dropped"}
    sent = {item.id for item in inside.sandbox.deliveries} - lost
    assert 5 < len(lost) < 60
    assert len(lost | sent) == len(started)
    assert {item.status for item in inside.sandbox.deliveries} == {None, 204, 503}
    assert len(inside.sandbox.deliveries) > len(started) + 20
    assert {*done} == sent
    assert len(done) == len({*done}), "each id is handled once"
    assert len(tried) > len(done), "and again where that failed"
    assert {event.job_id for event in receiver.recent} <= {*started}


# -- over a real socket ---------------------------------------------------------------------------------------------


@contextmanager
def served(app: Any) -> Generator[tuple[str, int]]:
    """Serve an app by uvicorn alone, in a thread."""
    config = uvicorn.Config(app, lifespan="on", log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.002)
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join()


def exchange(address: tuple[str, int], head: bytes, body: Iterator[bytes]) -> bytes:
    """Send a request, as much of it as is taken, and return the first line of the answer."""
    with socket.create_connection(address, timeout=5) as connection:
        try:
            connection.sendall(b"POST /any/path HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n")
            for part in body:
                connection.sendall(part)
            return connection.recv(65536).partition(b"\r\n")[0]
        except ConnectionError:
            return b""


def lines(headers: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers)


class TestServed:
    """What a sender sees over a socket; the server brings its own event loop and clock."""

    def test_deliveries_are_taken(self) -> None:
        receiver, recorder = recording()
        body = body_of()
        length = f"Content-Length: {len(body)}\r\n".encode()
        with served(receiver) as address:
            for status in (b"204 No Content", b"204 No Content"):
                line = exchange(address, lines(headers_of(body)) + length, iter([body]))
                assert line == b"HTTP/1.1 " + status
            forged = exchange(address, lines(headers_of(body, secret=OTHER)) + length, iter([body]))
            assert forged == b"HTTP/1.1 400 Bad Request"
        assert recorder.done == ["msg_1"]

    @pytest.mark.parametrize("chunked", [False, True])
    def test_a_hundred_megabytes_are_refused_and_not_held(self, chunked: bool) -> None:
        receiver, recorder = recording()
        part = bytes(64 * 1024)
        framed = b"10000\r\n" + part + b"\r\n" if chunked else part
        sent = 0

        def parts() -> Iterator[bytes]:
            nonlocal sent
            for _ in range(1600):
                yield framed
                sent += len(part)

        head = b"Transfer-Encoding: chunked\r\n" if chunked else b"Content-Length: 104857600\r\n"
        with served(receiver) as address:
            tracemalloc.start()
            line = exchange(address, lines(headers_of(BODY)) + head, parts())
            held = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert line in (b"", b"HTTP/1.1 413 Payload Too Large", b"HTTP/1.1 413 Content Too Large")
            assert sent < 50_000_000, "the connection is closed"
            body = body_of()
            head = lines(headers_of(body)) + f"Content-Length: {len(body)}\r\n".encode()
            assert exchange(address, head, iter([body])) == b"HTTP/1.1 204 No Content"
        assert held < 8_000_000
        assert recorder.done == ["msg_1"]

    def test_hostile_headers_get_4xx_of_the_receiver_or_its_server(self) -> None:
        receiver, recorder = recording()
        with served(receiver) as address:
            for head in (
                b"Webhook-Id: " + b"\xff" * 1000 + b"\r\n",
                lines(headers_of(BODY)) * 2,
                b"Webhook-Signature: " + b"v1,AAAA " * 6000 + b"\r\n",
                b"Webhook-Signature: " + b"v1,AAAA " * 60_000 + b"\r\n",
                b"Content-Length: 5\r\nContent-Length: 6\r\n",
                b"\x00: 1\r\n",
            ):
                line = exchange(address, head + b"Content-Length: 0\r\n", iter([]))
                assert line == b"" or line.startswith(b"HTTP/1.1 4"), head[:40]
        assert recorder.got == []
