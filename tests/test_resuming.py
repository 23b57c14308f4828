"""Downloads that don't go straight: resumed, started over, signed anew, too slow, and in other processes."""

from __future__ import annotations

import errno
import gc
import hashlib
import json
import os
import resource
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiovideogen import FileId, FileTransferError, Progress, models
from aiovideogen import _parts as parts
from aiovideogen.sandbox import FaultRule
from aiovideogen.sandbox.faults import Reset
from aiovideogen.telemetry import Record, Transfer

from .conftest import Reply, Scripted
from .storage import BODY, SIGNED, URL, Storage, Turn

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

SIZE = len(BODY)
HALF = 1_500_000


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


@pytest.fixture(autouse=True)
def no_leaked_descriptors() -> Generator[None]:
    before = set(os.listdir("/proc/self/fd"))
    yield
    gc.collect()
    now = set(os.listdir("/proc/self/fd"))
    assert len(now) <= len(before) + 1, now - before


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def interrupted(folder: Path, *turns: Turn, source: Any = URL, **more: Any) -> tuple[Storage, int]:
    """Begin a download that fails; return its storage and how many bytes it left behind."""
    storage = Storage(*turns, Turn(status=400), **more)
    with pytest.raises(FileTransferError):
        await storage.client().files.download(source, folder / "a.bin")
    storage.asked.clear()
    return storage, (folder / "a.bin.part").stat().st_size


# -- going on ---------------------------------------------------------------------------------------------------


async def test_a_broken_download_goes_on_where_it_broke(tmp_path: Path) -> None:
    storage = Storage(Turn(stop_at=HALF), Turn(stop_at=500_000), Turn(stop_at=1))
    told: list[Progress] = []
    await storage.client().files.download(URL, tmp_path / "a.bin", on_progress=told.append)
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert storage.ranges == [None, "bytes=1500000-", "bytes=2000000-", "bytes=2000001-"]
    assert [asked.get("if-range") for asked in storage.asked] == [None, '"1"', '"1"', '"1"']
    assert [now.bytes for now in told] == sorted({now.bytes for now in told})
    assert told[-1] == Progress(SIZE, SIZE, told[-1].rate, "a.bin")
    assert left_in(tmp_path) == ["a.bin"]


async def test_a_download_that_gets_on_each_time_goes_on_however_often_it_breaks(tmp_path: Path) -> None:
    storage = Storage(*[Turn(stop_at=100_000)] * 29)
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert storage.ranges == [None, *(f"bytes={start}-" for start in range(100_000, SIZE, 100_000))]


async def test_a_download_that_gets_no_further_is_given_up(tmp_path: Path) -> None:
    storage = Storage(Turn(stop_at=HALF), *[Turn(stop_at=0)] * 9)
    with pytest.raises(FileTransferError, match="the connection broke") as caught:
        await storage.client().files.download(URL, tmp_path / "a.bin")
    assert len(storage.asked) == 3
    assert "kept in" in caught.value.__notes__[0]
    assert left_in(tmp_path) == ["a.bin.part", "a.bin.part.json"]


async def test_the_next_call_goes_on_where_one_ended(tmp_path: Path) -> None:
    storage, have = await interrupted(tmp_path, Turn(stop_at=HALF))
    assert have == HALF
    await storage.client().files.download("https://s.test/a.bin?X-Signature=FRESH", tmp_path / "a.bin")
    assert storage.ranges == ["bytes=1500000-"]
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert left_in(tmp_path) == ["a.bin"]


async def test_a_cancelled_download_goes_on_later(tmp_path: Path) -> None:
    storage = Storage(Turn(seconds=1))
    with anyio.move_on_after(30) as scope:
        await storage.client().files.download(URL, tmp_path / "a.bin", min_rate=0)
    assert scope.cancelled_caught
    have = (tmp_path / "a.bin.part").stat().st_size
    assert 1_000_000 < have < HALF + 50_001
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == [None, f"bytes={have}-"]
    assert (tmp_path / "a.bin").read_bytes() == BODY


async def test_what_is_there_whole_is_only_confirmed(tmp_path: Path) -> None:
    """As after a kill between the last byte and the renaming."""
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF))
    (tmp_path / "a.bin.part").write_bytes(BODY)
    told: list[Progress] = []
    await storage.client().files.download(URL, tmp_path / "a.bin", on_progress=told.append)
    assert [asked.get("if-none-match") for asked in storage.asked] == ['"1"']
    assert storage.ranges == [None]
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert [(now.bytes, now.total) for now in told] == [(SIZE, SIZE)]


async def test_an_answer_with_less_than_asked_for_is_gone_on_from(tmp_path: Path) -> None:
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF))
    first = {"content-range": f"bytes {HALF}-{HALF + 99}/{SIZE}", "content-length": "100"}
    server = Scripted(
        Reply(206, BODY[HALF : HALF + 100], {**first, "etag": '"1"'}),
        Reply(206, BODY[HALF + 100 :], {"content-range": f"bytes {HALF + 100}-{SIZE - 1}/{SIZE}", "etag": '"1"'}),
    )
    await server.client().files.download(URL, tmp_path / "a.bin")
    assert [asked.headers["range"] for asked in server.asked] == ["bytes=1500000-", "bytes=1500100-"]
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert storage.asked == []


# -- starting over ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ignores", ["range", "range if-range"])
async def test_a_server_that_ignores_ranges_is_read_from_the_start(tmp_path: Path, ignores: str) -> None:
    storage = Storage(Turn(stop_at=HALF), Turn(ignores=ignores))
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert len(storage.asked) == 2


@pytest.mark.parametrize(
    ("ignores", "requests"),
    [
        ("", 1),  # If-Range does its work
        ("if-range", 2),  # only the ETag of the answer tells
    ],
)
@pytest.mark.parametrize("size", [SIZE, 2_000_000, 1_000, 0])
async def test_a_file_that_changed_in_between_is_read_from_the_start(
    tmp_path: Path, ignores: str, requests: int, size: int
) -> None:
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF))
    storage.body, storage.etag = BODY[::-1][:size], '"2"'
    storage.turns = [Turn(ignores=ignores)]
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == BODY[::-1][:size]
    assert len(storage.asked) == requests
    assert left_in(tmp_path) == ["a.bin"]


async def test_a_file_that_changes_while_it_comes_is_read_from_the_start(tmp_path: Path) -> None:
    class Changing(Storage):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if len(self.asked) == 1:
                self.body, self.etag = BODY[::-1], '"2"'
            await super().__call__(scope, receive, send)

    storage = Changing(Turn(stop_at=HALF))
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == BODY[::-1]
    assert len(storage.asked) == 2


@pytest.mark.parametrize("etag", [None, 'W/"1"'])
async def test_without_a_strong_etag_nothing_is_gone_on_from_or_kept(tmp_path: Path, etag: str | None) -> None:
    storage = Storage(Turn(stop_at=HALF), Turn(), etag=etag)
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == [None, None]
    assert (tmp_path / "a.bin").read_bytes() == BODY
    storage = Storage(*[Turn(stop_at=HALF)] * 3, etag=etag)
    with pytest.raises(FileTransferError) as caught:
        await storage.client().files.download(URL, tmp_path / "b.bin")
    assert len(storage.asked) == 3
    assert not hasattr(caught.value, "__notes__")
    assert left_in(tmp_path) == ["a.bin"]


@pytest.mark.parametrize(
    ("note", "content"),
    [
        (None, BODY[:HALF]),
        ("", BODY[:HALF]),
        ("no json", BODY[:HALF]),
        ("[]", BODY[:HALF]),
        ('{"source": "url ?"}', BODY[:HALF]),
        ({"etag": 1}, BODY[:HALF]),
        ({"etag": 'W/"1"'}, BODY[:HALF]),
        ({"etag": '"1"\r\nx: y'}, BODY[:HALF]),
        ({"source": "file vg_file_1"}, BODY[:HALF]),
        ({"total": 7}, BODY[:HALF]),
        ({}, b""),
        ({}, BODY + b"more"),
    ],
)
async def test_what_is_there_counts_only_with_a_note_that_says_what_it_is(
    tmp_path: Path, note: Any, content: bytes
) -> None:
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF))
    path = tmp_path / "a.bin.part.json"
    right = json.loads(path.read_text())
    assert set(right) == {"source", "etag", "total"}
    assert "SECRET" not in path.read_text()
    path.unlink()
    if note is not None:
        path.write_text(note if isinstance(note, str) else json.dumps({**right, **note}))
    (tmp_path / "a.bin.part").write_bytes(content)
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == [None]
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert left_in(tmp_path) == ["a.bin"]


async def test_a_total_that_is_not_known_is_no_hindrance(tmp_path: Path) -> None:
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF, headers={"content-length": ""}))
    assert json.loads((tmp_path / "a.bin.part.json").read_text())["total"] is None
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == ["bytes=1500000-"]
    assert (tmp_path / "a.bin").read_bytes() == BODY


async def test_bytes_of_another_file_are_not_gone_on_from(tmp_path: Path) -> None:
    """Two files may have the same ETag: it names versions of one."""
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF), source=FileId("vg_file_1"))
    storage.body = BODY[::-1]
    await storage.client().files.download(FileId("vg_file_2"), tmp_path / "a.bin")
    assert storage.ranges == [None]
    assert (tmp_path / "a.bin").read_bytes() == BODY[::-1]


# -- lies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"content-length": str(SIZE + 5)}, "the connection broke|3000000 of 3000005 bytes arrived"),
        ({"content-encoding": "gzip"}, "storage answered 200 encoded as gzip"),
    ],
)
async def test_a_server_that_lies_is_given_up(tmp_path: Path, headers: dict[str, str], message: str) -> None:
    (tmp_path / "a.bin").write_bytes(b"old")
    storage = Storage(*[Turn(headers=headers, ignores="range")] * 9)
    with pytest.raises(FileTransferError, match=message):
        await storage.client().files.download(URL, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == b"old"


async def test_a_range_that_begins_elsewhere_is_not_taken(tmp_path: Path) -> None:
    wrong = {"content-range": f"bytes 7-{SIZE - 1}/{SIZE}"}
    storage = Storage(Turn(stop_at=HALF), Turn(headers=wrong))
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == [None, "bytes=1500000-", None]
    assert (tmp_path / "a.bin").read_bytes() == BODY


async def test_the_digest_is_checked_where_it_is_given(tmp_path: Path) -> None:
    right = hashlib.sha256(BODY).hexdigest()
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF))
    await storage.client().files.download(URL, tmp_path / "a.bin", sha256=right.upper())
    assert (tmp_path / "a.bin").read_bytes() == BODY
    storage = Storage(body=BODY * 6)
    with pytest.raises(FileTransferError, match=f"the SHA-256 is [0-9a-f]{{64}}, expected {right}"):
        await storage.client().files.download(URL, tmp_path / "b.bin", sha256=right)
    assert left_in(tmp_path) == ["a.bin"]
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        await storage.client().files.download(URL, tmp_path / "b.bin", sha256="abc")
    assert len(storage.asked) == 1


# -- URLs that expire -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_url_that_expires_half_way_is_signed_anew_and_gone_on_with(tmp_path: Path, status: int) -> None:
    storage = Storage(Turn(stop_at=HALF), Turn(status=status))
    info = models.FileInfo.from_dict({"fileId": "vg_file_1", "scope": "GLOBAL", "downloadUrl": URL})
    await storage.client().files.download(info, tmp_path / "a.bin")
    assert storage.paths == ["/a.bin", "/a.bin", "/v1/files/vg_file_1/hydrate", "/signed.bin"]
    assert storage.ranges == [None, "bytes=1500000-", "bytes=1500000-"]
    assert (tmp_path / "a.bin").read_bytes() == BODY


async def test_a_bare_url_that_expires_half_way_is_an_error_and_a_fresh_one_goes_on(tmp_path: Path) -> None:
    storage = Storage(Turn(stop_at=HALF), Turn(status=403))
    with pytest.raises(FileTransferError, match="storage answered 403; ask for a fresh URL") as caught:
        await storage.client().files.download(URL, tmp_path / "a.bin")
    assert caught.value.status == 403
    assert left_in(tmp_path) == ["a.bin.part", "a.bin.part.json"]
    await storage.client().files.download(URL.replace("SECRET", "FRESH"), tmp_path / "a.bin")
    assert storage.ranges[-1] == "bytes=1500000-"
    assert (tmp_path / "a.bin").read_bytes() == BODY


async def test_the_sandboxes_own_urls_expire_half_way_and_the_download_goes_on(
    inside: InProcess, tmp_path: Path
) -> None:
    png = b"\x89PNG\r\n\x1a\n" + BODY
    info = await inside.vg.files.upload(png, display_name="a.png")
    asked: list[str | None] = []

    async def note(request: Any) -> None:
        asked.append(request.headers.get("range"))
        if len(asked) == 2:
            inside.sandbox.jump_clock(8 * 24 * 3600)

    inside.http.event_hooks["request"].append(note)
    inside.sandbox.add_fault(FaultRule("storageGet", Reset(after_bytes=HALF), times=1))
    await inside.vg.files.download(info, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == png
    assert asked == [None, f"bytes={HALF}-", None, f"bytes={HALF}-"]
    assert [status for _, name, status in inside.sandbox.requests if name == "storageGet"] == [200, 403, 206]


# -- waiting ----------------------------------------------------------------------------------------------------


async def test_retry_after_is_obeyed_up_to_its_cap(tmp_path: Path) -> None:
    storage = Storage(Turn(status=503, headers={"retry-after": "37"}))
    began = anyio.current_time()
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert 37 <= anyio.current_time() - began < 38
    storage = Storage(Turn(status=429, headers={"retry-after": "3600"}))
    began = anyio.current_time()
    with pytest.raises(FileTransferError, match="storage answered 429"):
        await storage.client().files.download(URL, tmp_path / "b.bin")
    assert anyio.current_time() - began < 1
    assert len(storage.asked) == 1


@pytest.mark.parametrize(
    ("turn", "requests"),
    [
        (Turn(status=429, body=b'{"code": "insufficient_credits"}'), 1),  # no waiting helps
        (Turn(status=429, body=b'{"code": "rate_limited"}'), 3),
        (Turn(status=429, body=b'{"code": "insufficient_credits"}', stop_at=0), 3),  # nobody knows
    ],
)
async def test_why_storage_refuses_is_looked_at(tmp_path: Path, turn: Turn, requests: int) -> None:
    storage = Storage(turn, turn, turn)
    with pytest.raises(FileTransferError, match="storage answered 429"):
        await storage.client().files.download(URL, tmp_path / "a.bin")
    assert len(storage.asked) == requests


async def test_a_download_that_stalls_goes_on_over_another_connection(tmp_path: Path) -> None:
    storage = Storage(Turn(stall_at=HALF))
    began = anyio.current_time()
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == [None, "bytes=1500000-"]
    assert (tmp_path / "a.bin").read_bytes() == BODY
    assert 29 < anyio.current_time() - began < 40


async def test_a_trickle_is_a_stall_and_a_slow_download_is_none(tmp_path: Path) -> None:
    slow = Storage(Turn(seconds=5))  # 10,000 bytes a second
    await slow.client().files.download(URL, tmp_path / "a.bin")
    assert len(slow.asked) == 1
    assert (tmp_path / "a.bin").read_bytes() == BODY
    trickle = Storage(*[Turn(seconds=5)] * 3, etag=None)  # so that no try gets further than another
    with pytest.raises(FileTransferError, match=r"slower than 12000 bytes/s for 30 s; ask for a fresh URL"):
        await trickle.client().files.download(URL, tmp_path / "b.bin", min_rate=12_000)
    assert len(trickle.asked) == 3


async def test_time_of_our_own_is_no_stall(tmp_path: Path) -> None:
    async def think(_now: Progress) -> None:
        await anyio.sleep(100)

    storage = Storage()
    await storage.client().files.download(URL, tmp_path / "a.bin", on_progress=think)
    assert len(storage.asked) == 1
    assert (tmp_path / "a.bin").read_bytes() == BODY


async def test_without_a_rate_the_network_alone_says_what_is_broken(tmp_path: Path) -> None:
    storage = Storage(Turn(stall_at=HALF))
    began = anyio.current_time()
    await storage.client().files.download(URL, tmp_path / "a.bin", min_rate=0)
    assert 59 < anyio.current_time() - began < 70  # a minute without a byte
    assert (tmp_path / "a.bin").read_bytes() == BODY


# -- the disk ---------------------------------------------------------------------------------------------------


async def test_existing_files_are_replaced_skipped_or_a_failure(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    storage = Storage()
    files = storage.client().files
    assert await files.download(URL, target, if_exists="skip") == target
    with pytest.raises(FileExistsError, match="pass if_exists='replace' or 'skip', or another path"):
        await files.download(URL, target, if_exists="fail")
    assert storage.asked == []
    assert target.read_bytes() == b"old"
    await files.download(URL, target)
    assert target.read_bytes() == BODY
    for number, how in enumerate(("skip", "fail")):
        await files.download(URL, tmp_path / str(number), if_exists=how)
        assert (tmp_path / str(number)).read_bytes() == BODY
    assert left_in(tmp_path) == ["0", "1", "a.bin"]


@pytest.mark.parametrize("links", [True, False])
async def test_what_appears_meanwhile_is_not_overwritten_unless_it_shall_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    target = tmp_path / "a.bin"

    def no_links(_source: object, _target: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    files = Storage().client().files

    def appear(_now: Progress) -> None:
        target.write_bytes(b"theirs")

    assert await files.download(URL, target, if_exists="skip", on_progress=appear) == target
    assert target.read_bytes() == b"theirs"
    assert left_in(tmp_path) == ["a.bin"]
    target.unlink()
    with pytest.raises(FileExistsError, match="it appeared meanwhile"):
        await files.download(URL, target, if_exists="fail", on_progress=appear)
    assert target.read_bytes() == b"theirs"
    target.unlink()
    await files.download(URL, target, if_exists="fail")
    assert target.read_bytes() == BODY
    assert left_in(tmp_path) == ["a.bin"]


@contextmanager
def small_disk(folder: Path) -> Generator[None]:
    """Let files grow to a mebibyte only, on a file system of that size where one can be mounted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    if mounted.returncode:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        if not mounted.returncode:
            subprocess.run(["umount", folder], check=True)


async def test_a_full_disk_is_an_os_error_and_nothing_is_half_written(tmp_path: Path) -> None:
    storage = Storage()
    with small_disk(tmp_path):
        (tmp_path / "a.bin").write_bytes(b"old")
        with pytest.raises(OSError, match=r"No space left|File too large") as caught:
            await storage.client().files.download(URL, tmp_path / "a.bin")
        assert caught.value.errno in (errno.ENOSPC, errno.EFBIG)
        assert (tmp_path / "a.bin").read_bytes() == b"old"
        assert left_in(tmp_path) == ["a.bin", "a.bin.part", "a.bin.part.json"]
        part = (tmp_path / "a.bin.part").read_bytes()
        assert part == BODY[: len(part)]
        (tmp_path / "full").write_bytes(b"")


async def test_a_full_disk_that_has_room_again_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    room = [1_200_000]

    def limited(file: int, data: bytes) -> int:
        if len(data) < 1000:
            return write(file, data)
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = min(room[0], len(data))
        room[0] -= taken
        return write(file, data[:taken])

    monkeypatch.setattr(os, "write", limited)
    storage = Storage()
    with pytest.raises(OSError, match="No space left"):
        await storage.client().files.download(URL, tmp_path / "a.bin")
    room[0] = SIZE
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == [None, "bytes=1200000-"]
    assert (tmp_path / "a.bin").read_bytes() == BODY


async def test_a_target_that_cannot_be_written_is_an_os_error_before_anything_is_asked() -> None:
    storage = Storage()
    with pytest.raises(OSError, match=r"\[Errno"):
        await storage.client().files.download(URL, "/sys/kernel/a.bin")
    assert storage.asked == []


async def test_a_folder_that_vanishes_is_an_os_error_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    def vanish(_now: Progress) -> None:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

    with pytest.raises(OSError, match="No such file or directory") as caught:
        await Storage(body=BODY[:1000]).client().files.download(URL, folder / "a.bin", on_progress=vanish)
    assert not hasattr(caught.value, "__notes__")
    assert left_in(tmp_path) == []


async def test_a_link_in_the_place_of_the_note_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "a.bin.part.json").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic links"):
        await Storage().client().files.download(URL, tmp_path / "a.bin")
    assert (tmp_path / "precious").read_bytes() == b"precious"


async def test_a_note_that_never_answers_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.bin.part.json")
    (tmp_path / "a.bin.part").write_bytes(b"something")
    with pytest.raises(OSError, match="No such device"):
        await Storage().client().files.download(URL, tmp_path / "a.bin")
    assert left_in(tmp_path) == []


async def test_a_name_as_long_as_names_can_be_is_downloaded(tmp_path: Path) -> None:
    name = "a" * 251 + ".bin"
    storage = Storage(Turn(stop_at=HALF), Turn(status=400))
    with pytest.raises(FileTransferError):
        await storage.client().files.download(URL, tmp_path / name)
    assert len(left_in(tmp_path)) == 2
    await storage.client().files.download(URL, tmp_path / name)
    assert storage.ranges[-1] == "bytes=1500000-"
    assert left_in(tmp_path) == [name]


async def test_a_system_without_flock_takes_files_up_again_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "fcntl", None)
    storage, _ = await interrupted(tmp_path, Turn(stop_at=HALF))
    await storage.client().files.download(URL, tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == BODY
    (tmp_path / "folder").mkdir()

    def vanish(_now: Progress) -> None:
        (tmp_path / "b.bin").mkdir(exist_ok=True)

    with pytest.raises(OSError, match="directory"):
        await storage.client().files.download(URL, tmp_path / "b.bin", on_progress=vanish)


async def test_two_downloads_of_one_target_do_not_disturb_each_other(tmp_path: Path) -> None:
    storage = Storage(Turn(seconds=0.1))
    files = storage.client().files
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(files.download, URL, tmp_path / "a.bin")
        await anyio.sleep(2)
        with pytest.raises(FileTransferError, match=r"a\.bin\.part is being written by another download; wait for it"):
            await files.download(URL, tmp_path / "a.bin")
    assert storage.ranges == [None]
    assert (tmp_path / "a.bin").read_bytes() == BODY


# -- what is told -----------------------------------------------------------------------------------------------


async def test_a_transfer_tells_of_itself(tmp_path: Path) -> None:
    records: list[Record] = []

    def of(storage: Storage) -> Any:
        return storage.client(telemetry=records.append).files

    await of(Storage(Turn(stop_at=HALF))).download(FileId("vg_file_1"), tmp_path / "a.bin")
    with pytest.raises(FileTransferError):
        await of(Storage(Turn(status=400))).download(URL, tmp_path / "b.bin")
    with anyio.move_on_after(5):
        await of(Storage(Turn(seconds=1))).download(URL, tmp_path / "c.bin")
    told = [record for record in records if isinstance(record, Transfer)]
    assert [(one.direction, one.file_id, one.outcome) for one in told] == [
        ("download", "vg_file_1", "done"),
        ("download", None, "error"),
        ("download", None, "abandoned"),
    ]
    assert told[0].bytes == SIZE
    assert told[2].seconds == pytest.approx(5, abs=0.1)
    assert SIGNED not in repr(told)
