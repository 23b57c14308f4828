"""Uploads (layer 4): bytes from wherever they are to a presigned URL, in constant memory."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from pathlib import PurePath
from typing import BinaryIO, Protocol, cast

import anyio
import anyio.to_thread
import attrs

from ._protocol import Answer, Failure, excerpt
from ._schedule import backoff
from .errors import FileTransferError

__all__ = ["Body", "Progress", "Source", "body_of", "send"]

Source = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | AsyncIterable[bytes]
"""A path, the bytes themselves, an open binary file, or an async iterable of chunks whose length is given."""

Progress = Callable[[int, int], object]
"""Called with the bytes that went, or came, so far and in all; may be async."""

CHUNK_BYTES = 1 << 20
TRIES = 3


@attrs.frozen
class Body:
    """What is uploaded: its length in bytes, and how to begin reading it."""

    length: int
    name: str | None
    chunks: Callable[[], AsyncGenerator[bytes]]
    replayable: bool = True


class _Putter(Protocol):
    async def put(
        self, url: str, chunks: Callable[[], AsyncGenerator[bytes]], length: int, headers: Mapping[str, str]
    ) -> Answer | Failure: ...


async def body_of(source: Source, length: int | None) -> Body:
    """Return what there is to upload; raises OSError for a path that can't be read, TypeError for other things."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
        return Body(len(data), None, lambda: _of_bytes(data))
    if isinstance(source, (str, os.PathLike)):
        path = anyio.Path(source)
        size = (await path.stat()).st_size
        if await path.is_dir():
            raise IsADirectoryError(f"upload: {str(path)!r} is a directory")
        return Body(size, path.name, lambda: _of_path(path, size))
    if isinstance(source, AsyncIterable):
        if length is None:
            raise TypeError("upload: an async iterable needs its length= in bytes: storage takes no body without it")
        return Body(length, None, lambda: _of_stream(source, length), replayable=False)
    if isinstance(source, io.TextIOBase):
        raise TypeError("upload: the file is open as text; open it with mode 'rb'")
    if hasattr(source, "read"):
        return await anyio.to_thread.run_sync(_of_file, source)
    raise TypeError(f"upload: expected a path, bytes, a binary file or an async iterable, got {type(source).__name__}")


def _of_file(file: BinaryIO) -> Body:
    """Take an open binary file from where it stands."""
    start = file.tell()
    length = file.seek(0, os.SEEK_END) - start
    name = getattr(file, "name", None)
    return Body(length, PurePath(name).name if isinstance(name, str) else None, lambda: _of_open(file, start, length))


async def _of_bytes(data: bytes) -> AsyncGenerator[bytes]:
    for start in range(0, len(data), CHUNK_BYTES):
        yield data[start : start + CHUNK_BYTES]


async def _of_path(path: anyio.Path, length: int) -> AsyncGenerator[bytes]:
    async with (
        await path.open("rb") as file,
        aclosing(_read(file.read)) as chunks,
        aclosing(_bounded(chunks, length)) as bounded,
    ):
        async for chunk in bounded:
            yield chunk


async def _of_open(file: BinaryIO, start: int, length: int) -> AsyncGenerator[bytes]:
    await anyio.to_thread.run_sync(file.seek, start)

    async def read(size: int) -> bytes:
        return await anyio.to_thread.run_sync(file.read, size)

    async with aclosing(_read(read)) as chunks, aclosing(_bounded(chunks, length)) as bounded:
        async for chunk in bounded:
            yield chunk


async def _of_stream(source: AsyncIterable[bytes], length: int) -> AsyncGenerator[bytes]:
    chunks = aiter(source)
    async with aclosing(_bounded(chunks, length)) as bounded:
        try:
            async for chunk in bounded:
                yield chunk
        finally:
            if isinstance(chunks, AsyncGenerator):
                with anyio.CancelScope(shield=True):
                    await cast("AsyncGenerator[bytes]", chunks).aclose()


async def _read(read: Callable[[int], Awaitable[bytes]]) -> AsyncGenerator[bytes]:
    while chunk := await read(CHUNK_BYTES):
        yield chunk


async def _bounded(chunks: AsyncIterator[bytes], length: int) -> AsyncGenerator[bytes]:
    """Pass on exactly `length` bytes; raises FileTransferError when there are fewer or more."""
    left = length
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise FileTransferError(f"upload: the source has more than its {length} bytes; did it change meanwhile?")
        yield chunk
    if left:
        raise FileTransferError(f"upload: the source ended {left} bytes before its {length}; did it change meanwhile?")


async def send(
    transport: _Putter, url: str, body: Body, *, file_id: str, content_type: str | None, on_progress: Progress | None
) -> None:
    """PUT the body; a body that can be read again is sent again when the connection breaks.

    Raises FileTransferError with the file's id.
    """
    headers = {} if content_type is None else {"content-type": content_type}
    tries = TRIES if body.replayable else 1
    reason, status = "", None
    for attempt in range(1, tries + 1):
        outcome = await _put_once(transport, url, body, headers, on_progress, file_id)
        if isinstance(outcome, Answer) and outcome.ok:
            return
        if isinstance(outcome, Answer):
            status, reason = outcome.status, f"{outcome.status}: {excerpt(outcome.body, 200)}"
            if outcome.status < 500 and outcome.status not in (408, 429):
                break
        else:
            reason = outcome.reason
        if attempt < tries:
            await anyio.sleep(backoff(attempt, 0.5))
    again = "" if body.replayable else "; the source can't be read again"
    text = f"upload of {file_id}: the bytes did not arrive ({reason.strip()}){again}; upload it again, as a new file"
    raise FileTransferError(text, file_id=file_id, status=status)


async def _put_once(
    transport: _Putter, url: str, body: Body, headers: Mapping[str, str], on_progress: Progress | None, file_id: str
) -> Answer | Failure:
    own: list[Exception] = []

    async def counted() -> AsyncGenerator[bytes]:
        sent = 0
        try:
            async with aclosing(body.chunks()) as chunks:
                async for chunk in chunks:
                    yield chunk
                    sent += len(chunk)
                    await tell(on_progress, sent, body.length)
        except Exception as error:
            own.append(error)
            raise

    try:
        outcome = await transport.put(url, counted, body.length, headers)
    except FileTransferError as error:
        error.file_id = file_id
        raise
    if own:  # the source or the callback failed with an OSError, which looked like the network's
        raise own[0]
    return outcome


async def tell(on_progress: Progress | None, done: int, total: int) -> None:
    """Tell a progress callback, which may be async."""
    if on_progress is not None:
        answer = on_progress(done, total)
        if isinstance(answer, Awaitable):
            await cast("Awaitable[object]", answer)
