"""The client: what it is given, where it sends its calls, and how long it lives."""

from __future__ import annotations

import asyncio
import gc
import pickle
import traceback
from typing import Any

import anyio
import httpx
import pytest
import trio

from aiovideogen import AuthenticationError, ConfigurationError, VideoGen
from aiovideogen._client import checked_base_url

from .conftest import Reply, Scripted

ME = Reply.json({"apiKeyId": "vg_key_1", "teamId": "vg_team_1", "email": "me@a.test"})

# -- the key ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_a_missing_key_is_said_before_anything_is_sent(key: str | None) -> None:
    with pytest.raises(AuthenticationError, match=r"no API key: set VIDEOGEN_API_KEY or pass api_key=") as caught:
        VideoGen(api_key=key)
    assert (caught.value.status, caught.value.code) == (401, "missing_api_key")


@pytest.mark.parametrize("key", ["S3CRET key", "S3CRET\nkey", "S3CRETkéy", "S3CRET\x00", "S3CRET\x7f", b"S3CRET", 731])
def test_a_malformed_key_is_refused_and_never_echoed(key: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^api_key: ") as caught:
        VideoGen(api_key=key)
    texts = [repr(caught.value), "".join(traceback.format_exception(caught.value)), str(pickle.dumps(caught.value))]
    assert all("S3CRET" not in text and "731" not in text.replace("line 731", "") for text in texts)
    assert caught.value.__context__ is None


@pytest.mark.anyio
async def test_the_key_and_the_base_url_come_from_the_environment(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEOGEN_API_KEY", f" {served.key}\n")
    monkeypatch.setenv("VIDEOGEN_BASE_URL", f"{served.url}/v1/")
    async with VideoGen() as vg:
        assert vg.base_url == served.url
        assert (await vg.account.get_me()).email
    async with VideoGen(api_key="sk_wrong") as vg:
        with pytest.raises(AuthenticationError, match="getMe: 401 invalid_api_key"):
            await vg.account.get_me()


# -- the base URL -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("https://api.videogen.io", "https://api.videogen.io"),
        ("https://api.videogen.io/", "https://api.videogen.io"),
        ("https://api.videogen.io/v1", "https://api.videogen.io"),
        (" https://api.videogen.io/v1/ ", "https://api.videogen.io"),
        ("HTTPS://proxy.test:8443/videogen/v1", "https://proxy.test:8443/videogen"),
        ("http://localhost:4010", "http://localhost:4010"),
        ("http://LOCALHOST", "http://LOCALHOST"),
        ("http://127.0.0.1:1/v1", "http://127.0.0.1:1"),
        ("http://[::1]:1", "http://[::1]:1"),
    ],
)
def test_a_base_url_is_taken_without_what_the_paths_bring(url: str, used: str) -> None:
    assert checked_base_url(url) == used
    assert VideoGen(api_key="k", base_url=url).base_url == used


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://api.videogen.io", "would send the key in the clear to api.videogen.io; use https://"),
        ("http://10.0.0.1", "would send the key in the clear"),
        ("http://localhost.evil.test", "would send the key in the clear"),
        ("https://u:S3CRET@api.videogen.io", "give https://api.videogen.io alone: no user, query or fragment"),
        ("https://@api.videogen.io", "no user"),
        ("https://api.videogen.io\\@evil.test", "no user"),
        ("http://localhost@evil.test", "no user"),
        ("https://api.videogen.io?key=S3CRET", "no user, query"),
        ("https://api.videogen.io/#S3CRET", "no user, query or fragment"),
        ("ftp://api.videogen.io", "expected https://host"),
        ("api.videogen.io", "expected https://host"),
        ("https://", "expected https://host"),
        ("https:///v1", "expected https://host"),
        ("https://api.videogen.io:99999", "expected https://host"),
        ("https://api.videogen.io:port", "expected https://host"),
        ("https://u:S3CRET@[::1", "expected https://host"),
        ("https://u:S3CRET@\u2100.test", "expected https://host"),
        ("/v1", "expected https://host"),
    ],
)
def test_a_base_url_that_the_key_must_not_go_to_is_refused(url: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^base_url: .*{message}") as caught:
        VideoGen(api_key="k", base_url=url)
    assert caught.value.__context__ is None
    assert "S3CRET" not in "".join(traceback.format_exception(caught.value))


def test_without_a_word_the_public_api_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert VideoGen(api_key="k").base_url == "https://api.videogen.io"
    monkeypatch.setenv("VIDEOGEN_BASE_URL", "")
    assert VideoGen(api_key="k").base_url == "https://api.videogen.io"
    monkeypatch.setenv("VIDEOGEN_BASE_URL", "http://api.test")
    with pytest.raises(ConfigurationError):
        VideoGen(api_key="k")


# -- the client -------------------------------------------------------------------------------------------------


def test_a_client_shows_where_it_calls_and_not_its_key() -> None:
    assert repr(VideoGen(api_key="sk_S3CRET")) == "VideoGen(base_url='https://api.videogen.io')"


def test_a_client_can_be_made_and_dropped_outside_of_any_event_loop() -> None:
    for _ in range(3):
        VideoGen(api_key="k")
    gc.collect()


@pytest.mark.anyio
async def test_closing_more_than_once_or_before_any_call_does_no_harm(served: Any) -> None:
    vg = VideoGen(api_key=served.key, base_url=served.url)
    await vg.aclose()
    await vg.account.get_me()
    await vg.aclose()
    await vg.aclose()


@pytest.mark.anyio
async def test_a_client_works_again_after_it_was_closed(served: Any) -> None:
    vg = VideoGen(api_key=served.key, base_url=served.url)
    for _ in range(2):
        async with vg:
            assert (await vg.account.get_me()).email


@pytest.mark.anyio
async def test_a_client_is_closed_when_its_block_ends_with_an_error_or_is_cancelled(served: Any) -> None:
    async def fail() -> None:
        async with VideoGen(api_key=served.key, base_url=served.url) as vg:
            await vg.account.get_me()
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    with anyio.CancelScope() as scope:
        async with VideoGen(api_key=served.key, base_url=served.url) as vg:
            await vg.account.get_me()
            scope.cancel()
            await anyio.sleep(1)
    assert scope.cancelled_caught
    gc.collect()


async def _used(vg: VideoGen) -> None:
    async with vg:
        assert (await vg.account.get_me()).email


def test_a_client_works_in_one_event_loop_after_another(served: Any) -> None:
    vg = VideoGen(api_key=served.key, base_url=served.url)
    for _ in range(2):
        asyncio.run(_used(vg))
        trio.run(_used, vg)
    gc.collect()


async def _left_open(vg: VideoGen) -> None:
    assert (await vg.account.get_me()).email


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_client_that_was_not_closed_works_and_closes_in_the_next_event_loop(served: Any) -> None:
    vg = VideoGen(api_key=served.key, base_url=served.url)
    asyncio.run(_left_open(vg))
    asyncio.run(_left_open(vg))
    asyncio.run(vg.aclose())
    trio.run(_left_open, vg)
    asyncio.run(_used(vg))
    del vg
    gc.collect()


@pytest.mark.anyio
async def test_a_client_serves_many_tasks_of_a_group_that_exists_already(vg: VideoGen) -> None:
    emails: list[str] = []

    async def call() -> None:
        emails.append((await vg.account.get_me()).email)

    async with anyio.create_task_group() as group:
        for _ in range(30):
            group.start_soon(call)
    assert len(emails) == 30


@pytest.mark.anyio
async def test_an_injected_client_is_used_for_calls_and_transfers_and_stays_open(tmp_path: Any) -> None:
    server = Scripted(ME, Reply(200, b"x"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=server)) as http:
        async with VideoGen(api_key="k", base_url="https://api.test", http_client=http) as vg:
            await vg.account.get_me()
            await vg.files.download("https://s.test/a", tmp_path / "a")
        assert not http.is_closed
        assert [asked.headers["host"] for asked in server.asked] == ["api.test", "s.test"]


def test_the_groups_are_made_once() -> None:
    vg = VideoGen(api_key="k")
    assert vg.files is vg.files
    assert vg.tools is vg.tools


@pytest.mark.anyio
async def test_progress_of_a_whole_job_over_a_real_socket(vg: VideoGen, tmp_path: Any) -> None:
    seen: list[str] = []
    done = await vg.wait_for(
        vg.tools.generate_image(prompt="x"), on_progress=lambda one: seen.append(one.status), timeout=30
    )
    path = await vg.files.download(done.results[0].file_id, tmp_path / "a.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert seen[-1] == "succeeded"
