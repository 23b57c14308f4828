"""Starts whose ids are not lost, and calls that wait before a rate limit, over the sandbox."""

from __future__ import annotations

import json
import logging
import ssl
from contextlib import suppress
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.abc
import anyio.to_thread
import certifi
import httpx
import pytest

from aiovideogen import Accepted, ConnectionFailedError, RateLimitError, ServerError, VideoGen, VideoGenError
from aiovideogen.sandbox import Sandbox, serve

from .conftest import Reply, Scripted

if TYPE_CHECKING:
    from pathlib import Path

    from anyio.abc import SocketStream

    from aiovideogen import FileId

pytestmark = pytest.mark.anyio


class Slow(httpx.AsyncBaseTransport):
    """An in-process server that can be made to take its time before and after it carries a request out."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.inner = httpx.ASGITransport(app=sandbox)  # pyright: ignore[reportArgumentType] - a broader ASGI type
        self.before = self.after = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        trace = request.extensions.get("trace")
        if trace is not None:
            await trace("connection.connect_tcp.started", {})
        await anyio.sleep(self.before)
        if trace is not None:
            await trace("http11.send_request_headers.started", {})
        answer = await self.inner.handle_async_request(request)
        await anyio.sleep(self.after)
        return answer


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def server_clock() -> float:
    """A server whose clock is years ahead of this machine's; its Date header says so."""
    return 1_900_000_020 + anyio.current_time()


async def client(sandbox: Sandbox, slow: Slow, seen: list[str]) -> VideoGen:
    return VideoGen(
        api_key=sandbox.key,
        base_url="http://127.0.0.1:1",
        http_client=httpx.AsyncClient(transport=slow),
        on_accepted=lambda accepted: seen.append(accepted.id),
    )


@pytest.mark.parametrize("moment", [0.01, 0.5, 1.0, 1.5, 2.9])
async def test_a_start_cancelled_after_it_left_still_brings_its_id(
    moment: float, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox, seen = Sandbox(), list[str]()
    slow = Slow(sandbox)
    slow.after = 3.0
    vg = await client(sandbox, slow, seen)
    with anyio.move_on_after(moment) as scope:
        await vg.tools.generate_image(prompt="x")
    assert scope.cancelled_caught
    assert sandbox.billed == len(seen) == 1
    assert f"accepted as {seen[0]} while its caller was cancelled" in caplog.text


async def test_a_start_cancelled_before_it_left_is_not_sent() -> None:
    sandbox, seen = Sandbox(), list[str]()
    slow = Slow(sandbox)
    slow.before = 3.0
    vg = await client(sandbox, slow, seen)
    began = anyio.current_time()
    with anyio.move_on_after(1) as scope:
        await vg.tools.generate_image(prompt="x")
    assert scope.cancelled_caught
    assert anyio.current_time() - began == pytest.approx(1, abs=0.1)
    await anyio.sleep(10)
    assert sandbox.billed == 0
    assert seen == []


async def test_a_cancelled_start_is_given_five_seconds(caplog: pytest.LogCaptureFixture) -> None:
    sandbox, seen = Sandbox(), list[str]()
    slow = Slow(sandbox)
    slow.after = 30.0
    vg = await client(sandbox, slow, seen)
    began = anyio.current_time()
    with anyio.move_on_after(1):
        await vg.tools.generate_image(prompt="x")
    assert anyio.current_time() - began == pytest.approx(6, abs=0.1)
    assert sandbox.billed == 1
    assert seen == []
    assert "generateImage: cancelled after it was sent: it may have been carried out and billed" in caplog.text


async def test_every_acceptance_is_told_before_the_start_returns() -> None:
    sandbox = Sandbox()
    told: list[Accepted[Any]] = []

    async def write_down(accepted: Accepted[Any]) -> None:
        await anyio.sleep(0.1)
        told.append(accepted)

    vg = VideoGen(
        api_key=sandbox.key,
        base_url="http://127.0.0.1:1",
        http_client=httpx.AsyncClient(transport=Slow(sandbox)),
        on_accepted=write_down,
    )
    started = await vg.tools.generate_image(prompt="x")
    assert told == [started]
    await vg.cancel(started)
    assert told == [started], "a cancel accepts nothing"


async def test_a_failing_hook_leaves_the_id_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    sandbox = Sandbox()

    def fail(accepted: Accepted[Any]) -> None:
        raise OSError("disk full")

    vg = VideoGen(
        api_key=sandbox.key,
        base_url="http://127.0.0.1:1",
        http_client=httpx.AsyncClient(transport=Slow(sandbox)),
        on_accepted=fail,
    )
    with pytest.raises(OSError, match="disk full"):
        await vg.tools.generate_image(prompt="x")
    assert "generateImage: accepted as vg_tool_" in caplog.text


async def test_callers_wait_for_the_window_in_their_order(caplog: pytest.LogCaptureFixture) -> None:
    """Fifteen calls against six a minute: no 429, and no one overtakes."""
    caplog.set_level(logging.WARNING)
    sandbox = Sandbox(rate_limits={"GET /v1/projects, GET /v1/projects/{id}": 6}, rate_window=60, clock=server_clock)
    vg = await client(sandbox, Slow(sandbox), [])
    done: list[int] = []

    async def one(index: int) -> None:
        await vg.projects.list_projects()
        done.append(index)

    async with anyio.create_task_group() as tasks:
        for index in range(15):
            tasks.start_soon(one, index)
            await anyio.sleep(0.001)
    assert done == sorted(done)
    assert {status for _, _, status in sandbox.requests} == {200}
    shown = vg.rate_limits["projects.read"]
    assert (shown.limit, shown.remaining) == (6, 3)


async def test_no_one_waits_for_a_window_beyond_the_own_deadline() -> None:
    sandbox = Sandbox(rate_limits={"GET /v1/projects, GET /v1/projects/{id}": 1}, rate_window=60, clock=server_clock)
    vg = await client(sandbox, Slow(sandbox), [])
    await vg.projects.list_projects()
    began = anyio.current_time()
    with anyio.fail_after(5), pytest.raises(RateLimitError, match="not sent") as caught:
        await vg.projects.list_projects()
    assert anyio.current_time() == began
    assert caught.value.retry_after
    assert 30 < caught.value.retry_after <= 61


def test_a_client_is_of_one_running_loop_and_of_any_number_one_after_another() -> None:
    with serve(Sandbox()) as server:
        vg = VideoGen(api_key=server.key, base_url=server.url)

        async def use() -> str:
            async with vg:
                return (await vg.account.get_me()).email

        async def use_here_and_there() -> None:
            async with vg:
                await vg.account.get_me()
                await anyio.to_thread.run_sync(lambda: anyio.run(vg.account.get_me))

        for backend in ("asyncio", "trio", "asyncio"):
            assert anyio.run(use, backend=backend)
            with pytest.raises(RuntimeError, match="another running event loop"):
                anyio.run(use_here_and_there, backend=backend)


def test_a_proxy_of_the_environment_is_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serve(Sandbox()) as server:

        async def use() -> str:
            async with VideoGen(api_key=server.key, base_url=server.url) as vg:
                return (await vg.account.get_me()).email

        assert anyio.run(use)


def test_a_proxy_that_is_asked_for_is_used(caplog: pytest.LogCaptureFixture) -> None:
    """Of the two, only the proxy listens: what asks it for another host was sent through it."""
    asked: list[bytes] = []

    async def answer(stream: SocketStream) -> None:
        async with stream:
            asked.append(await stream.receive())
            await stream.send(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")

    async def use() -> None:
        async with await anyio.create_tcp_listener(local_host="127.0.0.1") as proxy, anyio.create_task_group() as tasks:
            tasks.start_soon(proxy.serve, answer)
            port = proxy.extra(anyio.abc.SocketAttribute.local_port)
            where = f"http://127.0.0.1:{port}"
            async with VideoGen(api_key="k", base_url="http://127.0.0.1:1", proxy=where, retries=0) as vg:
                with pytest.raises(ServerError, match="502"):
                    await vg.account.get_me()
            tasks.cancel_scope.cancel()

    anyio.run(use)
    assert asked[0].startswith(b"GET http://127.0.0.1:1/v1/me ")


def test_certificates_can_be_named_by_file_folder_or_context(tmp_path: Path) -> None:
    for verify in (certifi.where(), str(tmp_path), ssl.create_default_context(), False, True):

        async def use(verify: Any = verify) -> None:
            async with VideoGen(api_key="k", base_url="https://127.0.0.1:1", verify=verify, retries=0) as vg:
                await vg.account.get_me()

        with pytest.raises(ConnectionFailedError):
            anyio.run(use)


async def test_a_cancelled_start_that_was_refused_leaves_nothing_to_tell(caplog: pytest.LogCaptureFixture) -> None:
    sandbox, seen = Sandbox(), list[str]()
    sandbox.fail_next("generateImage", status=400, body={"message": "no", "code": "invalid_request"})
    slow = Slow(sandbox)
    slow.after = 3.0
    vg = await client(sandbox, slow, seen)
    with anyio.move_on_after(1):
        await vg.tools.generate_image(prompt="x")
    assert sandbox.billed == 0
    assert seen == []
    assert caplog.text == ""


async def test_a_short_wait_for_a_limit_is_not_worth_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    sandbox = Sandbox(rate_limits={"GET /v1/projects, GET /v1/projects/{id}": 1}, rate_window=5, clock=server_clock)
    vg = await client(sandbox, Slow(sandbox), [])
    began = anyio.current_time()
    await vg.projects.list_projects()
    await vg.projects.list_projects()
    assert 0 < anyio.current_time() - began <= 6
    assert caplog.text == ""


async def test_a_cancelled_call_that_starts_no_job_is_told_of_as_well(caplog: pytest.LogCaptureFixture) -> None:
    """Text is billed and comes at once: there is no id to keep, but a line in the log."""
    sandbox, seen = Sandbox(), list[str]()
    slow = Slow(sandbox)
    slow.after = 3.0
    vg = await client(sandbox, slow, seen)
    with anyio.move_on_after(1):
        await vg.text.generate_text(prompt="x")
    assert sandbox.billed == 1
    assert seen == []
    assert "generateText: carried out while its caller was cancelled" in caplog.text


async def test_a_cancellation_passes_though_the_answer_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    server = Scripted(Reply(202, b'{"toolExecutionID": "vg_tool_1"}', seconds=2.0))
    with anyio.move_on_after(1) as scope:
        await server.client().tools.generate_image(prompt="x")
    assert scope.cancelled_caught
    assert "carried out while its caller was cancelled" in caplog.text
    assert "vg_tool_1" in caplog.text


async def test_a_cancellation_passes_though_on_accepted_fails(caplog: pytest.LogCaptureFixture) -> None:
    async def refuse(_: Accepted[Any]) -> None:
        raise LookupError("mine")

    sandbox = Sandbox()
    slow = Slow(sandbox)
    slow.after = 3.0
    http = httpx.AsyncClient(transport=slow)
    vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http, on_accepted=refuse)
    with anyio.move_on_after(1) as scope:
        await vg.tools.generate_image(prompt="x")
    assert scope.cancelled_caught
    assert "on_accepted failed" in caplog.text


async def test_a_call_from_another_running_loop_takes_nothing_from_the_first() -> None:
    with serve(Sandbox()) as server:
        async with VideoGen(api_key=server.key, base_url=server.url) as vg:
            known = vg.rate_limits
            for _ in range(2):
                await vg.projects.list_projects()
                known = vg.rate_limits
            with pytest.raises(RuntimeError, match="another running event loop"):
                await anyio.to_thread.run_sync(lambda: anyio.run(vg.account.get_me))
            assert vg.rate_limits == known != {}


class Hourly(httpx.AsyncBaseTransport):
    """A server that allows so many starts an hour, whose keys live an hour, and whose times are rounded down."""

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.began = anyio.current_time() - 0.3
        self.used: dict[int, int] = {}
        self.answers: list[int] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.05)
        hour, into = divmod(anyio.current_time() - self.began, 3600)
        used = self.used.setdefault(int(hour), 0)
        expires = float(request.headers["authorization"].partition("-")[2])
        status = 401 if anyio.current_time() > expires else 429 if used >= self.allowed else 202
        self.answers.append(status)
        self.used[int(hour)] += status == 202
        left, reset = str(self.allowed - self.used[int(hour)]), str(int(3600 - into))
        headers = {"x-ratelimit-limit": str(self.allowed), "x-ratelimit-remaining": left, "x-ratelimit-reset": reset}
        return httpx.Response(status, headers=headers, json={"toolExecutionId": f"vg_tool_{len(self.answers)}"})

    async def key(self) -> str:
        return f"token-{anyio.current_time() + 3600}"


async def test_whoever_stood_in_line_for_an_hour_sends_a_key_of_that_hour_and_is_not_refused() -> None:
    server = Hourly(30)
    async with httpx.AsyncClient(transport=server) as http:
        vg = VideoGen(api_key=server.key, base_url="http://127.0.0.1:1", http_client=http)
        async with anyio.create_task_group() as group:
            for _ in range(80):
                group.start_soon(partial(vg.tools.generate_image, prompt="x"))
    assert server.answers.count(202) == 80
    assert server.answers.count(401) <= 2 * 8
    assert server.answers.count(429) <= 2 * 8


class Name(str, Enum):  # noqa: UP042 - of a StrEnum, str() is the text already
    BELLA = "Bella"
    LOGO = "vg_file_1"


async def test_a_member_of_a_text_enum_is_sent_as_its_text() -> None:
    server = Scripted(Reply(202, b'{"toolExecutionId": "vg_tool_1"}'))
    vg, logo = server.client(), cast("FileId", Name.LOGO)
    await vg.tools.text_to_speech(tts_text=Name.BELLA, voice_id=Name.BELLA)
    await vg.tools.upscale_image(image_file_id=logo)
    with suppress(VideoGenError):
        await vg.resources.list_tts_voices(query=Name.BELLA)
    with suppress(VideoGenError):
        await vg.files.get_file(logo)
    assert [json.loads(one.body) for one in server.asked[:2]] == [
        {"ttsText": "Bella", "voiceId": "Bella"},
        {"imageFileId": "vg_file_1"},
    ]
    assert server.asked[2].query == "query=Bella"
    assert server.asked[3].path.endswith("/vg_file_1")


async def test_what_a_given_client_raises_of_its_own_comes_out_as_it_is() -> None:
    async def refuse(request: httpx.Request) -> None:
        raise KeyError("a hook of the program's own")

    async with httpx.AsyncClient(event_hooks={"request": [refuse]}) as http:
        vg = VideoGen(api_key="k", base_url="http://127.0.0.1:1", http_client=http)
        with pytest.raises(KeyError, match="own"):
            await vg.tools.generate_image(prompt="x")
        with pytest.raises(KeyError, match="own"):
            await vg.account.get_me()
