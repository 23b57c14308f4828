"""`vg.files` over a real socket: the generated operations, and whole uploads and downloads on top of them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from aiovideogen import FileTransferError, JobFailedError, VideoGen, models
from aiovideogen._files import Files
from aiovideogen._generated.api.files import Files as FileOperations

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(3_000_000)


def test_what_is_written_by_hand_hides_no_operation() -> None:
    own = {name for name in vars(Files) if not name.startswith("_")}
    assert own == {"upload", "upload_all", "download", "download_all", "stream", "read", "publish"}
    assert not own & vars(FileOperations).keys()


def test_every_option_of_an_upload_is_a_keyword() -> None:
    _, source, *options = inspect.signature(Files.upload).parameters.values()
    assert source.name == "source"
    assert {option.kind for option in options} == {inspect.Parameter.KEYWORD_ONLY}


async def test_what_goes_up_comes_down_again(served: Any, vg: VideoGen, tmp_path: Path) -> None:
    (tmp_path / "up.png").write_bytes(PNG)
    info = await vg.files.upload(tmp_path / "up.png", display_name="picture", timeout=30)
    assert (info.display_name, info.type) == ("picture", "IMAGE")
    path = await vg.files.download(info, tmp_path / "down.png")
    assert path.read_bytes() == PNG
    listed = [file.file_id async for file in vg.files.get_files()]
    assert info.file_id in listed
    assert served.sandbox.leaks == 0


async def test_a_stream_goes_up_over_a_real_socket(vg: VideoGen, tmp_path: Path) -> None:
    async def source() -> AsyncIterator[bytes]:
        for start in range(0, len(PNG), 100_000):
            yield PNG[start : start + 100_000]
            await anyio.lowlevel.checkpoint()

    info = await vg.files.upload(source(), length=len(PNG), display_name="a.png")
    assert (await vg.files.download(info.file_id, tmp_path / "a")).read_bytes() == PNG


async def test_a_put_that_is_refused_before_its_end_is_an_error(served: Any, vg: VideoGen) -> None:
    served.sandbox.fail_next("storagePut", status=403, body="<Error>expired</Error>")
    with pytest.raises(FileTransferError, match="403: <Error>expired</Error>") as caught:
        await vg.files.upload(PNG, display_name="a.png")
    assert caught.value.file_id


async def test_a_file_with_a_transcript_keeps_it(vg: VideoGen) -> None:
    word = models.TranscriptWord(start_seconds=0, end_seconds=1, word="hello")
    wav = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100)
    info = await vg.files.upload(
        wav,
        display_name="a.wav",
        type="AUDIO",
        transcript=models.Transcript(words=[word]),
        is_temporary=True,
        wait=False,
    )
    assert info.transcript is not None
    assert info.transcript.words == [word]
    assert info.scope == "TEMPORARY"


async def test_a_file_that_the_server_cannot_read_is_a_failed_job(vg: VideoGen) -> None:
    with pytest.raises(JobFailedError) as caught:
        await vg.files.upload(b"", display_name="nothing.png")
    assert caught.value.id.startswith("vg_file_")
    assert caught.value.snapshot.file_id == caught.value.id


async def test_a_published_file_can_be_read_by_anyone_until_it_is_withdrawn(vg: VideoGen, tmp_path: Path) -> None:
    info = await vg.files.upload(PNG, display_name="a.png")
    published = await vg.files.publish(info.file_id, timeout=30)
    source = published.static_public_preview_source
    assert source is not None
    assert source.url is not None
    assert source.expires_at is None
    assert (await vg.files.download(source.url, tmp_path / "a")).read_bytes() == PNG
    await vg.files.disable_public_preview(info.file_id)
    with pytest.raises(FileTransferError, match="404"):
        await vg.files.download(source.url, tmp_path / "b")
