"""Every way a request can go wrong, against every kind of call: how often it is sent, how it ends, how long it takes.

The table says both what a trouble that lasts comes to and, by it, what one that passes does: what is sent three times
when the trouble lasts is sent twice and succeeds when it strikes once.
"""

from __future__ import annotations

import json
import socket
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import anyio
import attrs
import pytest

from aiovideogen import (
    ConflictError,
    ConnectionFailedError,
    FileTransferError,
    InsufficientCreditsError,
    InvalidRequestError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseError,
    ServerError,
    ToolExecutionId,
    VideoGen,
    VideoGenError,
    WaitTimeoutError,
)
from aiovideogen.sandbox import FaultRule, Sandbox
from aiovideogen.sandbox.faults import Action, Delay, Drop, Html, Moment, Status, Truncate

from .conftest import raw_server
from .wire import Network, Trouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiovideogen.sandbox import VirtualTime
    from aiovideogen.sandbox._http import Answer

pytestmark = pytest.mark.anyio

COLUMNS = ("getMe", "generateImage", "cancelToolExecution", "hydrateFile", "storagePut", "storageGet", "poll")

POLL_SECONDS = 100.0
"""The timeout of the waits; the job takes 60."""

ENDS: dict[str, type[VideoGenError] | None] = {
    "ok": None,
    "connection": ConnectionFailedError,
    "unknown": OutcomeUnknownError,
    "conflict": ConflictError,
    "invalid": InvalidRequestError,
    "rate": RateLimitError,
    "credits": InsufficientCreditsError,
    "server": ServerError,
    "response": ResponseError,
    "transfer": FileTransferError,
    "waits": WaitTimeoutError,
}

# How often it is sent and how it ends when the trouble lasts; `*` is as often as the wait looks.
TABLE = """
                          read          start         cancel        hydrate       PUT           signed GET    poll
refused                   3 connection  3 connection  3 connection  3 connection  3 transfer    3 transfer    * waits
dns                       3 connection  3 connection  3 connection  3 connection  3 transfer    3 transfer    * waits
connect timeout           3 connection  3 connection  3 connection  3 connection  3 transfer    3 transfer    * waits
pool timeout              3 connection  3 connection  3 connection  3 connection  3 transfer    3 transfer    * waits
tls                       3 connection  3 connection  3 connection  3 connection  3 transfer    3 transfer    * waits
reset before the body     3 connection  1 unknown     3 connection  3 connection  3 transfer    3 transfer    * waits
reset during the body     3 connection  1 unknown     3 connection  3 connection  3 transfer    3 transfer    * waits
reset after the body      3 connection  1 unknown     3 connection  3 connection  3 transfer    3 transfer    * waits
reset after the effect    3 connection  1 unknown     3 connection  3 connection  3 transfer    3 transfer    * waits
read timeout              3 connection  1 unknown     3 connection  3 connection  3 transfer    3 transfer    * waits
reset mid-answer          3 connection  1 unknown     3 connection  3 connection  3 transfer    15 transfer   * waits
408                       3 invalid     1 unknown     3 invalid     3 invalid     3 transfer    3 transfer    * waits
409                       1 conflict    1 conflict    1 conflict    1 conflict    1 transfer    1 transfer    1 conflict
425                       3 invalid     1 invalid     3 invalid     3 invalid     3 transfer    3 transfer    * waits
429 rate                  3 rate        3 rate        3 rate        3 rate        3 transfer    3 transfer    * waits
429 rate, 7 s             3 rate        3 rate        3 rate        3 rate        3 transfer    3 transfer    * waits
429 rate, a date          3 rate        3 rate        3 rate        3 rate        3 transfer    3 transfer    * waits
429 rate, an hour         1 rate        1 rate        1 rate        1 rate        1 transfer    1 transfer    * waits
429 credits               1 credits     1 credits     1 credits     1 credits     1 transfer    1 transfer    1 credits
429 credits, 7 s          1 credits     1 credits     1 credits     1 credits     1 transfer    1 transfer    1 credits
429 credits, a date       1 credits     1 credits     1 credits     1 credits     1 transfer    1 transfer    1 credits
429 credits, an hour      1 credits     1 credits     1 credits     1 credits     1 transfer    1 transfer    1 credits
500                       3 server      1 unknown     3 server      3 server      3 transfer    3 transfer    * waits
502 html                  3 server      1 unknown     3 server      3 server      3 transfer    3 transfer    * waits
503                       3 server      1 unknown     3 server      3 server      3 transfer    3 transfer    * waits
520                       3 server      1 unknown     3 server      3 server      3 transfer    3 transfer    * waits
524                       3 server      1 unknown     3 server      3 server      3 transfer    3 transfer    * waits
500 after the effect      3 server      1 unknown     3 server      3 server      3 transfer    3 transfer    * waits
408 after the effect      3 invalid     1 unknown     3 invalid     3 invalid     3 transfer    3 transfer    * waits
truncated json            1 response    1 unknown     1 response    1 response    1 ok          1 ok          * waits
"""
CELLS = {line[:26].strip(): line[26:].split() for line in TABLE.strip("\n").splitlines()[1:]}


UNAVAILABLE = Status()


@attrs.frozen
class Row:
    """A trouble: on the network or of the server, how long a try with it takes, and how long it asks to wait."""

    network: Trouble | None = None
    action: Action = UNAVAILABLE
    each: float = 0.0
    asked: tuple[float, float] | None = None


def is_whole(status: int, body: bytes) -> bool:
    """Say whether an answer gave out an id, and can be read."""
    return status == 202 and body.endswith(b"}")


class Dated(Status):
    """A refusal that says by a date to come again in seven seconds."""

    def answer(self, moment: Moment) -> Answer:
        answer = super().answer(moment)
        answer.headers["retry-after"] = formatdate(moment.state.now() + 7, usegmt=True)
        return answer


def limited(code: str, wait: str | None) -> Action:
    return Status(429, code=code, headers={} if wait is None else {"retry-after": wait})


NETWORK: dict[str, Trouble] = {
    "refused": "refused",
    "dns": "dns",
    "pool timeout": "pool timeout",
    "tls": "tls",
    "reset before the body": "reset before the body",
    "reset during the body": "reset during the body",
    "reset after the body": "reset after the body",
    "reset mid-answer": "reset mid-answer",
}
ROWS: dict[str, Row] = {
    **{name: Row(network=trouble) for name, trouble in NETWORK.items()},
    "connect timeout": Row(network="connect timeout", each=10),
    "reset after the effect": Row(action=Drop("after")),
    "read timeout": Row(action=Delay(10_000), each=60),
    **{str(status): Row(action=Status(status)) for status in (408, 409, 425, 500, 503)},
    **{str(status): Row(action=Html(status)) for status in (520, 524)},
    **{f"{status} after the effect": Row(action=Status(status, after=True)) for status in (408, 500)},
    "502 html": Row(action=Html(502)),
    "429 rate": Row(action=limited("rate_limited", None)),
    "429 rate, 7 s": Row(action=limited("rate_limited", "7"), asked=(7, 7)),
    "429 rate, a date": Row(action=Dated(429), asked=(5.9, 7)),
    "429 rate, an hour": Row(action=limited("rate_limited", "3600")),
    "429 credits": Row(action=limited("insufficient_credits", None)),
    "429 credits, 7 s": Row(action=limited("insufficient_credits", "7")),
    "429 credits, a date": Row(action=Dated(429, code="insufficient_credits")),
    "429 credits, an hour": Row(action=limited("insufficient_credits", "3600")),
    "truncated json": Row(action=Truncate()),
}


@attrs.define
class Story:
    """A sandbox, a client without troubles to prepare things, and one with them to make the call."""

    sandbox: Sandbox
    calm: VideoGen
    vg: VideoGen
    network: Network
    told: list[str]
    path: Path


async def prepared(story: Story, column: str) -> Callable[[], Awaitable[Any]]:
    """Make what a column's call needs, and return the call."""
    vg, calm = story.vg, story.calm
    if column == "getMe":
        return vg.account.get_me
    if column == "generateImage":
        return lambda: vg.tools.generate_image(prompt="A harbour at dawn")
    if column == "storagePut":
        return lambda: vg.files.upload(bytes(200_000), display_name="a.bin", wait=False)
    if column in ("hydrateFile", "storageGet"):
        file = await calm.files.upload(b"hello" * 1000, display_name="a.txt")
        if column == "hydrateFile":
            return lambda: vg.files.hydrate_file(file.file_id)
        url = (await calm.files.hydrate_file(file.file_id)).download_url
        assert url is not None
        return lambda: vg.files.download(url, story.path / "a.txt")
    started = await calm.tools.generate_image(prompt="A harbour at dawn")
    if column == "poll":
        return lambda: vg.wait_for(ToolExecutionId(started.id), timeout=POLL_SECONDS)
    return lambda: vg.cancel(started)


OPERATIONS = {"poll": "getToolExecutionInfo"}
TRANSFERS = ("storagePut", "storageGet")


@attrs.frozen
class Outcome:
    tries: int
    error: VideoGenError | None
    seconds: float
    value: Any


async def met(row: Row, column: str, virtual: VirtualTime, path: Path, *, lasts: bool) -> Outcome:
    """Make a column's call under a row's trouble."""
    sandbox = Sandbox(job_seconds=60, clock=virtual.clock, seed=1)
    told: list[str] = []
    async with Network(sandbox) as quiet, Network(sandbox) as network:
        async with quiet.client() as calm, network.client() as http:
            calls, transfers = (calm, http) if column in TRANSFERS else (http, calm)
            options: dict[str, Any] = {"api_key": sandbox.key, "base_url": "https://127.0.0.1"}
            vg = VideoGen(
                **options,
                http_client=calls,
                transfer_client=transfers,
                on_accepted=lambda accepted: told.append(accepted.id),
            )
            story = Story(sandbox, VideoGen(**options, http_client=calm), vg, network, told, path)
            call = await prepared(story, column)
            billed = sandbox.billed
            if row.network is not None and lasts:
                network.lasting = row.network
            elif row.network is not None:
                network.troubles.append(row.network)
            else:
                times = None if lasts else 1
                sandbox.add_fault(FaultRule(OPERATIONS.get(column, column), row.action, times=times))
            began = anyio.current_time()
            error, value = None, None
            try:
                value = await call()
            except VideoGenError as problem:
                error = problem
            seconds = anyio.current_time() - began
            assert network.busy() == []
        assert not network.open
        await anyio.sleep(20_000)  # what takes effect though nobody waits for it has done so by now
    assert sandbox.billed - billed <= (column == "generateImage")
    if column == "generateImage":
        assert told == [
            json.loads(body)["toolExecutionId"] for status, body in network.delivered if is_whole(status, body)
        ]
    return Outcome(network.tries, error, seconds, value)


class TestMatrix:
    @pytest.fixture
    def anyio_backend(self, virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
        return virtual_backend

    @pytest.mark.parametrize("name", CELLS)
    async def test_trouble_that_lasts(self, name: str, virtual: VirtualTime, tmp_path: Path) -> None:
        row = ROWS[name]
        wrong: list[str] = []
        for column, (tries, end) in zip(COLUMNS, cells(name), strict=True):
            outcome = await met(row, column, virtual, tmp_path, lasts=True)
            least, most = bounds(row, column, tries) if end != "waits" else (POLL_SECONDS, POLL_SECONDS)
            wrong += differences(column, outcome, tries, ENDS[end], least, most)
        assert not wrong, "\n".join(wrong)

    @pytest.mark.parametrize("name", CELLS)
    async def test_trouble_that_passes(self, name: str, virtual: VirtualTime, tmp_path: Path) -> None:
        row = ROWS[name]
        wrong: list[str] = []
        for column, (tries, end) in zip(COLUMNS, cells(name), strict=True):
            outcome = await met(row, column, virtual, tmp_path, lasts=False)
            if tries == 1:
                wrong += differences(column, outcome, 1, ENDS[end], *bounds(row, column, 1))
            else:
                least, most = bounds(row, column, 2) if end != "waits" else (60.0, POLL_SECONDS)
                # The second try is a try without trouble.
                wrong += differences(column, outcome, 0 if end == "waits" else 2, None, least - each(row, column), most)
        assert not wrong, "\n".join(wrong)

    # -- real sockets: what the network in memory stands for --------------------------------------------------------

    @pytest.mark.parametrize("column", ["read", "start", "upload", "download", "poll"])
    async def test_a_server_that_speaks_no_tls(self, column: str, tmp_path: Path) -> None:
        """Nothing has left when the handshake fails: a start is sent again, and no outcome is open."""
        plain = b"HTTP/1.1 400 Bad Request\r\n\r\n"
        tries = 3 if column == "download" else 2
        with raw_server(*[plain] * tries) as (url, got):
            url = url.replace("http://", "https://")
            async with VideoGen(api_key="sk_test_1", base_url=url, retries=1) as vg:
                calls: dict[str, Callable[[], Awaitable[Any]]] = {
                    "read": vg.account.get_me,
                    "start": lambda: vg.tools.generate_image(prompt="x"),
                    "upload": lambda: vg.files.upload(b"x", display_name="x"),
                    "download": lambda: vg.files.download(f"{url}/file", tmp_path / "x"),
                    "poll": lambda: vg.wait_for(ToolExecutionId("vg_tool_1"), timeout=0.2),
                }
                with pytest.raises((ConnectionFailedError, FileTransferError, WaitTimeoutError), match=r"SSL|TLS"):
                    await calls[column]()
        assert len(got) == tries
        assert b"sk_test_1" not in b"".join(got)

    async def test_a_name_that_does_not_exist(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The resolver is the machine's: here it knows one name less, so that no test asks a real one."""
        asked: list[object] = []
        real = socket.getaddrinfo

        def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
            if host not in ("nowhere.invalid", b"nowhere.invalid"):
                return real(host, *args, **options)
            if not options.get("flags", 0) & socket.AI_NUMERICHOST:
                asked.append(host)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        async with VideoGen(api_key="sk_test_1", base_url="https://nowhere.invalid", retries=1) as vg:
            for call in (vg.account.get_me(), vg.tools.generate_image(prompt="x")):
                asked.clear()
                with pytest.raises(ConnectionFailedError, match="Name or service not known"):
                    await call
                assert len(asked) >= 2


def cells(name: str) -> list[tuple[int, str]]:
    """Return the cells of a row: the number of requests, 0 for any, and the end."""
    words = CELLS[name]
    return [(0 if tries == "*" else int(tries), end) for tries, end in zip(words[::2], words[1::2], strict=True)]


def each(row: Row, column: str) -> float:
    """Return the seconds that a try takes: an upload that nobody reads is too slow before it has timed out."""
    return min(row.each, 30.0) if column == "storagePut" else row.each


def bounds(row: Row, column: str, tries: int) -> tuple[float, float]:
    """Return the least and the most seconds that so many tries take: full jitter up to 1 s, then up to 2 s.

    With more than three, those before the last two got on, and the pauses began anew.
    """
    own = tries * each(row, column)
    if row.asked is not None:
        return own + (tries - 1) * row.asked[0], own + (tries - 1) * row.asked[1]
    return own, own + sum(((1.0,) * max(1, tries - 2) + (2.0,))[: tries - 1])


def differences(
    column: str, outcome: Outcome, tries: int, error: type[VideoGenError] | None, least: float, most: float
) -> list[str]:
    """Return a line for each way in which an outcome isn't as stated."""
    found = type(outcome.error) if outcome.error is not None else None
    often = outcome.tries == tries or (tries == 0 and outcome.tries > 1)
    return [
        f"{column}: {what} {is_so!r}, not {stated!r}"
        for what, is_so, stated, right in (
            ("requests", outcome.tries, tries or "2 or more", often),
            ("error", outcome.error or found, error, found is error),
            ("seconds", outcome.seconds, (least, most), least - 0.01 <= outcome.seconds <= most + 0.01),
        )
        if not right
    ]
