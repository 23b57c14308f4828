"""Uploads: the whole of the bytes or a clear error, in constant memory, without the key."""

from __future__ import annotations

import gc
import io
import json
import os
import tracemalloc
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.lowlevel
import httpx
import pytest

from aiovideogen import FileTransferError, OutcomeUnknownError, Progress, VideoGen

from .conftest import Reply, Scripted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiovideogen.sandbox import Sandbox

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(3_000_000)
CREATED = Reply.json({"fileId": "vg_file_1", "uploadUrl": "https://s.test/put?X-Signature=SECRET"})
INFO = Reply.json({"fileId": "vg_file_1", "scope": "GLOBAL", "downloadSource": {"status": "ready"}})


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def stored(sandbox: Sandbox, file_id: str) -> bytes:
    content = sandbox.state.files[file_id].content
    assert content is not None
    assert content.path is not None
    return content.path.read_bytes()


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        await anyio.lowlevel.checkpoint()
        yield part


async def test_bytes_a_path_an_open_file_and_a_stream_arrive_whole(inside: InProcess, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(PNG)
    with path.open("rb") as file, io.BytesIO(b"skipped" + PNG) as memory:
        memory.seek(7)
        infos = [
            await inside.vg.files.upload(PNG, display_name="picture.png"),
            await inside.vg.files.upload(bytearray(PNG), display_name="picture.png"),
            await inside.vg.files.upload(memoryview(PNG), display_name="picture.png"),
            await inside.vg.files.upload(path),
            await inside.vg.files.upload(str(path)),
            await inside.vg.files.upload(file),
            await inside.vg.files.upload(memory, display_name="picture.png"),
            await inside.vg.files.upload(chunks(PNG[:5], b"", PNG[5:]), length=len(PNG), display_name="picture.png"),
        ]
        async with await anyio.open_file(path, "rb") as opened:
            infos.append(await inside.vg.files.upload(opened, length=len(PNG), display_name="picture.png"))
        assert not file.closed
        assert not memory.closed
    for info in infos:
        assert info.display_name == "picture.png"
        assert info.type == "IMAGE"
        assert info.download_source is not None
        assert info.download_source.status == "ready"
        assert stored(inside.sandbox, info.file_id) == PNG
    assert inside.sandbox.leaks == 0
    assert inside.sandbox.billed == 0


async def test_only_what_was_asked_for_is_told_of_the_file() -> None:
    server = Scripted(CREATED, Reply(200, b""), INFO)
    await server.client().files.upload(b"abc", display_name="a")
    assert json.loads(server.asked[0].body) == {"displayName": "a"}
    server.replies[:] = [CREATED, Reply(200, b""), INFO]
    await server.client().files.upload(b"abc", display_name="a", type="LOTTIE", is_temporary=True)
    assert json.loads(server.asked[3].body) == {"displayName": "a", "type": "LOTTIE", "isTemporary": True}


@pytest.mark.parametrize("content_type", [None, "image/png"])
async def test_the_put_has_its_length_and_neither_key_nor_anything_that_was_not_asked_for(
    content_type: str | None,
) -> None:
    server = Scripted(CREATED, Reply(200, b""), INFO)
    await server.client(api_key="sk_SECRET").files.upload(b"abc", display_name="a", content_type=content_type)
    put = server.asked[1]
    assert (put.method, put.path, put.query, put.body) == ("PUT", "/put", "X-Signature=SECRET", b"abc")
    assert put.headers["content-length"] == "3"
    assert "transfer-encoding" not in put.headers
    assert "authorization" not in put.headers
    assert "sk_SECRET" not in str(put.headers)
    assert put.headers.get("content-type") == content_type


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (b"abc", {}, "give display_name="),
        (io.BytesIO(b"abc"), {}, "give display_name="),
        (io.StringIO("abc"), {"display_name": "a"}, "open it with mode 'rb'"),
        (7, {"display_name": "a"}, "expected a path, bytes, a binary file or an iterable, got int"),
        (None, {"display_name": "a"}, "got NoneType"),
    ],
)
async def test_what_cannot_be_uploaded_is_refused_before_anything_is_sent(
    source: Any, options: dict[str, Any], message: str
) -> None:
    server = Scripted(CREATED)
    with pytest.raises(TypeError, match=f"upload: .*{message}"):
        await server.client().files.upload(source, **options)
    assert server.asked == []


async def test_a_stream_needs_its_length(inside: InProcess) -> None:
    source = chunks(b"abc")
    with pytest.raises(TypeError, match="an async iterable needs its length="):
        await inside.vg.files.upload(source, display_name="a")
    assert inside.sandbox.counts["createFileUpload"] == 0


async def test_a_path_that_cannot_be_read_is_an_os_error_before_anything_is_sent(
    inside: InProcess, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await inside.vg.files.upload(tmp_path / "none")
    with pytest.raises(IsADirectoryError, match=r"upload: .* is a directory"):
        await inside.vg.files.upload(tmp_path)
    assert inside.sandbox.counts["createFileUpload"] == 0


@pytest.mark.parametrize(
    ("length", "message"), [(7, "the source ended 4 bytes before its 7"), (2, "the source has more than its 2 bytes")]
)
async def test_a_stream_of_another_length_is_an_error_with_the_files_id(
    inside: InProcess, length: int, message: str
) -> None:
    with pytest.raises(FileTransferError, match=message) as caught:
        await inside.vg.files.upload(chunks(b"ab", b"c"), length=length, display_name="a")
    assert caught.value.file_id in inside.sandbox.state.files
    assert inside.sandbox.counts["storagePut"] <= 1


@pytest.mark.parametrize("size", [1 << 20, 4 << 20])
async def test_a_file_that_changes_meanwhile_is_an_error(inside: InProcess, tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    with pytest.raises(FileTransferError, match=f"its {len(PNG)}.*; did it change meanwhile") as caught:
        await inside.vg.files.upload(path, on_progress=lambda _: os.truncate(path, size))
    assert caught.value.file_id in inside.sandbox.state.files
    assert inside.sandbox.counts["storagePut"] <= 1


async def test_a_file_that_cannot_be_read_to_its_end_is_its_own_error(inside: InProcess) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "the disk is broken")

    with pytest.raises(OSError, match="the disk is broken"):
        await inside.vg.files.upload(Broken(PNG), display_name="a")
    assert inside.sandbox.counts["storagePut"] <= 1


async def test_a_put_that_fails_for_a_moment_is_sent_again_from_the_start(inside: InProcess, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    told: list[int] = []
    inside.sandbox.fail_next("storagePut", status=503, body="<Error/>")
    inside.sandbox.fail_next("storagePut", drop="before")
    with path.open("rb") as file:
        info = await inside.vg.files.upload(file, on_progress=lambda now: told.append(now.bytes))
    assert stored(inside.sandbox, info.file_id) == PNG
    assert inside.sandbox.counts["createFileUpload"] == 1
    assert told.count(len(PNG)) == 3


async def test_a_put_that_keeps_failing_is_an_error_with_the_files_id(inside: InProcess) -> None:
    inside.sandbox.fail_next("storagePut", times=9, status=503, body="<Error>Slow down</Error>")
    with pytest.raises(
        FileTransferError, match=r"did not arrive \(503: <Error>Slow down</Error>\); upload it"
    ) as caught:
        await inside.vg.files.upload(b"abc", display_name="a")
    assert caught.value.file_id in inside.sandbox.state.files
    assert caught.value.status == 503
    assert inside.sandbox.counts["storagePut"] == 3


async def test_a_lost_connection_is_an_error_without_the_signature(inside: InProcess) -> None:
    inside.sandbox.fail_next("storagePut", times=9, drop="before")
    with pytest.raises(FileTransferError, match="did not arrive") as caught:
        await inside.vg.files.upload(b"abc", display_name="a")
    assert caught.value.status is None
    assert "X-Signature" not in repr(caught.value)


async def test_a_refused_put_is_not_sent_again(inside: InProcess) -> None:
    inside.sandbox.fail_next("storagePut", status=403, body="<Error>expired</Error>")
    with pytest.raises(FileTransferError, match="403: <Error>expired</Error>"):
        await inside.vg.files.upload(b"abc", display_name="a")
    assert inside.sandbox.counts["storagePut"] == 1


async def test_a_stream_is_not_sent_twice(inside: InProcess) -> None:
    inside.sandbox.fail_next("storagePut", status=503)
    with pytest.raises(FileTransferError, match="the source can't be read again; upload it again"):
        await inside.vg.files.upload(chunks(b"abc"), length=3, display_name="a")
    assert inside.sandbox.counts["storagePut"] == 1


async def test_progress_tells_the_bytes_that_went_and_their_number(inside: InProcess) -> None:
    told: list[Progress] = []

    async def tell(now: Progress) -> None:
        await anyio.lowlevel.checkpoint()
        told.append(now)

    await inside.vg.files.upload(PNG, display_name="a", on_progress=tell)
    sizes = [now.bytes for now in told]
    assert sizes == sorted(set(sizes))
    assert len(sizes) > 2
    assert told[-1] == Progress(len(PNG), len(PNG), told[-1].rate, "a")
    assert told[-1].fraction == 1


@pytest.mark.parametrize("error", [LookupError("mine"), ConnectionResetError("mine"), TimeoutError("mine")])
async def test_a_progress_callback_that_raises_is_its_own_error(inside: InProcess, error: Exception) -> None:
    def tell(_now: Progress) -> None:
        raise error

    with pytest.raises(type(error), match="mine"):
        await inside.vg.files.upload(b"abc", display_name="a", on_progress=tell)
    assert inside.sandbox.counts["storagePut"] <= 1


async def test_an_upload_need_not_be_waited_for(inside: InProcess) -> None:
    info = await inside.vg.files.upload(PNG, display_name="a.png", wait=False)
    assert info.download_url is None
    assert (await inside.vg.wait_for(info.file_id)).download_url is not None


async def test_a_lost_record_is_an_open_outcome(inside: InProcess) -> None:
    inside.sandbox.fail_next("createFileUpload", drop="after")
    with pytest.raises(OutcomeUnknownError):
        await inside.vg.files.upload(PNG, display_name="a.png")
    assert inside.sandbox.counts["storagePut"] == 0


async def test_breaking_off_leaves_nothing_unfinished(inside: InProcess) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1000)
            await anyio.sleep(1)

    source = endless()
    with anyio.move_on_after(5) as scope:
        await inside.vg.files.upload(source, length=1_000_000, display_name="a")
    assert scope.cancelled_caught
    with pytest.raises(StopAsyncIteration):
        await anext(source)
    gc.collect()
    await anyio.lowlevel.checkpoint()


async def test_any_async_iterator_goes_up(inside: InProcess) -> None:
    class Source:
        def __init__(self) -> None:
            self.left = [b"ab", b"c"]

        def __aiter__(self) -> Source:
            return self

        async def __anext__(self) -> bytes:
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop(0)

    info = await inside.vg.files.upload(Source(), length=3, display_name="a", wait=False)
    assert stored(inside.sandbox, info.file_id) == b"abc"


async def test_a_generator_that_is_not_read_to_its_end_is_closed(inside: InProcess) -> None:
    source = chunks(b"ab", b"c", b"d")
    with pytest.raises(FileTransferError, match="more than its 2 bytes"):
        await inside.vg.files.upload(source, length=2, display_name="a")
    with pytest.raises(StopAsyncIteration):
        await anext(source)


async def test_64_mib_go_up_in_little_memory() -> None:
    """The server counts and forgets, so that what is left in memory is the client's."""
    size, got = 64 << 20, [0]

    class Counting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "PUT":
                async for chunk in cast("httpx.AsyncByteStream", request.stream):
                    got[0] += len(chunk)
                return httpx.Response(200)
            reply = CREATED if request.url.path == "/v1/files/upload" else INFO
            return httpx.Response(200, content=reply.body)

    async def source() -> AsyncIterator[bytes]:
        for _ in range(size >> 18):
            yield bytes(1 << 18)

    async with httpx.AsyncClient(transport=Counting()) as http:
        vg = VideoGen(api_key="k", http_client=http)
        tracemalloc.start()
        try:
            await vg.files.upload(source(), length=size, display_name="a")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert got == [size]
    assert peak < 8 << 20
