"""What a client tells of its work: attempts and retries, over a scripted server on virtual time."""

from __future__ import annotations

import pickle
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

import aiovideogen
from aiovideogen import (
    ConnectionFailedError,
    OutcomeUnknownError,
    ServerError,
    ToolExecutionId,
    VideoGen,
    VideoGenError,
    telemetry,
)
from aiovideogen.telemetry import Attempt, Record, Retry, Wait

from .conftest import Reply, Scripted

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio

KEY = "sk_videogen_live_S3CRETkey"
ME = Reply.json({"apiKeyId": "vg_key_1", "teamId": "vg_team_1", "email": "me@a.test"})
DROPPED = Reply(raises=ConnectionResetError("gone"))


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def brief(record: Record) -> tuple[Any, ...]:
    if isinstance(record, Attempt):
        return record.operation, record.number, record.status or record.failure
    assert isinstance(record, Retry)
    return record.operation, record.number, record.reason, record.delay


async def test_attempts_and_retries_are_told_in_their_order() -> None:
    told: list[Record] = []
    busy = Reply(503, b"{}", {"retry-after": "3"}, seconds=2)
    server = Scripted(busy, DROPPED, Reply(200, ME.body, seconds=1))
    began = time.time()
    await server.client(telemetry=told.append).account.get_me()
    first, again, second, twice, third = told
    assert brief(first) == ("getMe", 1, 503)
    assert brief(again) == ("getMe", 1, "503", 3.0)
    assert brief(second) == ("getMe", 2, "ConnectionResetError: gone")
    assert brief(twice)[:3] == ("getMe", 2, "ConnectionResetError: gone")
    assert brief(third) == ("getMe", 3, 200)
    assert isinstance(first, Attempt)
    assert isinstance(third, Attempt)
    assert (first.seconds, third.seconds) == (pytest.approx(2), pytest.approx(1))
    assert first.started == pytest.approx(began, abs=5)
    assert third.started - first.started >= 5


async def test_what_is_not_sent_again_is_no_retry() -> None:
    told: list[Record] = []
    vg = Scripted(Reply(503)).client(telemetry=told.append)
    with pytest.raises(OutcomeUnknownError):
        await vg.tools.generate_image(prompt="x")
    with pytest.raises(ServerError):
        await vg.with_options(retries=0).account.get_me()
    assert [brief(one) for one in told] == [("generateImage", 1, 503), ("getMe", 1, 503)]


async def test_asking_for_a_new_key_is_a_retry_without_a_pause() -> None:
    async def ask() -> str:
        return "k"

    told: list[Record] = []
    await Scripted(Reply(401), ME).client(api_key=ask, telemetry=told.append).account.get_me()
    assert [brief(one) for one in told] == [("getMe", 1, 401), ("getMe", 1, "401", 0.0), ("getMe", 2, 200)]


async def test_an_attempt_that_is_cancelled_or_fails_on_its_own_is_told() -> None:
    told: list[Record] = []
    server = Scripted(Reply(200, ME.body, seconds=100))
    with anyio.move_on_after(4):
        await server.client(telemetry=told.append).account.get_me()

    async def refuse(request: httpx.Request) -> None:
        raise KeyError("a hook of the program's own")

    async with httpx.AsyncClient(event_hooks={"request": [refuse]}) as http:
        vg = VideoGen(api_key="k", base_url="http://127.0.0.1:1", http_client=http, telemetry=told.append)
        with pytest.raises(KeyError, match="own"):
            await vg.account.get_me()
    with pytest.raises(ConnectionFailedError):
        await server.client(telemetry=told.append, total_timeout=3).account.get_me()
    assert [brief(one) for one in told] == [
        ("getMe", 1, "cancelled"),
        ("getMe", 1, "KeyError"),
        ("getMe", 1, "total_timeout of 3.0 s was over"),
    ]


async def test_it_is_told_in_the_task_that_made_the_call() -> None:
    """Also of a start, which is sent from another task: a tracer finds the caller's own span."""
    tasks: list[int] = []

    def note(_: Record) -> None:
        tasks.append(anyio.get_current_task().id)

    await (
        Scripted(Reply.json({"toolExecutionId": "vg_tool_1"}, 202))
        .client(telemetry=note)
        .tools.generate_image(prompt="x")
    )
    assert tasks == [anyio.get_current_task().id]


async def test_what_the_callable_raises_is_logged_and_disturbs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Record) -> None:
        raise OSError("no space left")

    assert (await Scripted(ME).client(telemetry=fail).account.get_me()).email
    assert "telemetry: the callable failed on Attempt" in caplog.text
    assert "no space left" in caplog.text


async def test_no_record_holds_a_secret() -> None:
    told: list[Record] = []
    failing = [Reply(raises=OSError(f"https://s.test/a?X-Signature=S3CRET {KEY}")), DROPPED, ME]
    await Scripted(*failing).client(api_key=KEY, telemetry=told.append).account.get_me()
    assert len(told) == 5
    assert "S3CRET" not in repr(told)
    assert pickle.loads(pickle.dumps(told)) == told


def job(status: str) -> Reply:
    data: dict[str, Any] = {"toolExecutionId": "vg_tool_1", "status": status, "toolType": "T", "results": []}
    reply = Reply.json(data)
    return Reply(reply.status, reply.body, reply.headers, seconds=1)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (job("succeeded"), "succeeded"),
        (job("failed"), "failed"),
        (job("cancelled"), "cancelled"),
        (job("awaiting_approval"), "approval"),
        (job("running"), "timeout"),
        (Reply.json({"message": "no", "code": "not_authorized"}, 403), "error"),
    ],
)
async def test_a_wait_is_told_with_its_end(reply: Reply, outcome: str) -> None:
    told: list[Record] = []
    began = time.time()
    with suppress(VideoGenError):
        await Scripted(reply).client(telemetry=told.append).wait_for(ToolExecutionId("vg_tool_1"), timeout=3)
    *_, wait = told
    assert isinstance(wait, Wait)
    assert (wait.kind, wait.ids, wait.outcome) == ("ToolExecutionId", ("vg_tool_1",), outcome)
    assert wait.started == pytest.approx(began, abs=1)
    assert wait.seconds == pytest.approx({"timeout": 3, "error": 0}.get(outcome, 1), abs=0.1)


async def test_a_wait_that_is_cancelled_was_abandoned() -> None:
    told: list[Record] = []
    with anyio.move_on_after(5):
        await Scripted(job("running")).client(telemetry=told.append).wait_for(ToolExecutionId("vg_tool_1"))
    assert [record.outcome for record in told if isinstance(record, Wait)] == ["abandoned"]


@pytest.mark.parametrize("name", telemetry.__all__)
def test_the_records_are_public_and_say_what_they_are(name: str) -> None:
    record: Callable[..., Any] = getattr(telemetry, name)
    assert name not in aiovideogen.__all__
    if isinstance(record, type):
        assert record.__doc__
