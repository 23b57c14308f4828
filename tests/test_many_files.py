"""Several files at once: bounded, in order, and all of them inside the folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from aiovideogen import FileId, FileTransferError, NotFoundError, Progress, VideoGen, models
from aiovideogen.sandbox import Sandbox, VirtualTime, in_process

from .storage import BODY, Storage, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import InProcess

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def info(file_id: str, name: str | None = None, url: str | None = "https://s.test/download.bin?X=1") -> models.FileInfo:
    data = {"fileId": file_id, "scope": "GLOBAL", "displayName": name, "downloadUrl": url}
    return models.FileInfo.from_dict({key: value for key, value in data.items() if value is not None})


class Busy(Storage):
    """A storage that takes a second for each file, and counts how many are under way."""

    def __init__(self) -> None:
        super().__init__(body=b"abc")
        self.busy = self.most = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.busy += 1
        self.most = max(self.most, self.busy)
        await anyio.sleep(1)
        await super().__call__(scope, receive, send)
        self.busy -= 1


# -- up ---------------------------------------------------------------------------------------------------------


async def test_many_files_go_up_a_few_at_a_time_and_come_back_in_order(inside: InProcess, tmp_path: Path) -> None:
    taken: list[str] = []
    told: list[Progress] = []

    def paths() -> Iterator[Path]:
        for number in range(10):
            path = tmp_path / f"{number}.txt"
            path.write_bytes(b"text" * (10 - number))
            taken.append(path.name)
            yield path

    async def note(now: Progress) -> None:
        told.append(now)
        assert len(taken) <= len({one.name for one in told}) + 3
        await anyio.lowlevel.checkpoint()

    infos = await inside.vg.files.upload_all(paths(), concurrency=3, on_progress=note, is_temporary=True)
    assert [one.display_name for one in infos] == [f"{number}.txt" for number in range(10)]
    assert {one.scope for one in infos} == {"TEMPORARY"}
    assert {now.name for now in told} == set(taken)


async def test_readiness_of_many_is_waited_for_within_the_hourly_limit_of_looks(
    virtual: VirtualTime, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_bytes(b"Stay hydrated.")
    sandbox = Sandbox(clock=virtual.clock, file_seconds=600)
    sandbox.set_rate_limits(scale=0.1)
    async with httpx.AsyncClient(transport=in_process(sandbox)) as http:
        vg = VideoGen(api_key=sandbox.key, base_url="http://127.0.0.1:1", http_client=http)
        infos = await vg.files.upload_all([note] * 20, concurrency=10, timeout=7200)
        assert len({one.file_id for one in infos}) == 20
        assert all(one.download_url for one in infos)
    assert 429 not in {status for _, _, status in sandbox.requests}


async def test_the_first_failure_ends_the_rest_or_stands_in_its_place(inside: InProcess, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    sources = [path, tmp_path / "none", path]
    with pytest.raises(FileNotFoundError):
        await inside.vg.files.upload_all(sources, concurrency=1)
    assert inside.sandbox.counts["createFileUpload"] == 1
    first, second, third = await inside.vg.files.upload_all(sources, return_exceptions=True)
    assert isinstance(second, FileNotFoundError)
    assert isinstance(first, models.FileInfo)
    assert isinstance(third, models.FileInfo)


async def test_a_source_of_sources_that_fails_is_its_own_error(inside: InProcess) -> None:
    def sources() -> Iterator[Path]:
        yield Path(__file__)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await inside.vg.files.upload_all(sources(), concurrency=1)
    with pytest.raises(ValueError, match="concurrency: expected 1 or more, got 0"):
        await inside.vg.files.upload_all([], concurrency=0)
    assert await inside.vg.files.upload_all([]) == []


# -- down -------------------------------------------------------------------------------------------------------


async def test_all_results_of_a_job_are_saved_under_names_of_their_own(inside: InProcess, tmp_path: Path) -> None:
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="A harbour", num_results=3))
    hydrated = inside.sandbox.counts["hydrateFile"]
    paths = await inside.vg.files.download_all(done, tmp_path / "new" / "folder")
    assert [path.parent for path in paths] == [tmp_path / "new" / "folder"] * 3
    assert sorted(path.name for path in paths) == left_in(tmp_path / "new" / "folder")
    assert {path.suffix for path in paths} == {".png"}
    for path, result in zip(paths, done.results, strict=True):
        assert path.read_bytes() == await inside.vg.files.read(result)
    assert inside.sandbox.counts["hydrateFile"] == hydrated
    again = await inside.vg.files.download_all(done, tmp_path / "new" / "folder", if_exists="skip")
    assert again == paths


async def test_ids_runs_urls_and_jobs_may_be_mixed(inside: InProcess, tmp_path: Path) -> None:
    vg = inside.vg
    stock = models.WorkflowVisualStyle(type="STOCK")
    run = await vg.wait_for(vg.workflows.script_to_video(script="x", visual_style=stock, auto_export=True))
    image = await vg.wait_for(vg.tools.generate_image(prompt="x", num_results=2))
    note = await vg.files.upload(b"text", display_name="My note.txt")
    url = image.results[0].download_url
    assert url is not None
    paths = await vg.files.download_all([run, image, note.file_id, url], tmp_path)
    assert len(paths) == 5
    assert len(set(paths)) == 5
    assert paths[0].suffix == ".mp4"
    assert paths[3].name == "My note.txt"
    assert paths[3].read_bytes() == b"text"
    assert paths[4].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "../../outside",
        "/etc/passwd",
        "..\\..\\outside",
        "C:\\outside",
        "nul\0byte",
        "NUL",
        "a" * 300,
        "ü" * 300,
        "..",
        "trailing. ",
        "",
        None,
    ],
)
async def test_whatever_a_file_is_called_it_lands_inside_the_folder(tmp_path: Path, name: str | None) -> None:
    folder = tmp_path / "deep" / "folder"
    storage = Storage(body=b"abc")
    files = [info("vg_file_1", name), info("vg_file_2", name), info("vg_file_3", name and name.upper())]
    paths = await storage.client().files.download_all(files, folder)
    assert len({path.name.casefold() for path in paths}) == 3
    assert [path.read_bytes() for path in paths] == [b"abc"] * 3
    assert left_in(tmp_path) == ["deep"]
    assert left_in(tmp_path / "deep") == ["folder"]
    assert sorted(path.name for path in paths) == left_in(folder)
    assert {path.suffix for path in paths} == {".bin"}


async def test_a_link_in_the_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "folder" / "Clip.bin").symlink_to(tmp_path / "precious")
    paths = await Storage(body=b"abc").client().files.download_all(info("vg_file_1", "Clip"), tmp_path / "folder")
    assert paths[0].read_bytes() == b"abc"
    assert not paths[0].is_symlink()
    assert (tmp_path / "precious").read_bytes() == b"precious"


async def test_the_same_call_goes_on_where_an_earlier_one_ended(tmp_path: Path) -> None:
    storage = Storage(Turn(stop_at=1_500_000), Turn(status=400))
    files = storage.client().files
    sources = [info("vg_file_1", "Clip"), info("vg_file_2", "Clip")]
    with pytest.raises(FileTransferError):
        await files.download_all(sources, tmp_path, concurrency=1)
    assert left_in(tmp_path) == ["Clip.bin.part", "Clip.bin.part.json"]
    paths = await files.download_all(sources, tmp_path, concurrency=1)
    assert [path.name for path in paths] == ["Clip.bin", "Clip (2).bin"]
    assert [path.read_bytes() for path in paths] == [BODY, BODY]
    assert storage.ranges == [None, *["bytes=1500000-"] * 2, None]


async def test_a_few_come_down_at_a_time(tmp_path: Path) -> None:
    storage = Busy()
    names = [FileId(f"vg_file_{number}") for number in range(10)]
    told: set[str | None] = set()
    files = storage.client().files
    paths = await files.download_all(names, tmp_path, concurrency=3, on_progress=lambda now: told.add(now.name))
    assert storage.most == 3
    assert [path.name for path in paths] == [f"Clip {number}.bin" for number in range(10)]
    assert told == {path.name for path in paths}


async def test_a_file_that_cannot_be_had_ends_the_rest_or_stands_in_its_place(
    inside: InProcess, tmp_path: Path
) -> None:
    note = await inside.vg.files.upload(b"text", display_name="note.txt")
    sources = [note, FileId("vg_file_none"), note]
    with pytest.raises(NotFoundError):
        await inside.vg.files.download_all(sources, tmp_path)
    first, second, third = await inside.vg.files.download_all(sources, tmp_path, return_exceptions=True)
    assert isinstance(second, NotFoundError)
    assert (first, third) == (tmp_path / "note.txt", tmp_path / "note (2).txt")


async def test_a_job_without_results_stands_in_its_place(inside: InProcess, tmp_path: Path) -> None:
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x", num_results=2))
    failed = models.ExecutedTool.from_dict({"toolExecutionId": "x", "results": []})
    sources = [done, failed, done.results[0]]
    first, second, third, fourth = await inside.vg.files.download_all(sources, tmp_path, return_exceptions=True)
    assert isinstance(third, ValueError)
    assert "ExecutedTool has 0 results; wait for it first" in str(third)
    assert {first, second, fourth} == {tmp_path / name for name in left_in(tmp_path)}
    (alone,) = await inside.vg.files.download_all(failed, tmp_path, return_exceptions=True)
    assert isinstance(alone, ValueError)


async def test_what_has_no_bytes_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    storage = Storage()
    running = models.ExecutedTool.from_dict({"toolExecutionId": "x"})
    for source in (running, [running]):
        with pytest.raises(ValueError, match="ExecutedTool has 0 results; wait for it first"):
            await storage.client().files.download_all(source, tmp_path)
    wrong: Any = 7
    with pytest.raises(TypeError, match="expected a file id, a URL or a result, got int"):
        await storage.client().files.download_all(wrong, tmp_path)
    assert storage.paths == []
    assert await storage.client().files.download_all([], tmp_path) == []
