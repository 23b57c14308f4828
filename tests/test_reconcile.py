"""What a start whose answer was lost may have started: candidates over the sandbox, on virtual time."""

from __future__ import annotations

import pickle
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiovideogen import (
    Candidate,
    ExportId,
    OutcomeUnknownError,
    ProjectId,
    Reconciliation,
    RemixActionId,
    ServerError,
    ToolExecutionId,
    VideoGen,
    WorkflowRunId,
    models,
)
from aiovideogen import _known as known
from aiovideogen._generated.types import STARTS
from aiovideogen._reconcile import NOWHERE

from .conftest import Reply, Scripted
from .facts import spec

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

STYLE = models.WorkflowVisualStyle(type="STOCK")
CAPTIONS = models.RemixActionEnableCaptions()


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


async def lost(inside: InProcess, call: Awaitable[Any], operation: str, *, carried_out: bool = True) -> Any:
    """Make a call whose answer is lost, and return the error."""
    inside.sandbox.fail_next(operation, drop="after" if carried_out else "before")
    with pytest.raises(OutcomeUnknownError) as caught:
        await call
    assert caught.value.operation == operation
    return caught.value


def second(inside: InProcess, **options: Any) -> VideoGen:
    """Return another client of the same key."""
    return VideoGen(api_key=inside.sandbox.key, base_url="http://127.0.0.1:1", http_client=inside.http, **options)


def ids(found: Reconciliation) -> list[str]:
    return [one.id for one in found.candidates]


def image(vg: VideoGen) -> Awaitable[models.StartToolExecutionResponse]:
    return vg.tools.generate_image(prompt="x")


# -- tools ------------------------------------------------------------------------------------------------------


async def test_a_lost_start_is_found_among_what_this_client_knows(inside: InProcess) -> None:
    vg = inside.vg
    before = await image(vg)
    error = await lost(inside, image(vg), "generateImage")
    after = await image(vg)
    found = await vg.reconcile(error)
    assert (found.searched, found.complete) == (True, True)
    (candidate,) = found.candidates
    assert candidate.id not in (before.id, after.id)
    assert type(candidate.id) is ToolExecutionId
    assert candidate.snapshot.tool_type == "GENERATE_IMAGE"
    assert "1 of the 2 newest may be what the call started" in found.reason
    done = await vg.wait_for(candidate.id, project_id=candidate.project_id)
    assert done.results
    assert inside.sandbox.billed == 3


async def test_a_start_that_was_not_carried_out_leaves_no_candidate(inside: InProcess) -> None:
    await image(inside.vg)
    error = await lost(inside, image(inside.vg), "generateImage", carried_out=False)
    found = await inside.vg.reconcile(error)
    assert (ids(found), found.searched, found.complete) == ([], True, True)
    assert found.reason == (
        "generateImage: nothing is listed that this call may have started; a start may take a moment to be listed"
    )


async def test_what_is_of_another_type_or_was_known_is_no_candidate(inside: InProcess) -> None:
    vg, other = inside.vg, second(inside)
    old = await image(other)
    await vg.tools.list_tool_executions(self_only=True)
    error = await lost(inside, image(vg), "generateImage")
    await other.tools.generate_music(prompt="x")
    seen_later = await image(other)
    await vg.tools.get_tool_execution_info(seen_later.id)
    found = await vg.reconcile(error)
    assert error.mark == old.id
    assert found.complete
    assert len(found.candidates) == 2, "the other program's start looks just like the lost one"
    assert seen_later.id in ids(found)
    assert found.candidates[0].id == seen_later.id, "newest first"
    assert old.id not in ids(found)


@pytest.mark.parametrize("item_type", ["SOMETHING_NEW", None])
async def test_a_type_that_no_document_names_may_be_its(item_type: str | None) -> None:
    def one(own: str, of: str | None) -> Any:
        done: dict[str, Any] = {
            "status": "succeeded",
            "progressPercentage": 100,
            "attemptIndex": 0,
            "results": [],
            "error": None,
        }
        return {"toolExecutionId": own, "toolType": of, **done}

    listed = [one("vg_tool_2", item_type or "GENERATE_MUSIC"), one("vg_tool_1", "TEXT_TO_SPEECH")]
    page = Reply.json({"toolExecutions": listed, "hasMore": False, "nextCursor": None})
    server = Scripted(Reply.json({"toolExecutions": [], "hasMore": False, "nextCursor": None}), Reply(500), page)
    vg = server.client()
    await vg.tools.list_tool_executions(self_only=True)
    with pytest.raises(OutcomeUnknownError) as caught:
        await vg.tools.generate_music(prompt="x")
    assert caught.value.mark == ""
    found = await vg.reconcile(caught.value)
    assert ids(found) == ["vg_tool_2"]
    assert found.complete, "the list was empty before"
    assert server.asked[-1].query == "limit=200&selfOnly=true"


async def test_several_lost_starts_are_candidates_of_each(inside: InProcess) -> None:
    await image(inside.vg)
    errors = [await lost(inside, image(inside.vg), "generateImage") for _ in range(2)]
    first, then = [ids(await inside.vg.reconcile(error)) for error in errors]
    assert len(first) == 2
    assert then == first, "which of the two is which can't be told"


async def test_a_client_that_had_seen_nothing_says_so(inside: InProcess) -> None:
    other = second(inside)
    old = await image(other)
    error = await lost(inside, image(inside.vg), "generateImage")
    found = await inside.vg.reconcile(error)
    assert error.mark is None
    assert len(found.candidates) == 2
    assert old.id in ids(found)
    assert not found.complete
    assert "no id is known from before the call, so older ones may be among them" in found.reason


async def test_a_client_that_had_seen_nothing_and_finds_nothing_knows_that(inside: InProcess) -> None:
    error = await lost(inside, image(inside.vg), "generateImage", carried_out=False)
    found = await inside.vg.reconcile(error)
    assert (ids(found), found.searched, found.complete) == ([], True, True)


@pytest.mark.parametrize("known_before", [True, False])
async def test_a_long_list_is_not_read_to_its_end(inside: InProcess, known_before: bool) -> None:
    inside.sandbox.set_rate_limits(False)
    vg, other = inside.vg, second(inside)
    mark = None
    if known_before:
        mark = (await image(other)).id
        await vg.tools.list_tool_executions()
    error = await lost(inside, image(vg), "generateImage")
    assert error.mark == mark
    for _ in range(1010):
        await image(other)
    before = len(inside.sandbox.requests)
    found = await vg.reconcile(error)
    assert not found.complete
    pages = 5 if known_before else 1
    assert len(inside.sandbox.requests) - before == pages
    assert len(found.candidates) == 200 * pages
    assert "so there may be more, and older ones among these" in found.reason


async def test_what_a_get_showed_is_a_mark_where_there_is_none(inside: InProcess) -> None:
    other = second(inside)
    old = await image(other)
    await inside.vg.tools.get_tool_execution_info(old.id)
    await inside.vg.tools.get_tool_execution_info(old.id)
    error = await lost(inside, image(inside.vg), "generateImage")
    found = await inside.vg.reconcile(error)
    assert error.mark == old.id
    assert found.complete
    assert len(found.candidates) == 1


async def test_the_newest_of_the_team_is_a_mark_only_where_there_is_no_own(inside: InProcess) -> None:
    own = await image(inside.vg)
    await image(second(inside))
    page = await inside.vg.tools.list_tool_executions()
    assert page.tool_executions[0].tool_execution_id != own.id
    error = await lost(inside, image(inside.vg), "generateImage")
    assert error.mark == own.id
    found = await inside.vg.reconcile(error)
    assert len(found.candidates) == 1, "what was seen before the call is no candidate, whoever started it"
    later = [item async for item in inside.vg.tools.list_tool_executions(limit=1)]
    assert len(later) == 3


# -- runs -------------------------------------------------------------------------------------------------------


def script(vg: VideoGen) -> Awaitable[models.StartWorkflowRunResponse]:
    return vg.workflows.script_to_video(script="x", visual_style=STYLE)


async def test_a_lost_run_is_told_from_older_ones_by_its_project(inside: InProcess) -> None:
    other = second(inside)
    old = await script(other)
    await anyio.sleep(600)
    error = await lost(inside, script(inside.vg), "scriptToVideo")
    found = await inside.vg.reconcile(error)
    assert error.mark is None
    (candidate,) = found.candidates
    assert type(candidate.id) is WorkflowRunId
    assert candidate.id != old.id
    assert not found.complete
    assert (await inside.vg.wait_for(candidate.id)).project_id == candidate.snapshot.project_id


async def test_the_servers_clock_is_not_taken_for_this_machines(inside: InProcess) -> None:
    """An hour behind, every new project looks an hour old."""
    inside.sandbox.jump_clock(-3600)
    error = await lost(inside, script(inside.vg), "scriptToVideo")
    assert len((await inside.vg.reconcile(error)).candidates) == 1


async def test_runs_of_other_workflows_and_known_ones_are_no_candidates(inside: InProcess) -> None:
    known_run = await script(inside.vg)
    error = await lost(inside, script(inside.vg), "scriptToVideo")
    await second(inside).workflows.prompt_to_video_clip(prompt="x")
    found = await inside.vg.reconcile(error)
    assert found.complete
    assert len(found.candidates) == 1
    assert known_run.id not in ids(found)


async def test_a_run_whose_project_can_not_be_read_stays_a_candidate(inside: InProcess) -> None:
    await script(inside.vg)
    error = await lost(inside, script(inside.vg), "scriptToVideo")
    inside.sandbox.fail_next("getProject", status=404)
    assert len((await inside.vg.reconcile(error)).candidates) == 1


async def test_no_more_than_twenty_projects_are_read(inside: InProcess) -> None:
    error = await lost(inside, script(inside.vg), "scriptToVideo")
    for _ in range(25):
        await script(second(inside))
    before = len(inside.sandbox.requests)
    found = await inside.vg.reconcile(error)
    assert len(inside.sandbox.requests) - before == 21
    assert (len(found.candidates), found.complete) == (20, False)
    assert "there may be more" in found.reason


# -- what belongs to a project ----------------------------------------------------------------------------------


async def a_project(inside: InProcess) -> ProjectId:
    done = await inside.vg.wait_for(script(second(inside)))
    return done.project_id


async def test_a_lost_export_is_found_in_its_project(inside: InProcess) -> None:
    vg = inside.vg
    project, elsewhere = await a_project(inside), await a_project(inside)
    known_export = await vg.projects.export_project(project)
    await vg.projects.export_project(elsewhere)
    error = await lost(inside, vg.projects.export_project(project), "exportProject")
    assert error.params == {"projectId": project}
    assert error.mark == known_export.id
    found = await vg.reconcile(error)
    (candidate,) = found.candidates
    assert found.complete
    assert type(candidate.id) is ExportId
    assert candidate.project_id == project
    assert (await vg.wait_for(candidate.id, project_id=candidate.project_id)).download_url  # pyright: ignore[reportArgumentType]


async def test_lost_remix_actions_are_found_in_their_project(inside: InProcess) -> None:
    vg, project = inside.vg, await a_project(inside)
    known_actions = await vg.projects.remix_project(project, remix_actions=[CAPTIONS])
    error = await lost(inside, vg.projects.remix_project(project, remix_actions=[CAPTIONS, CAPTIONS]), "remixProject")
    found = await vg.reconcile(error)
    assert found.complete
    assert len(found.candidates) == 2
    assert {type(one.id) for one in found.candidates} == {RemixActionId}
    assert not {*ids(found)} & {*known_actions.remix_action_ids}
    assert "with saveAsNewProject the actions would be in a new project" in found.reason
    await vg.wait_for(found.candidates[0].id, project_id=project)


async def test_the_remix_actions_of_an_own_run_are_known(inside: InProcess) -> None:
    vg = inside.vg
    run = await vg.workflows.script_to_video(script="x", visual_style=STYLE, remix_actions=[CAPTIONS])
    await vg.wait_for(run)
    error = await lost(inside, vg.projects.remix_project(run.project_id, remix_actions=[CAPTIONS]), "remixProject")
    found = await vg.reconcile(error)
    assert error.mark == run.remix_action_ids[0]
    assert len(found.candidates) == 1


# -- where nothing can be found out -----------------------------------------------------------------------------


def test_every_operation_that_is_sent_once_has_a_list_or_a_reason() -> None:
    nodes = [node for item in spec()["paths"].values() for node in item.values() if "operationId" in node]
    once = {node["operationId"] for node in nodes if node["x-effect"] == "once"}
    listed = {name for name, (kind, _) in STARTS.items() if known.listing(kind) is not None}
    assert listed | NOWHERE.keys() == once
    assert not listed & NOWHERE.keys()


@pytest.mark.parametrize("operation", NOWHERE)
async def test_where_nothing_can_be_found_out_it_says_so_without_asking(inside: InProcess, operation: str) -> None:
    error = OutcomeUnknownError("x", operation=operation)
    found = await inside.vg.reconcile(error)
    assert found == Reconciliation((), searched=False, complete=False, reason=f"{operation}: {NOWHERE[operation]}")
    assert [*inside.sandbox.requests] == []


async def test_a_lost_webhook_endpoint_is_found_by_its_url_and_made_anew(inside: InProcess) -> None:
    """The way that `reason` tells."""
    vg, url = inside.vg, "https://hooks.a.test/videogen"
    events: Any = ["tool_execution.succeeded"]
    error = await lost(inside, vg.webhooks.create_webhook_endpoint(url=url, events=events), "createWebhookEndpoint")
    assert "find the endpoint by its URL" in (await vg.reconcile(error)).reason
    endpoints = [one async for one in vg.webhooks.list_webhook_endpoints() if one.url == url]
    for one in endpoints:
        await vg.webhooks.delete_webhook_endpoint(one.endpoint_id)
    assert len(endpoints) == 1
    assert (await vg.webhooks.create_webhook_endpoint(url=url, events=events)).signing_secret


async def test_only_an_unknown_outcome_can_be_looked_for(inside: InProcess) -> None:
    wrong: Any = ServerError("x", status=500)
    with pytest.raises(TypeError, match="reconcile: expected an OutcomeUnknownError, got ServerError"):
        await inside.vg.reconcile(wrong)
    assert (await inside.vg.reconcile(OutcomeUnknownError("x"))).reason == "None: the API has no list to look at"


async def test_what_the_lists_answer_with_comes_out(inside: InProcess) -> None:
    error = await lost(inside, image(inside.vg), "generateImage")
    inside.sandbox.fail_next("listToolExecutions", times=9)
    with pytest.raises(ServerError):
        await inside.vg.with_options(retries=0).reconcile(error)


# -- another process --------------------------------------------------------------------------------------------


async def test_an_error_that_was_pickled_is_reconciled_by_another_client(inside: InProcess) -> None:
    before = await image(inside.vg)
    error = await lost(inside, image(inside.vg), "generateImage")
    after = await image(inside.vg)
    other = second(inside)
    mine = await image(other)
    found = await other.reconcile(pickle.loads(pickle.dumps(error)))
    assert found.complete
    assert before.id not in ids(found)
    assert mine.id not in ids(found), "that client's own start is known to it"
    assert after.id in ids(found), "the first client's later start is not"
    assert len(found.candidates) == 2
    assert "another client sent the call: what that started beside it is not known here" in found.reason


async def test_an_error_tells_when_and_for_what_it_was_sent(inside: InProcess) -> None:
    project = ProjectId("vg_proj_1")
    error = await lost(inside, inside.vg.projects.export_project(project), "exportProject", carried_out=False)
    assert error.sent_at == pytest.approx(time.time(), abs=30)
    assert error.params == {"projectId": project}
    assert "await vg.reconcile(error)" in str(error)
    twin = pickle.loads(pickle.dumps(error))
    assert vars(twin) == vars(error)


async def test_an_answer_that_can_not_be_read_is_looked_for_as_well(inside: InProcess) -> None:
    await image(inside.vg)
    inside.sandbox.fail_next("generateImage", status=202, body=b"{")
    with pytest.raises(OutcomeUnknownError) as caught:
        await image(inside.vg)
    assert caught.value.mark
    assert (await inside.vg.reconcile(caught.value)).complete


async def test_found_things_pickle(inside: InProcess) -> None:
    error = await lost(inside, image(inside.vg), "generateImage")
    found = await inside.vg.reconcile(error)
    assert pickle.loads(pickle.dumps(found)) == found
    assert isinstance(found.candidates[0], Candidate)


# -- memory -----------------------------------------------------------------------------------------------------


async def test_the_ids_that_are_remembered_are_bounded(inside: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "IDS", 20)
    vg = inside.vg
    await image(vg)
    error = await lost(inside, image(vg), "generateImage")
    own = [(await image(vg)).id for _ in range(25)]
    assert {*ids(await vg.reconcile(error))} >= {*own[:5]}, "its oldest starts are forgotten"


async def test_the_lists_that_are_remembered_are_bounded(inside: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "LISTS", 5)
    vg, projects = inside.vg, [await a_project(inside) for _ in range(8)]
    for project in projects:
        await vg.projects.list_project_exports(project)
    marks = [
        (await lost(inside, vg.projects.export_project(one), "exportProject", carried_out=False)).mark
        for one in projects
    ]
    assert marks[0] is None, "forgotten"
    assert marks[-5:] == [""] * 5, "seen to be empty"
