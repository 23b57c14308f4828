"""How a stored file is shown: readiness, sources, signed URLs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread

from . import _catalogue
from ._http import Json, invalid
from ._jobs import has_urls, span, succeeded
from ._media import THUMBNAIL_SIDE, Blob, Recipe, cook
from ._state import find

if TYPE_CHECKING:
    from ._calls import View
    from ._records import File
    from ._state import State

SIGNED = "X-Expires={}&X-Signature={}"
_STREAMED = frozenset({"VIDEO", "AUDIO"})
_PICTURED = frozenset({"IMAGE", "VIDEO"})
_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
    "application/json": "json",
    "text/plain": "txt",
}


def signed_url(state: State, base: str, path: str, expires: int, method: str = "GET") -> str:
    """Sign a storage path; any change of path, method or query breaks it."""
    signature = state.sign(method, path, expires)
    return f"{base}{path}?{SIGNED.format(expires, signature)}"


def stage(state: State, file: File, now: float) -> str:
    """Return a file's progress as a source status: pending, ready or failed."""
    if file.job is not None:
        return "ready" if has_urls(file.job, now) else "pending"
    if file.uploaded is None or now < file.uploaded + state.settings.file_seconds:
        return "pending"
    return "failed" if file.failed else "ready"


def ready_since(state: State, file: File) -> float:
    """Return when a file's bytes were first usable."""
    if file.job is not None:
        return span(file.job)[1] + file.job.script.null_url_seconds
    return (file.uploaded or 0.0) + state.settings.file_seconds


def exists(file: File, now: float) -> bool:
    """Say whether a file is there: what a job makes comes with its success."""
    return file.job is None or succeeded(file.job, now)


def find_file(state: State, file_id: str, now: float) -> File:
    """Return a file by its id.

    Raises ApiFault (404) when there is none.
    """
    file = find(state.files, file_id, "File")
    return file if exists(file, now) else find({}, file_id, "File")


def type_of(state: State, file: File, now: float) -> str | None:
    """Return a file's type; an undeclared one is known when processing ends."""
    if file.type is not None or stage(state, file, now) == "pending":
        return file.type
    return file.guess


async def load(state: State, file: File) -> Blob:
    """Return a file's bytes, made in a thread at first use."""
    if file.content is not None:
        return file.content
    if file.recipe is None:
        raise invalid("The file has no content yet.")
    ready = state.media.peek(file.recipe)
    maker = partial(state.media.make, file.recipe, partial(_cook, state, file.recipe))
    return ready or await anyio.to_thread.run_sync(maker)


def _cook(state: State, recipe: Recipe) -> Blob:
    source = state.files.get(recipe.source)
    start = source.recipe if source else None
    if start is not None:
        return cook(recipe, state.media.make(start, partial(_cook, state, start)))
    return cook(recipe, source.content if source else None)


async def file_info(
    view: View, file: File, *, signed: float | None, sources: bool = True, inline: bool = False
) -> Json:
    """Show a file: URLs signed at `signed` (None leaves them out), `sources` or only the roots.

    `inline` is the form inside tool results: without the analysis.
    """
    state, now = view.state, view.now
    status = stage(state, file, now)
    blob = await load(state, file) if status == "ready" else None
    type_ = type_of(state, file, now)
    parts = _sources(view, file, type_, status, blob, signed)
    info: Json = {
        "fileId": file.id,
        "type": type_,
        "scope": file.scope,
        "displayName": file.name,
        "description": _description(state, file, now),
        "durationSeconds": blob.seconds if blob and type_ in _STREAMED else None,
        "transcript": file.transcript if type_ in _STREAMED else None,
        "transcriptText": _transcript_text(file) if type_ in _STREAMED else None,
        **_root("download", parts["downloadSource"]),
        **_root("thumbnail", parts["thumbnailSource"]),
        **(parts if sources else {}),
        **_public(view, file, type_, status, blob),
    }
    if file.tool and file.job:
        info |= {"sourceToolType": file.tool, "sourceToolExecutionId": file.job.id}
    if not inline:
        info["fileAnalysisMetadata"] = _analysis(state, file, now)
    return info


def _root(name: str, source: Json) -> Json:
    return {f"{name}Url": source["url"], f"{name}UrlExpiresAt": source["expiresAt"]}


def _sources(view: View, file: File, type_: str | None, status: str, blob: Blob | None, signed: float | None) -> Json:
    expires = None if signed is None else int(signed + view.state.settings.url_seconds)
    streaming = _streaming(view.state, file, view.now) if type_ in _STREAMED else "skipped"
    extension = extension_of(blob) if blob else ""
    rows = {
        "thumbnailSource": (status if type_ in _PICTURED else "skipped", "thumbnail.jpg"),
        "previewSource": (status, f"preview.{extension}"),
        "downloadSource": (status, f"download.{extension}"),
        "hlsSource": (status if status != "ready" else streaming, "hls.m3u8"),
    }
    # Until the type is known nobody can tell which renditions there will be.
    if type_ is None and status == "pending":
        rows = {name: ("pending", leaf) for name, (_, leaf) in rows.items()}
    return {name: _source(view, file, leaf, state, expires, _facts(name, blob)) for name, (state, leaf) in rows.items()}


def _source(view: View, file: File, leaf: str, status: str, expires: int | None, facts: Json) -> Json:
    if status != "ready":
        nothing = dict.fromkeys(("url", "expiresAt", "width", "height", "fileBytes"))
        return {"status": status, **nothing}
    if expires is None:
        return {"status": status, "url": None, "expiresAt": None, **facts}
    url = signed_url(view.state, view.base, f"/_storage/files/{file.id}/{leaf}", expires)
    return {"status": status, "url": url, "expiresAt": expires, **facts}


def _facts(name: str, blob: Blob | None) -> Json:
    if blob is None or name == "hlsSource":
        return {"width": None, "height": None, "fileBytes": None}
    if name != "thumbnailSource":
        return {"width": blob.width, "height": blob.height, "fileBytes": blob.size}
    width, height = blob.width or THUMBNAIL_SIDE, blob.height or THUMBNAIL_SIDE
    scale = min(1.0, THUMBNAIL_SIDE / max(width, height))
    small = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
    return {**small, "fileBytes": None}


def extension_of(blob: Blob) -> str:
    """Return the file extension of a MIME type."""
    return _EXTENSIONS.get(blob.mime.partition(";")[0], "bin")


def public_path(state: State, file: File, extension: str) -> str:
    """Return the permanent path of a public preview; a new one after it was switched off."""
    token = state.sign("public", file.id, file.preview)[:16]
    return f"/_storage/public/{file.id}/{token}.{extension}"


def _public(view: View, file: File, type_: str | None, status: str, blob: Blob | None) -> Json:
    if file.preview is None:
        return {
            "isPublicPreviewEnabled": False,
            "staticPublicPreviewSource": None,
            "publicHlsUrl": None,
            "publicPlaybackId": None,
        }
    url = view.base + public_path(view.state, file, extension_of(blob)) if blob else None
    source = {"status": status, "url": url, "expiresAt": None, **_facts("static", blob)}
    # The streams of a public preview are ready a moment after the file and the switch are.
    since = max(file.preview, ready_since(view.state, file))
    streams = type_ in _STREAMED and blob and view.now >= since + view.state.settings.file_seconds
    return {
        "isPublicPreviewEnabled": True,
        "staticPublicPreviewSource": source,
        "publicHlsUrl": view.base + public_path(view.state, file, "m3u8") if streams else None,
        "publicPlaybackId": _catalogue.fixed_id("vg_play_", file.id) if streams else None,
    }


def playable_since(state: State, file: File) -> set[float]:
    """Return when streams of a video or audio file become ready: its own, and the public ones."""
    ready = ready_since(state, file)
    return {since + state.settings.file_seconds for since in (ready, max(file.preview or ready, ready))}


def _streaming(state: State, file: File, now: float) -> str:
    return "ready" if now >= min(playable_since(state, file)) else "pending"


def analysable(state: State, file: File) -> bool:
    """Say whether analysis can make something of a file's bytes: of what can't be decoded it can't."""
    blob = file.content
    if blob is None or blob.mime == "image/svg+xml":
        return True
    type_ = file.type or file.guess
    measures = {"IMAGE": blob.width, "VIDEO": blob.seconds, "AUDIO": blob.seconds}
    return type_ is not None and measures.get(type_, 1) is not None


def analysed(state: State, file: File, now: float) -> bool:
    """Say whether a file's description is there, and with it search."""
    return _analysis_over(state, file, now) and analysable(state, file)


def _analysis_over(state: State, file: File, now: float) -> bool:
    if file.scope == "TEMPORARY" or stage(state, file, now) != "ready":
        return False
    return now >= ready_since(state, file) + 2 * state.settings.file_seconds


def _analysis(state: State, file: File, now: float) -> Json:
    if _analysis_over(state, file, now):
        done = analysable(state, file)
        return {
            "analysisLoadingState": "FULFILLED" if done else "REJECTED",
            "analysisProgressPercentage": 100 if done else 0,
        }
    waiting = file.scope == "TEMPORARY" or stage(state, file, now) != "ready"
    loading = "UNATTEMPTED" if waiting else "LOADING"
    progress = 0 if waiting else 50
    return {
        "analysisLoadingState": loading,
        "analysisProgressPercentage": progress,
        "analysisAttemptIndex": 0,
    }


def _description(state: State, file: File, now: float) -> str | None:
    if not analysed(state, file, now):
        return None
    kind = (type_of(state, file, now) or "file").lower()
    return f"{kind.capitalize()}: {file.name}"


def _transcript_text(file: File) -> str | None:
    if file.transcript is None:
        return None
    return " ".join(str(word["word"]) for word in file.transcript["words"])
