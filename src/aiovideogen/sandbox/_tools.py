"""The 13 tools and their executions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ._calls import Call, View, handles, page, ratio_of
from ._hydrate import file_info
from ._jobs import cancel, look, span
from ._media import VARIANTS, Recipe
from ._records import Execution
from ._state import find

if TYPE_CHECKING:
    from ._http import Json
    from ._records import File

Maker = Callable[[Call], tuple[str, Recipe]]


def _prompt(call: Call) -> str:
    return str(call.body.get("prompt") or call.body.get("spokenDialogue") or "").strip()


def _image(call: Call) -> tuple[str, Recipe]:
    return "IMAGE", Recipe("png", ratio_of(call.body), text=_prompt(call))


def _clip(call: Call) -> tuple[str, Recipe]:
    return "VIDEO", Recipe("mp4", ratio_of(call.body), _seconds(call, 2.0))


def _seconds(call: Call, longest: float) -> float:
    # Clips are shorter than asked for: what counts is that they play, and that they are few.
    return float(min(call.body.get("durationSeconds") or longest, longest))


def _motion_graphic(call: Call) -> tuple[str, Recipe]:
    # Transparent is the default, and only WebM carries it.
    kind = "webm" if call.body.get("transparentBackground", True) else "mp4"
    return "VIDEO", Recipe(kind, ratio_of(call.body), _seconds(call, 2.0))


def _speech(call: Call) -> tuple[str, Recipe]:
    return "AUDIO", Recipe("wav", seconds=min(3.0, 0.5 + len(call.body["ttsText"]) // 8 * 0.5))


def _sound(call: Call) -> tuple[str, Recipe]:
    return "AUDIO", Recipe("wav", seconds=_seconds(call, 3.0))


def _music(_: Call) -> tuple[str, Recipe]:
    return "AUDIO", Recipe("wav", seconds=3.0)


def _avatar(_: Call) -> tuple[str, Recipe]:
    return "VIDEO", Recipe("mp4", (9, 16))


def _from_image(kind: str) -> Maker:
    def make(call: Call) -> tuple[str, Recipe]:
        return "IMAGE", Recipe(kind, _source_ratio(call, "imageFileId"), source=_source(call))

    return make


def _from_video(kind: str) -> Maker:
    def make(call: Call) -> tuple[str, Recipe]:
        return "VIDEO", Recipe(kind, _source_ratio(call, "videoFileId"))

    return make


def _parallax(call: Call) -> tuple[str, Recipe]:
    return "VIDEO", Recipe("mp4", _source_ratio(call, "imageFileId"))


def _source(call: Call) -> str:
    return str(call.body["imageFileId"])


def _source_ratio(call: Call, name: str) -> tuple[int, int]:
    file = call.state.files[call.body[name]]
    if file.content and file.content.width and file.content.height:
        return file.content.width, file.content.height
    return file.recipe.ratio if file.recipe else (16, 9)


TOOLS: dict[str, Maker] = {
    "generateImage": _image,
    "generateVideoClip": _clip,
    "generateMotionGraphic": _motion_graphic,
    "textToSpeech": _speech,
    "generateSoundEffect": _sound,
    "generateMusic": _music,
    "generateAvatar": _avatar,
    "vectorizeImage": _from_image("svg"),
    "removeImageBackground": _from_image("cutout"),
    "removeVideoBackground": _from_video("webm"),
    "upscaleImage": _from_image("upscale"),
    "upscaleVideo": _from_video("mp4"),
    "image3dEffect": _parallax,
}


@handles(*TOOLS)
async def start(call: Call) -> Json:
    """Accept a tool's job; its files come into being when it succeeds."""
    type_ = call.operation.path.rpartition("/")[2].upper().replace("-", "_")
    kind, recipe = TOOLS[call.operation.id](call)
    job = call.state.new_job("vg_tool_", type_)
    name = _prompt(call) or str(call.body.get("ttsText") or type_.replace("_", " ").capitalize())
    scope = "TEMPORARY" if call.body.get("isOutputTemporary") else "GLOBAL"
    files: list[File] = []
    for index in range(int(call.body.get("numResults", 1))):
        file = call.state.new_file(name[:100], kind, scope, job)
        file.recipe = _varied(recipe, job.id, index)
        file.tool = type_
        files.append(file)
    execution = Execution(call.state.next_number(), job, files)
    call.state.executions[job.id] = execution
    return {"toolExecutionId": job.id}


def _varied(recipe: Recipe, job_id: str, index: int) -> Recipe:
    # The id picks one of a few variants: results differ, and thousands of jobs share the encoding.
    variant = (sum(job_id.encode()) + index) % VARIANTS
    return Recipe(recipe.kind, recipe.ratio, recipe.seconds, recipe.text, variant, recipe.source)


@handles("getToolExecutionInfo")
async def get(call: Call) -> Json:
    """Show an execution, its URLs signed anew within an hour of their expiry."""
    execution = find(call.state.executions, call.path["toolExecutionId"], "Tool execution")
    end = span(execution.job)[1]
    if call.now >= end:
        execution.signed = call.state.resigned(_signed(execution), call.now)
    return await snapshot(call, execution)


def _signed(execution: Execution) -> float:
    # A fresh execution is hydrated: its URLs are signed when it ends.
    return span(execution.job)[1] if execution.signed is None else execution.signed


async def snapshot(call: View, execution: Execution) -> Json:
    """Show an execution as it is, without signing anything anew."""
    job = execution.job
    state = look(job, call.now)
    results: list[Json] = []
    if state.status == "succeeded":
        results = [await _result(call, execution, file) for file in execution.files]
    return {"toolExecutionId": job.id, "toolType": job.type, "results": results, **state.fields()}


async def _result(call: View, execution: Execution, file: File) -> Json:
    info = await file_info(call, file, signed=_signed(execution), inline=True)
    names = ("downloadUrl", "downloadUrlExpiresAt", "thumbnailUrl", "thumbnailUrlExpiresAt")
    roots = {name: info[name] for name in names}
    return {"fileId": file.id, "type": file.type, **roots, "file": info}


@handles("listToolExecutions")
async def list_all(call: Call) -> Json:
    """List executions, newest created first, with the URLs they had."""
    newest = reversed(call.state.executions.values())
    shown, body = page(call, "toolExecutions", newest, lambda item: (item.number,))
    body["toolExecutions"] = [await snapshot(call, execution) for execution in shown]
    return body


@handles("cancelToolExecution")
async def stop(call: Call) -> Json:
    """Cancel an execution; one that has ended stays as it is."""
    execution = find(call.state.executions, call.path["toolExecutionId"], "Tool execution")
    cancel(execution.job, call.now)
    return {"toolExecutionId": execution.job.id}
