"""Workflow runs: a project is built, its remix actions follow, with autoExport the MP4 too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._calls import Call, View, handles, page, project_url, ratio_of
from ._hydrate import file_info
from ._jobs import JobScript, Look, cancel, has_urls, look, outcome, span, succeeded
from ._projects import add_actions, new_export
from ._records import Run
from ._state import find

if TYPE_CHECKING:
    from ._http import Json
    from ._jobs import Job
    from ._records import Project
    from ._state import State

WORKFLOWS = {
    "scriptToVideo": "SCRIPT_TO_VIDEO",
    "voiceoverToVideo": "VOICEOVER_TO_VIDEO",
    "slideshowToVideo": "SLIDESHOW_TO_VIDEO",
    "promptToVideoClip": "PROMPT_TO_VIDEO_CLIP",
    # Unconfirmed: the provider's document names no workflow type for it.
    "videoToVideo": "VIDEO_TO_VIDEO",
}


@handles(*WORKFLOWS)
async def start(call: Call) -> Json:
    """Accept a run and make its project."""
    type_ = WORKFLOWS[call.operation.id]
    title = str(call.body.get("script") or call.body.get("prompt") or _file_name(call) or type_)
    project = call.state.new_project(title.strip().partition("\n")[0], ratio_of(call.body))
    # What videoToVideo takes besides its source is not documented: assume the flag of the others.
    body = {**call.body, "autoExport": call.raw.get("autoExport") is True}
    return shown_start(new_run(call.state, type_, project, body))


def _file_name(call: Call) -> str | None:
    file = call.state.files.get(call.body.get("fileId", ""))
    return file.name if file else None


def new_run(state: State, type_: str, project: Project, body: Json, *, cause: Job | None = None) -> Run:
    """Make a run and all the work it brings; with a `cause` it begins when that succeeds."""
    build = state.new_job("vg_work_", type_, after=cause, needs=cause)
    project.builds.append(build)
    actions = add_actions(state, project, body.get("remixActions") or [], needs=build)
    run = Run(state.next_number(), build.id, type_, project, build, actions, cause=cause)
    if body.get("autoExport"):
        script = JobScript(null_url_seconds=build.script.null_url_seconds)
        last = actions[-1].job if actions else build
        run.export = new_export(state, project, after=last, needs=build, script=script)
    state.runs[run.id] = run
    return run


def shown_start(run: Run) -> Json:
    """Show the answer to a start or a cancel."""
    return {
        "workflowRunId": run.id,
        "projectId": run.project.id,
        "projectUrl": project_url(run.project),
        "remixActionIds": [action.job.id for action in run.actions],
    }


def look_at(run: Run, now: float) -> Look:
    """Return what a run shows: with autoExport it goes on through build, actions and export."""
    build = look(run.build, now)
    if run.export is None:
        return build
    stages = [build, *(look(action.job, now) for action in run.actions)]
    export = look(run.export.job, now)
    ended = build.status == "succeeded" and export.terminal
    status = export.status if ended else "running" if build.status == "succeeded" else build.status
    done = sum(100.0 if stage.terminal else stage.progress for stage in stages) + export.progress
    progress = 100.0 if status == "succeeded" else min(round(done / (len(stages) + 1), 1), 99.0)
    return Look(status, progress, build.attempt, (export if ended else build).error)


def end_of(run: Run) -> float:
    """Return when a run ends, with autoExport after its export; infinite when that is not foreseen."""
    if run.export is None or outcome(run.build) != "succeeded":
        return span(run.build)[1]
    return span(run.export.job)[1]


async def snapshot(call: View, run: Run, signed: float | None) -> Json:
    """Show a run; URLs come with a succeeded autoExport, signed at `signed`."""
    export = run.export
    urls: Json = dict.fromkeys(("downloadUrl", "downloadUrlExpiresAt", "thumbnailUrl", "thumbnailUrlExpiresAt"))
    done = export is not None and succeeded(export.job, call.now)
    if export is not None and has_urls(export.job, call.now):
        info = await file_info(call, export.file, signed=signed)
        urls = {name: info[name] for name in urls}
    return {
        "workflowRunId": run.id,
        "workflowType": run.type,
        "projectId": run.project.id,
        "projectUrl": project_url(run.project),
        **look_at(run, call.now).fields(),
        "exportId": export.job.id if export and done else None,
        **urls,
        "exportFileId": export.file.id if export and done else None,
    }


def _signed(run: Run) -> float:
    # A run and its export show the same file: they share the time of signing.
    if run.export is None:
        return 0.0
    return span(run.export.job)[1] if run.export.signed is None else run.export.signed


def _visible(run: Run, now: float) -> bool:
    return run.cause is None or succeeded(run.cause, now)


def _find(call: Call) -> Run:
    run = find(call.state.runs, call.path["workflowRunId"], "Workflow run")
    return run if _visible(run, call.now) else find({}, run.id, "Workflow run")


@handles("getWorkflowRun")
async def get(call: Call) -> Json:
    """Show a run, its URLs signed anew within an hour of their expiry."""
    run = _find(call)
    if run.export is not None and succeeded(run.export.job, call.now):
        run.export.signed = call.state.resigned(_signed(run), call.now)
    return await snapshot(call, run, _signed(run))


@handles("listWorkflowRuns")
async def list_all(call: Call) -> Json:
    """List runs, newest created first, with the URLs they had."""
    newest = [run for run in reversed(call.state.runs.values()) if _visible(run, call.now)]
    shown, body = page(call, "workflowRuns", newest, lambda run: (run.number,))
    body["workflowRuns"] = [await snapshot(call, run, _signed(run)) for run in shown]
    return body


@handles("cancelWorkflowRun")
async def stop(call: Call) -> Json:
    """Cancel a run and what it would still have done; one that has ended stays as it is."""
    run = _find(call)
    if not look_at(run, call.now).terminal:
        for job in [run.build, *(action.job for action in run.actions)]:
            cancel(job, call.now)
        if run.export is not None:
            cancel(run.export.job, call.now)
    return shown_start(run)
