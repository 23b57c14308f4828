"""The bytes behind a link (layer 4): over as many answers of storage as it takes, by the decisions of `_resume`."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, cast
from urllib.parse import urlsplit

import anyio
import attrs

from ._progress import Pace
from ._protocol import Failure, retry_after, retry_delay
from ._resume import Held, Step, asks, judge
from ._transfers import TRIES, Transferring
from .errors import ConnectionFailedError, FileTransferError

if TYPE_CHECKING:
    from types import TracebackType

    from ._transport import TransferAnswer

__all__ = ["Batch", "Fetch", "Getter", "Link", "Sign", "link_of", "pick_url", "spread"]

FRESH_SECONDS = 60.0
"""A signed URL with less time left counts as expired (as the official client has it)."""

BATCH_BYTES = 1 << 20
BATCH_SECONDS = 0.5
"""What comes is handed on when it is so much, or so old: each way to a thread costs."""


class Getter(Protocol):
    """What reads signed URLs."""

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[TransferAnswer | Failure]: ...


Sign = Callable[[str], Awaitable[str | None]]
"""Returns a fresh URL for a file id, None where the file has none yet."""


@attrs.frozen
class Link:
    """Where bytes are: a URL that still holds, the id of the file that can sign a new one, or both."""

    url: str | None = attrs.field(repr=False)
    file_id: str | None

    @property
    def source(self) -> str:
        """What stays the same of it when the URL is signed anew, without a secret."""
        if self.file_id is not None:
            return f"file {self.file_id}"
        parts = urlsplit(self.url or "")
        return f"url {hashlib.sha256(f'{parts.scheme}://{parts.netloc}{parts.path}'.encode()).hexdigest()}"


def link_of(source: object, now: float) -> Link:
    """Return what `source` says of where its bytes are.

    `source` is a file id, a URL, or anything with a download URL: a file, a result, a run, an export. Raises ValueError
    when it has none, or several, and TypeError for other things.
    """
    if isinstance(source, str):
        is_url = source[:8].lower().startswith(("http://", "https://"))
        return Link(str(source), None) if is_url else Link(None, source)
    results = getattr(source, "results", None)
    if results is not None:
        if len(results) != 1:
            hint = "download each of them, or all with download_all" if results else "wait for it first"
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


def spread(source: object, *, return_exceptions: bool = False) -> list[object]:
    """Return the single files of a job with several, or of an iterable of files and jobs.

    Raises ValueError for a job without any, or leaves it to be refused in its place.
    """
    results = getattr(source, "results", None)
    if results is not None:
        if not results and not return_exceptions:
            raise ValueError(f"download: {type(source).__name__} has 0 results; wait for it first")
        return [*results] or [source]
    if isinstance(source, str) or not isinstance(source, Iterable):
        return [source]
    several = cast("Iterable[object]", source)
    return [single for one in several for single in spread(one, return_exceptions=return_exceptions)]


def pick_url(file: Any) -> str | None:
    """Return the URL of a hydrated file's best rendition: download, preview, public (the official client's order)."""
    sources = (file.download_source, file.preview_source, file.static_public_preview_source)
    return file.download_url or next((one.url for one in sources if one is not None and one.url), None)


class Batch(NamedTuple):
    """Bytes that came, and their place in the file: 0 begins it, be it for the first time or anew."""

    at: int
    pieces: list[bytes]


class Fetch:
    """Reads a file from what is held of it on. Use it in `async with`.

    When the connection breaks, is too slow, or the URL expires, it goes on by Range where a strong ETag confirms that
    the file is the same, else from the beginning.
    """

    def __init__(
        self, http: Getter, link: Link, sign: Sign, on_way: Transferring, *, min_rate: float, held: Held | None = None
    ) -> None:
        self.held = held or Held()
        """What was handed on so far, or was there before."""
        self._http = http
        self._link = link
        self._url = link.url
        self._sign = sign
        self._on_way = on_way
        self._min_rate = min_rate
        self._exits = AsyncExitStack()
        self._answer: TransferAnswer | None = None
        self._pace = Pace(min_rate)
        self._end: int | None = None
        self._over = False
        self._broken = ""
        self._whole = False
        self._best = self.held.have
        self._tries = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._exits.aclose()

    async def open(self) -> None:
        """Ask storage, until bytes come or nothing is missing.

        Raises FileTransferError where it gives none, and what signing a URL raises.
        """
        while self._answer is None and not self._whole:
            await self._ask()

    async def next(self) -> Batch | None:
        """Return the next bytes, None when there are no more. Raises as `open` does."""
        while True:
            await self.open()
            if self._whole:
                return None
            if self._over or self._broken:
                await self._close()
            elif (batch := await self._gather()) is not None:
                return batch

    # -- answers ------------------------------------------------------------------------------------------------

    async def _ask(self) -> None:
        if self._url is None and self._link.file_id is not None:
            self._url = await self._sign(self._link.file_id)
        if self._url is None:
            text = "download: the file has no URL yet; wait for it first"
            raise FileTransferError(text, file_id=self._link.file_id)
        answer = await self._exits.enter_async_context(self._http.get(self._url, asks(self.held)))
        if isinstance(answer, Failure):
            await self._exits.aclose()
            await self._failed(answer.reason)
            return
        step = judge(self.held, answer.status, answer.headers, await _said(answer) if answer.status == 429 else b"")
        if step.kind == "take":
            self._take(step, answer)
            return
        await self._exits.aclose()
        await self._turn(step, answer)

    def _take(self, step: Step, answer: TransferAnswer) -> None:
        self.held = Held(step.at, step.etag, step.total)
        self._answer, self._end = answer, step.end
        self._over, self._broken = False, ""
        self._pace = Pace(self._min_rate)

    async def _turn(self, step: Step, answer: TransferAnswer) -> None:
        """Do what an answer without the bytes calls for."""
        if step.kind == "done":
            self._whole = True
        elif step.kind == "anew":
            self.held = Held()
            await self._failed(step.reason, answer.status, 0.0)
        elif step.kind == "sign" and self._link.file_id is not None:
            self._url = None
            await self._failed(step.reason, answer.status, 0.0)
        elif step.kind == "again":
            await self._failed(step.reason, answer.status, retry_after(answer.headers, time.time()))
        else:
            raise self._error(step.reason, answer.status)

    async def _failed(self, reason: str, status: int | None = None, asked: float | None = None) -> None:
        """Wait before the next try; raise FileTransferError after too many that got no further."""
        if self.held.resumable and self.held.have > self._best:
            self._best, self._tries = self.held.have, 0
        self._tries += 1
        delay = retry_delay(self._tries, asked, random.random())
        if self._tries >= TRIES or delay is None:
            raise self._error(reason, status)
        await anyio.sleep(delay)

    def _error(self, reason: str, status: int | None) -> FileTransferError:
        hint = "ask for a fresh URL" if self._link.file_id is None else "try again"
        return FileTransferError(f"download: {reason}; {hint}", file_id=self._link.file_id, status=status)

    # -- bytes --------------------------------------------------------------------------------------------------

    async def _gather(self) -> Batch | None:
        """Collect what comes, for as long as it comes fast enough."""
        pieces: list[bytes] = []
        began = anyio.current_time()
        try:
            with anyio.CancelScope(deadline=began + self._pace.left()) as scope:
                await self._collect(pieces, began + BATCH_SECONDS)
        except BaseException:  # the answer has no more after it, and what came of it in vain is not counted
            self._broken = "reading was broken off"
            raise
        if scope.cancelled_caught:
            self._broken = self._pace.complaint
        at, size = self.held.have, sum(map(len, pieces))
        self._pace.came(size, anyio.current_time() - began)
        self._on_way.came(size)
        if self._end is not None and at + size > self._end:
            self._broken = f"more than the {self._end} bytes arrived that were announced"
            self.held = Held()
            return None
        self.held = attrs.evolve(self.held, have=at + size)
        return Batch(at, pieces) if size else None

    async def _collect(self, pieces: list[bytes], until: float) -> None:
        answer = cast("TransferAnswer", self._answer)
        size = 0
        try:
            while size < BATCH_BYTES and anyio.current_time() < until:
                piece = await anext(answer.chunks, None)
                if piece is None:
                    self._over = True
                    return
                pieces.append(piece)
                size += len(piece)
        except ConnectionFailedError as error:
            self._broken = error.message

    async def _close(self) -> None:
        """Be done with an answer: all of it came, a part that can be gone on from, or it broke."""
        self._answer = None
        await self._exits.aclose()
        have, total = self.held.have, self.held.total
        if self._over and not self._broken and have != (self._end if self._end is not None else have):
            self._broken = f"{have} of {self._end} bytes arrived"
        if self._broken:
            await self._failed(self._broken)
        elif total is None or have == total:
            self._whole = True


async def _said(answer: TransferAnswer) -> bytes:
    """Return the beginning of a refusal's body, as far as it comes."""
    try:
        return await anext(answer.chunks, b"")
    except ConnectionFailedError:
        return b""
