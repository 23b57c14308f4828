"""Projects, their exports, timeline interchange and remix actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._calls import Call, handles, page, project_url, ratio_of
from ._hydrate import file_info
from ._jobs import Job, JobScript, has_urls, look, outcome, span, succeeded
from ._media import VARIANTS, Recipe
from ._records import Action, Export, Interchange, Project
from ._state import find

if TYPE_CHECKING:
    from ._http import Json
    from ._records import File
    from ._state import State

# Format -> the extension of its document.
FORMATS = {"FCPXML": "fcpxml", "PREMIERE_XML": "xml", "OTIO": "otio", "SRT": "srt"}


def _work(project: Project) -> list[Job]:
    return [*project.builds, *(action.job for action in project.actions)]


def add_actions(state: State, project: Project, bodies: list[Json], *, needs: Job | None = None) -> list[Action]:
    """Queue remix actions behind the project's last work, one after another."""
    added: list[Action] = []
    work = _work(project)
    last = max(work, key=lambda job: span(job)[1]) if work else None
    for body in bodies:
        job = state.new_job("vg_rmix_", body["type"], after=last, needs=needs)
        added.append(Action(state.next_number(), project, body["type"], body, job))
        last = job
    project.actions += added
    return added


def new_export(
    state: State,
    project: Project,
    *,
    after: Job | None,
    needs: Job | None = None,
    script: JobScript | None = None,
) -> Export:
    """Start an export; its file comes into being when it succeeds."""
    job = state.new_job("vg_expo_", "EXPORT", after=after, needs=needs, script=script)
    file = state.new_file(project.title, "VIDEO", "EXPORT", job)
    variant = sum(project.id.encode()) % VARIANTS
    file.recipe = Recipe("mp4", ratio_at(project, span(job)[0]), variant=variant)
    export = Export(state.next_number(), project, job, file)
    state.exports[job.id] = export
    project.exports.append(export)
    return export


def ratio_at(project: Project, now: float) -> tuple[int, int]:
    """Return a project's aspect ratio: a resize changes it when it has succeeded."""
    ratio = project.ratio
    for action in project.actions:
        if action.type == "RESIZE_PROJECT" and succeeded(action.job, now):
            ratio = ratio_of(action.body)
    return ratio


def _updated(project: Project, now: float) -> float:
    times = [project.created, *(export.job.accepted for export in project.exports)]
    for job in _work(project):
        times += [job.accepted, *span(job)]
    return max(time for time in times if time <= now)


def _shown(project: Project, now: float) -> Json:
    width, height = ratio_at(project, now)
    building = any(now < span(job)[1] for job in project.builds)
    return {
        "projectId": project.id,
        "assistantId": project.assistant.id,
        "title": project.title,
        "aspectRatio": {"width": width, "height": height},
        "status": "generating" if building else "ready",
        "createdAt": int(project.created),
        "updatedAt": int(_updated(project, now)),
        "projectUrl": project_url(project),
    }


def _project(call: Call) -> Project:
    return find(call.state.projects, call.path["projectId"], "Project")


@handles("getProject")
async def get_project(call: Call) -> Json:
    """Show a project."""
    return _shown(_project(call), call.now)


@handles("listProjects")
async def list_projects(call: Call) -> Json:
    """List projects, newest updated first; includeUiProjects is ignored as by the newer API."""

    def key(project: Project) -> tuple[float, int]:
        return _updated(project, call.now), project.number

    ordered = sorted(call.state.projects.values(), key=key, reverse=True)
    shown, body = page(call, "projects", ordered, key)
    return {**body, "projects": [_shown(project, call.now) for project in shown]}


@handles("exportProject")
async def export_project(call: Call) -> Json:
    """Export what is built; remix actions still under way are not waited for."""
    project = _project(call)
    build = project.builds[-1] if project.builds else None
    return {"exportId": new_export(call.state, project, after=build).job.id}


async def _shown_export(call: Call, export: Export) -> Json:
    end = span(export.job)[1]
    if call.now >= end:
        signed = end if export.signed is None else export.signed
        export.signed = call.state.resigned(signed, call.now)
    file = export.file if succeeded(export.job, call.now) else None
    names = ("downloadUrl", "downloadUrlExpiresAt", "thumbnailUrl", "thumbnailUrlExpiresAt")
    info = await file_info(call, file, signed=export.signed, inline=True) if file else None
    return {
        "exportId": export.job.id,
        "projectId": export.project.id,
        **look(export.job, call.now).fields(),
        **{name: info[name] if info else None for name in names},
        "exportFileId": file.id if file else None,
        "file": info,
    }


def _exports(call: Call) -> list[Export]:
    return [export for export in _project(call).exports if _begun(export.job, call.now)]


def _begun(job: Job, now: float) -> bool:
    # An export that a run will make is there once its turn has come, and never if the build failed.
    return job.needs is None or (outcome(job.needs) == "succeeded" and span(job)[0] <= now)


@handles("getProjectExport")
async def get_export(call: Call) -> Json:
    """Show an export, its URLs signed anew within an hour of their expiry."""
    known = {export.job.id: export for export in _exports(call)}
    return await _shown_export(call, find(known, call.path["exportId"], "Export"))


@handles("listProjectExports")
async def list_exports(call: Call) -> Json:
    """List a project's exports, newest first; this list signs URLs anew, as the GET does."""
    newest = sorted(_exports(call), key=lambda export: export.number, reverse=True)
    shown, body = page(call, "exports", newest, lambda export: (export.number,))
    return {**body, "exports": [await _shown_export(call, export) for export in shown]}


@handles("createTimelineInterchange")
async def create_interchange(call: Call) -> Json:
    """Start writing a project's timeline for an editing program."""
    project, state = _project(call), call.state
    format_ = call.body.get("format", "FCPXML")
    delivery = call.body.get("mediaDelivery", "REMOTE_URLS")
    build = project.builds[-1] if project.builds else None
    job = state.new_job("vg_inte_", "TIMELINE_INTERCHANGE", after=build)
    extension = FORMATS[format_] if delivery == "REMOTE_URLS" else "zip"
    file = state.new_file(f"timeline.{extension}", "TEXT", "EXPORT", job)
    text = timeline(format_, project)
    file.recipe = Recipe(extension, project.ratio, text=text, source=FORMATS[format_])
    state.interchanges[job.id] = Interchange(project, format_, delivery, job, file)
    return {"interchangeJobId": job.id}


@handles("getTimelineInterchange")
async def get_interchange(call: Call) -> Json:
    """Show an interchange job, its URL signed anew within an hour of its expiry."""
    item = find(call.state.interchanges, call.path["interchangeJobId"], "Timeline interchange")
    end = span(item.job)[1]
    if call.now >= end:
        item.signed = call.state.resigned(end if item.signed is None else item.signed, call.now)
    file: File | None = item.file if succeeded(item.job, call.now) else None
    info = await file_info(call, file, signed=item.signed, inline=True) if file else None
    urls = info if info and has_urls(item.job, call.now) else {}
    return {
        "interchangeJobId": item.job.id,
        "projectId": item.project.id,
        "format": item.format,
        "mediaDelivery": item.delivery,
        **look(item.job, call.now).fields(),
        "downloadUrl": urls.get("downloadUrl"),
        "downloadUrlExpiresAt": urls.get("downloadUrlExpiresAt"),
        "interchangeFileId": file.id if file else None,
        "file": info,
    }


def timeline(format_: str, project: Project) -> str:
    """Write a one-scene timeline in an interchange format."""
    from xml.sax.saxutils import quoteattr

    name = quoteattr(project.title)
    match format_:
        case "SRT":
            return f"1\n00:00:00,000 --> 00:00:02,000\n{project.title}\n"
        case "OTIO":
            import json

            track: Json = {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": []}
            stack: Json = {"OTIO_SCHEMA": "Stack.1", "children": [track]}
            document: Json = {"OTIO_SCHEMA": "Timeline.1", "name": project.title, "tracks": stack}
            return json.dumps(document, indent=2)
        case "PREMIERE_XML":
            return (
                '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="5">'
                f"<sequence id={name}><duration>16</duration></sequence></xmeml>\n"
            )
        case _:
            return (
                '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
                f'<fcpxml version="1.10"><library><event name={name}><project name={name}/>'
                "</event></library></fcpxml>\n"
            )


@handles("remixProject")
async def remix(call: Call) -> Json:
    """Queue remix actions, on the project or on a copy of it."""
    project = _project(call)
    if call.body.get("saveAsNewProject"):
        project = _copied(call, project)
    actions = add_actions(call.state, project, call.body["remixActions"])
    return {
        "projectId": project.id,
        "projectUrl": project_url(project),
        "remixActionIds": [action.job.id for action in actions],
    }


def _copied(call: Call, project: Project) -> Project:
    copy = call.state.new_project(f"{project.title} (copy)", ratio_at(project, call.now))
    copy.builds += project.builds
    return copy


@handles("listProjectRemixActions")
async def list_actions(call: Call) -> Json:
    """List every action ever queued on a project, newest first."""
    newest = sorted(_project(call).actions, key=lambda action: action.number, reverse=True)
    shown, body = page(call, "remixActions", newest, lambda action: (action.number,))
    return {**body, "remixActions": [_shown_action(action, call.now) for action in shown]}


def _shown_action(action: Action, now: float) -> Json:
    return {
        "remixActionId": action.job.id,
        "type": action.type,
        "projectId": action.project.id,
        "projectUrl": project_url(action.project),
        **look(action.job, now).fields(),
    }
