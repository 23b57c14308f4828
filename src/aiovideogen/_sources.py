"""What is uploaded (layer 4): bytes from wherever they are, block by block; whatever reads runs in threads."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import aclosing
from functools import partial
from inspect import iscoroutinefunction
from pathlib import Path, PurePath
from typing import BinaryIO, cast

import anyio
import anyio.to_thread
import attrs

from ._guess import HEAD_BYTES
from .errors import FileTransferError

__all__ = ["Body", "Source", "body_of"]

Source = (
    str
    | os.PathLike[str]
    | os.PathLike[bytes]
    | bytes
    | bytearray
    | memoryview
    | BinaryIO
    | Iterable[bytes]
    | AsyncIterable[bytes]
)
"""A path, the bytes themselves, an open binary file, or an iterable of chunks, async or not, whose length is given."""

BLOCK_BYTES = 1 << 20
"""Read at once: a way to a thread and back costs as much as reading a tenth of this."""

TEXT = "upload: the file is open as text; open it with mode 'rb'"

Blocks = AsyncGenerator[bytes]


@attrs.define
class Body:
    """What is uploaded: its length in bytes, and how to begin reading it."""

    length: int
    name: str | None
    head: bytes | None
    """Its first bytes, None where they can't be had without beginning."""
    begin: Callable[[], Blocks]
    once: bool = False
    """Whether it can be read only once."""
    begun: bool = False

    def blocks(self) -> Blocks:
        """Begin reading from the start."""
        return self.begin()

    @property
    def readable(self) -> bool:
        """Whether it can be read from the start: for the first time, or again."""
        return not (self.once and self.begun)


async def body_of(source: object, length: int | None) -> Body:
    """Return what there is to upload.

    Raises OSError for a path that can't be read, TypeError for what can't be uploaded, and for iterables and pipes
    without their length.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(cast("bytes", source))
        return Body(len(data), None, data[:HEAD_BYTES], lambda: _of_bytes(data))
    if isinstance(source, (str, os.PathLike)):
        path = Path(os.fsdecode(cast("str | os.PathLike[str]", source)))
        return await anyio.to_thread.run_sync(_of_path, path)
    if isinstance(source, io.TextIOBase):
        raise TypeError(TEXT)
    if isinstance(source, AsyncIterable):
        chunks = cast("AsyncIterable[bytes]", source)
        size = _given(length, "an async iterable")
        once = isinstance(source, AsyncIterator) or hasattr(chunks, "read")  # an open file goes on where it stands
        return Body(size, None, None, lambda: _of_stream(chunks, size), once=once)
    if iscoroutinefunction(getattr(source, "read", None)):
        raise TypeError(f"upload: {type(source).__name__} is no binary file itself; pass the one it holds, its .file")
    if hasattr(source, "read"):
        return await anyio.to_thread.run_sync(_of_file, cast("BinaryIO", source), length)
    if isinstance(source, Iterable):
        parts = cast("Iterable[bytes]", source)
        size = _given(length, "an iterable")
        return Body(size, None, None, lambda: _of_iterable(parts, size), once=isinstance(source, Iterator))
    raise TypeError(f"upload: expected a path, bytes, a binary file or an iterable, got {type(source).__name__}")


def _given(length: int | None, what: str) -> int:
    if length is None:
        raise TypeError(f"upload: {what} needs its length= in bytes: storage takes no body without it")
    return length


def _of_path(path: Path) -> Body:
    """Look at a file: it is opened anew for each try."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(f"upload: {str(path)!r} is a directory")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(f"upload: {str(path)!r} is no regular file; open it and give length=")
    with path.open("rb", buffering=0) as file:
        head = file.read(HEAD_BYTES)
    return Body(found.st_size, _shown(path.name), head, lambda: _opened(path, found.st_size))


def _of_file(file: BinaryIO, length: int | None) -> Body:
    """Take an open binary file from where it stands; what can't be rewound, such as a pipe, needs its length."""
    name = getattr(file, "name", None)
    shown = _shown(PurePath(name).name) if isinstance(name, str) else None
    if not file.seekable():
        size = _given(length, "a file that can't be rewound")
        return Body(size, shown, None, lambda: _read(partial(file.read, BLOCK_BYTES), size, abandon=True), once=True)
    start = file.tell()
    head = cast("bytes | str", file.read(HEAD_BYTES))
    if isinstance(head, str):  # a wrapper, which doesn't say so by its class
        raise TypeError(TEXT)
    size = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    return Body(size, shown, head, lambda: _rewound(file, start, size))


def _shown(name: str) -> str:
    """Return a file's name as text that can be sent, also where the system's isn't UTF-8."""
    return name.encode(errors="replace").decode()


# -- reading ------------------------------------------------------------------------------------------------------


async def _of_bytes(data: bytes) -> Blocks:
    for start in range(0, len(data), BLOCK_BYTES):
        yield data[start : start + BLOCK_BYTES]


async def _opened(path: Path, length: int) -> Blocks:
    file = await anyio.to_thread.run_sync(partial(path.open, "rb", buffering=0))
    try:
        async with aclosing(_read(partial(file.read, BLOCK_BYTES), length)) as blocks:
            async for block in blocks:
                yield block
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(file.close)


async def _rewound(file: BinaryIO, start: int, length: int) -> Blocks:
    await anyio.to_thread.run_sync(file.seek, start)
    async with aclosing(_read(partial(file.read, BLOCK_BYTES), length)) as blocks:
        async for block in blocks:
            yield block


async def _of_iterable(source: Iterable[bytes], length: int) -> Blocks:
    chunks = await anyio.to_thread.run_sync(iter, source)
    try:
        async with aclosing(_read(partial(_collected, chunks), length)) as blocks:
            async for block in blocks:
                yield block
    finally:
        if isinstance(chunks, Generator):
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(cast("Generator[bytes]", chunks).close)


def _collected(chunks: Iterator[bytes]) -> bytes:
    """Take small chunks together: each way to a thread costs."""
    parts: list[bytes] = []
    size = 0
    while size < BLOCK_BYTES and (chunk := next(chunks, None)) is not None:
        parts.append(_checked(chunk))
        size += len(parts[-1])
    return b"".join(parts)


async def _of_stream(source: AsyncIterable[bytes], length: int) -> Blocks:
    chunks = aiter(source)
    count = Count(length)
    try:
        async for chunk in chunks:
            data = _checked(chunk)
            count.take(data)
            for start in range(0, len(data), BLOCK_BYTES):
                yield data[start : start + BLOCK_BYTES]
        count.end()
    finally:
        if isinstance(chunks, AsyncGenerator):
            with anyio.CancelScope(shield=True):
                await cast("AsyncGenerator[bytes]", chunks).aclose()


async def _read(read: Callable[[], bytes | None], length: int, *, abandon: bool = False) -> Blocks:
    """Read in threads until nothing comes, and pass on exactly `length` bytes.

    With `abandon` a cancellation doesn't wait for a read: a pipe may give nothing for ever.
    """
    count = Count(length)
    while block := await anyio.to_thread.run_sync(read, abandon_on_cancel=abandon):
        count.take(block)
        yield block
    count.end()


def _checked(chunk: object) -> bytes:
    if not isinstance(chunk, (bytes, bytearray, memoryview)):
        raise TypeError(f"upload: the source gives {type(chunk).__name__}, expected bytes")
    return bytes(cast("bytes", chunk))


class Count:
    """Sees to it that a body has exactly its length: raises FileTransferError when there is less or more."""

    def __init__(self, length: int) -> None:
        self._length = self._left = length

    def take(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            text = f"upload: the source has more than its {self._length} bytes; did it change meanwhile?"
            raise FileTransferError(text)

    def end(self) -> None:
        if self._left:
            text = f"upload: the source ended {self._left} bytes before its {self._length}; did it change meanwhile?"
            raise FileTransferError(text)
