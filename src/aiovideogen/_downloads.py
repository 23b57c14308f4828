"""Downloads (layer 4): from a link to a file that is whole or not there, or to whoever reads, in constant memory."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Self, TypeVar, TypeVarTuple

import anyio
import anyio.to_thread

from ._finish import see_through
from ._parts import IfExists, Part
from .errors import FileTransferError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from ._fetch import Batch, Fetch
    from ._resume import Held
    from ._transfers import Transferring

__all__ = ["FileStream", "collect", "save"]

R = TypeVar("R")
Ts = TypeVarTuple("Ts")


async def save(
    begin: Callable[[Held | None], Fetch],
    target: Path,
    source: str,
    on_way: Transferring,
    *,
    if_exists: IfExists,
    sha256: str | None,
) -> Path:
    """Save a file as `target`, which holds all of it or is not touched.

    The bytes go to a `.part` beside it, which stays when they can't be had to the end and can be gone on from; `source`
    names where they come from, `begin` reads on from what is held. Raises FileTransferError, and OSError from the disk.
    """
    if await _is_settled(target, if_exists):
        return target
    part = Part(target, source)
    keep = True
    try:
        await _in_thread(part.open)
        async with begin(await _in_thread(part.held)) as fetch:
            await _write(fetch, part, on_way)
        digest = None if sha256 is None else await _digest(part)
        if digest != sha256:
            keep = False  # to go on from wrong bytes never helps
            raise FileTransferError(f"download: the SHA-256 is {digest}, expected {sha256}", file_id=on_way.file_id)
        await _in_thread(part.finish, if_exists)
    except BaseException as error:
        with anyio.CancelScope(shield=True):
            try:
                if await _in_thread(part.leave, keep):
                    error.add_note(f"what came is kept in {part.path}: the same download goes on from there")
            except OSError as problem:  # it would hide why the download ended, be it a cancellation
                error.add_note(f"{part.path} could not be tidied away: {problem}")
        raise
    return target


async def _in_thread(work: Callable[[*Ts], R], *args: *Ts) -> R:
    """Do what blocks in a thread, which is waited for in any case: else the file is closed under it."""
    return await see_through(lambda: anyio.to_thread.run_sync(work, *args))


async def _is_settled(target: Path, if_exists: IfExists) -> bool:
    """Say whether the target is there and stays. Raises FileExistsError, IsADirectoryError."""
    return await anyio.to_thread.run_sync(_look, target, if_exists)


def _look(target: Path, if_exists: IfExists) -> bool:
    if target.is_dir():
        raise IsADirectoryError(f"download: {str(target)!r} is a directory; name the file in it")
    if if_exists == "replace" or not os.path.lexists(target):
        return False
    if if_exists == "fail":
        raise FileExistsError(f"download: {str(target)!r} exists; pass if_exists='replace' or 'skip', or another path")
    return True


async def _write(fetch: Fetch, part: Part, on_way: Transferring) -> None:
    told = False
    while (batch := await fetch.next()) is not None:
        await _in_thread(_put, part, batch, fetch.held)
        await on_way.tell(fetch.held.have, fetch.held.total)
        told = True
    if not fetch.held.have:
        await _in_thread(part.begin, None, None)
    if not told:
        await on_way.tell(fetch.held.have, fetch.held.have)


def _put(part: Part, batch: Batch, held: Held) -> None:
    if batch.at == 0:
        part.begin(held.etag, held.total)
    part.add(batch.pieces)


async def _digest(part: Part) -> str:
    digest = await _in_thread(part.digest)
    while await _in_thread(digest.step):
        pass
    return digest.hex()


async def collect(fetch: Fetch, max_bytes: int, on_way: Transferring) -> bytes:
    """Return all bytes; raises FileTransferError when there are more than `max_bytes`."""
    parts: list[bytes] = []
    async with fetch:
        await fetch.open()
        while not _too_many(fetch.held, max_bytes) and (batch := await fetch.next()) is not None:
            if batch.at == 0:
                parts.clear()
            parts += batch.pieces
            await on_way.tell(fetch.held.have, fetch.held.total)
    if not fetch.held.have:  # what came was of a file that is empty by now
        parts.clear()
    if _too_many(fetch.held, max_bytes):
        size = fetch.held.total or f"more than {fetch.held.have - 1}"
        text = f"download: {size} bytes are more than max_bytes={max_bytes}; raise it, or download to a path"
        raise FileTransferError(text, file_id=on_way.file_id)
    return b"".join(parts)


def _too_many(held: Held, max_bytes: int) -> bool:
    return max(held.have, held.total or 0) > max_bytes


class FileStream:
    """The bytes of a file as they come: `async with vg.files.stream(…) as stream: async for chunk in stream: …`.

    `total` is their number, None where the server doesn't say, and known inside the block. Raises FileTransferError
    when they can't be had, also when the file changes while it is read.
    """

    def __init__(self, begin: Callable[[], tuple[Fetch, Transferring]]) -> None:
        self._begin = begin
        self._fetch: Fetch | None = None
        self._on_way: Transferring | None = None
        self._pieces: deque[bytes] = deque()
        self._given = 0
        self.total: int | None = None

    async def __aenter__(self) -> Self:
        self._fetch, self._on_way = self._begin()
        self._pieces.clear()
        self._given = 0
        try:
            await self._fetch.open()
        except BaseException as error:
            await self._end(type(error), error, error.__traceback__)
            raise
        self.total = self._fetch.held.total
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._end(kind, error, traceback)

    async def _end(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        fetch, on_way = self._entered()
        try:
            await fetch.__aexit__(kind, error, traceback)
        finally:
            self._fetch = None
            on_way.__exit__(kind, error, traceback)

    def _entered(self) -> tuple[Fetch, Transferring]:
        if self._fetch is None or self._on_way is None:
            raise RuntimeError("stream: use it in `async with`")
        return self._fetch, self._on_way

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        fetch, on_way = self._entered()
        if not self._pieces:
            batch = await fetch.next()
            if (fetch.held.have if batch is None else batch.at) != self._given:
                text = "download: the file has changed, or can't be gone on from the middle; read it again"
                raise FileTransferError(text, file_id=on_way.file_id)
            if batch is None:
                raise StopAsyncIteration
            self._pieces.extend(batch.pieces)
            self._given = fetch.held.have
            await on_way.tell(self._given, fetch.held.total)
        return self._pieces.popleft()
