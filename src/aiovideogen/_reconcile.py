"""What a start whose outcome isn't known may have started (layer 4): candidates, never a guess.

Lists are ordered, newest first, so what stands before an id that was known when the call was sent is newer than the
call. Executions carry no time at all; a run has a project, which carries one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

import attrs

from ._generated.types import STARTS
from ._known import listing
from ._operation import Operation, Page, Request, find
from .errors import ApiStatusError, OutcomeUnknownError

if TYPE_CHECKING:
    from ._generated.types import ProjectId
    from ._ids import JobId
    from ._known import Known

__all__ = ["Candidate", "Reconciliation", "reconcile"]

PAGES = 5
PAGE = 200
"""How far a list is read at the most: a thousand items."""

PROJECTS = 20
"""How many runs' projects are read at the most, each a request."""

CLOCKS = 60.0
"""Seconds by which the clock of the server and the one that timed the call may differ unnoticed."""

NOWHERE = {
    "generateText": "text is answered once and kept nowhere; send it again if the price of one more is no matter",
    "createTimelineInterchange": "the API has no list of timeline interchanges; start it again, or look in the project",
    "startAssistantChat": "the API has no list of chats; look in the web app, or among the newest projects",
    "sendAssistantMessage": "look for your message at the end of vg.assistant.get_assistant(…).messages",
    "actOnAssistantAction": "look for what the action did at the end of vg.assistant.get_assistant(…).messages",
    "createFileUpload": "an upload that got no bytes leaves an empty file and bills nothing; begin it again",
    "createFileUrlImport": "imports can't be listed; what was imported is among the newest of vg.files.get_files()",
    "createEntity": "look for its name in vg.entities.list_entities(), and archive one that is there twice",
    "addEntityReference": "the entity itself shows its references: vg.entities.get_entity(…)",
    "createWebhookEndpoint": "the signing secret was in the lost answer alone: find the endpoint by its URL in "
    "vg.webhooks.list_webhook_endpoints(), delete it if it is there, and create it anew",
}
"""Why nothing can be found out, and what to do, by operation."""


class _Calls(Protocol):
    @property
    def known(self) -> Known: ...

    @property
    def server_ahead(self) -> float: ...

    async def call(self, request: Request) -> Any: ...


@attrs.frozen
class Candidate:
    """Something that the call may have started: `await vg.wait_for(one.id, project_id=one.project_id)`."""

    id: JobId[Any]
    """Its id, of its own kind."""
    snapshot: Any
    """Its state as it was listed."""
    project_id: ProjectId | None = None
    """Its project, which `wait_for` needs for exports and remix actions; None for tools."""


@attrs.frozen
class Reconciliation:
    """What `vg.reconcile` found out."""

    candidates: tuple[Candidate, ...]
    """What may be what the call started, newest first."""
    searched: bool
    """Whether there is a list to look at; without one nothing can be found out."""
    complete: bool
    """Whether the candidates are just what came after the call was sent; else some may be older, or missing."""
    reason: str
    """What was found out, what wasn't and why, in words."""


async def reconcile(calls: _Calls, error: OutcomeUnknownError) -> Reconciliation:
    """Look for what a call may have started; raises the errors of the reading calls."""
    if not isinstance(error, OutcomeUnknownError):  # pyright: ignore[reportUnnecessaryIsInstance] - users may err
        raise TypeError(f"reconcile: expected an OutcomeUnknownError, got {type(error).__name__}")
    kind, job_type = STARTS.get(error.operation or "", ("", None))
    operation = listing(kind)
    if operation is None:
        reason = NOWHERE.get(error.operation or "", "the API has no list to look at")
        return Reconciliation((), searched=False, complete=False, reason=f"{error.operation}: {reason}")
    search = _Search(calls, error, kind, job_type)
    await search.run(operation)
    return search.found()


class _Search:
    """A walk through the list of a kind of job, newest first, as far as what is known from before the call."""

    def __init__(self, calls: _Calls, error: OutcomeUnknownError, kind: str, job_type: str | None) -> None:
        self._calls = calls
        self._error = error
        self._kind = kind
        self._others = {of for _, of in STARTS.values()} - {job_type, None}
        self._candidates: list[Candidate] = []
        self._looked_at = 0
        self._projects = 0
        self._met = False
        self._ended = False

    async def run(self, operation: Operation) -> None:
        path = [self._error.params.get(field.key, "") for field in operation.path_fields]
        own = {"self_only": True} if any(one.key == "selfOnly" for one in operation.query_fields) else {}
        page: Page[Any, Any] = Page(self._calls, operation, path, {"limit": PAGE, **own})
        # Without a mark nothing older would stop the walk, and what the call started is among the newest.
        left = 1 if self._error.mark is None else PAGES
        async for one in page.pages():
            for own_id, item in page.items_of(one):
                if not await self._look(cast("JobId[Any]", own_id), item):
                    return
            left -= 1
            self._ended = not getattr(one, "next_cursor", None)
            if left == 0:
                return

    async def _look(self, own: JobId[Any], item: Any) -> bool:
        """Take an item in or leave it out; say whether to go on."""
        known = self._calls.known.when(own, self._error)
        if known == "before":
            self._met = True
            return False
        self._looked_at += 1
        item_type = getattr(item, "tool_type", None) or getattr(item, "workflow_type", None)
        if known == "started" or item_type in self._others:
            return True
        if self._kind == "WorkflowRunId":
            if self._projects == PROJECTS:
                return False
            self._projects += 1
            if await self._is_older(item.project_id):
                return True
        self._candidates.append(Candidate(own, item, getattr(item, "project_id", None)))
        return True

    async def _is_older(self, project_id: ProjectId) -> bool:
        """Say whether a run's project was surely made before the call was sent; each start makes a new one."""
        operation = find(f"{__package__}._generated.api.projects", "get_project")
        try:
            project = await self._calls.call(operation.request([project_id]))
        except ApiStatusError:
            return False  # gone, or not ours to see: that tells nothing
        made, sent = project.created_at, self._error.sent_at
        return made is not None and sent is not None and made < sent + self._calls.server_ahead - CLOCKS

    def found(self) -> Reconciliation:
        first = self._error.mark == "" and self._ended
        nothing = self._ended and not self._candidates
        complete = self._met or first or nothing
        return Reconciliation(tuple(self._candidates), searched=True, complete=complete, reason=self._reason(complete))

    def _reason(self, complete: bool) -> str:
        name, number = self._error.operation, len(self._candidates)
        if not number and complete:
            said = ["nothing is listed that this call may have started; a start may take a moment to be listed"]
        else:
            said = [f"{number} of the {self._looked_at} newest may be what the call started"]
        if not complete and self._ended:
            said.append("no id is known from before the call, so older ones may be among them")
        elif not complete:
            said.append("no id known from before the call was met, so there may be more, and older ones among these")
        if not self._calls.known.is_from(self._error):
            said.append("another client sent the call: what that started beside it is not known here")
        if name == "remixProject":
            said.append("with saveAsNewProject the actions would be in a new project")
        return f"{name}: {'; '.join(said)}"
