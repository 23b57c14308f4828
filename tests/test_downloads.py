"""Downloads: the target holds the whole file or is not touched, whatever happens on the way."""

from __future__ import annotations

import errno
import gc
import os
import tracemalloc
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from aiovideogen import (
    FileId,
    FileTransferError,
    InvalidIdError,
    NotFoundError,
    Progress,
    ToolExecutionId,
    VideoGen,
    models,
)
from aiovideogen import _parts as parts

from .conftest import Reply, Scripted, raw_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

BODY = bytes(range(256)) * 1000
HYDRATED = {"fileId": "vg_file_1", "scope": "GLOBAL", "downloadUrl": "https://s.test/fresh?X-Signature=SECRET"}


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def whole(body: bytes = BODY, **headers: str) -> Reply:
    return Reply(200, body, {"content-length": str(len(body)), **headers})


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# -- from where -------------------------------------------------------------------------------------------------


async def test_an_id_a_result_a_job_a_file_and_a_url_lead_to_the_same_bytes(inside: InProcess, tmp_path: Path) -> None:
    vg = inside.vg
    done = await vg.wait_for(vg.tools.generate_image(prompt="x"))
    result = done.results[0]
    assert result.download_url is not None
    info = await vg.files.hydrate_file(result.file_id)
    sources: list[Any] = [result.file_id, str(result.file_id), result, done, info, result.download_url]
    for number, source in enumerate(sources):
        target = tmp_path / f"{number}.png"
        assert await vg.files.download(source, target) == target
        assert target.read_bytes().startswith(b"\x89PNG")
        assert target.read_bytes() == (tmp_path / "0.png").read_bytes()
    assert left_in(tmp_path) == [f"{number}.png" for number in range(len(sources))]
    assert inside.sandbox.leaks == 0


async def test_a_run_an_export_and_an_interchange_are_downloaded(inside: InProcess, tmp_path: Path) -> None:
    vg = inside.vg
    stock = models.WorkflowVisualStyle(type="STOCK")
    run = await vg.wait_for(vg.workflows.script_to_video(script="x", visual_style=stock, auto_export=True))
    export = await vg.wait_for(vg.projects.export_project(run.project_id))
    timeline = await vg.wait_for(vg.projects.create_timeline_interchange(run.project_id, format="SRT"))
    for number, source in enumerate((run, export, timeline)):
        path = await vg.files.download(source, str(tmp_path / str(number)))
        assert path.stat().st_size > 0
    assert b"ftyp" in (tmp_path / "0").read_bytes()[:32]


async def test_the_scheme_of_a_url_may_be_written_in_capitals(tmp_path: Path) -> None:
    server = Scripted(whole())
    await server.client().files.download("HTTPS://s.test/a?X-Signature=SECRET", tmp_path / "a")
    assert [asked.path for asked in server.asked] == ["/a"]


@pytest.mark.parametrize("seconds", [-1, 30])
async def test_a_url_that_is_missing_or_about_to_expire_is_signed_anew(
    inside: InProcess, tmp_path: Path, seconds: float
) -> None:
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))
    expires = int(inside.sandbox.state.now() + seconds)
    stale = done.results[0].replace(download_url="https://stale.test/", download_url_expires_at=expires)
    missing = done.results[0].replace(download_url=None, download_url_expires_at=None)
    for source in (stale, missing):
        await inside.vg.files.download(source, tmp_path / "a.png")
    assert inside.sandbox.counts["hydrateFile"] == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_url_that_has_expired_after_all_is_signed_anew(inside: InProcess, tmp_path: Path, status: int) -> None:
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))
    inside.sandbox.fail_next("storageGet", status=status, body="<Error/>")
    await inside.vg.files.download(done, tmp_path / "a.png")
    assert inside.sandbox.counts["hydrateFile"] == 1


async def test_the_next_best_rendition_is_taken_where_there_is_no_best(tmp_path: Path) -> None:
    for sources, path in (
        ({"previewSource": {"status": "ready", "url": "https://s.test/preview"}}, "/preview"),
        ({"downloadSource": None, "staticPublicPreviewSource": {"url": "https://s.test/public"}}, "/public"),
    ):
        server = Scripted(Reply.json({"fileId": "f", "scope": "GLOBAL", **sources}), whole())
        await server.client().files.download(FileId("f"), tmp_path / "a")
        assert server.asked[1].path == path


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        (models.ExecutedTool.from_dict({"toolExecutionId": "x"}), ValueError, "has 0 results; wait for it first"),
        (
            models.ExecutedTool.from_dict({"toolExecutionId": "x", "results": [{"fileId": "f"}, {"fileId": "g"}]}),
            ValueError,
            "has 2 results; download each of them",
        ),
        (
            models.WorkflowRun.from_dict({"workflowRunId": "x", "projectId": "p"}),
            ValueError,
            "WorkflowRun has no file yet; wait for it, with auto_export for a run",
        ),
        (models.AspectRatio(width=1, height=1), TypeError, "expected a file id, a URL or a result, got AspectRatio"),
        (7, TypeError, "got int"),
        (ToolExecutionId("vg_tool_1"), InvalidIdError, "is of kind ToolExecutionId, not FileId"),
    ],
)
async def test_what_has_no_bytes_is_refused_before_anything_is_sent(
    source: Any, kind: type[Exception], message: str, tmp_path: Path
) -> None:
    server = Scripted(whole())
    with pytest.raises(kind, match=message):
        await server.client().files.download(source, tmp_path / "a")
    assert server.asked == []
    assert left_in(tmp_path) == []


async def test_a_file_without_a_url_yet_is_said(inside: InProcess, tmp_path: Path) -> None:
    created = await inside.vg.files.create_file_upload(display_name="a")
    with pytest.raises(FileTransferError, match="the file has no URL yet; wait for it first") as caught:
        await inside.vg.files.download(created.file_id, tmp_path / "a")
    assert caught.value.file_id == created.file_id
    assert left_in(tmp_path) == []


async def test_an_unknown_file_is_the_apis_own_error(inside: InProcess, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        await inside.vg.files.download(FileId("vg_file_none"), tmp_path / "a")
    assert left_in(tmp_path) == []


# -- how --------------------------------------------------------------------------------------------------------


async def test_storage_is_asked_for_the_bytes_as_they_are_and_without_the_key(tmp_path: Path) -> None:
    server = Scripted(whole())
    await server.client(api_key="sk_SECRET").files.download("https://s.test/a%2Fb?X=1&Y=%20", tmp_path / "a")
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.query) == ("GET", "/a%2Fb", "X=1&Y=%20")
    assert asked.headers["accept-encoding"] == "identity"
    assert "authorization" not in asked.headers
    assert "sk_SECRET" not in str(asked.headers)


@pytest.mark.parametrize("trouble", [Reply(503), Reply(408), Reply(429), Reply(raises=ConnectionResetError("gone"))])
async def test_what_may_pass_is_tried_again(trouble: Reply, tmp_path: Path) -> None:
    server = Scripted(trouble, trouble, whole())
    await server.client().files.download("https://s.test/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    server = Scripted(trouble)
    with pytest.raises(FileTransferError, match=r"download: .*; ask for a fresh URL") as caught:
        await server.client().files.download("https://s.test/a", tmp_path / "b")
    assert len(server.asked) == 3
    assert caught.value.status == (None if trouble.raises else trouble.status)
    assert left_in(tmp_path) == ["a"]


@pytest.mark.parametrize("reply", [Reply(403), Reply(404), Reply(400), Reply(206, BODY), Reply(304), Reply(204)])
async def test_a_refused_url_of_its_own_is_not_tried_again(reply: Reply, tmp_path: Path) -> None:
    server = Scripted(reply)
    with pytest.raises(FileTransferError, match=f"storage answered {reply.status}; ask for a fresh URL") as caught:
        await server.client().files.download("https://s.test/a?X-Signature=SECRET", tmp_path / "a")
    assert (len(server.asked), caught.value.status, caught.value.file_id) == (1, reply.status, None)
    assert "SECRET" not in repr(caught.value)
    assert left_in(tmp_path) == []


async def test_a_file_whose_fresh_urls_are_refused_is_given_up(tmp_path: Path) -> None:
    server = Scripted(*[Reply.json(HYDRATED), Reply(403)] * 3)
    with pytest.raises(FileTransferError, match="storage answered 403; try again") as caught:
        await server.client().files.download(FileId("vg_file_1"), tmp_path / "a")
    assert caught.value.file_id == "vg_file_1"
    assert len(server.asked) == 6


def unchecked(server: Scripted) -> VideoGen:
    """Return a client over a transport that leaves it to us to compare a body with its announced length."""
    return VideoGen(api_key="k", http_client=httpx.AsyncClient(transport=httpx.ASGITransport(app=server)))


@pytest.mark.parametrize(
    ("length", "message"),
    [
        ("256001", "256000 of 256001 bytes arrived"),
        ("1", "more than the 1 bytes arrived that were announced"),
        ("0", "more than the 0 bytes arrived that were announced"),
    ],
)
async def test_a_body_of_another_length_than_announced_is_not_kept(length: str, message: str, tmp_path: Path) -> None:
    server = Scripted(Reply(200, BODY, {"content-length": length}))
    with pytest.raises(FileTransferError, match=message):
        await unchecked(server).files.download("https://s.test/a", tmp_path / "a")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("headers", [{}, {"content-length": "many"}])
async def test_a_body_of_unknown_length_is_taken_as_it_ends(headers: dict[str, str], tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    server = Scripted(Reply(200, BODY, headers))
    await unchecked(server).files.download(
        "https://s.test/a", tmp_path / "a", on_progress=lambda now: told.append((now.bytes, now.total))
    )
    assert (tmp_path / "a").read_bytes() == BODY
    assert told[-1] == (len(BODY), None)


async def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    await Scripted(whole(b"")).client().files.download("https://s.test/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b""


async def test_progress_may_be_awaited_and_may_raise(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    async def tell(now: Progress) -> None:
        await anyio.lowlevel.checkpoint()
        told.append((now.bytes, now.total))

    def fail(_now: Progress) -> None:
        raise ConnectionResetError("mine")

    await Scripted(whole()).client().files.download("https://s.test/a", tmp_path / "a", on_progress=tell)
    assert told[-1] == (len(BODY), len(BODY))
    with pytest.raises(ConnectionResetError, match="mine"):
        await Scripted(whole()).client().files.download("https://s.test/a", tmp_path / "b", on_progress=fail)
    assert left_in(tmp_path) == ["a"]


# -- the target -------------------------------------------------------------------------------------------------


async def test_an_existing_target_is_replaced_only_by_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    seen: list[bytes] = []
    with pytest.raises(FileTransferError):
        await Scripted(Reply(200, BODY, {"content-length": "999"})).client().files.download("https://s.test/a", target)
    assert target.read_bytes() == b"old"
    await (
        Scripted(whole())
        .client()
        .files.download("https://s.test/a", target, on_progress=lambda _: seen.append(target.read_bytes()))
    )
    assert set(seen) == {b"old"}
    assert target.read_bytes() == BODY
    assert left_in(tmp_path) == ["a"]


async def test_an_unfinished_file_of_before_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.part").write_bytes(BODY * 2)
    await Scripted(whole(b"new")).client().files.download("https://s.test/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert left_in(tmp_path) == ["a"]


async def test_a_link_in_the_place_of_the_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "a.part").symlink_to(tmp_path / "precious")
    server = Scripted(whole())
    with pytest.raises(OSError, match="symbolic links"):
        await server.client().files.download("https://s.test/a", tmp_path / "a")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert server.asked == []


async def test_a_folder_that_is_not_there_or_a_target_that_is_one_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await Scripted(whole()).client().files.download("https://s.test/a", tmp_path / "none" / "a")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        await Scripted(whole()).client().files.download("https://s.test/a", tmp_path / "folder")
    assert left_in(tmp_path) == ["folder"]


async def test_two_downloads_of_one_target_do_not_mix(tmp_path: Path) -> None:
    slow = Scripted(Reply(200, BODY, {"content-length": str(len(BODY))}, seconds=10))
    async with anyio.create_task_group() as group:
        group.start_soon(slow.client().files.download, "https://s.test/a", tmp_path / "a")
        await anyio.sleep(1)
        with pytest.raises(FileTransferError, match=r"a\.part is being written by another download; wait for it"):
            await Scripted(whole(b"other")).client().files.download("https://s.test/a", tmp_path / "a")
        assert left_in(tmp_path) == ["a.part"]
    assert (tmp_path / "a").read_bytes() == BODY
    assert left_in(tmp_path) == ["a"]


async def test_a_download_that_ends_between_our_opening_and_locking_is_not_destroyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = parts.fcntl.flock  # pyright: ignore[reportOptionalMemberAccess]
    target, part = tmp_path / "a", tmp_path / "a.part"
    others: list[Callable[[], object]] = [
        lambda: (part.write_bytes(b"theirs"), part.replace(target)),
        lambda: part.unlink(),
        lambda: (part.unlink(), part.write_bytes(b"another's")),
    ]

    def late(file: int, how: int) -> None:
        if others:
            others.pop(0)()
        lock(file, how)
        assert target.read_bytes() == b"theirs"

    monkeypatch.setattr(parts.fcntl, "flock", late)  # pyright: ignore[reportOptionalMemberAccess]
    await Scripted(whole()).client().files.download("https://s.test/a", target)
    assert others == []
    assert target.read_bytes() == BODY
    assert left_in(tmp_path) == ["a"]


async def test_a_file_system_without_locks_is_an_os_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_file: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(parts.fcntl, "flock", no_locks)  # pyright: ignore[reportOptionalMemberAccess]
    with pytest.raises(OSError, match="no locks here"):
        await Scripted(whole()).client().files.download("https://s.test/a", tmp_path / "a")
    assert len(os.listdir("/proc/self/fd")) <= before + 1


async def test_a_system_without_flock_still_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "fcntl", None)
    await Scripted(whole()).client().files.download("https://s.test/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY


async def test_a_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    slow = Scripted(Reply(200, BODY, seconds=10))
    with anyio.move_on_after(5) as scope:
        await slow.client().files.download("https://s.test/a", tmp_path / "a")
    assert scope.cancelled_caught
    assert left_in(tmp_path) == []
    await Scripted(whole()).client().files.download("https://s.test/a", tmp_path / "a")
    gc.collect()


async def test_64_mib_come_down_in_little_memory(tmp_path: Path) -> None:
    size = 64 << 20

    class Body(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _ in range(size >> 18):
                yield bytes(1 << 18)

    class Serving(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, headers={"content-length": str(size)}, stream=Body())

    async with httpx.AsyncClient(transport=Serving()) as http:
        vg = VideoGen(api_key="k", http_client=http)
        tracemalloc.start()
        try:
            path = await vg.files.download("https://s.test/a", tmp_path / "a")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert path.stat().st_size == size
    assert peak < 8 << 20
    path.unlink()


# -- real sockets -----------------------------------------------------------------------------------------------


class TestOverARealSocket:
    @pytest.fixture(params=["asyncio", "trio"])
    def anyio_backend(self, request: pytest.FixtureRequest) -> str:
        return request.param

    async def test_breaking_off_a_download_leaves_what_came_and_nothing_unfinished(
        self, served: Any, vg: VideoGen, tmp_path: Path
    ) -> None:
        info = await vg.files.upload(b"\x89PNG\r\n\x1a\n" + bytes(20_000_000), display_name="big.png", wait=False)
        await vg.wait_for(info.file_id)

        def fail(now: Progress) -> None:
            assert now.total == 20_000_008
            raise LookupError(now.bytes)

        with pytest.raises(LookupError) as caught:
            await vg.files.download(info.file_id, tmp_path / "a", on_progress=fail)
        assert caught.value.__notes__ == [
            f"what came is kept in {tmp_path / 'a.part'}: the same download goes on from there"
        ]
        first = (tmp_path / "a.part").stat().st_size
        assert first == caught.value.args[0]
        with anyio.CancelScope() as scope:
            await vg.files.download(info.file_id, tmp_path / "a", on_progress=lambda _: scope.cancel())
        assert (tmp_path / "a.part").stat().st_size > first
        assert left_in(tmp_path) == ["a.part", "a.part.json"]
        gc.collect()
        await anyio.lowlevel.checkpoint()
        path = await vg.files.download(info.file_id, tmp_path / "a")
        assert path.read_bytes() == b"\x89PNG\r\n\x1a\n" + bytes(20_000_000)
        assert left_in(tmp_path) == ["a"]
        assert served.sandbox.leaks == 0

    async def test_a_body_that_breaks_off_on_the_wire_is_fetched_again(self, tmp_path: Path) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-length: 256000\r\n\r\n"
        told: list[int] = []
        with raw_server(head + BODY[:100_000], head + BODY) as (url, _):
            async with VideoGen(api_key="k") as vg:
                await vg.files.download(url, tmp_path / "a", on_progress=lambda now: told.append(now.bytes))
        assert (tmp_path / "a").read_bytes() == BODY
        assert 100_000 in told
        assert told[-1] == 256_000
