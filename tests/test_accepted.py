"""What was accepted can be kept and collected in another process."""

from __future__ import annotations

import copy
import json
import pickle
import time
from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen import Accepted, ExportId, ProjectId, RemixActionId, ResponseError, ToolExecutionId, models

if TYPE_CHECKING:
    from tests.conftest import InProcess

SAVED: dict[str, Any] = {
    "type": "ExportProjectResponse",
    "acceptedAt": 1790000000.5,
    "params": {"projectId": "vg_proj_1"},
    "answer": {"exportId": "vg_expo_1", "new": [1]},
}


def test_the_saved_form_goes_through_json_and_back() -> None:
    one = Accepted[Any].from_dict(json.loads(json.dumps(SAVED)))
    assert isinstance(one, models.ExportProjectResponse)
    assert type(one.id) is ExportId
    assert (one.id, one.accepted_at) == ("vg_expo_1", 1790000000.5)
    assert one.job_params() == {"projectId": "vg_proj_1", "exportId": "vg_expo_1"}
    assert one.to_dict() == SAVED


def test_copies_keep_what_waiting_needs() -> None:
    one = models.ExportProjectResponse.from_dict(SAVED)
    for twin in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one), one.replace()):
        assert twin == one
        assert twin.to_dict() == SAVED
    assert one.replace(export_id=ExportId("vg_expo_2")).to_dict()["params"] == {"projectId": "vg_proj_1"}


def test_the_apis_own_answer_is_read_as_well() -> None:
    one = models.StartToolExecutionResponse.from_dict({"toolExecutionId": "vg_tool_1"})
    assert (one.id, one.accepted_at) == ("vg_tool_1", None)
    made = models.StartToolExecutionResponse(tool_execution_id=ToolExecutionId("vg_tool_1"))
    assert made == one
    assert made.to_dict() == one.to_dict()
    assert repr(one) == "StartToolExecutionResponse(tool_execution_id='vg_tool_1')"


def test_the_id_of_a_remix_is_its_first() -> None:
    one = models.RemixProjectResponse.from_dict(
        {"projectId": "vg_proj_1", "projectUrl": "u", "remixActionIds": ["vg_rmix_1", "vg_rmix_2"]}
    )
    assert one.id == "vg_rmix_1"
    assert type(one.id) is RemixActionId


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "WorkflowRun"}, "the saved form is of type 'WorkflowRun'"),
        ({"type": "NoSuchThing"}, "the saved form is of type 'NoSuchThing'"),
        ({"type": "JobStatus"}, "the saved form is of type 'JobStatus'"),
        ({"type": None}, "the saved form is of type None"),
        ({"params": None}, "the saved form is damaged"),
        ({"acceptedAt": "yesterday"}, "the saved form is damaged"),
    ],
)
def test_what_is_no_saved_form_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Accepted[Any].from_dict({**SAVED, **change})


def test_a_saved_form_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="StartToolExecutionResponse: the saved form is of type 'ExportProjectRes"):
        models.StartToolExecutionResponse.from_dict(SAVED)


def test_a_bare_answer_does_not_say_what_it_accepted() -> None:
    with pytest.raises(ValueError, match="Accepted: the saved form is of type None"):
        Accepted[Any].from_dict({"toolExecutionId": "vg_tool_1"})


@pytest.mark.parametrize("answer", [{}, [], None, {"exportId": 7}])
def test_a_saved_form_whose_answer_cannot_be_read_is_a_response_error(answer: Any) -> None:
    with pytest.raises(ResponseError, match="ExportProjectResponse"):
        Accepted[Any].from_dict({**SAVED, "answer": answer})


@pytest.mark.anyio
async def test_an_answer_knows_when_it_came_and_the_path_it_was_asked_on(inside: InProcess) -> None:
    before = time.time()
    run = await inside.vg.workflows.script_to_video(script="x", visual_style=models.WorkflowVisualStyle(type="STOCK"))
    export = await inside.vg.projects.export_project(run.project_id)
    assert export.accepted_at is not None
    assert before <= export.accepted_at <= time.time()
    saved = json.loads(json.dumps(export.to_dict()))
    assert saved["params"] == {"projectId": run.project_id}
    assert Accepted[Any].from_dict(saved) == export
    assert type(run.project_id) is ProjectId


@pytest.mark.anyio
async def test_what_is_read_again_later_is_not_newly_accepted(inside: InProcess) -> None:
    chat = await inside.vg.assistant.start_assistant_chat(message="make it", auto_generate=True)
    assert chat.accepted_at is not None
    message = await inside.vg.assistant.get_assistant_message(chat.id)
    assert message == models.AssistantOutputMessage.from_dict(message.to_dict())
