"""A call may be cancelled at any moment: nothing is left behind, the client goes on, and no id of a start is lost.

Every call is first made once to count the moments at which it waits, in its own task and in httpx; then it is made
again for each of them, and cancelled there.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import io
import json
import os
import threading
import time
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

import anyio
import anyio.from_thread
import anyio.lowlevel
import attrs
import pytest

from aiovideogen import Accepted, FileId, Progress, ToolExecutionId, VideoGen
from aiovideogen._transport import CALLS as OVER_CALLS
from aiovideogen._transport import HttpTransport
from aiovideogen.sandbox import Sandbox

from .conftest import Reply, Scripted
from .storage import BODY, URL, Storage
from .wire import Network

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

    import httpx

    from aiovideogen.sandbox import VirtualTime

pytestmark = pytest.mark.anyio

How = Literal["scope", "task"]
"""Cancelled by a scope around the call, or as asyncio's own tools do it: the whole task, through every shield."""

OWN = ("tests.wire.", "aiovideogen.sandbox.")
"""Where tasks of the server's come from."""


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


@pytest.fixture(params=["scope", "task"])
def how(request: pytest.FixtureRequest, anyio_backend: tuple[str, dict[str, Any]]) -> How:
    if request.param == "task" and anyio_backend[0] == "trio":
        pytest.skip("trio has scopes only")
    return request.param


@attrs.define
class Life:
    """A sandbox, a client of it, and what became known of starts."""

    sandbox: Sandbox
    vg: VideoGen
    network: Network
    folder: Path
    told: list[str]
    returned: list[str]
    file_id: FileId
    job_id: ToolExecutionId
    ended_id: ToolExecutionId

    def lost(self) -> list[str]:
        """Return the ids that an intact connection brought and that reached nobody."""
        given = [json.loads(body) for status, body in self.network.delivered if status == 202]
        ids = [str(answer.get("toolExecutionId") or answer.get("projectExportId") or "") for answer in given]
        return sorted({*filter(None, ids)} - {*self.told} - {*self.returned})

    def unknown(self) -> int:
        """Return how many starts the server has accepted and nobody was told of."""
        return self.sandbox.counts["generateImage"] - len(
            {one for one in (*self.told, *self.returned) if one.startswith("vg_tool_")}
        )


@pytest.fixture
async def life(virtual: VirtualTime, tmp_path: Path) -> AsyncIterator[Life]:
    async with living(virtual, tmp_path) as life:
        yield life


@pytest.fixture
async def own_life(virtual: VirtualTime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Life]:
    """A life whose connections are the SDK's own."""
    networks: list[Network] = []

    async def new(self: HttpTransport, use: int) -> httpx.AsyncClient | httpx.AsyncHTTPTransport:
        made = networks[0].transport() if use == OVER_CALLS else networks[0].client()
        self._own.add(made)  # pyright: ignore[reportPrivateUsage]
        return made

    monkeypatch.setattr(HttpTransport, "_new", new)
    async with living(virtual, tmp_path, networks) as life:
        yield life
        await life.vg.aclose()


@asynccontextmanager
async def living(virtual: VirtualTime, tmp_path: Path, networks: list[Network] | None = None) -> AsyncGenerator[Life]:
    sandbox = Sandbox(job_seconds=3, clock=virtual.clock, seed=1, rate_limits=False)
    told: list[str] = []
    (tmp_path / "source.bin").write_bytes(os.urandom(300_000))
    async with Network(sandbox) as network, network.client() as http:
        if networks is not None:
            networks.append(network)
        vg = VideoGen(
            api_key=sandbox.key,
            base_url="https://127.0.0.1",
            http_client=http if networks is None else None,
            on_accepted=lambda accepted: told.append(accepted.id),
        )
        file = await vg.files.upload(tmp_path / "source.bin", display_name="a.bin")
        ended = await vg.wait_for(vg.tools.generate_image(prompt="x"))
        started = await vg.tools.generate_image(prompt="x")
        yield Life(sandbox, vg, network, tmp_path, told, [], file.file_id, started.id, ended.tool_execution_id)


async def start(life: Life) -> None:
    accepted = await life.vg.tools.generate_image(prompt="x")
    life.returned.append(accepted.id)


async def start_and_wait(life: Life) -> None:
    done = await life.vg.wait_for(life.vg.tools.generate_image(prompt="x"))
    life.returned.append(done.tool_execution_id)


async def start_without_a_hook(life: Life) -> None:
    await life.vg.text.generate_text(prompt="x")


async def read(life: Life) -> None:
    await life.vg.account.get_me()


async def read_all_pages(life: Life) -> None:
    async for _ in life.vg.files.get_files(limit=1):
        pass


async def read_again_and_again(life: Life) -> None:
    life.sandbox.fail_next("getMe", times=2)
    try:
        await life.vg.account.get_me()
    finally:
        life.sandbox.clear_faults()


async def upload_bytes(life: Life) -> None:
    await life.vg.files.upload(bytes(200_000), display_name="b.bin")


async def upload_a_path(life: Life) -> None:
    await life.vg.files.upload(life.folder / "source.bin")


async def upload_a_file(life: Life) -> None:
    with (life.folder / "source.bin").open("rb") as file:
        await life.vg.files.upload(file, wait=False)


async def upload_a_stream(life: Life) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            await anyio.lowlevel.checkpoint()
            yield bytes(30_000)

    await life.vg.files.upload(chunks(), length=150_000, display_name="c.bin", wait=False)


async def download(life: Life) -> None:
    await life.vg.files.download(life.file_id, life.folder / "out.bin")


async def wait_for_one_that_ends(life: Life) -> None:
    await life.vg.wait_for(life.ended_id)


async def watch(life: Life) -> None:
    async with life.vg.watch(life.vg.tools.generate_image(prompt="x")) as states:
        async for state in states:
            life.returned.append(state.tool_execution_id)


CALLS: tuple[Callable[[Life], Awaitable[None]], ...] = (
    start,
    start_and_wait,
    start_without_a_hook,
    read,
    read_all_pages,
    read_again_and_again,
    upload_bytes,
    upload_a_path,
    upload_a_file,
    upload_a_stream,
    download,
    wait_for_one_that_ends,
    watch,
)


async def cancelled_at(life: Life, call: Callable[[Life], Awaitable[None]], moment: int, how: How) -> bool:
    """Make a call and cancel it at a moment; say whether it was cancelled rather than done."""
    moments = life.network.moments
    if how == "scope":
        with anyio.CancelScope() as scope:
            moments.begin(moment, scope.cancel)
            await moments.of(call(life))
        return scope.cancelled_caught

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        moments.begin(moment, task.cancel)
        await moments.of(call(life))

    task = asyncio.get_running_loop().create_task(main())
    with suppress(asyncio.CancelledError):
        await task
    return task.cancelled()


def descriptors() -> list[str]:
    """Return what files are open, the server's own aside."""
    found: list[str] = []
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found.append(os.readlink(f"/proc/self/fd/{name}"))
    return sorted(name for name in found if name.startswith("/") and "/videogen-sandbox-" not in name)


def tasks() -> set[int]:
    """Return the tasks that aren't the server's."""
    return {task.id for task in anyio.get_running_tasks() if not (task.name or "").startswith(OWN)}


@pytest.mark.parametrize("call", CALLS)
async def test_cancelled_at_every_moment(call: Callable[[Life], Awaitable[None]], how: How, life: Life) -> None:
    if how == "task" and call is download:
        pytest.skip("a body is read in the caller's task, where Task.cancel goes through httpx's shields: see below")
    await live_through(call, how, life)


@pytest.mark.parametrize("call", [download, upload_a_path, read, start])
async def test_cancelled_at_every_moment_with_clients_of_our_own(
    call: Callable[[Life], Awaitable[None]], how: How, own_life: Life
) -> None:
    """A client that was broken off is closed, whatever state its connection is in."""
    await live_through(call, how, own_life)


async def live_through(call: Callable[[Life], Awaitable[None]], how: How, life: Life) -> None:
    life.network.moments.begin()
    await life.network.moments.of(call(life))
    moments = life.network.moments.count
    assert moments > 2
    gc.collect()
    before = tasks(), descriptors()
    cancelled = 0
    for moment in range(1, moments + 1):
        began = anyio.current_time()
        cancelled += await cancelled_at(life, call, moment, how)
        assert anyio.current_time() - began < 60
        life.network.moments.begin()
        await anyio.wait_all_tasks_blocked()
        assert life.network.busy() == [], moment
        assert life.lost() == [], moment
        assert life.unknown() == 0, moment
        out = life.folder / "out.bin"
        assert not out.exists() or out.read_bytes() == (life.folder / "source.bin").read_bytes(), moment
        assert (tasks(), descriptors()) == before, moment
    assert cancelled > moments // 2
    async with anyio.create_task_group() as group:
        for _ in range(20):  # more than may be in httpx at once: every place is free again
            group.start_soon(life.vg.account.get_me)
    assert await life.vg.files.upload(b"x", display_name="x")
    if call is download:
        await call(life)
        assert not [*life.folder.glob("*.part*")]


@pytest.mark.parametrize("name", ["open", "write", "fsync"])
async def test_a_download_ends_no_sooner_than_its_thread(
    name: str, how: How, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the file is closed, and free for the next download, while the thread still writes to it."""
    real: Callable[..., Any] = getattr(os, name)
    target = tmp_path / "a.bin"
    cancels: list[Callable[[], object]] = []
    ended: list[str] = []

    def slow(what: Any, *args: Any) -> Any:
        path = str(what) if name == "open" else os.readlink(f"/proc/self/fd/{what}")
        last = name != "fsync" or os.fstat(what).st_size == len(BODY)
        if not (cancels and last and path.endswith(".part")):
            return real(what, *args)
        anyio.from_thread.run_sync(cancels.pop())
        time.sleep(0.01)
        ended.append(name)
        return real(what, *args)

    monkeypatch.setattr(os, name, slow)
    storage = Storage()
    before = descriptors()
    if how == "scope":
        with anyio.CancelScope() as scope:
            cancels.append(scope.cancel)
            await storage.client().files.download(URL, target)
    else:
        task = asyncio.get_running_loop().create_task(storage.client().files.download(URL, target))
        cancels.append(task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert ended == [name]
    assert descriptors() == before
    assert not target.exists() or target.read_bytes() == BODY
    await storage.client().files.download(URL, target)
    assert target.read_bytes() == BODY
    assert os.listdir(tmp_path) == ["a.bin"]


async def test_a_cancelled_download_that_cannot_be_tidied_away_is_cancelled(
    how: How, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancels: list[Callable[[], object]] = []

    def cancel(_now: Progress) -> None:
        monkeypatch.setattr(Path, "unlink", read_only)
        cancels.pop()()

    def read_only(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    download = partial(Storage(etag=None).client().files.download, URL, tmp_path / "a.bin", on_progress=cancel)
    if how == "scope":
        with anyio.CancelScope() as scope:
            cancels.append(scope.cancel)
            await download()
        assert scope.cancelled_caught
    else:
        task = asyncio.get_running_loop().create_task(download())
        cancels.append(task.cancel)
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert "a.bin.part could not be tidied away: [Errno 30] Read-only" in caught.value.__notes__[0]


async def test_a_pipe_that_gives_nothing_holds_up_no_cancellation(how: How) -> None:
    cancels: list[Callable[[], object]] = []
    closed = threading.Event()
    waited: list[bool] = []

    class Pipe(io.RawIOBase):
        """A file that can't be rewound, and never gives anything."""

        def readinto(self, buffer: Any) -> int:
            anyio.from_thread.run_sync(cancels.pop())
            waited.append(closed.wait(1))
            return 0

    server = Scripted(Reply.json({"fileId": "vg_file_1", "uploadUrl": "https://s.test/put"}), Reply())
    upload = partial(server.client().files.upload, cast("BinaryIO", Pipe()), display_name="a", length=3)
    try:
        if how == "scope":
            with anyio.CancelScope() as scope:
                cancels.append(scope.cancel)
                await upload()
            assert scope.cancelled_caught
        else:
            task = asyncio.get_running_loop().create_task(upload())
            cancels.append(task.cancel)
            with pytest.raises(asyncio.CancelledError):
                await task
        assert waited == []
    finally:
        closed.set()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("seconds", [0.0, 0.5])
async def test_a_hook_comes_to_its_end_though_the_caller_is_cancelled(
    seconds: float, times: int, how: How, life: Life
) -> None:
    seen: list[Accepted[Any]] = []
    entered = anyio.Event()

    async def write_down(accepted: Accepted[Any]) -> None:
        entered.set()
        await anyio.sleep(1)
        seen.append(accepted)

    async with life.network.client() as http:
        vg = VideoGen(api_key=life.sandbox.key, base_url="https://127.0.0.1", http_client=http, on_accepted=write_down)
        if how == "scope":
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as group:
                    group.start_soon(partial(vg.tools.generate_image, prompt="x"))
                    await entered.wait()
                    await anyio.sleep(seconds)
                    scope.cancel()
        else:
            task = asyncio.get_running_loop().create_task(_start(vg))
            await entered.wait()
            for _ in range(times):
                await anyio.sleep(seconds / times)
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert task.cancelled()
    assert len(seen) == 1


async def test_a_hook_that_other_code_cancels_is_an_error_with_the_id_in_the_log(
    how: How, life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    if how == "scope":
        pytest.skip("a scope cancels nobody else")

    async def write_down(_: Accepted[Any]) -> None:
        await cancelled

    cancelled = asyncio.get_running_loop().create_future()
    cancelled.cancel()
    async with life.network.client() as http:
        vg = VideoGen(api_key=life.sandbox.key, base_url="https://127.0.0.1", http_client=http, on_accepted=write_down)
        with pytest.raises(RuntimeError, match="cancelled by other code"):
            await vg.tools.generate_image(prompt="x")
    assert "accepted as vg_tool_" in caplog.text


async def _start(vg: VideoGen) -> None:
    await vg.tools.generate_image(prompt="x")
