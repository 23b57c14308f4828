"""`vg.files` (layer 5): the generated operations, and uploads and downloads on top of them."""

from __future__ import annotations

import re
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, overload

import anyio

from ._downloads import FileStream, collect, save
from ._fetch import Fetch, Link, link_of, pick_url, spread
from ._generated.api.files import Files as FileOperations
from ._generated.types import FileId
from ._guess import guess, must_have_content_type, telling
from ._model import UNSET
from ._names import distinct, name_for
from ._progress import MIN_RATE, OnProgress
from ._sources import Body, Source, body_of
from ._targets import public_copy
from ._transfers import Transferring, many
from ._uploads import send
from .errors import CallError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from ._calls import Calls
    from ._parts import IfExists
    from ._resume import Held
    from ._transport import HttpTransport
    from ._waiting import Waiting
    from .models import (
        ExecutedTool,
        FileInfo,
        FileType,
        ProjectExport,
        TimelineInterchange,
        ToolSuccessResult,
        Transcript,
        WorkflowRun,
    )

    Downloadable: TypeAlias = (
        FileId | FileInfo | ToolSuccessResult | ExecutedTool | WorkflowRun | ProjectExport | TimelineInterchange | str
    )

__all__ = ["Files"]

AT_ONCE = 4
READ_BYTES = 64 << 20


class Files(FileOperations):
    """The operations of the group Files, and whole uploads and downloads."""

    __slots__ = ("_calls", "_http", "_waiting")

    def __init__(self, calls: Calls, http: HttpTransport, waiting: Waiting) -> None:
        super().__init__(calls)
        self._calls = calls
        self._http = http
        self._waiting = waiting

    # -- up -----------------------------------------------------------------------------------------------------

    async def upload(
        self,
        source: Source,
        *,
        display_name: str | None = None,
        type: FileType | None = None,
        content_type: str | None = None,
        length: int | None = None,
        is_temporary: bool = False,
        transcript: Transcript | None = None,
        wait: bool = True,
        timeout: float | None = 3600,
        on_progress: OnProgress | None = None,
        min_rate: float = MIN_RATE,
    ) -> FileInfo:
        """Upload a file and wait until it can be used.

        The body is streamed in constant memory, and sent again from its start when the connection breaks or stalls and
        `source` can be read again: iterators and pipes can't. The file is usable as soon as any of its renditions is
        ready, and has failed when one has and none is ready.

        Args:
            source: A path, bytes, an open binary file, or an iterable of bytes, async or not, with `length` given.
                Whatever reads, an iterator that isn't async included, runs in threads.
            display_name: How the file is listed; by default the path's or the file's name.
            type: The kind of file. By default it is stated only where first bytes and name leave no doubt, as for
                LOTTIE, which must be stated; the server infers the rest.
            content_type: The Content-Type header of the upload. None is sent by default, since one that was not signed
                for may break the URL's signature; a guess is sent where the URL says that it needs one.
            length: Bytes in all, for an iterable or a pipe.
            is_temporary: Keep it for at least 24 hours only; it is never analysed nor found by search.
            transcript: What is said in an audio or video file, which spares its transcription.
            wait: Whether to wait until the file can be used.
            timeout: Seconds to wait for that at the most.
            on_progress: Called, or awaited, with a `Progress`: bytes sent so far, bytes in all, and the rate.
            min_rate: Bytes a second; slower for 30 seconds counts as broken. 0 waits for ever.

        Raises:
            FileTransferError: The bytes did not arrive; every error after the file's record was made has its id.
            JobFailedError: The server could not read the file.
            WaitTimeoutError: It was not usable in time.
        """
        body = await body_of(source, length)
        name = display_name or body.name
        if not name:
            raise TypeError("upload: bytes and iterables have no name of their own; give display_name=")
        guessed = guess(telling(body.name, name), body.head)
        fields: dict[str, Any] = {"type": type or guessed.type or UNSET, "transcript": transcript or UNSET}
        if is_temporary:
            fields["is_temporary"] = True
        created = await self.create_file_upload(display_name=name, **fields)
        try:
            if content_type is None and must_have_content_type(created.upload_url):
                content_type = guessed.content_type
            await self._send(body, created.file_id, created.upload_url, name, content_type, on_progress, min_rate)
            if not wait:
                return await self.get_file(created.file_id)
            return await self._waiting.wait(created.file_id, {}, timeout=timeout)
        except Exception as error:
            _name_file(error, created.file_id)
            raise

    async def _send(
        self,
        body: Body,
        file_id: FileId,
        url: str,
        name: str,
        content_type: str | None,
        on_progress: OnProgress | None,
        min_rate: float,
    ) -> None:
        telemetry = self._calls.telemetry
        with Transferring("upload", file_id=file_id, name=name, on_progress=on_progress, telemetry=telemetry) as on_way:
            await send(self._http, url, body, on_way, content_type=content_type, min_rate=min_rate)

    @overload
    async def upload_all(
        self,
        sources: Iterable[Source],
        *,
        concurrency: int = ...,
        return_exceptions: Literal[False] = ...,
        type: FileType | None = ...,
        is_temporary: bool = ...,
        wait: bool = ...,
        timeout: float | None = ...,
        on_progress: OnProgress | None = ...,
        min_rate: float = ...,
    ) -> list[FileInfo]: ...

    @overload
    async def upload_all(
        self,
        sources: Iterable[Source],
        *,
        concurrency: int = ...,
        return_exceptions: bool,
        type: FileType | None = ...,
        is_temporary: bool = ...,
        wait: bool = ...,
        timeout: float | None = ...,
        on_progress: OnProgress | None = ...,
        min_rate: float = ...,
    ) -> list[FileInfo | Exception]: ...

    async def upload_all(
        self,
        sources: Iterable[Source],
        *,
        concurrency: int = AT_ONCE,
        return_exceptions: bool = False,
        **options: Any,
    ) -> Any:
        """Upload files, a few at a time, and return what became of each, in order.

        Args:
            sources: Paths or open files, from any iterable, which is read as places become free.
            concurrency: How many are under way at a time.
            return_exceptions: By default the first error ends the rest and is raised; True returns each in its place.
            options: As for `upload`, for each of them. The name of a `Progress` says which file it is about.
        """

        async def one(source: Source) -> FileInfo:
            return await self.upload(source, **options)

        return await many(one, sources, concurrency, return_exceptions=return_exceptions)

    # -- down ---------------------------------------------------------------------------------------------------

    async def download(
        self,
        source: Downloadable,
        path: str | os.PathLike[str],
        *,
        if_exists: IfExists = "replace",
        sha256: str | None = None,
        on_progress: OnProgress | None = None,
        min_rate: float = MIN_RATE,
    ) -> Path:
        """Download a file to `path` and return it.

        `path` holds the whole file or is not touched. The bytes go to `path` + ".part" first; where the download ends
        before the file does, for whatever reason, that stays, if storage named the version by a strong ETag, and the
        same download goes on from there, in another process too. A URL that is missing, expires within a minute or
        expires on the way is signed anew. Nothing of the API key goes to where the file is kept.

        Args:
            source: A file's id, a file, a result, a finished job that has one file, or a signed URL.
            path: Where to save it.
            if_exists: By default an existing file is replaced once the new one is whole; "skip" leaves it and asks for
                nothing, "fail" raises FileExistsError.
            sha256: What the SHA-256 of the file must be, in hexadecimal digits.
            on_progress: Called, or awaited, with a `Progress`: bytes there so far, bytes in all, and the rate.
            min_rate: Bytes a second; slower for 30 seconds counts as broken, and the download goes on over another
                connection. 0 waits for ever.

        Raises:
            FileTransferError: The bytes could not be had, are not those expected, or another download of the same
                target is under way.
            OSError: They could not be written.
        """
        target = Path(path)
        if sha256 is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
            raise ValueError("download: sha256= takes 64 hexadecimal digits")
        link = link_of(source, time.time())
        with self._coming(link, target.name, on_progress) as on_way:
            return await save(
                partial(self._fetch, link, on_way, min_rate),
                target,
                link.source,
                on_way,
                if_exists=if_exists,
                sha256=sha256.lower() if sha256 is not None else None,
            )

    @overload
    async def download_all(
        self,
        sources: Downloadable | Iterable[Downloadable],
        folder: str | os.PathLike[str],
        *,
        concurrency: int = ...,
        return_exceptions: Literal[False] = ...,
        if_exists: IfExists = ...,
        on_progress: OnProgress | None = ...,
        min_rate: float = ...,
    ) -> list[Path]: ...

    @overload
    async def download_all(
        self,
        sources: Downloadable | Iterable[Downloadable],
        folder: str | os.PathLike[str],
        *,
        concurrency: int = ...,
        return_exceptions: bool,
        if_exists: IfExists = ...,
        on_progress: OnProgress | None = ...,
        min_rate: float = ...,
    ) -> list[Path | Exception]: ...

    async def download_all(
        self,
        sources: Downloadable | Iterable[Downloadable],
        folder: str | os.PathLike[str],
        *,
        concurrency: int = AT_ONCE,
        return_exceptions: bool = False,
        **options: Any,
    ) -> Any:
        """Download all results of a job, or several files, into a folder, a few at a time; return their paths in order.

        Each is named as it is listed, else by its id, with the extension of its URL. Whatever that holds, it becomes a
        name that every system takes, inside the folder; equal names get numbers. The same call names them the same, so
        that it goes on where an earlier one ended; with `if_exists="skip"` only what is missing is fetched.

        Args:
            sources: A finished job, or anything that `download` takes, or an iterable of these.
            folder: Where to save them; made if need be.
            concurrency: How many are under way at a time.
            return_exceptions: By default the first error ends the rest and is raised; True returns each in its place.
            options: As for `download`, for each of them. The name of a `Progress` says which file it is about.
        """
        singles = spread(sources, return_exceptions=return_exceptions)
        place = Path(folder)
        await anyio.Path(place).mkdir(parents=True, exist_ok=True)
        found = await many(self._located, singles, concurrency, return_exceptions=return_exceptions)
        names = distinct(one if isinstance(one, str) else "file" for one in (_name_of(one) for one in found))

        async def one(task: tuple[object, str]) -> Path:
            located, name = task
            if isinstance(located, Exception):
                raise located
            return await self.download(cast("Any", located), place / name, **options)

        return await many(one, zip(found, names, strict=True), concurrency, return_exceptions=return_exceptions)

    async def _located(self, source: object) -> object:
        """Return a source that says how it is called: of a bare id, and of a run, only the file itself does."""
        link = link_of(source, time.time())
        if link.file_id is None or _listed(source) is not None:
            return source
        return await self.hydrate_file(FileId(link.file_id))

    def stream(
        self, source: Downloadable, *, on_progress: OnProgress | None = None, min_rate: float = MIN_RATE
    ) -> FileStream:
        """Read a file as it comes: `async with vg.files.stream(file_id) as stream: async for chunk in stream: …`.

        It goes on after a lost connection or an expired URL as `download` does, as long as the file stays the same.
        `stream.total` is the number of bytes. Raises FileTransferError when they can't be had.
        """
        link = link_of(source, time.time())

        def begin() -> tuple[Fetch, Transferring]:
            on_way = self._coming(link, None, on_progress)
            return self._fetch(link, on_way, min_rate, None), on_way

        return FileStream(begin)

    async def read(
        self,
        source: Downloadable,
        *,
        max_bytes: int = READ_BYTES,
        on_progress: OnProgress | None = None,
        min_rate: float = MIN_RATE,
    ) -> bytes:
        """Download a file into memory.

        Raises FileTransferError when it has more than `max_bytes`, 64 MiB by default, before it is read where storage
        says how many it has; and when it can't be had.
        """
        link = link_of(source, time.time())
        with self._coming(link, None, on_progress) as on_way:
            return await collect(self._fetch(link, on_way, min_rate, None), max_bytes, on_way)

    def _coming(self, link: Link, name: str | None, on_progress: OnProgress | None) -> Transferring:
        telemetry = self._calls.telemetry
        return Transferring("download", file_id=link.file_id, name=name, on_progress=on_progress, telemetry=telemetry)

    def _fetch(self, link: Link, on_way: Transferring, min_rate: float, held: Held | None) -> Fetch:
        return Fetch(self._http, link, self._sign, on_way, min_rate=min_rate, held=held)

    async def _sign(self, file_id: str) -> str | None:
        return pick_url(await self.hydrate_file(FileId(file_id)))

    # -- public -------------------------------------------------------------------------------------------------

    async def publish(self, file_id: FileId, *, timeout: float | None = 3600) -> FileInfo:
        """Enable the public preview of a file and wait for its permanent URL.

        The answer's `static_public_preview_source.url` never expires. Video and audio also get a `public_playback_id`,
        which is waited for too. `disable_public_preview` takes both away.

        Raises:
            WaitTimeoutError: The public copy was not there in time.
        """
        await self.enable_public_preview(file_id)
        return await self._waiting.wait_for_target(public_copy(FileId(file_id)), timeout=timeout)


def _name_file(error: Exception, file_id: FileId) -> None:
    """Put on an error the id of the file that has a record already."""
    if isinstance(error, CallError) and error.id is None:
        error.id = file_id
    if file_id not in " ".join([str(error), *getattr(error, "__notes__", ())]):
        error.add_note(f"while uploading {file_id}")


def _listed(source: Any) -> Any:
    """Return the part of a source that says how its file is listed: itself, or what it holds; None without one."""
    file = getattr(source, "file", source)
    return file if getattr(file, "display_name", None) else None


def _name_of(source: object) -> str | None:
    """Return how a located source is called; None for one that could not be located."""
    if isinstance(source, Exception):
        return None
    link, file = link_of(source, float("-inf")), _listed(source)
    return name_for(None if file is None else file.display_name, link.file_id, link.url)
