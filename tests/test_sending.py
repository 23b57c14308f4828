"""Uploads that don't go straight, from every kind of source: sent anew and whole, or an error with the file's id."""

from __future__ import annotations

import array
import gc
import io
import json
import os
import tempfile
import threading
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.lowlevel
import attrs
import httpx
import pytest
from starlette.datastructures import UploadFile

from aiovideogen import FileTransferError, PermissionDeniedError, Progress, VideoGen
from aiovideogen.sandbox import in_process
from aiovideogen.telemetry import Record, Transfer

from .storage import BODY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

SIZE = len(BODY)
HALF = SIZE // 2


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


@attrs.frozen
class Turn:
    """How one PUT ends: well, or as told here."""

    status: int = 200
    headers: dict[str, str] = attrs.field(factory=dict[str, str])
    break_at: int | None = None
    """Bytes of the body after which the connection breaks."""
    stall_at: int | None = None
    """Bytes of the body after which nothing more is read."""
    seconds: float = 0.0
    """Before each read."""


class Inbox:
    """An API and its storage that takes uploads as `turns` say, and then as it should."""

    def __init__(self, *turns: Turn, query: str = "X-Signature=SECRET") -> None:
        self.turns = [*turns]
        self.query = query
        self.created: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    def client(self, **options: Any) -> VideoGen:
        http = httpx.AsyncClient(transport=in_process(self))
        return VideoGen(api_key="sk_SECRET", base_url="http://127.0.0.1:1", http_client=http, **options)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status, headers, answer = 200, {"content-type": "application/json"}, b"{}"
        if scope["method"] == "PUT":
            self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
            turn = self.turns.pop(0) if self.turns else Turn()
            await self._read(receive, turn)
            status, headers, answer = turn.status, turn.headers, b"<Error/>"
        elif scope["path"] == "/v1/files/upload":
            self.created.append(json.loads((await receive())["body"]))
            answer = json.dumps({"fileId": "vg_file_1", "uploadUrl": f"https://s.test/put?{self.query}"}).encode()
        else:
            ready = {"fileId": "vg_file_1", "scope": "GLOBAL", "downloadSource": {"status": "ready"}}
            answer = json.dumps(ready).encode()
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": answer})

    async def _read(self, receive: Any, turn: Turn) -> None:
        body = b""
        while True:
            await anyio.sleep(turn.seconds)
            message = await receive()
            body += message.get("body", b"")
            if turn.break_at is not None and len(body) >= turn.break_at:
                raise ConnectionResetError("broken off as told")
            if turn.stall_at is not None and len(body) >= turn.stall_at:
                await anyio.sleep_forever()
            if not message.get("more_body"):
                break
        self.bodies.append(body)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        await anyio.lowlevel.checkpoint()
        yield part


class Pipe(io.RawIOBase):
    """A file that can't be rewound."""

    def __init__(self, data: bytes) -> None:
        self._left = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._left.readinto(buffer)


class Chunks:
    """An iterable that can be gone through again and again, async or not."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return chunks(BODY[:7], BODY[7:])


# -- again from the start ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("tenth", range(11))
async def test_an_upload_that_breaks_at_any_tenth_is_sent_anew_and_whole(tmp_path: Path, tenth: int) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(BODY)
    parts = [BODY[start : start + 1000] for start in range(0, SIZE, 1000)]
    with path.open("rb") as file:
        for source in (path, BODY, file, io.BytesIO(BODY), parts, Chunks()):
            inbox = Inbox(Turn(break_at=SIZE * tenth // 10))
            length = SIZE if isinstance(source, (list, Chunks)) else None
            await inbox.client().files.upload(source, display_name="a.bin", length=length)
            assert inbox.bodies == [BODY]
            assert len(inbox.created) == 1
            assert len(inbox.headers) == 2
            assert {one["content-length"] for one in inbox.headers} == {str(SIZE)}


@pytest.mark.parametrize("tenth", range(1, 11))
async def test_what_can_be_read_only_once_is_an_error_with_the_files_id(tenth: int) -> None:
    sources: list[Any] = [chunks(BODY), (BODY[start : start + 1000] for start in range(0, SIZE, 1000)), Pipe(BODY)]
    for source in sources:
        inbox = Inbox(Turn(break_at=SIZE * tenth // 10))
        with pytest.raises(
            FileTransferError, match=r"vg_file_1: the bytes did not arrive .*; the source can't be read again; upload"
        ) as caught:
            await inbox.client().files.upload(source, length=SIZE, display_name="a")
        assert caught.value.file_id == "vg_file_1"
        assert (len(inbox.created), len(inbox.headers), inbox.bodies) == (1, 1, [])


async def test_a_source_that_was_not_begun_is_sent_when_the_server_can_be_reached(inside: InProcess) -> None:
    original = inside.http.send
    refused: list[int] = []

    async def unreachable(request: httpx.Request, **options: Any) -> httpx.Response:
        if request.method == "PUT" and not refused:
            refused.append(1)
            raise httpx.ConnectError("All connection attempts failed")
        return await original(request, **options)

    inside.http.send = unreachable
    info = await inside.vg.files.upload(chunks(BODY), length=SIZE, display_name="a", wait=False)
    content = inside.sandbox.state.files[info.file_id].content
    assert content is not None
    assert content.path is not None
    assert content.path.read_bytes() == BODY


async def test_an_upload_that_keeps_breaking_is_given_up() -> None:
    inbox = Inbox(*[Turn(break_at=1)] * 9)
    with pytest.raises(FileTransferError, match="the bytes did not arrive") as caught:
        await inbox.client().files.upload(BODY, display_name="a")
    assert caught.value.file_id == "vg_file_1"
    assert "source can't be read again" not in str(caught.value)
    assert len(inbox.headers) == 3


async def test_retry_after_is_obeyed_up_to_its_cap() -> None:
    inbox = Inbox(Turn(503, {"retry-after": "37"}))
    began = anyio.current_time()
    await inbox.client().files.upload(b"abc", display_name="a", wait=False)
    assert 37 <= anyio.current_time() - began < 38
    inbox = Inbox(Turn(503, {"retry-after": "3600"}))
    with pytest.raises(FileTransferError, match="503: <Error/>") as caught:
        await inbox.client().files.upload(b"abc", display_name="a")
    assert caught.value.status == 503
    assert len(inbox.headers) == 1


@pytest.mark.parametrize(("wait", "operation"), [(False, "getFile"), (True, "hydrateFile")])
async def test_a_look_that_fails_after_the_bytes_are_up_has_the_files_id(
    inside: InProcess, wait: bool, operation: str
) -> None:
    inside.sandbox.fail_next(operation, status=403)
    with pytest.raises(PermissionDeniedError) as caught:
        await inside.vg.files.upload(b"abc", display_name="a", wait=wait)
    assert caught.value.id in inside.sandbox.state.files
    assert len(caught.value.__notes__) == 1
    assert caught.value.id in caught.value.__notes__[0]


async def test_an_error_of_the_source_or_of_a_callback_names_the_file() -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise LookupError("mine")

    def fail(_now: Progress) -> None:
        raise LookupError("mine")

    cases: list[tuple[Any, dict[str, Any]]] = [(broken(), {"length": 3}), (b"abc", {"on_progress": fail})]
    for source, options in cases:
        with pytest.raises(LookupError, match="mine") as caught:
            await Inbox().client().files.upload(source, display_name="a", **options)
        assert caught.value.__notes__ == ["while uploading vg_file_1"]


# -- too slow ---------------------------------------------------------------------------------------------------


async def test_an_upload_that_stalls_is_sent_anew() -> None:
    inbox = Inbox(Turn(stall_at=1_000_000))
    began = anyio.current_time()
    await inbox.client().files.upload(BODY, display_name="a", wait=False)
    assert inbox.bodies == [BODY]
    assert 29 < anyio.current_time() - began < 40


async def test_a_trickle_is_a_stall_and_a_slow_upload_is_none() -> None:
    inbox = Inbox(Turn(seconds=5))  # 13,107 bytes a second
    await inbox.client().files.upload(BODY, display_name="a", wait=False)
    assert inbox.bodies == [BODY]
    inbox = Inbox(*[Turn(seconds=5)] * 3)
    with pytest.raises(FileTransferError, match=r"slower than 20000 bytes/s for 30 s"):
        await inbox.client().files.upload(BODY, display_name="a", min_rate=20_000)
    assert len(inbox.headers) == 3


async def test_time_of_the_source_and_of_callbacks_is_no_stall() -> None:
    async def slow() -> AsyncIterator[bytes]:
        for start in range(0, SIZE, 1_000_000):
            await anyio.sleep(100)
            yield BODY[start : start + 1_000_000]

    async def think(_now: Progress) -> None:
        await anyio.sleep(100)

    inbox = Inbox()
    await inbox.client().files.upload(slow(), length=SIZE, display_name="a", on_progress=think, wait=False)
    assert inbox.bodies == [BODY]
    assert len(inbox.headers) == 1


# -- sources ----------------------------------------------------------------------------------------------------


async def test_every_kind_of_source_goes_up(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Stay hydrated.")

    class Named:
        def __fspath__(self) -> str:
            return str(path)

    read, write = os.pipe()
    os.write(write, path.read_bytes())
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        sources: list[Any] = [
            anyio.Path(path),
            Named(),
            os.fsencode(path),
            iter([b"Stay ", bytearray(b"hydra"), memoryview(b"ted.")]),
            [b"Stay ", b"", b"hydrated."],
            (b"Stay hydrated.",),
            pipe,
            Pipe(b"Stay hydrated."),
            chunks(b"Stay ", b"hydrated."),
        ]
        sources[2] = PathOfBytes(sources[2])
        for number, source in enumerate(sources):
            inbox = Inbox()
            options: dict[str, Any] = {} if number < 3 else {"length": 14, "display_name": "a.txt"}
            await inbox.client().files.upload(source, wait=False, **options)
            assert inbox.bodies == [b"Stay hydrated."]
            assert inbox.created == [{"displayName": "a.txt"}]


class PathOfBytes(os.PathLike[bytes]):
    def __init__(self, path: bytes) -> None:
        self._path = path

    def __fspath__(self) -> bytes:
        return self._path


async def test_what_reads_runs_in_threads_and_is_closed() -> None:
    seen: set[int] = set()
    closed: list[bool] = []

    def source() -> Iterator[bytes]:
        try:
            for _ in range(100):
                seen.add(threading.get_ident())
                yield bytes(100_000)
        finally:
            closed.append(True)

    inbox = Inbox()
    await inbox.client().files.upload(source(), length=10_000_000, display_name="a", wait=False)
    assert threading.get_ident() not in seen
    with pytest.raises(FileTransferError, match="more than its 5 bytes"):
        await Inbox().client().files.upload(source(), length=5, display_name="a")
    assert closed == [True, True]
    gc.collect()


async def test_a_source_of_something_else_than_bytes_is_said() -> None:
    sources: list[Any] = [["text"], iter([1])]
    for source in sources:
        with pytest.raises(TypeError, match=r"upload: the source gives (str|int), expected bytes"):
            await Inbox().client().files.upload(source, length=4, display_name="a")

    async def texts() -> AsyncIterator[Any]:
        await anyio.lowlevel.checkpoint()
        yield "text"

    with pytest.raises(TypeError, match="upload: the source gives str, expected bytes"):
        await Inbox().client().files.upload(texts(), length=4, display_name="a")


async def test_a_file_that_is_open_as_text_is_refused_whatever_wraps_it() -> None:
    inbox = Inbox()
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("Stay hydrated.")
        file.seek(0)
        with pytest.raises(TypeError, match="the file is open as text; open it with mode 'rb'"):
            await inbox.client().files.upload(cast("Any", file), display_name="a")
    assert inbox.created == []


async def test_a_form_s_file_is_pointed_to_the_one_it_holds() -> None:
    inbox = Inbox()
    form = UploadFile(io.BytesIO(b"Stay hydrated."), filename="a.txt")
    with pytest.raises(TypeError, match="upload: UploadFile is no binary file itself; pass the one it holds"):
        await inbox.client().files.upload(cast("Any", form), display_name="a")
    assert inbox.created == []
    await inbox.client().files.upload(form.file, display_name="a", wait=False)
    assert inbox.bodies == [b"Stay hydrated."]


async def test_an_open_file_of_anyios_is_read_only_once(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(BODY)
    inbox = Inbox(Turn(break_at=HALF))
    async with await anyio.open_file(tmp_path / "a.bin", "rb") as file:
        with pytest.raises(FileTransferError, match="the source can't be read again; upload it again"):
            await inbox.client().files.upload(file, length=SIZE, display_name="a")
    assert len(inbox.headers) == 1


async def test_bytes_count_also_where_a_view_has_wider_items() -> None:
    view = memoryview(array.array("I", range(1_000_000)))

    async def views() -> AsyncIterator[Any]:
        await anyio.lowlevel.checkpoint()
        yield view

    sources: list[Any] = [views(), [view]]
    for source in sources:
        inbox = Inbox()
        await inbox.client().files.upload(source, length=view.nbytes, display_name="a", wait=False)
        assert inbox.bodies == [view.tobytes()]


async def test_what_has_no_length_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    inbox = Inbox()
    upload = inbox.client().files.upload
    with pytest.raises(TypeError, match="upload: a file that can't be rewound needs its length="):
        await upload(Pipe(b"abc"), display_name="a")
    with pytest.raises(TypeError, match="upload: an iterable needs its length="):
        await upload([b"abc"], display_name="a")
    with pytest.raises(OSError, match=r"upload: .*pipe' is no regular file; open it and give length="):
        await upload(tmp_path / "pipe")
    assert inbox.created == []


async def test_a_name_that_is_no_unicode_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_bytes(b"abc")
    inbox = Inbox()
    await inbox.client().files.upload(path, wait=False)
    assert inbox.created == [{"displayName": "caf?.txt"}]


# -- what it is -------------------------------------------------------------------------------------------------


LOTTIE = json.dumps({"v": "5.5.7", "fr": 60, "ip": 0, "op": 180, "layers": []}).encode()


@pytest.mark.parametrize(
    ("name", "data", "options", "type_"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n", {}, "IMAGE"),
        ("wave.json", LOTTIE, {}, "LOTTIE"),
        ("wave.json", LOTTIE, {"type": "TEXT"}, "TEXT"),
        ("a.txt", b"text", {}, None),
        ("a.txt", b"text", {"type": "SOMETHING_NEW"}, "SOMETHING_NEW"),
    ],
)
async def test_the_type_is_stated_where_it_is_known(
    tmp_path: Path, name: str, data: bytes, options: dict[str, Any], type_: str | None
) -> None:
    (tmp_path / name).write_bytes(data)
    inbox = Inbox()
    with (tmp_path / name).open("rb") as file:
        for source in (tmp_path / name, file, data):
            await inbox.client().files.upload(source, display_name=name, wait=False, **options)
    assert [one.get("type") for one in inbox.created] == [type_] * 3
    assert inbox.bodies == [data] * 3


@pytest.mark.parametrize(
    ("own", "shown"),
    [("wave.lottie", "My animation"), ("wave.lottie", "wave v1.5"), ("tmp8x2", "wave.lottie"), ("a.tmp", "a.lottie")],
)
async def test_a_name_that_says_nothing_hides_none_that_does(tmp_path: Path, own: str, shown: str) -> None:
    (tmp_path / own).write_bytes(b"PK\3\4")
    inbox = Inbox(query="X-Amz-SignedHeaders=content-type%3Bhost")
    with (tmp_path / own).open("rb") as file:
        for source in (tmp_path / own, file):
            await inbox.client().files.upload(source, display_name=shown, wait=False)
    assert inbox.created == [{"displayName": shown, "type": "LOTTIE"}] * 2
    assert [one["content-type"] for one in inbox.headers] == ["application/zip"] * 2


async def test_a_guess_is_sent_as_content_type_only_where_the_url_needs_one() -> None:
    png = b"\x89PNG\r\n\x1a\n"
    for query, given, sent in (
        ("X-Signature=1", None, None),
        ("X-Amz-SignedHeaders=host", None, None),
        ("X-Amz-SignedHeaders=content-type%3Bhost", None, "image/png"),
        ("X-Amz-SignedHeaders=content-type%3Bhost", "image/x-mine", "image/x-mine"),
        ("X-Signature=1", "image/x-mine", "image/x-mine"),
    ):
        inbox = Inbox(query=query)
        await inbox.client().files.upload(png, display_name="a.png", content_type=given, wait=False)
        assert inbox.headers[0].get("content-type") == sent


# -- what is told -----------------------------------------------------------------------------------------------


async def test_an_upload_tells_of_itself() -> None:
    records: list[Record] = []

    def of(inbox: Inbox) -> Any:
        return inbox.client(telemetry=records.append).files

    await of(Inbox(Turn(503))).upload(BODY, display_name="a", wait=False)
    with pytest.raises(FileTransferError):
        await of(Inbox(Turn(403))).upload(b"abc", display_name="a")
    with anyio.move_on_after(5):
        await of(Inbox(Turn(stall_at=0))).upload(b"abc", display_name="a")
    told = [record for record in records if isinstance(record, Transfer)]
    assert [(one.direction, one.file_id, one.bytes, one.outcome) for one in told] == [
        ("upload", "vg_file_1", 2 * SIZE, "done"),
        ("upload", "vg_file_1", 3, "error"),
        ("upload", "vg_file_1", 3, "abandoned"),
    ]
