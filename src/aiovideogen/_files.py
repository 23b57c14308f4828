"""`vg.files` (layer 5): the generated operations, and uploads and downloads on top of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ._downloads import link_of, pick_url, save
from ._generated.api.files import Files as FileOperations
from ._generated.types import FileId
from ._model import UNSET
from ._targets import public_copy
from ._uploads import Progress, Source, body_of, send

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from ._calls import Calls
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

__all__ = ["Files"]


class Files(FileOperations):
    """The operations of the group Files, and whole uploads and downloads."""

    __slots__ = ("_http", "_waiting")

    def __init__(self, calls: Calls, http: HttpTransport, waiting: Waiting) -> None:
        super().__init__(calls)
        self._http = http
        self._waiting = waiting

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
        on_progress: Progress | None = None,
    ) -> FileInfo:
        """Upload a file and wait until it can be used.

        The body is streamed in constant memory, and sent again from the start when the connection breaks and `source`
        can be read again. `on_progress` is called with the bytes sent and their number in all. The file is usable as
        soon as any of its renditions is ready; `wait=False` returns at once with what is known then.

        Args:
            source: A path, bytes, an open binary file, or an async iterable of bytes with `length` given.
            display_name: How the file is listed; by default the path's or the file's name.
            type: The kind of file; the server infers it, save LOTTIE, which must be stated.
            content_type: The Content-Type header of the upload; none is sent by default.
            length: Bytes in all, for an async iterable.
            is_temporary: Keep it for at least 24 hours only; it is never analysed nor found by search.
            transcript: What is said in an audio or video file, which spares its transcription.
            wait: Whether to wait until the file can be used.
            timeout: Seconds to wait for that at the most.

        Raises:
            FileTransferError: The bytes did not arrive; the error has the file's id.
            JobFailedError: The server could not read the file.
            WaitTimeoutError: It was not usable in time.
        """
        body = await body_of(source, length)
        name = display_name or body.name
        if not name:
            raise TypeError("upload: bytes and streams have no name of their own; give display_name=")
        fields: dict[str, Any] = {"type": type or UNSET, "transcript": transcript or UNSET}
        created = await self.create_file_upload(
            display_name=name, **({"is_temporary": True} if is_temporary else {}), **fields
        )
        await send(
            self._http,
            created.upload_url,
            body,
            file_id=created.file_id,
            content_type=content_type,
            on_progress=on_progress,
        )
        if not wait:
            return await self.get_file(created.file_id)
        return await self._waiting.wait(created.file_id, {}, timeout=timeout)

    async def download(
        self,
        source: FileId
        | FileInfo
        | ToolSuccessResult
        | ExecutedTool
        | WorkflowRun
        | ProjectExport
        | TimelineInterchange
        | str,
        path: str | os.PathLike[str],
        *,
        on_progress: Progress | None = None,
    ) -> Path:
        """Download a file to `path` and return it.

        The bytes go to `path` + ".part" first; `path` holds the whole file or is not touched. A URL that is missing or
        about to expire is signed anew. Nothing of the API key goes to where the file is kept.

        Args:
            source: A file's id, a file, a result, a finished job that has one file, or a signed URL.
            path: Where to save it; an existing file is replaced once the new one is whole.
            on_progress: Called with the bytes that came and their number in all, -1 where that isn't known.

        Raises:
            FileTransferError: The bytes could not be had.
            OSError: They could not be written.
        """

        async def sign(file_id: str) -> str | None:
            return pick_url(await self.hydrate_file(FileId(file_id)))

        return await save(self._http, link_of(source, time.time()), path, sign, on_progress)

    async def publish(self, file_id: FileId, *, timeout: float | None = 3600) -> FileInfo:
        """Enable the public preview of a file and wait for its permanent URL.

        The answer's `static_public_preview_source.url` never expires. Video and audio also get a `public_playback_id`,
        which is waited for too. `disable_public_preview` takes both away.

        Raises:
            WaitTimeoutError: The public copy was not there in time.
        """
        await self.enable_public_preview(file_id)
        return await self._waiting.wait_for_target(public_copy(FileId(file_id)), timeout=timeout)
