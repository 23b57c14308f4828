"""A whole story with everything written down that a program might write down: no secret is in any of it.

The secrets are the key, the signatures of signed URLs, and the signing secrets of webhooks; where they may stand is in
the requests that they are for, and in the answers' fields that a program asks for.
"""

from __future__ import annotations

import copy
import json
import logging
import pickle
import re
import socket
import threading
import traceback
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiovideogen import AuthenticationError, ConfigurationError, ToolExecutionId, VideoGen, VideoGenError
from aiovideogen.sandbox import FaultRule, Sandbox, serve
from aiovideogen.sandbox.faults import Drop, ExpireUrls, Html, InvalidJson, MissingField, Reset, Status, Truncate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

KEY = "sk_videogen_live_S3CRETofTHISstory0123456789"
HOOK: dict[str, Any] = {"url": "https://127.0.0.1:1/hook", "events": ["tool_execution.succeeded"]}
SIGNATURE = re.compile(r"X-Signature=([\w%-]+)|signature=([\w%-]{16,})", re.IGNORECASE)


class Paper(logging.Handler):
    """All that a program might write down: log lines, reprs, errors, tracebacks, pickles."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
        self.lines: list[str] = []
        self.secrets: set[str] = {KEY}

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def keep(self, thing: object, *, whole: bool = True) -> None:
        """Write a thing down in every form, after noting the secrets in its fields."""
        if hasattr(thing, "to_dict"):
            self.note(json.dumps(thing.to_dict(), default=str))  # type: ignore[attr-defined]
        self.lines += [repr(thing), str(thing), f"{thing!r:.4000}"]

    def note(self, text: str) -> None:
        """Note the signatures and webhook secrets in a text as secret."""
        self.secrets |= {one for found in SIGNATURE.findall(text) for one in found if len(one) >= 12}
        self.secrets |= set(re.findall(r"whsec_[\w+/=-]{8,}", text))

    def fail(self, error: BaseException) -> None:
        """Write an error down as programs do, with all that it holds on to, and the way it came."""
        held: list[BaseException | None] = [error, error.__cause__, error.__context__]
        for one in filter(None, held):
            # A ResponseError's `body` is the answer as it came, for a program to look at; all else is for people.
            shown = {name: value for name, value in one.__dict__.items() if name != "body"}
            self.lines += [repr(one), str(one), repr(shown), repr(one.args)]
        self.lines += traceback.TracebackException.from_exception(error).format()
        if isinstance(error, VideoGenError):
            self.lines += [pickle.dumps(error).decode("latin-1"), repr(copy.copy(error).__dict__)]

    def found(self) -> list[str]:
        """Return what was written down with a secret in it."""
        return [line[:300] for line in self.lines for secret in self.secrets if secret in line]


@pytest.fixture
def paper() -> Iterator[Paper]:
    paper, root = Paper(), logging.getLogger()
    level = root.level
    root.addHandler(paper)
    root.setLevel(logging.DEBUG)
    yield paper
    root.setLevel(level)
    root.removeHandler(paper)


@pytest.fixture
def server() -> Iterator[Any]:
    with serve(Sandbox(key=KEY, job_seconds=0.02)) as served:
        yield served


async def attempt(paper: Paper, call: Callable[[], Awaitable[object]]) -> Any:
    """Make a call and write down what comes of it."""
    try:
        thing = await call()
    except Exception as error:
        paper.fail(error)
        return None
    paper.keep(thing)
    return thing


async def test_a_whole_story(server: Any, paper: Paper, tmp_path: Path) -> None:
    asked: list[int] = []

    async def token() -> str:
        asked.append(1)
        return KEY

    for key in (KEY, token):
        async with VideoGen(api_key=key, base_url=server.url, retries=1, on_accepted=paper.keep) as vg:
            paper.keep(vg)
            for one in (vg.tools, vg.files, vg.files.get_files(), vg.__dict__.keys(), vg.rate_limits):
                paper.keep(one)
            await story(vg, server.sandbox, paper, tmp_path, badly=key is token)
    assert asked
    assert len(paper.secrets) > 5, "signatures were met"
    assert any(secret.startswith("whsec_") for secret in paper.secrets), "a webhook secret was met"
    assert any(line.startswith("httpcore.") for line in paper.lines)
    assert any(line.startswith("httpx ") for line in paper.lines)
    assert any("Traceback" in line for line in paper.lines)
    assert paper.found() == []
    assert server.sandbox.leaks == 0, "the key went to storage"


async def story(vg: VideoGen, sandbox: Sandbox, paper: Paper, folder: Path, *, badly: bool) -> None:
    await attempt(paper, vg.account.get_me)
    done = await attempt(paper, lambda: vg.wait_for(vg.tools.generate_image(prompt="x"), on_progress=paper.keep))
    url = done.results[0].download_url
    file = await attempt(paper, lambda: vg.files.upload(b"hello" * 9999, display_name="x.txt"))
    await attempt(paper, lambda: vg.files.hydrate_file(file.file_id))
    await attempt(paper, lambda: vg.files.create_file_upload(display_name="y"))
    for source in (url, done.results[0], file.file_id):
        await attempt(paper, partial(vg.files.download, source, folder / "out"))
    hook = partial(vg.webhooks.create_webhook_endpoint, **HOOK)
    await attempt(paper, hook)
    async with vg.watch(done.tool_execution_id) as states:
        async for state in states:
            paper.keep(state)
    if badly:
        await failures(vg, sandbox, paper, folder, url, file.file_id, hook)


async def failures(
    vg: VideoGen, sandbox: Sandbox, paper: Paper, folder: Path, url: str, file_id: Any, hook: Any
) -> None:
    """Let everything go wrong in every way, with secrets in what the server says."""
    echo = {"message": f"You sent Bearer {KEY} to {url}", "code": "invalid_request"}
    actions = [
        *(Status(status, body=echo) for status in (400, 401, 403, 404, 409, 429, 500)),
        Status(502, body=f"<html>{KEY} {url}</html>"),
        Status(302, headers={"location": f"https://127.0.0.1:1/?X-Signature={'s' * 40}"}),
        Html(524),
        Drop("before"),
        Drop("after"),
        Reset(),
        Truncate(0.9),
        InvalidJson(f'{{"echo": "{KEY}", "url": "{url}"'),
        MissingField("toolExecutionId"),
        ExpireUrls(silent=True),
    ]
    calls: list[Callable[[], Awaitable[object]]] = [
        vg.account.get_me,
        partial(vg.tools.generate_image, prompt="x"),
        partial(vg.files.hydrate_file, file_id),
        partial(vg.files.download, url, folder / "out"),
        partial(vg.files.upload, b"x" * 50_000, display_name="z", wait=False),
        hook,
        partial(vg.wait_for, ToolExecutionId("vg_tool_unknown"), timeout=0.05),
    ]
    for action in actions:
        sandbox.clear_faults()
        sandbox.add_fault(FaultRule("*", action))
        for call in calls:
            with anyio.move_on_after(0.05):
                await attempt(paper, call)
    sandbox.clear_faults()
    sandbox.keys.discard(KEY)
    await attempt(paper, vg.account.get_me)
    sandbox.keys.add(KEY)
    for bad in (
        f"{url}&more#fragment",
        "https://\x7f/?X-Signature=" + "q" * 30,
    ):
        paper.note(bad)
        await attempt(paper, partial(vg.files.download, bad, folder / "out"))
    await attempt(paper, partial(vg.wait_for, url))  # pyright: ignore[reportArgumentType]


# -- where the key goes ---------------------------------------------------------------------------------------------


@contextmanager
def listener(reply: Callable[[bytes], bytes]) -> Generator[tuple[str, list[bytes]]]:
    """Serve over a real socket whatever `reply` says to each request's head."""
    socket_, heads = socket.create_server(("127.0.0.1", 0)), list[bytes]()

    def work() -> None:
        with suppress(OSError):
            while True:
                connection, _ = socket_.accept()
                with connection:
                    heads.append(connection.recv(65536))
                    connection.sendall(reply(heads[-1]))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket_.getsockname()[1]}", heads
    finally:
        socket_.shutdown(socket.SHUT_RDWR)
        socket_.close()
        thread.join(5)


def moved(target: str) -> Callable[[bytes], bytes]:
    return lambda _: (
        f"HTTP/1.1 307 Moved\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
    )


def plain(_: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"


@pytest.mark.parametrize("effect", ["read", "start"])
async def test_a_redirect_takes_the_key_nowhere(effect: str) -> None:
    with listener(plain) as (elsewhere, met), listener(moved(f"{elsewhere}/v1/me")) as (api, asked):
        async with VideoGen(api_key=KEY, base_url=api, retries=0) as vg:
            call = vg.account.get_me if effect == "read" else partial(vg.tools.generate_image, prompt="x")
            with pytest.raises(VideoGenError):
                await call()
    assert KEY.encode() in asked[0]
    assert met == []


async def test_transfers_go_without_the_key_also_to_the_apis_own_host(tmp_path: Path) -> None:
    with listener(plain) as (api, heads), listener(moved(f"{api}/v1/me")) as (storage, asked):
        async with VideoGen(api_key=KEY, base_url=api, retries=0) as vg:
            for url in (f"{api}/v1/me", f"{api}/file?X-Signature=abc", f"{storage}/file?X-Signature=abc"):
                await vg.files.download(url, tmp_path / "x")
    assert len(heads) == 3
    assert len(asked) == 1
    for head in (*heads, *asked):
        assert KEY.encode() not in head
        assert b"authorization" not in head.lower()
        assert b"cookie" not in head.lower()


async def test_an_upload_goes_where_the_api_says_without_the_key() -> None:
    with listener(plain) as (storage, puts):
        answer = json.dumps({"fileId": "vg_file_1", "uploadUrl": f"{storage}/put?X-Signature=abc"}).encode()
        head = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: "
        with listener(lambda _: head + str(len(answer)).encode() + b"\r\n\r\n" + answer) as (api, asked):
            async with VideoGen(api_key=KEY, base_url=api, retries=0) as vg:
                await vg.files.upload(b"x", display_name="x", wait=False)
    assert KEY.encode() in asked[0]
    assert len(puts) == 1
    assert puts[0].startswith(b"PUT /put?X-Signature=abc ")
    assert KEY.encode() not in puts[0]


async def test_a_key_that_a_refusal_quotes_is_not_told(paper: Paper) -> None:
    token = "eyJhbGciOi.plain.token"
    body = json.dumps({"code": "unauthorized", "message": f"the token {token} has expired"}).encode()
    head = f"HTTP/1.1 401 No\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
    with listener(lambda _: head + body) as (api, _):
        async with VideoGen(api_key=token, base_url=api, retries=0) as vg:
            with pytest.raises(AuthenticationError) as caught:
                await vg.account.get_me()
    assert token not in "".join(traceback.format_exception(caught.value)) + str(vars(caught.value))
    assert "has expired" in str(caught.value)
    assert paper.found() == []


async def test_a_proxy_is_told_only_what_is_the_apis(tmp_path: Path, paper: Paper) -> None:
    """For http, which is for this machine, the proxy carries the request itself; asked for the same host it is one."""
    with listener(plain) as (proxy, heads):
        async with VideoGen(api_key=KEY, base_url="http://127.0.0.1:1", proxy=proxy, retries=0) as vg:
            with pytest.raises(VideoGenError):
                await vg.account.get_me()
            await vg.files.download("http://127.0.0.1:1/file?X-Signature=abc", tmp_path / "x")
            await vg.files.download(f"{proxy}/file?X-Signature=abc", tmp_path / "x")
    assert heads[0].startswith(b"GET http://127.0.0.1:1/v1/me ")
    assert KEY.encode() in heads[0]
    assert paper.found() == []
    assert len(heads) == 3
    assert not any(KEY.encode() in head for head in heads[1:])


async def test_a_proxy_for_https_sees_the_host_alone(paper: Paper) -> None:
    with listener(lambda _: b"HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n") as (proxy, heads):
        async with VideoGen(api_key=KEY, base_url="https://127.0.0.1:1", proxy=proxy, retries=0) as vg:
            for call in (vg.account.get_me, partial(vg.tools.generate_image, prompt="x")):
                with pytest.raises(VideoGenError):
                    await call()
    assert paper.found() == []
    assert len(heads) == 2
    for head in heads:
        assert head.startswith(b"CONNECT 127.0.0.1:1 ")
        assert KEY.encode() not in head


@pytest.mark.parametrize(
    ("environment", "asked"),
    [
        ({"HTTPS_PROXY": "http://{}"}, True),
        ({"ALL_PROXY": "{}"}, True),
        ({"HTTP_PROXY": "http://{}"}, False),
        ({"HTTPS_PROXY": "http://{}", "NO_PROXY": "127.0.0.1"}, False),
        ({"HTTPS_PROXY": "http://{}", "NO_PROXY": "127.0.0.1:1"}, False),
        ({"HTTPS_PROXY": "http://{}", "NO_PROXY": "127.0.0.1:2"}, True),
        ({"HTTPS_PROXY": "http://{}", "NO_PROXY": "localhost,*"}, False),
    ],
)
async def test_a_proxy_that_the_environment_names_is_asked(
    environment: dict[str, str], asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listener(lambda _: b"HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n") as (proxy, heads):
        for name, value in environment.items():
            monkeypatch.setenv(name, value.format(proxy.removeprefix("http://")))
        async with VideoGen(api_key=KEY, base_url="https://127.0.0.1:1", retries=0) as vg:
            with pytest.raises(VideoGenError):
                await vg.account.get_me()
    assert [head.partition(b" HTTP")[0] for head in heads] == [b"CONNECT 127.0.0.1:1"] * asked


@pytest.mark.parametrize("bad", [f"{KEY} {KEY}", f"{KEY}\nx", f"{KEY}\r\nx: y", f"{KEY}\x00", f"{KEY}ä", f"a\t{KEY}"])
def test_a_key_that_is_none_is_refused_without_being_shown(bad: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        VideoGen(api_key=bad)
    text = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(pickle.dumps(caught.value))
    assert KEY not in text
