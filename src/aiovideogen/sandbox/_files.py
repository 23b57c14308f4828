"""Files: uploads, lists, search, hydration, previews, imports."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ._calls import Call, handles, page
from ._http import Json, invalid
from ._hydrate import analysed, exists, file_info, find_file
from ._jobs import look, span, succeeded
from ._media import Recipe
from ._records import File, Import
from ._rules import is_web_url
from ._state import find
from ._storage import upload_url

if TYPE_CHECKING:
    from collections.abc import Iterator

# A file fetched from a URL: nothing is fetched, the path's extension says what stands in for it.
IMPORTED = {
    "jpg": ("IMAGE", "jpeg"),
    "jpeg": ("IMAGE", "jpeg"),
    "png": ("IMAGE", "png"),
    "webp": ("IMAGE", "png"),
    "gif": ("IMAGE", "png"),
    "svg": ("IMAGE", "svg"),
    "mp4": ("VIDEO", "mp4"),
    "mov": ("VIDEO", "mp4"),
    "webm": ("VIDEO", "webm"),
    "wav": ("AUDIO", "wav"),
    "mp3": ("AUDIO", "wav"),
    "m4a": ("AUDIO", "wav"),
}
HIDDEN_SCOPES = {"EXPORT": "includeExportFiles", "PROJECT": "includeProjectFiles"}


@handles("createFileUpload")
async def create_upload(call: Call) -> Json:
    """Make a file record and presign the PUT of its bytes."""
    scope = "TEMPORARY" if call.body.get("isTemporary") else "GLOBAL"
    file = call.state.new_file(call.body["displayName"], call.body.get("type"), scope)
    file.transcript = call.body.get("transcript")
    return {"fileId": file.id, "uploadUrl": upload_url(call.state, call.base, file)}


def _file(call: Call) -> File:
    return find_file(call.state, call.path["fileId"], call.now)


@handles("getFile")
async def get(call: Call) -> Json:
    """Show a file without its signed sources, as the newer clients say of this call."""
    return await file_info(call, _file(call), signed=None, sources=False)


@handles("hydrateFile")
async def hydrate(call: Call) -> Json:
    """Show a file with everything signed now."""
    file = _file(call)
    file.signed = call.now
    return await file_info(call, file, signed=call.now)


@handles("archiveFile")
async def archive(call: Call) -> Json:
    """Take a file out of the lists; it stays readable by its id."""
    file = _file(call)
    file.archived = True
    file.updated = call.now
    return await file_info(call, file, signed=file.signed)


@handles("enablePublicPreview")
async def enable_preview(call: Call) -> Json:
    """Publish a copy; streams follow a moment later."""
    file = _file(call)
    if file.preview is None:
        file.preview = file.updated = call.now
    return await file_info(call, file, signed=call.now)


@handles("disablePublicPreview")
async def disable_preview(call: Call) -> Json:
    """Remove the public copy; signed URLs go on working."""
    file = _file(call)
    if file.preview is not None:
        file.preview, file.updated = None, call.now
    return await file_info(call, file, signed=call.now)


def _updated(file: File) -> float:
    made = span(file.job)[1] if file.job is not None else 0.0
    return max(file.updated, made)


def _listed(call: Call) -> Iterator[File]:
    for file in call.state.files.values():
        option = HIDDEN_SCOPES.get(file.scope)
        wanted = option is None or call.query.get(option, False)
        if wanted and not file.archived and exists(file, call.now):
            yield file


@handles("getFiles")
async def list_all(call: Call) -> Json:
    """List files, newest updated first; a list signs nothing anew."""
    ordered = sorted(_listed(call), key=lambda file: (_updated(file), file.id), reverse=True)
    shown, body = page(call, "files", ordered, lambda file: (_updated(file), file.id))
    body["files"] = [await _listed_info(call, file) for file in shown]
    return body


async def _listed_info(call: Call, file: File) -> Json:
    return await file_info(call, file, signed=file.signed, sources=file.signed is not None)


@handles("searchFiles")
async def search(call: Call) -> Json:
    """Rank described files by the cosine of shared words."""
    asked = _words(call.body["query"])
    ranked = [
        (score, file)
        for file in _listed(call)
        if analysed(call.state, file, call.now) and (score := _cosine(asked, _words(file.name))) > 0
    ]
    ranked.sort(key=lambda item: (-item[0], item[1].id))
    top = ranked[: int(call.body.get("numResults", 10))]
    return {"results": [{"similarity": round(score, 4), "file": await _listed_info(call, file)} for score, file in top]}


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[word] for word, count in one.items())
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return min(1.0, shared / lengths) if shared else 0.0


@handles("createFileUrlImport")
async def create_import(call: Call) -> Json:
    """Accept an import; the name of the URL's field is not known, so any one counts."""
    url = next((value for value in call.raw.values() if is_web_url(value)), None)
    if url is None:
        raise invalid("An http or https URL to import from is needed.")
    job = call.state.new_job("import_", "FILE_IMPORT")
    leaf = urlsplit(str(url)).path.rpartition("/")[2]
    type_, kind = IMPORTED.get(leaf.rpartition(".")[2].lower(), ("TEXT", "text"))
    name = str(call.raw.get("displayName") or leaf or "Imported file")
    file = call.state.new_file(name, type_, "GLOBAL", job)
    file.recipe = Recipe(kind, text=name)
    call.state.imports[job.id] = Import(job, file)
    return {"fileImportId": job.id}


@handles("getFileUrlImport")
async def get_import(call: Call) -> Json:
    """Show an import; its file's id comes with success."""
    item = find(call.state.imports, call.path["fileImportId"], "File import")
    done = succeeded(item.job, call.now)
    file_id = item.file.id if done else None
    return {"fileImportId": item.job.id, "fileId": file_id, **look(item.job, call.now).fields()}
