"""The way to the server and back: nothing is billed twice, nothing is lost silently, and the key stays where it is."""

from __future__ import annotations

import gzip
import importlib
import json
import logging
import pickle
import socket
import time
import traceback
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import anyio
import httpx
import pytest
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st

import aiovideogen
from aiovideogen import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    FileTransferError,
    InsufficientCreditsError,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ResponseError,
    ServerError,
    Timeouts,
    VideoGen,
    VideoGenError,
)
from aiovideogen.sandbox import Sandbox

from .conftest import Reply, Scripted, VirtualTime, raw_server

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

KEY = "sk_videogen_live_S3CRETkey"
STARTED = Reply.json({"toolExecutionId": "vg_tool_1"}, 202)
ME = Reply.json({"apiKeyId": "vg_key_1", "teamId": "vg_team_1", "email": "me@a.test"})
BODIES = (b"", b"<html>\n</html>", b'{"message": "m', b'{"message": "m", "code": null}', b"[1]", b"\xff\x00")
DROPPED = Reply(raises=ConnectionResetError("gone"))


def error_reply(status: int, code: str | None = None, **headers: str) -> Reply:
    return Reply.json({"message": "m", "code": code}, status, **headers)


class TestOnVirtualTime:
    @pytest.fixture
    def anyio_backend(self, virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
        return virtual_backend

    # -- starts: never twice ------------------------------------------------------------------------------------

    @pytest.mark.parametrize("reply", [DROPPED, *map(error_reply, (408, 500, 503)), Reply(524, b"<html>"), Reply(999)])
    async def test_a_start_whose_outcome_is_open_is_not_sent_again(self, reply: Reply) -> None:
        server = Scripted(reply)
        with pytest.raises(OutcomeUnknownError, match=r"generateImage: .*look at the newest items") as caught:
            await server.client(retries=5).tools.generate_image(prompt="x")
        assert len(server.asked) == 1
        assert caught.value.operation == "generateImage"
        assert not isinstance(caught.value, ServerError)
        assert caught.value.status == (None if reply is DROPPED else reply.status)

    @pytest.mark.parametrize(
        "body", [b"", b"<html>", b'{"toolExecutionId": "vg_to', b"[]", b"{}", b"\xff", b'{"toolExecutionId": null}']
    )
    async def test_a_start_whose_2xx_cannot_be_read_is_not_sent_again(self, body: bytes) -> None:
        server = Scripted(Reply(202, body, {"x-request-id": "req_1"}))
        with pytest.raises(
            OutcomeUnknownError, match=r"generateImage: the answer can't be read.*it was carried"
        ) as caught:
            await server.client().tools.generate_image(prompt="x")
        assert len(server.asked) == 1
        assert (caught.value.status, caught.value.request_id) == (202, "req_1")

    @pytest.mark.parametrize("code", ["rate_limited", None])
    async def test_a_start_refused_by_the_rate_limit_is_sent_again_when_the_server_says(self, code: str | None) -> None:
        server = Scripted(error_reply(429, code, **{"retry-after": "7"}), STARTED)
        began = anyio.current_time()
        started = await server.client().tools.generate_image(prompt="x")
        assert started.id == "vg_tool_1"
        assert anyio.current_time() - began == pytest.approx(7, abs=0.01)
        assert len(server.asked) == 2

    @pytest.mark.parametrize("status", [402, 429])
    async def test_out_of_credits_is_said_at_once(self, status: int) -> None:
        server = Scripted(error_reply(status, "insufficient_credits", **{"retry-after": "1"}))
        began = anyio.current_time()
        for call in (server.client().tools.generate_image(prompt="x"), server.client().account.get_me()):
            with pytest.raises(InsufficientCreditsError, match="buy credits"):
                await call
        assert len(server.asked) == 2
        assert anyio.current_time() == began

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 425])
    async def test_a_start_that_was_refused_is_not_sent_again(self, status: int) -> None:
        server = Scripted(error_reply(status))
        with pytest.raises(aiovideogen.ApiStatusError) as caught:
            await server.client().tools.generate_image(prompt="x")
        assert caught.value.status == status
        assert len(server.asked) == 1

    async def test_lost_answers_of_starts_and_of_text_are_billed_once(self, inside: InProcess) -> None:
        for operation_id, call in (
            ("generateImage", inside.vg.tools.generate_image(prompt="x")),
            ("generateText", inside.vg.text.generate_text(prompt="x")),
        ):
            inside.sandbox.fail_next(operation_id, drop="after")
            with pytest.raises(OutcomeUnknownError):
                await call
        assert inside.sandbox.billed == 2

    # -- reads --------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "trouble", [DROPPED, error_reply(408), error_reply(425), error_reply(500), Reply(502, b"<html>"), Reply(429)]
    )
    async def test_a_read_is_sent_again_twice(self, trouble: Reply) -> None:
        server = Scripted(trouble, trouble, ME)
        assert (await server.client().account.get_me()).email == "me@a.test"
        assert len(server.asked) == 3

    async def test_what_may_be_repeated_is(self) -> None:
        server = Scripted(error_reply(503), DROPPED, STARTED)
        assert (
            await server.client().tools.cancel_tool_execution(aiovideogen.ToolExecutionId("vg_tool_1")) == "vg_tool_1"
        )
        assert len(server.asked) == 3

    async def test_retries_can_be_switched_off_and_run_out(self) -> None:
        server = Scripted(error_reply(503))
        for retries in (0, 1, 4):
            server.asked.clear()
            with pytest.raises(ServerError, match="getMe: 503"):
                await server.client(retries=retries).account.get_me()
            assert len(server.asked) == retries + 1

    @pytest.mark.parametrize(
        ("header", "least", "most"),
        [("7", 7, 7), ("in an hour", None, None), ("3600", None, None), ("soon", 0, 1)],
    )
    async def test_retry_after_is_obeyed_up_to_a_minute(
        self, header: str, least: float | None, most: float | None
    ) -> None:
        header = formatdate(time.time() + 3600, usegmt=True) if header == "in an hour" else header
        server = Scripted(error_reply(503, **{"retry-after": header}), ME)
        began = anyio.current_time()
        if least is None:
            with pytest.raises(ServerError) as caught:
                await server.client().account.get_me()
            assert caught.value.retry_after == pytest.approx(3600, abs=60)
            assert len(server.asked) == 1
        else:
            await server.client().account.get_me()
            assert most is not None
            assert least <= anyio.current_time() - began <= most + 0.01

    @pytest.mark.parametrize("body", [b"", b"<html>", b'{"apiKeyId": "vg_k', b"[]", b'"text"', b"{}", b"[" * 100_000])
    async def test_a_2xx_that_cannot_be_read_is_a_response_error_with_the_body(self, body: bytes) -> None:
        server = Scripted(Reply(200, body, {"x-request-id": "req_1"}))
        with pytest.raises(ResponseError, match="getMe: the answer can't be read") as caught:
            await server.client().account.get_me()
        assert (caught.value.body, caught.value.status, caught.value.request_id) == (body, 200, "req_1")
        assert caught.value.operation == "getMe"

    async def test_a_field_that_cannot_be_read_is_named_with_its_path(self) -> None:
        data = {"toolExecutionId": "x", "results": [{"fileId": "f"}, {"fileId": 7}]}
        with pytest.raises(
            ResponseError, match=r"getToolExecutionInfo: .*results\[1\].fileId: expected text"
        ) as caught:
            await Scripted(Reply.json(data)).client().tools.get_tool_execution_info(aiovideogen.ToolExecutionId("x"))
        assert caught.value.path.lstrip(".") == "results[1].fileId"

    @pytest.mark.parametrize("body", BODIES)
    async def test_any_status_with_any_body_is_a_typed_error(self, body: bytes) -> None:
        server = Scripted(Reply(599, body))
        client = server.client(retries=0)
        kinds: dict[int, type[VideoGenError]] = {
            401: AuthenticationError,
            402: InsufficientCreditsError,
            403: PermissionDeniedError,
            404: NotFoundError,
            409: aiovideogen.ConflictError,
            410: NotFoundError,
            429: RateLimitError,
        }
        for status in (100, 101, 199, *range(300, 310), *range(400, 452), 499, *range(500, 530), 599, 600, 999):
            server.replies[:] = [Reply(status, body)]
            kind = kinds.get(status, InvalidRequestError if 400 <= status < 500 else ServerError)
            with pytest.raises(VideoGenError) as read:
                await client.account.get_me()
            assert type(read.value) is kind
            with pytest.raises(VideoGenError) as start:
                await client.tools.generate_image(prompt="x")
            assert type(start.value) is (OutcomeUnknownError if status == 408 or status >= 500 else kind)

    # -- the key ------------------------------------------------------------------------------------------------

    async def test_a_callable_is_asked_for_the_key_once_and_once_more_after_a_401(self) -> None:
        asked: list[str] = []

        async def token() -> str:
            asked.append(f" token{len(asked)} ")
            return asked[-1]

        server = Scripted(ME, error_reply(401), ME, error_reply(401))
        client = server.client(api_key=token)
        await client.account.get_me()
        await client.account.get_me()
        assert [one.headers["authorization"][7:] for one in server.asked] == ["token0", "token0", "token1"]
        server.replies[:] = [error_reply(401)]
        with pytest.raises(AuthenticationError):
            await client.account.get_me()
        assert [one.headers["authorization"][7:] for one in server.asked[3:]] == ["token1", "token2"]

    async def test_many_calls_at_once_ask_for_one_key(self) -> None:
        asked: list[int] = []

        async def token() -> str:
            asked.append(len(asked))
            await anyio.sleep(1)
            return f"token{asked[-1]}"

        class Expiring(Scripted):
            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                token = dict(scope["headers"])[b"authorization"]
                late = Reply(401, seconds=3 * len(self.asked))
                self.replies[:] = [late if token == b"Bearer token0" else ME]
                await super().__call__(scope, receive, send)

        server = Expiring(ME)
        client = server.client(api_key=token)
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(client.account.get_me)
        assert asked == [0, 1]

    async def test_a_start_refused_for_its_key_is_sent_again_with_the_new_one(self) -> None:
        async def token() -> str:
            return "token"

        server = Scripted(error_reply(401), STARTED)
        assert (await server.client(api_key=token).tools.generate_image(prompt="x")).id == "vg_tool_1"

    async def test_a_fixed_key_is_not_asked_again(self) -> None:
        server = Scripted(error_reply(401))
        with pytest.raises(AuthenticationError):
            await server.client().account.get_me()
        assert len(server.asked) == 1

    @pytest.mark.parametrize("bad", ["", "two words", "line\nbreak", "ä", None, 7])
    async def test_a_callable_that_gives_no_key_is_an_error_without_what_it_gave(self, bad: Any) -> None:
        async def token() -> Any:
            return bad

        server = Scripted(ME)
        with pytest.raises((AuthenticationError, ConfigurationError), match=r"API key|api_key") as caught:
            await server.client(api_key=token).account.get_me()
        assert not bad or str(bad) not in str(caught.value)
        assert server.asked == []

    async def test_the_callables_own_error_is_not_hidden(self) -> None:
        async def token() -> str:
            raise LookupError("no token in the vault")

        with pytest.raises(LookupError, match="no token in the vault"):
            await Scripted(ME).client(api_key=token).account.get_me()

    # -- the wire -----------------------------------------------------------------------------------------------

    async def test_headers_name_us_and_nothing_else_is_added(self) -> None:
        server = Scripted(STARTED, ME)
        client = server.client(api_key=KEY)
        await client.tools.generate_image(prompt="x")
        await client.account.get_me()
        start, read = server.asked
        assert start.headers["authorization"] == f"Bearer {KEY}"
        assert start.headers["x-videogen-client"] == "aiovideogen"
        assert start.headers["user-agent"].startswith(f"aiovideogen/{aiovideogen.__version__} ")
        assert start.headers["content-type"] == "application/json"
        assert json.loads(start.body) == {"prompt": "x"}
        assert "content-type" not in read.headers
        assert (read.method, read.path, read.query, read.body) == ("GET", "/v1/me", "", b"")

    async def test_a_redirect_is_not_followed_with_the_key(self) -> None:
        server = Scripted(Reply(307, b"", {"location": "http://elsewhere.test/v1/me"}))
        with pytest.raises(ServerError, match="getMe: 307"):
            await server.client(retries=0).account.get_me()
        assert len(server.asked) == 1

    async def test_at_most_eight_calls_are_under_way_and_all_come_through(self) -> None:
        under_way: list[int] = []

        class Counting(Scripted):
            now = 0

            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                self.now += 1
                under_way.append(self.now)
                await super().__call__(scope, receive, send)
                self.now -= 1

        server = Counting(Reply(200, ME.body, seconds=1))
        client = server.client()
        began = anyio.current_time()
        async with anyio.create_task_group() as group:
            for _ in range(40):
                group.start_soon(client.account.get_me)
        assert max(under_way) == 8
        assert len(server.asked) == 40
        assert anyio.current_time() - began == pytest.approx(5, abs=0.1)

    async def test_an_injected_client_is_never_closed_and_used_again_after_aclose(self, inside: InProcess) -> None:
        async with inside.vg as vg:
            await vg.account.get_me()
        assert not inside.http.is_closed
        await inside.vg.account.get_me()

    async def test_a_debug_log_tells_of_each_try_without_the_key(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        server = Scripted(error_reply(503), ME)
        await server.client(api_key=KEY).account.get_me()
        text = "\n".join(record.getMessage() for record in caplog.records)
        assert "getMe: attempt 1: 503" in text
        assert "getMe: attempt 2: 200" in text
        assert KEY not in text

    # -- secrets ------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(raises=httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}\\n'")),
            Reply(raises=httpx.ConnectError(f"failed: https://s.test/a?X-Signature={KEY}")),
            Reply(403, f"<html>Authorization: Bearer {KEY}</html>".encode()),
            Reply.json({"message": f"You sent Bearer {KEY}"}, 400),
            Reply(200, f'{{"echo": "Bearer {KEY}", "url": "https://s.test/?X-Signature={KEY}"'.encode()),
            Reply(200, f'{{"apiKeyId": ["https://s.test/?X-Signature={KEY}"]}}'.encode()),
        ],
    )
    async def test_no_error_holds_the_key_or_a_signature(self, reply: Reply) -> None:
        client = Scripted(reply).client(api_key=KEY, retries=0)
        for call in (client.account.get_me, partial(client.tools.generate_image, prompt="x")):
            with pytest.raises(VideoGenError) as caught:
                await call()
            error = caught.value
            assert error.__cause__ is None
            assert error.__context__ is None
            texts = [str(error), repr(error), "".join(traceback.format_exception(error)), str(pickle.dumps(error))]
            assert all(KEY not in text for text in texts)

    @pytest.mark.parametrize("bad", ["http://s.test:b/?X-Signature=S3CRET", "https://\x7f/?X-Signature=S3CRET"])
    async def test_a_transfer_to_nowhere_is_an_error_without_the_signature(self, bad: str, tmp_path: Path) -> None:
        with pytest.raises(FileTransferError, match=r"download: InvalidURL: .*ask for a fresh URL") as caught:
            await Scripted(ME).client().files.download(bad, tmp_path / "a")
        assert "S3CRET" not in "".join(traceback.format_exception(caught.value))

    async def test_a_client_does_not_show_its_key(self) -> None:
        client = Scripted(ME).client(api_key=KEY)
        await client.account.get_me()
        assert KEY not in repr(client) + repr(client.tools) + repr(client.files.get_files())


# -- faults in any order ----------------------------------------------------------------------------------------

FAULTS: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    cast("Any", st.fixed_dictionaries)(
        {"times": st.integers(1, 2), "skip": st.integers(0, 2)},
        optional={
            "status": st.sampled_from([200, 202, 302, 400, 401, 402, 403, 404, 408, 409, 425, 429, 500, 502, 503, 524]),
            "drop": st.sampled_from(["before", "after"]),
            "headers": st.sampled_from([{"retry-after": "1"}, {"retry-after": "0"}, {"retry-after": "9999"}]),
            "body": st.sampled_from(["<html>", '{"toolExecutionId', {"message": "m", "code": "insufficient_credits"}]),
        },
    ),
    max_size=6,
)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@settings(max_examples=60, deadline=None)
@given(faults=FAULTS, starts=st.integers(1, 5), retries=st.integers(0, 3))
def test_whatever_goes_wrong_nothing_is_billed_twice(
    backend: str, faults: list[dict[str, Any]], starts: int, retries: int
) -> None:
    clock = VirtualTime()
    options: dict[str, dict[str, Any]] = {
        "asyncio": {"loop_factory": clock.asyncio_loop},
        "trio": {"clock": trio.testing.MockClock(autojump_threshold=0)},
    }
    sandbox = Sandbox()
    for fault in faults:
        sandbox.fail_next("generateImage", **fault)

    async def main() -> tuple[int, int]:
        accepted = unknown = 0
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox)) as http:  # pyright: ignore[reportArgumentType]
            vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http, retries=retries)
            for _ in range(starts):
                try:
                    await vg.tools.generate_image(prompt="x")
                    accepted += 1
                except OutcomeUnknownError:
                    unknown += 1
                except VideoGenError:
                    pass
        return accepted, unknown

    accepted, unknown = anyio.run(main, backend=backend, backend_options=options[backend])
    assert accepted <= sandbox.billed <= accepted + unknown
    assert sandbox.billed <= starts


# -- real sockets -----------------------------------------------------------------------------------------------


async def test_an_unreachable_server_is_said_and_nothing_is_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with VideoGen(api_key=KEY, base_url=url, retries=0) as vg:
        for call in (vg.account.get_me(), vg.tools.generate_image(prompt="x")):
            with pytest.raises(ConnectionFailedError, match="check the network and the base URL") as caught:
                await call
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None
            assert KEY not in str(caught.value)


async def test_a_server_that_does_not_answer_leaves_a_start_open_and_fails_a_read() -> None:
    with raw_server(None, None) as (url, got):
        async with VideoGen(api_key=KEY, base_url=url, retries=0, timeout=0.05) as vg:
            with pytest.raises(OutcomeUnknownError, match="ReadTimeout"):
                await vg.tools.generate_image(prompt="x")
    assert got[0].startswith(b"POST /v1/tools/generate-image")
    with raw_server(None) as (url, _):
        async with VideoGen(api_key=KEY, base_url=url, retries=0, timeout=0.05) as vg:
            with pytest.raises(ConnectionFailedError, match="ReadTimeout"):
                await vg.account.get_me()


@pytest.mark.parametrize(
    "script",
    [
        b"",
        b"HTTP/1.1 202 Accepted\r\n",
        b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{}",
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 202 Accepted\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}",
    ],
)
async def test_a_broken_answer_leaves_a_start_open_and_fails_a_read(script: bytes) -> None:
    with raw_server(script) as (url, _):
        async with VideoGen(api_key=KEY, base_url=url) as vg:
            with pytest.raises(OutcomeUnknownError, match="the answer was lost"):
                await vg.tools.generate_image(prompt="x")
    with raw_server(script) as (url, _):
        async with VideoGen(api_key=KEY, base_url=url, retries=0) as vg:
            with pytest.raises(ConnectionFailedError):
                await vg.account.get_me()


async def test_pages_may_come_compressed() -> None:
    body = gzip.compress(json.dumps({"toolExecutions": [], "hasMore": False}).encode())
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    with raw_server(head + body) as (url, got):
        async with VideoGen(api_key=KEY, base_url=url) as vg:
            assert (await vg.tools.list_tool_executions()).tool_executions == []
    assert b"accept-encoding: gzip" in got[0].lower()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # httpx leaves a generator unfinished
async def test_a_body_that_cannot_be_unpacked_leaves_a_start_open() -> None:
    with raw_server(b"HTTP/1.1 202 Accepted\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}") as (url, _):
        async with VideoGen(api_key=KEY, base_url=url) as vg:
            with pytest.raises(OutcomeUnknownError, match="DecodingError"):
                await vg.tools.generate_image(prompt="x")


REFUSED = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.mark.parametrize("answer", [REFUSED, OPENED])
async def test_what_ends_at_a_proxy_was_not_sent_and_the_next_call_asks_it_anew(answer: bytes) -> None:
    """After OPENED the way ends without a word, so that TLS fails."""
    with raw_server(answer, answer) as (proxy, got):
        vg = VideoGen(api_key=KEY, base_url="https://127.0.0.1:1", proxy=proxy, retries=0, timeout=Timeouts(pool=0.5))
        async with vg:
            for _ in range(2):
                with pytest.raises(ConnectionFailedError, match="no connection"):
                    await vg.tools.generate_image(prompt="x")
    assert [head.partition(b" ")[0] for head in got] == [b"CONNECT", b"CONNECT"]


async def test_a_transfer_whose_way_through_a_proxy_failed_asks_it_anew(tmp_path: Path) -> None:
    with raw_server(*[OPENED] * 9) as (proxy, got):
        async with VideoGen(api_key=KEY, base_url="https://127.0.0.1:1", proxy=proxy) as vg:
            for _ in range(2):
                with anyio.fail_after(60), pytest.raises(VideoGenError):
                    await vg.files.download("https://127.0.0.1:1/a?X-Signature=b", tmp_path / "a")
    assert len(got) > 2


async def test_a_dropped_connection_is_sent_again_for_a_read_only(served: Any, vg: VideoGen) -> None:
    billed = served.sandbox.billed
    served.sandbox.fail_next("getMe", drop="before")
    served.sandbox.fail_next("generateImage", drop="before")
    assert (await vg.account.get_me()).email
    with pytest.raises(OutcomeUnknownError):
        await vg.tools.generate_image(prompt="x")
    assert served.sandbox.billed == billed


async def test_the_first_calls_together_share_one_set_of_connections(served: Any) -> None:
    async with VideoGen(api_key=served.key, base_url=served.url) as vg, anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(vg.account.get_me)
    # What was left open would be a ResourceWarning, and warnings are errors.


async def test_signed_urls_are_not_in_the_log(
    served: Any, vg: VideoGen, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    done = await vg.wait_for(vg.tools.generate_image(prompt="x"))
    url = done.results[0].download_url
    assert url is not None
    await vg.files.download(url, tmp_path / "a.png")
    text = "\n".join(record.getMessage() for record in caplog.records)
    assert "_storage" in text
    assert "X-Signature" not in text
    assert served.key not in text
    assert served.sandbox.leaks == 0


def test_other_records_of_httpx_are_logged_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").info("%(what)s", {"what": "a mapping"})
    logging.getLogger("httpx").info("%s %d", "two", 2)
    assert [record.getMessage() for record in caplog.records] == ["a mapping", "two 2"]


def test_the_password_of_a_socks_proxy_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    importlib.import_module("aiovideogen._transport")
    caplog.set_level(logging.DEBUG, "httpcore.socks")
    logging.getLogger("httpcore.socks").debug("setup_socks5_connection.started port=1 auth=(b'me', b'SECRET) x')")
    assert caplog.messages == ["setup_socks5_connection.started port=1 auth=…"]


async def test_a_redirect_of_storage_is_followed_without_the_key(vg: VideoGen, tmp_path: Path) -> None:
    body = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nwhole"
    with raw_server(body) as (target, got_target):
        moved = f"HTTP/1.1 302 Found\r\nlocation: {target}/b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
        with raw_server(moved) as (url, got):
            path = await vg.files.download(f"{url}/a", tmp_path / "a")
    assert path.read_bytes() == b"whole"
    for head in (got[0], got_target[0]):
        assert b"authorization" not in head.lower()
        assert b"accept-encoding: identity" in head.lower()


async def test_an_injected_clients_own_headers_do_not_reach_storage(tmp_path: Path) -> None:
    storage = Scripted(Reply(200, b"x", {"content-length": "1"}))
    headers = {"authorization": "Bearer SECRET", "x-own": "SECRET"}
    transport = httpx.ASGITransport(app=storage)
    async with httpx.AsyncClient(transport=transport, headers=headers, auth=("u", "SECRET")) as http:
        vg = VideoGen(api_key=KEY, http_client=http)
        await vg.files.download("https://s.test/a?sig=1", tmp_path / "a")
    assert "SECRET" not in str(storage.asked[0].headers)
    assert KEY not in str(storage.asked[0].headers)
    assert storage.asked[0].headers["host"] == "s.test"
