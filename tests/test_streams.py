"""Files that are read as they come, or into memory."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from aiovideogen import FileId, FileTransferError, Progress
from aiovideogen.telemetry import Record, Transfer

from .storage import BODY, URL, Storage, Turn

if TYPE_CHECKING:
    from pathlib import Path

    from aiovideogen import VideoGen

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

SIZE = len(BODY)
HALF = 1_500_000


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


async def read(vg: VideoGen, source: Any = URL, **options: Any) -> bytes:
    async with vg.files.stream(source, **options) as stream:
        assert stream.total in (SIZE, None)
        return b"".join([chunk async for chunk in stream])


async def test_a_file_is_read_as_it_comes_from_whatever_names_it(inside: InProcess) -> None:
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"))
    assert done.results[0].download_url is not None
    for source in (done, done.results[0], done.results[0].file_id, done.results[0].download_url):
        async with inside.vg.files.stream(source) as stream:
            first = await anext(stream)
            rest = [chunk async for chunk in stream]
        assert first.startswith(b"\x89PNG")
        assert stream.total == sum(map(len, [first, *rest]))
        assert await inside.vg.files.read(source) == b"".join([first, *rest])
    assert inside.sandbox.leaks == 0


async def test_a_stream_goes_on_where_it_broke_stalled_or_expired() -> None:
    turns = [Turn(stop_at=HALF), Turn(status=403), Turn(stall_at=500_000), Turn(status=503)]
    for streamed in (True, False):
        storage = Storage(*turns)
        vg, source = storage.client(), FileId("vg_file_1")
        assert (await read(vg, source) if streamed else await vg.files.read(source)) == BODY
        assert storage.ranges == [None, *["bytes=1500000-"] * 2, *["bytes=2000000-"] * 2]
        assert storage.paths.count("/v1/files/vg_file_1/hydrate") == 2


async def test_what_was_handed_out_cannot_be_taken_back() -> None:
    for turn in (Turn(ignores="range"), Turn(ignores="if-range", headers={"etag": '"2"'})):
        storage = Storage(Turn(stop_at=HALF), turn)
        with pytest.raises(FileTransferError, match="the file has changed, or can't be gone on from the middle"):
            await read(storage.client())
        storage = Storage(Turn(stop_at=HALF), turn)
        assert await storage.client().files.read(URL) == BODY


async def test_an_empty_answer_after_a_broken_one_is_no_end_of_what_came(tmp_path: Path) -> None:
    def emptied() -> VideoGen:
        empty = Turn(status=200, headers={"content-length": "0"}, body=b"")
        return Storage(Turn(stop_at=HALF), empty, etag=None).client()

    with pytest.raises(FileTransferError, match="the file has changed, or can't be gone on from the middle"):
        await read(emptied())
    assert await emptied().files.read(URL) == b""
    path = await emptied().files.download(URL, tmp_path / "a.bin")
    assert path.read_bytes() == b""


async def test_a_part_of_a_file_whose_length_nobody_tells_is_not_its_end() -> None:
    class Miserly(Storage):
        """Gives the next 100 bytes of what is asked for, and doesn't say of how many."""

        def _answer(self, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            status, headers, body = super()._answer(asked)
            if status == 206:
                part = {"content-range": f"bytes {HALF}-{HALF + 99}/*", "content-length": "100"}
                return status, {**headers, **part}, body[:100]
            return status, headers, body

    storage = Miserly(Turn(stop_at=HALF, headers={"content-length": ""}))
    assert await storage.client().files.read(URL) == BODY
    assert storage.ranges == [None, "bytes=1500000-", None]


async def test_a_stream_tells_of_progress_and_of_itself() -> None:
    told: list[Progress] = []
    records: list[Record] = []
    vg = Storage().client(telemetry=records.append)
    assert await read(vg, on_progress=told.append) == BODY
    assert (told[-1].bytes, told[-1].total, told[-1].name) == (SIZE, SIZE, None)
    async with vg.files.stream(FileId("vg_file_1")) as stream:
        await anext(stream)
    vg = Storage(Turn(status=400)).client(telemetry=records.append)
    with pytest.raises(FileTransferError):
        await read(vg)
    outcomes = [(one.file_id, one.outcome) for one in records if isinstance(one, Transfer)]
    assert outcomes == [(None, "done"), ("vg_file_1", "done"), (None, "error")]


async def test_a_stream_is_used_in_async_with() -> None:
    stream = Storage().client().files.stream(URL)
    with pytest.raises(RuntimeError, match="stream: use it in `async with`"):
        await anext(stream)
    async with stream:
        await anext(stream)
    with pytest.raises(RuntimeError, match="stream: use it in `async with`"):
        await anext(stream)


async def test_a_stream_that_is_entered_again_begins_anew() -> None:
    stream = Storage(body=BODY[:300_000]).client().files.stream(URL)
    async with stream:
        await anext(stream)
    async with stream:
        assert b"".join([chunk async for chunk in stream]) == BODY[:300_000]


async def test_breaking_off_leaves_nothing_unfinished() -> None:
    vg = Storage(Turn(seconds=1)).client()
    async with vg.files.stream(URL) as stream:
        await anext(stream)
    with anyio.move_on_after(5) as scope:
        await read(Storage(Turn(seconds=1)).client())
    assert scope.cancelled_caught
    gc.collect()
    await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize("headers", [{}, {"content-length": ""}])
@pytest.mark.parametrize("etag", ['"1"', None])
async def test_a_read_that_is_broken_off_loses_no_bytes(headers: dict[str, str], etag: str | None) -> None:
    """With a time limit around it, for example: what came in vain comes again."""
    storage = Storage(Turn(headers=headers, seconds=0.3), etag=etag)
    async with storage.client().files.stream(URL) as stream:
        with anyio.move_on_after(0.4) as scope:
            await anext(stream)
        assert scope.cancelled_caught
        assert b"".join([chunk async for chunk in stream]) == BODY
    storage = Storage(Turn(headers=headers, seconds=0.3), etag=etag)
    async with storage.client().files.stream(URL) as stream:
        first = await anext(stream)
        second = await anext(stream)
        with anyio.move_on_after(0.4):
            await anext(stream)
        if etag is None:
            with pytest.raises(FileTransferError, match="the file has changed, or can't be gone on from the middle"):
                await anext(stream)
            return
        rest = [chunk async for chunk in stream]
    assert b"".join([first, second, *rest]) == BODY
    assert storage.ranges == [None, "bytes=100000-"]


@pytest.mark.parametrize("headers", [{}, {"content-length": ""}])
async def test_no_more_is_read_into_memory_than_was_asked_for(headers: dict[str, str]) -> None:
    known = not headers
    told: list[Progress] = []
    storage = Storage(Turn(headers=headers), Turn(headers=headers))
    message = f"{SIZE} bytes are" if known else "more than [0-9]+ bytes are"
    with pytest.raises(FileTransferError, match=f"{message} more than max_bytes=2000000; raise it, or download to"):
        await storage.client().files.read(URL, max_bytes=2_000_000, on_progress=told.append)
    assert (told == []) is known
    assert await storage.client().files.read(URL, max_bytes=SIZE) == BODY


async def test_an_empty_file_is_no_bytes() -> None:
    vg = Storage(body=b"").client()
    assert await vg.files.read(URL, max_bytes=0) == b""
    async with vg.files.stream(URL) as stream:
        assert stream.total == 0
        assert [chunk async for chunk in stream] == []
