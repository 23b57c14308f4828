"""What webhooks tell: the 18 events as facts of the records and the time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import inf, isfinite
from typing import TYPE_CHECKING, TypeAlias

from ._assistants import shown
from ._http import Json, api_error
from ._hydrate import analysable, file_info, playable_since, ready_since, type_of
from ._jobs import TERMINAL, look, outcome, span
from ._records import Execution, Export, File, Message, Run
from ._tools import snapshot as tool_snapshot
from ._workflows import end_of, look_at
from ._workflows import snapshot as run_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._calls import View
    from ._jobs import Job
    from ._state import State

Body: TypeAlias = Callable[["View"], Awaitable[Json]]
Subject: TypeAlias = Execution | Run | Export | Message | File

RUN_FIELDS = (
    "workflowRunId",
    "workflowType",
    "projectId",
    "projectUrl",
    "error",
    "exportId",
    "downloadUrl",
    "downloadUrlExpiresAt",
    "thumbnailUrl",
    "thumbnailUrlExpiresAt",
    "exportFileId",
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment, past or to come; `body` makes its payload."""

    name: str
    at: float
    record_id: str
    body: Body

    @property
    def key(self) -> tuple[str, str, float]:
        return self.name, self.record_id, self.at

    async def payload(self, view: View) -> Json:
        """Make the message's body, its URLs fresh."""
        fields = await self.body(view)
        return {"event": self.name, "occurredAt": int(self.at), **fields}


def events_of(state: State, subject: Subject) -> list[Event]:
    """Return the events of a record that are sure to happen as things stand."""
    match subject:
        case Execution():
            return _job_event("tool_execution", subject.job, partial(_execution, subject))
        case Export():
            return _job_event("project_export", subject.job, partial(_export, subject))
        case Message():
            return _job_event("assistant_message", subject.job, partial(_message, subject)) if subject.job else []
        case Run():
            return _run_event(subject)
        case File():
            return list(_file_events(state, subject))


def _job_event(family: str, job: Job, body: Body) -> list[Event]:
    return _ended(family, job.id, span(job)[1], outcome(job), body)


def _ended(family: str, record_id: str, at: float, status: str, body: Body) -> list[Event]:
    sure = isfinite(at) and status in TERMINAL
    return [Event(f"{family}.{status}", at, record_id, body)] if sure else []


async def _execution(execution: Execution, view: View) -> Json:
    shown_as = await tool_snapshot(view, execution)
    fields: Json = {"toolExecutionId": execution.job.id, "toolType": execution.job.type}
    status = shown_as["status"]
    own = {"succeeded": "results", "failed": "error"}.get(status)
    return {**fields, own: shown_as[own]} if own else fields


async def _export(export: Export, view: View) -> Json:
    state = look(export.job, view.now)
    return {
        "exportId": export.job.id,
        "projectId": export.project.id,
        "exportFileId": export.file.id if state.status == "succeeded" else None,
        "error": state.error,
    }


async def _message(message: Message, view: View) -> Json:
    return {"messageId": message.id, "message": shown(message, view.now)}


def _run_event(run: Run) -> list[Event]:
    if run.cause is not None and outcome(run.cause) != "succeeded":
        return []
    at = end_of(run)
    status = look_at(run, at).status if isfinite(at) else ""
    return _ended("workflow_run", run.id, at, status, partial(_run, run))


async def _run(run: Run, view: View) -> Json:
    shown_as = await run_snapshot(view, run, view.now)
    return {name: shown_as[name] for name in RUN_FIELDS}


def _file_events(state: State, file: File) -> Iterator[Event]:
    # Only what was uploaded by API has events: what a job makes has its job's.
    if file.uploaded is None:
        return
    ready = ready_since(state, file)
    event = partial(_file_event, file)
    if file.failed:
        yield event("upload.failed", ready, "The file could not be read as what it was declared to be.")
        return
    yield event("upload.completed", ready)
    yield event("download_ready", ready)
    if type_of(state, file, ready) in ("VIDEO", "AUDIO"):
        for at in sorted(playable_since(state, file)):
            yield event("playback_ready", at)
    if file.scope != "TEMPORARY":
        error = None if analysable(state, file) else "The file could not be analysed."
        name = "analysis_failed" if error else "analysis_completed"
        yield event(name, ready + 2 * state.settings.file_seconds, error)


def _file_event(file: File, name: str, at: float, error: str | None = None) -> Event:
    return Event(f"file.{name}", at, file.id, partial(_file, file, error))


async def _file(file: File, error: str | None, view: View) -> Json:
    info = await file_info(view, file, signed=view.now, inline=True)
    fields = {"fileId": file.id, "file": info}
    return {**fields, "error": api_error(error)} if error else fields


class Watch:
    """Follows the records of one state: each event is told once, and what ended is looked at no more."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._seen: dict[str, int] = {}
        self._told: set[tuple[str, str, float]] = set()
        # Record -> when something is next to be told of it, as far as it goes on as it is.
        self._open: dict[int, tuple[Subject, float]] = {}

    def look(self, now: float) -> tuple[list[Event], float]:
        """Return the events of the past that were not told, in order, and when the next one comes."""
        self._find_new()
        stirred, self.state.stirred = self.state.stirred, False
        past: list[Event] = []
        for subject, due in list(self._open.values()):
            if stirred or due <= now:
                past += self._look_at(subject, now)
        past.sort(key=lambda event: event.at)
        return past, min((due for _, due in self._open.values()), default=inf)

    def _look_at(self, subject: Subject, now: float) -> list[Event]:
        events = [event for event in events_of(self.state, subject) if event.key not in self._told]
        past = [event for event in events if event.at <= now]
        self._told |= {event.key for event in past}
        due = min((event.at for event in events if event.at > now), default=inf)
        # A file may be published or sent again at any time; a job that ended stays as it is.
        if past and due == inf and not isinstance(subject, File):
            del self._open[id(subject)]
        else:
            self._open[id(subject)] = subject, due
        return past

    def _find_new(self) -> None:
        state = self.state
        kinds: dict[str, Mapping[str, Subject]] = {
            "executions": state.executions,
            "runs": state.runs,
            "exports": state.exports,
            "messages": state.messages,
            "files": state.files,
        }
        for name, records in kinds.items():
            new = list(islice(records.values(), self._seen.get(name, 0), None))
            self._seen[name] = len(records)
            self._open |= {id(record): (record, -inf) for record in new if _has_events(record)}


def _has_events(subject: Subject) -> bool:
    match subject:
        case File() | Message():
            # Of messages only replies are work, and only uploads were not made by a job.
            return (subject.job is None) == isinstance(subject, File)
        case Export():
            # One that a run makes is told with the run.
            return subject.job.needs is None
        case _:
            return True
