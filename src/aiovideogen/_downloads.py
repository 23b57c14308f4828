"""Downloads (layer 4): from a signed URL to a file that is whole or not there, in constant memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import anyio
import anyio.to_thread
import attrs

from ._protocol import Failure
from ._schedule import backoff
from ._transport import TransferAnswer
from ._uploads import Progress, tell
from .errors import ConnectionFailedError, FileTransferError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

try:
    import fcntl
except ImportError:  # pragma: no cover - not on Windows, where opening for writing excludes others anyway
    fcntl = None

__all__ = ["Link", "link_of", "pick_url", "save"]

FRESH_SECONDS = 60.0
"""A signed URL with less time left counts as expired (as the official client has it)."""

TRIES = 3
EXPIRED = frozenset({401, 403, 404, 410})
"""How storage answers a URL that no longer holds; a fresh one may."""


class _Getter(Protocol):
    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[TransferAnswer | Failure]: ...


@attrs.frozen
class Link:
    """Where bytes are: a URL that still holds, the id of the file that can sign a new one, or both."""

    url: str | None = attrs.field(repr=False)
    file_id: str | None


def link_of(source: object, now: float) -> Link:
    """Return what `source` says of where its bytes are.

    `source` is a file id, a URL, or anything with a download URL: a file, a result, a run, an export. Raises ValueError
    when it has none, or several, and TypeError for other things.
    """
    if isinstance(source, str):
        return Link(str(source), None) if source.startswith(("http://", "https://")) else Link(None, source)
    results = getattr(source, "results", None)
    if results is not None:
        if len(results) != 1:
            hint = "download each of them" if results else "wait for it first"
            raise ValueError(f"download: {type(source).__name__} has {len(results)} results; {hint}")
        source = results[0]
    if not hasattr(source, "download_url"):
        raise TypeError(f"download: expected a file id, a URL or a result, got {type(source).__name__}")
    file_id = next(filter(None, (getattr(source, name, None) for name in _FILE_IDS)), None)
    link = Link(_fresh(source, now), file_id)
    if link == Link(None, None):
        raise ValueError(f"download: {type(source).__name__} has no file yet; wait for it, with auto_export for a run")
    return link


_FILE_IDS = ("export_file_id", "interchange_file_id", "file_id")


def _fresh(source: Any, now: float) -> str | None:
    expires = source.download_url_expires_at
    return source.download_url if expires is None or expires - now > FRESH_SECONDS else None


def pick_url(file: Any) -> str | None:
    """Return the URL of a hydrated file's best rendition: download, preview, public (the official client's order)."""
    sources = (file.download_source, file.preview_source, file.static_public_preview_source)
    return file.download_url or next((one.url for one in sources if one is not None and one.url), None)


async def save(
    transport: _Getter,
    link: Link,
    path: str | os.PathLike[str],
    sign: Callable[[str], Awaitable[str | None]],
    on_progress: Progress | None,
) -> Path:
    """Save what the link leads to as `path`, which holds all of it or is not touched.

    `sign` returns a fresh URL for a file id. The bytes are written to `path` + ".part" under an exclusive lock, their
    number is checked, and the finished file takes the name. Raises FileTransferError, and OSError from the disk.
    """
    target = Path(path)
    part = target.with_name(target.name + ".part")
    file = await anyio.to_thread.run_sync(_open_exclusively, part)
    try:
        await _fetch(transport, link, file, sign, on_progress)
        await anyio.to_thread.run_sync(_finish, file, part, target)
    except BaseException:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(_discard, file, part)
        raise
    return target


async def _fetch(
    transport: _Getter,
    link: Link,
    file: int,
    sign: Callable[[str], Awaitable[str | None]],
    on_progress: Progress | None,
) -> None:
    """Write the bytes to the open file, with another try when the connection breaks or the URL has expired."""
    url, reason, status = link.url, "", None
    for attempt in range(1, TRIES + 1):
        status = None
        if url is None and link.file_id is not None:
            url = await sign(link.file_id)
        if url is None:
            raise FileTransferError("download: the file has no URL yet; wait for it first", file_id=link.file_id)
        try:
            async with transport.get(url, {}) as answer:
                if isinstance(answer, TransferAnswer) and answer.status == 200:
                    await _write(answer, file, on_progress)
                    return
        except ConnectionFailedError as error:
            reason = error.message
        else:
            status = answer.status if isinstance(answer, TransferAnswer) else None
            reason = answer.reason if isinstance(answer, Failure) else f"storage answered {status}"
            if status is not None and status < 500 and status not in (408, 429):
                if status not in EXPIRED or link.file_id is None:
                    break
                url = None
        if attempt < TRIES:
            await anyio.sleep(backoff(attempt, 0.5))
    hint = "ask for a fresh URL" if link.file_id is None else "try again"
    raise FileTransferError(f"download: {reason}; {hint}", file_id=link.file_id, status=status)


async def _write(answer: TransferAnswer, file: int, on_progress: Progress | None) -> None:
    length = answer.headers.get("content-length", "")
    total = int(length) if length.isdecimal() else -1
    await anyio.to_thread.run_sync(_rewind, file)
    done = 0
    async for chunk in answer.chunks:
        await anyio.to_thread.run_sync(_write_all, file, chunk)
        done += len(chunk)
        await tell(on_progress, done, total)
    if total not in (-1, done):
        raise ConnectionFailedError(f"{done} of {total} bytes arrived")


def _open_exclusively(part: Path) -> int:
    """Open the unfinished file for writing: no link is followed, and no one else writes it."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    while True:
        file = os.open(part, flags, 0o666)
        try:
            if _is_ours(file, part):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _is_ours(file: int, part: Path) -> bool:
    """Lock the open file, and say whether it still has its name: another download may have finished meanwhile."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FileTransferError(f"download: {part} is being written by another download; wait for it") from None
    try:
        return os.path.samestat(os.fstat(file), os.lstat(part))
    except FileNotFoundError:
        return False


def _rewind(file: int) -> None:
    os.lseek(file, 0, os.SEEK_SET)
    os.ftruncate(file, 0)


def _write_all(file: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(file, view) :]


def _finish(file: int, part: Path, target: Path) -> None:
    os.fsync(file)
    os.replace(part, target)
    os.close(file)


def _discard(file: int, part: Path) -> None:
    part.unlink(missing_ok=True)
    os.close(file)
