"""The API's JSON, as its documentation and clients of several months show it, goes through the models unharmed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from aiovideogen import Accepted, AvatarPresenterId, ResponseError, ToolExecutionId, models
from aiovideogen._generated.types import EVENTS
from aiovideogen._operation import find
from tests.facts import DATA, content, name_of, operations, resolve, spec
from tests.test_prepare import snake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiovideogen._model import Model
    from aiovideogen._operation import Operation
    from tests.facts import Json

EXAMPLES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("examples/*.json"))}
OPERATIONS = operations(spec())
BY_FILE = {"startTool": "StartToolExecutionResponse", "startWorkflow": "StartWorkflowRunResponse", "error": "ApiError"}
"""Examples that are named after no operation."""

REQUESTS = [stem for stem in EXAMPLES if stem.split(".")[1] == "request" and stem.split(".")[0] in OPERATIONS]
ANSWERS = [stem for stem in EXAMPLES if not stem.startswith("oauth") and stem not in REQUESTS]


def schema_of(stem: str) -> str:
    """Return the name of an example's schema: of an answer, an error, a webhook or a request."""
    first, second, *_ = stem.split(".")
    if first in BY_FILE:
        return BY_FILE[first]
    if first == "webhook":
        (event,) = (event for event in EVENTS if f"{stem}.".startswith(f"webhook.{event}."))
        return EVENTS[event]
    node = OPERATIONS[first][2]
    exchanged = node["requestBody"] if second == "request" else node["responses"][second]
    return name_of(content(spec(), resolve(spec(), exchanged))) or ""


def described(name: str) -> Operation:
    return find(f"aiovideogen._generated.api.{snake(OPERATIONS[name][2]['tags'][0])}", snake(name))


def read(name: str, data: Mapping[str, Any]) -> Model:
    return getattr(models, name).read(data)


def written(model: Model) -> Json:
    """Return a model's JSON; an accepted start keeps it in its saved form."""
    saved = model.to_dict()
    return saved["answer"] if isinstance(model, Accepted) else saved


def test_every_kind_of_example_is_there() -> None:
    assert (len(EXAMPLES), len(REQUESTS), len(ANSWERS)) == (101, 29, 70)
    hooks = {schema_of(stem) for stem in ANSWERS if stem.startswith("webhook.")}
    assert hooks == {*EVENTS.values()}
    assert {event for event in EVENTS if any(stem.startswith(f"webhook.{event}") for stem in ANSWERS)} == {*EVENTS}


@pytest.mark.parametrize("stem", [*REQUESTS, *ANSWERS])
def test_the_spec_allows_it(stem: str) -> None:
    schema = {"$ref": f"#/components/schemas/{schema_of(stem)}", "components": spec()["components"]}
    jsonschema.validate(EXAMPLES[stem], schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("stem", REQUESTS)
def test_a_request_goes_out_as_it_is(stem: str) -> None:
    """Nothing is added: no default of the spec, no null for what the caller left out."""
    name = stem.split(".")[0]
    path = [f"p_{key}" for key in OPERATIONS[name][1].split("/") if key.startswith("{")]
    body = read(schema_of(stem), EXAMPLES[stem])
    given = {field.name: getattr(body, field.name) for field in body.__fields__ if field.key in EXAMPLES[stem]}
    for request in (described(name).request(path, body=body), described(name).request(path, fields=given)):
        assert json.loads(request.content or b"null") == EXAMPLES[stem]


@pytest.mark.parametrize("stem", ANSWERS)
def test_an_answer_is_read_whole_and_written_as_it_was(stem: str) -> None:
    model = read(schema_of(stem), EXAMPLES[stem])
    assert written(model) == EXAMPLES[stem]
    assert model.additional_properties == {}, "the model knows every field"
    assert written(read(schema_of(stem), written(model))) == EXAMPLES[stem]


@pytest.mark.parametrize("stem", [stem for stem in ANSWERS if stem.split(".")[0] in OPERATIONS])
def test_an_operation_reads_its_own_answer(stem: str) -> None:
    found = described(stem.split(".")[0]).read(EXAMPLES[stem])
    if isinstance(found, str):
        assert found in EXAMPLES[stem].values(), "a cancel gives the id"
    else:
        assert written(found) == EXAMPLES[stem]


# -- what is in them ------------------------------------------------------------------------------------------------


def test_values_are_typed() -> None:
    run = models.WorkflowRun.from_dict(EXAMPLES["getWorkflowRun.200.succeeded.autoExport"])
    assert type(run.workflow_run_id).__name__ == "WorkflowRunId"
    assert type(run.export_file_id).__name__ == "FileId"
    assert isinstance(run.download_url_expires_at, int)
    failed = models.WorkflowRun.from_dict(EXAMPLES["getWorkflowRun.200.failed"])
    assert failed.error
    assert failed.error.message == "no stock footage"
    reply = read("AssistantMessage", EXAMPLES["getAssistantMessage.200.generation"])
    assert isinstance(reply, models.AssistantOutputMessage)
    assert isinstance(reply.generation, models.StartWorkflowRunResponse)


def test_remix_actions_are_told_apart() -> None:
    request = models.RemixProjectRequest.from_dict(EXAMPLES["remixProject.request"])
    kinds = [type(action) for action in request.remix_actions]
    assert kinds == [models.RemixActionEnableCaptions, models.RemixActionAddTransitions]


# -- older shapes, which servers may still send ----------------------------------------------------------------------


def test_ids_of_may_2026() -> None:
    started = models.StartToolExecutionResponse.from_dict({"toolExecutionId": "vg_exec_1"})
    assert started.id == "vg_exec_1"
    request = described("getToolExecutionInfo").request([ToolExecutionId("vg_exec_1")])
    assert request.path == "/v1/tools/executions/vg_exec_1"


def test_results_were_absent_until_finished() -> None:
    whole = EXAMPLES["getToolExecutionInfo.200.running"]
    data = {key: value for key, value in whole.items() if key not in ("results", "error", "attemptIndex")}
    execution = models.ExecutedTool.from_dict(data)
    assert execution.results == []
    assert execution.error is None
    assert execution.to_dict() == data, "absent stays absent"


def test_times_were_iso_text() -> None:
    data = EXAMPLES["createEntity.200"] | {
        "createdAt": "2026-05-01T12:00:00Z",
        "updatedAt": "2026-05-01T12:00:00.5+02:00",
    }
    entity = models.Entity.from_dict(data)
    assert (entity.created_at, entity.updated_at) == (1777636800, 1777629600)
    project = models.ProjectResponse.from_dict(EXAMPLES["getProject.200"] | {"createdAt": 1777636800.25})
    assert project.created_at == 1777636800.25


def test_presenters_came_without_pages() -> None:
    presenter = {
        "avatarPresenterId": "vg_pres_1",
        "displayableGender": "FEMALE",
        "imageUrl": "https://x/i",
        "thumbnailUrl": "https://x/t",
        "previewVideoUrl": "https://x/v",
    }
    data = {"avatarPresenters": [presenter]}
    page = models.AvatarPresenterListResponse.from_dict(data)
    assert page.avatar_presenters[0].avatar_presenter_id == AvatarPresenterId("vg_pres_1")
    assert (page.has_more, page.next_cursor) == (None, None)
    assert page.to_dict() == data


def test_a_transcript_was_text() -> None:
    """A field that isn't needed and can't be read leaves the rest readable, and isn't lost."""
    data = EXAMPLES["getFile.200.justUploaded"] | {"transcript": "Good morning."}
    file = models.FileInfo.from_dict(data)
    assert (file.transcript, file.display_name) == (None, "My photo")
    assert file.to_dict() == data


def test_errors_had_a_message_only() -> None:
    error = models.ApiError.from_dict({"message": "Unauthorized"})
    assert (error.message, error.code, error.requirement) == ("Unauthorized", None, None)


def test_an_id_that_is_not_there_is_an_error_that_says_where() -> None:
    data = {"toolExecutions": [EXAMPLES["getToolExecutionInfo.200.running"], {"status": "running"}]}
    with pytest.raises(ResponseError) as caught:
        models.ToolExecutionListResponse.from_dict(data)
    assert (caught.value.model, caught.value.path) == (
        "ToolExecutionListResponse",
        ".toolExecutions[1].toolExecutionId",
    )
