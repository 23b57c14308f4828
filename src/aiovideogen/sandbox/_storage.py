"""The storage behind presigned URLs: PUT for uploads, GET with Range for downloads."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import anyio.to_thread

from . import _catalogue
from ._http import Answer, ApiFault, FileSlice
from ._hydrate import extension_of, load, public_path, signed_url, stage
from ._inspect import HEAD, contradicts, file_type, inspect, sniff
from ._media import Recipe, cook, thumbnail

if TYPE_CHECKING:
    from pathlib import Path

    from ._http import Request
    from ._media import Blob
    from ._records import File
    from ._state import State

PUT, GET = "storagePut", "storageGet"
_WRITE = 1024 * 1024
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


class StorageFault(Exception):
    """End a storage request with an XML error, as object stores do."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        )
        self.answer = Answer(status, {"content-type": "application/xml"}, body.encode())


def request_expired() -> Answer:
    """Answer as for a signed URL whose time has passed."""
    return StorageFault(403, "AccessDenied", "Request has expired.").answer


def operation_of(method: str) -> str:
    """Name a storage request, for fault scripts and counts."""
    return PUT if method == "PUT" else GET


async def respond(state: State, request: Request) -> Answer:
    """Answer a request below /_storage/; the API key is not looked at here."""
    try:
        match request.segments:
            case ["_storage", "uploads", file_id] if request.method == "PUT":
                _check_signature(state, request, "PUT")
                return await _put(state, request, _stored(state, file_id))
            case ["_storage", "files", file_id, leaf] if request.method in ("GET", "HEAD"):
                _check_signature(state, request, "GET")
                return await _get(state, request, _stored(state, file_id), leaf)
            case ["_storage", "public", file_id, leaf] if request.method in ("GET", "HEAD"):
                return await _get_public(state, request, _stored(state, file_id), leaf)
            case ["_storage", "catalogue", name, leaf] if request.method in ("GET", "HEAD"):
                return await _get_catalogue(state, request, name, leaf)
            case _:
                raise StorageFault(405, "MethodNotAllowed", "Not allowed on this resource.")
    except StorageFault as fault:
        return fault.answer
    except ApiFault as fault:
        return StorageFault(404, "NoSuchKey", str(fault)).answer


def _stored(state: State, file_id: str) -> File:
    file = state.files.get(file_id)
    if file is None:
        raise StorageFault(404, "NoSuchKey", "The specified key does not exist.")
    return file


def _check_signature(state: State, request: Request, method: str) -> None:
    found = re.fullmatch(r"X-Expires=([0-9]{1,15})&X-Signature=([^&]*)", request.query, re.ASCII)
    expires, signature = found.groups() if found else ("0", "")
    if not found or not state.verify(signature, method, request.raw_path, expires):
        raise StorageFault(403, "SignatureDoesNotMatch", "The signature does not match.")
    if state.now() >= int(expires):
        raise StorageFault(403, "AccessDenied", "Request has expired.")


def upload_url(state: State, base: str, file: File) -> str:
    """Presign the PUT of a file's bytes."""
    expires = int(state.now() + state.settings.upload_seconds)
    return signed_url(state, base, f"/_storage/uploads/{file.id}", expires, "PUT")


class _Sink:
    """Writes an upload to disk; every method that blocks runs in a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.head = b""
        self._digest = hashlib.sha256()
        self._file = path.open("wb")

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        if len(self.head) < HEAD:
            self.head += data[: HEAD - len(self.head)]

    def close(self) -> str:
        self._file.close()
        return self._digest.hexdigest()[:32]

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


async def _put(state: State, request: Request, file: File) -> Answer:
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise StorageFault(411, "MissingContentLength", "You must provide Content-Length.")
    path = state.folder() / f"{file.id}-{state.next_number()}"
    sink = await anyio.to_thread.run_sync(_Sink, path)
    try:
        await _receive(request, sink)
        if sink.size != int(length):
            raise StorageFault(400, "IncompleteBody", "Fewer bytes than Content-Length says.")
        await _keep(state, file, sink)
    except BaseException:
        sink.discard()
        raise
    blob = file.content
    return Answer(200, {"etag": f'"{blob.etag}"'} if blob else {})


async def _receive(request: Request, sink: _Sink) -> None:
    waiting = bytearray()
    while (chunk := await request.chunk()) is not None:
        waiting += chunk
        if len(waiting) >= _WRITE:
            await anyio.to_thread.run_sync(sink.write, bytes(waiting))
            waiting.clear()
    await anyio.to_thread.run_sync(sink.write, bytes(waiting))


async def _keep(state: State, file: File, sink: _Sink) -> None:
    etag = await anyio.to_thread.run_sync(sink.close)
    mime = sniff(sink.head, file.name)
    blob = await anyio.to_thread.run_sync(inspect, sink.path, sink.size, etag, mime)
    file.failed = not sink.size or contradicts(file.type, mime, sink.head)
    file.guess = file_type(mime)
    file.content, replaced = blob, file.content
    file.uploaded = file.updated = state.now()
    state.stirred = True
    if replaced and replaced.path:
        replaced.path.unlink(missing_ok=True)


async def _get(state: State, request: Request, file: File, leaf: str) -> Answer:
    if stage(state, file, state.now()) != "ready":
        raise StorageFault(404, "NoSuchKey", "The specified key does not exist.")
    blob = await load(state, file)
    match leaf.partition(".")[0]:
        case "thumbnail":
            key = ("thumbnail", blob.etag)
            maker = partial(state.media.make, key, partial(thumbnail, blob))
            small = state.media.peek(key) or await anyio.to_thread.run_sync(maker)
            return ranged(request, small)
        case "hls":
            expires = int(state.now() + state.settings.url_seconds)
            path = f"/_storage/files/{file.id}/download.{extension_of(blob)}"
            return _playlist(signed_url(state, "", path, expires), blob)
        case _:
            return ranged(request, blob)


async def _get_public(state: State, request: Request, file: File, leaf: str) -> Answer:
    extension = leaf.partition(".")[2]
    if file.preview is None or request.raw_path != public_path(state, file, extension):
        raise StorageFault(404, "NoSuchKey", "The specified key does not exist.")
    blob = await load(state, file)
    if extension != "m3u8":
        return ranged(request, blob)
    return _playlist(public_path(state, file, extension_of(blob)), blob)


async def _get_catalogue(state: State, request: Request, name: str, leaf: str) -> Answer:
    kinds = {"image.png": "png", "thumbnail.jpg": "jpeg", "preview.mp4": "mp4"}
    known = {presenter.id: presenter.name for presenter in _catalogue.PRESENTERS}
    if name not in known or leaf not in kinds:
        raise StorageFault(404, "NoSuchKey", "The specified key does not exist.")
    recipe = Recipe(kinds[leaf], (9, 16), text=known[name])
    maker = partial(state.media.make, recipe, partial(cook, recipe, None))
    return ranged(request, state.media.peek(recipe) or await anyio.to_thread.run_sync(maker))


def _playlist(url: str, blob: Blob) -> Answer:
    seconds = blob.seconds or 1.0
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{round(seconds) + 1}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXTINF:{seconds:.3f},",
        url,
        "#EXT-X-ENDLIST",
        "",
    ]
    headers = {"content-type": "application/vnd.apple.mpegurl"}
    return Answer(200, headers, "\n".join(lines).encode())


def ranged(request: Request, blob: Blob) -> Answer:
    """Answer a GET as RFC 9110 says: conditions, then one range; several are answered whole."""
    etag = f'"{blob.etag}"'
    headers = {"etag": etag, "accept-ranges": "bytes", "content-type": blob.mime}
    # Strong comparison, as If-Match wants it: a weak tag never matches.
    if not {tag.strip() for tag in request.headers.get("if-match", "*").split(",")} & {etag, "*"}:
        raise StorageFault(412, "PreconditionFailed", "A precondition does not hold.")
    if _matches(request.headers.get("if-none-match"), etag):
        return Answer(304, {"etag": etag, "accept-ranges": "bytes"})
    wanted = _wanted(request, etag)
    if wanted is None:
        return Answer(200, headers, _cut(blob, 0, blob.size))
    start, stop = _bounds(wanted, blob.size)
    if start >= stop:
        fault = StorageFault(416, "InvalidRange", "The requested range is not satisfiable.")
        fault.answer.headers["content-range"] = f"bytes */{blob.size}"
        raise fault
    headers["content-range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    return Answer(206, headers, _cut(blob, start, stop))


def _matches(header: str | None, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in (header or "").split(",")}
    return etag in tags or "*" in tags


def _wanted(request: Request, etag: str) -> tuple[str, str] | None:
    # If-Range must be the strong ETag: otherwise the range is for another version, and ignored.
    condition = request.headers.get("if-range", etag)
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if request.method != "GET" or condition.strip() != etag or not found or not any(found.groups()):
        return None
    first, last = found.groups()
    return None if first and last and int(last) < int(first) else (first, last)


def _bounds(wanted: tuple[str, str], size: int) -> tuple[int, int]:
    first, last = wanted
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _cut(blob: Blob, start: int, stop: int) -> bytes | FileSlice:
    if blob.path is not None:
        return FileSlice(blob.path, start, stop - start)
    return blob.data[start:stop]
