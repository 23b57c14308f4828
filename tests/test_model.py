"""Models: whatever a server sends is read as far as it makes sense, and goes back as it came."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import pkgutil
import random
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiovideogen import UNSET, Accepted, FileId, ResponseError, ToolExecutionId, models
from aiovideogen._codecs import Unreadable, named
from aiovideogen._generated import api
from aiovideogen._generated.types import EVENTS
from aiovideogen._model import shown
from aiovideogen._operation import Operation, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLES = Path(__file__).parent / "data" / "api" / "examples"

TOOL: dict[str, Any] = {
    "toolExecutionId": "vg_tool_1",
    "status": "succeeded",
    "toolType": "GENERATE_IMAGE",
    "progressPercentage": 100,
    "attemptIndex": 0,
    "results": [
        {
            "fileId": "vg_file_1",
            "type": "IMAGE",
            "downloadUrl": "https://s.test/a?X-Signature=SECRET",
            "downloadUrlExpiresAt": 1790000000,
            "thumbnailUrl": None,
            "thumbnailUrlExpiresAt": None,
            "file": {"fileId": "vg_file_1", "scope": "GLOBAL"},
        }
    ],
    "error": None,
}


def tool(**changes: Any) -> models.ExecutedTool:
    return models.ExecutedTool.from_dict({**TOOL, **changes})


# -- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "attribute", "read"),
    [
        ({}, "status", "succeeded"),
        ({"status": "new_in_2027"}, "status", "new_in_2027"),
        ({"progressPercentage": "99.5"}, "progress_percentage", 99.5),
        ({"attemptIndex": "2"}, "attempt_index", 2),
        ({"attemptIndex": 2.0}, "attempt_index", 2),
        ({"progressPercentage": None}, "progress_percentage", None),
        ({"status": None}, "status", None),
        ({"results": None}, "results", []),
        ({"error": None}, "error", None),
        ({"error": "text instead"}, "error", None),
        ({"toolExecutionId": "of_another_kind"}, "tool_execution_id", "of_another_kind"),
    ],
)
def test_what_servers_do_is_read_as_far_as_it_makes_sense(sent: Any, attribute: str, read: object) -> None:
    read_model = tool(**sent)
    assert getattr(read_model, attribute) == read
    normalised = {"progressPercentage", "attemptIndex"} & sent.keys()
    assert {**read_model.to_dict(), **{key: sent[key] for key in normalised}} == {**TOOL, **sent}


def test_absent_fields_read_as_none_and_lists_as_empty_and_stay_absent() -> None:
    bare = models.ExecutedTool.from_dict({"toolExecutionId": "x"})
    assert (bare.status, bare.progress_percentage, bare.error, bare.results) == (None, None, None, [])
    assert bare.to_dict() == {"toolExecutionId": "x"}
    bare.results.append(models.ToolSuccessResult.from_dict({"fileId": "f"}))
    assert bare.to_dict() == {"toolExecutionId": "x", "results": [{"fileId": "f"}]}


def test_iso_times_are_read_as_unix_seconds() -> None:
    project = models.ProjectResponse.from_dict(
        {"projectId": "p", "createdAt": "2025-04-23T12:00:00Z", "updatedAt": 1745409600.5}
    )
    assert (project.created_at, project.updated_at) == (1745409600, 1745409600.5)


def test_unknown_fields_are_kept_and_sent_back_at_any_depth() -> None:
    new = {"new": {"a": [1, None]}, "error": {"message": "m", "code": None, "later": [1, {"b": 2}]}}
    data = {**TOOL, **new}
    read = models.ExecutedTool.from_dict(data)
    assert read.additional_properties == {"new": {"a": [1, None]}}
    assert read.to_dict() == data


def test_a_bad_optional_field_spoils_nothing_and_goes_back_as_it_came() -> None:
    read = models.FileInfo.from_dict({"fileId": "f", "scope": "GLOBAL", "durationSeconds": "soon", "transcript": [1]})
    assert (read.file_id, read.duration_seconds, read.transcript) == ("f", None, None)
    assert read.to_dict() == {"fileId": "f", "scope": "GLOBAL", "durationSeconds": "soon", "transcript": [1]}


def test_an_unknown_variant_is_kept_whole_and_a_known_one_is_its_class() -> None:
    data = {
        "assistantId": "a",
        "projectId": "p",
        "messages": [
            {"role": "user", "messageId": "m1", "status": "succeeded", "content": "hi", "createdAt": 1},
            {"role": "tool", "messageId": "m2", "anything": {"goes": True}},
            {"role": "assistant", "messageId": "m3", "status": "running", "content": None},
            {"messageId": "m4"},
            {"role": ["assistant"]},
        ],
    }
    chat = models.GetAssistantResponse.from_dict(data)
    assert [type(message).__name__ for message in chat.messages] == [
        "AssistantInputMessage",
        "UnknownAssistantMessage",
        "AssistantOutputMessage",
        "UnknownAssistantMessage",
        "UnknownAssistantMessage",
    ]
    assert chat.messages[1].additional_properties == data["messages"][1]
    assert chat.to_dict() == data


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, ".toolExecutionId"),
        ({"toolExecutionId": None}, ".toolExecutionId"),
        ({"toolExecutionId": 7}, ".toolExecutionId"),
        ({"toolExecutionId": "x", "results": [{"fileId": "f"}, {"fileId": None}]}, ".results[1].fileId"),
        ({"toolExecutionId": "x", "progressPercentage": []}, ".progressPercentage"),
        ({"toolExecutionId": "x", "results": {}}, ".results"),
        ([], ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_what_is_needed_and_cannot_be_read_is_one_error_with_the_model_and_the_path(data: Any, path: str) -> None:
    with pytest.raises(ResponseError) as caught:
        models.ExecutedTool.from_dict(data)
    assert (caught.value.model, caught.value.path) == ("ExecutedTool", path)
    assert str(caught.value).startswith(f"ExecutedTool: {path or 'the whole'}: ")
    assert pickle.loads(pickle.dumps(caught.value)).path == path


def test_any_mapping_is_read() -> None:
    assert models.ExecutedTool.from_dict(MappingProxyType(TOOL)) == tool()


# -- objects ----------------------------------------------------------------------------------------------------


def test_replace_changes_a_copy_and_refuses_unknown_names() -> None:
    before = tool(new=1)
    after = before.replace(status="failed", results=[])
    assert (before.status, after.status, after.results) == ("succeeded", "failed", [])
    assert after.to_dict() == {**TOOL, "new": 1, "status": "failed", "results": []}
    assert before.to_dict() == {**TOOL, "new": 1}
    assert before.__replace__(status="failed").status == "failed"
    with pytest.raises(TypeError, match="ExecutedTool: no field colour, stats"):
        before.replace(stats=1, colour=2)


def test_replacing_a_field_that_was_absent_or_raw_sends_the_new_value() -> None:
    read = models.FileInfo.from_dict({"fileId": "f", "scope": "GLOBAL", "durationSeconds": "soon"})
    assert read.replace(duration_seconds=None, description=None).to_dict() == {
        "fileId": "f",
        "scope": "GLOBAL",
        "durationSeconds": None,
        "description": None,
    }


def test_equality_compares_fields_and_what_the_server_sent_beyond_them() -> None:
    assert tool() == tool()
    assert tool() != tool(status="failed")
    assert tool(new=1) != tool(new=2)
    assert tool() != TOOL


def test_a_model_survives_pickle_and_copies_without_inventing_fields() -> None:
    read = models.ExecutedTool.from_dict({"toolExecutionId": "x", "new": [1], "error": "raw"})
    for twin in (pickle.loads(pickle.dumps(read)), copy.copy(read), copy.deepcopy(read)):
        assert twin == read
        assert twin.to_dict() == read.to_dict() == {"toolExecutionId": "x", "new": [1], "error": "raw"}
        assert repr(twin) == repr(read)
    request = models.GenerateImageRequest(prompt="x")
    assert pickle.loads(pickle.dumps(request)).to_dict() == copy.deepcopy(request).to_dict() == {"prompt": "x"}


def test_no_secret_and_no_signature_is_in_a_repr() -> None:
    endpoint = models.WebhookEndpoint.from_dict(
        {"endpointId": "ep_1", "url": "https://me.test/hook?token=SECRET", "signingSecret": "whsec_SECRET"}
    )
    assert repr(endpoint) == "WebhookEndpoint(endpoint_id='ep_1', url='https://me.test/hook?…', signing_secret='…')"
    text = repr(tool(new={"deep": ["see https://s.test/a?X-Signature=SECRET"]}, error={"message": "Bearer s3SECRET9"}))
    assert "SECRET" not in text
    assert "https://s.test/a?…" in text
    assert "status='succeeded'" in text


def test_a_repr_shows_what_is_set_only() -> None:
    assert repr(models.GenerateImageRequest(prompt="x", num_results=2)) == (
        "GenerateImageRequest(prompt='x', num_results=2)"
    )
    assert repr(models.ExecutedTool.from_dict({"toolExecutionId": "x"})) == "ExecutedTool(tool_execution_id='x')"
    assert shown({"a": ("http://s.test?b", 1, None)}) == "{'a': ['http://s.test?…', 1, None]}"
    assert repr(UNSET) == "UNSET"
    assert not UNSET


def test_an_answer_can_be_made_by_hand_for_tests() -> None:
    made = models.ExecutedTool(
        tool_execution_id=ToolExecutionId("x"),
        status="running",
        tool_type="T",
        progress_percentage=1.5,
        attempt_index=0,
        results=[],
        error=None,
    )
    assert made == models.ExecutedTool.from_dict(made.to_dict())
    with pytest.raises(TypeError, match="ExecutedTool: missing attempt_index, results, error"):
        cast("Any", models.ExecutedTool)(tool_execution_id="x", status="s", tool_type="T", progress_percentage=1)
    with pytest.raises(TypeError, match="GenerateImageRequest: no field colour"):
        cast("Any", models.GenerateImageRequest)(prompt="x", colour="red")


def test_a_discriminator_need_not_be_given() -> None:
    action = models.RemixActionAddZoom()
    assert action.to_dict()["type"] == "ADD_ZOOM"
    assert action.write(True)["type"] == "ADD_ZOOM"


def test_an_open_object_takes_other_keywords() -> None:
    request = cast("Any", models.CreateFileUrlImportRequest)(url="https://a.test/b.png", somethingNew=1)
    assert request.write(True) == {"url": "https://a.test/b.png", "somethingNew": 1}
    assert cast("Any", models.CreateFileUrlImportRequest)().write(True) == {}


# -- requests ---------------------------------------------------------------------------------------------------


def test_a_request_sends_what_was_set_and_tells_null_from_omitted() -> None:
    shown_style = models.WorkflowVisualStyle(type="STOCK")
    request = models.VoiceoverToVideoRequest(file_id=FileId("f"), visual_style=shown_style)
    plain = {"fileId": "f", "visualStyle": {"type": "STOCK"}}
    assert request.write(True) == plain
    assert request.replace(caption_style=None).write(True) == {**plain, "captionStyle": None}
    default = request.replace(caption_style=models.WorkflowCaptionStyle())
    assert default.write(True) == {**plain, "captionStyle": {}}


def test_a_request_read_from_json_is_checked_when_it_is_sent() -> None:
    request = models.GenerateImageRequest.from_dict({"prompt": "x", "numResults": "many", "later": 1})
    assert request.to_dict() == {"prompt": "x", "numResults": "many", "later": 1}
    with pytest.raises(ValueError, match="expected a whole number, got text"):
        request.write(True)
    fine = models.GenerateImageRequest.from_dict({"prompt": "x", "later": 1})
    assert fine.write(True) == {"prompt": "x", "later": 1}


# -- any JSON ---------------------------------------------------------------------------------------------------


def examples() -> Iterator[tuple[str, Any]]:
    for path in sorted(EXAMPLES.glob("*.json")):
        yield path.name, json.loads(path.read_text(encoding="utf-8"))


def operations() -> dict[str, Operation]:
    groups = [importlib.import_module(found.name) for found in pkgutil.iter_modules(api.__path__, f"{api.__name__}.")]
    names = [(group.__name__, found.name) for group in groups for found in pkgutil.iter_modules(group.__path__)]
    every = [find(package, name) for package, name in names]
    return {operation.id: operation for operation in every}


OPERATIONS = operations()
STARTS = {"startTool": "generateImage", "startWorkflow": "scriptToVideo"}


def reader_of(name: str, data: Any) -> Callable[[Any], Any] | None:
    """Return what reads the answer or the webhook of this file name."""
    first = name.split(".")[0]
    if ".request." in name or first not in {"webhook", *STARTS, *OPERATIONS} or first.startswith("cancel"):
        return None
    if first == "webhook":
        return named(EVENTS[data["event"]]).read
    return OPERATIONS[STARTS.get(first, first)].read


READERS = {name: (reader, data) for name, data in examples() if (reader := reader_of(name, data)) is not None}
"""What servers have sent, by file name, and what reads it."""

ODD: tuple[Any, ...] = (None, True, 0, -1.5, "", "text", "7", [], [None], {}, {"a": 1}, 1e308, 10**400, "NEW_IN_2027")


def mutated(data: Any, chance: random.Random) -> Any:
    """Return a copy of the JSON with one place dropped, replaced or added, anywhere inside."""
    data = copy.deepcopy(data)
    places = list(_places(data))
    if not places:
        return chance.choice(ODD)
    holder, key = chance.choice(places)
    change = chance.randrange(3)
    if change == 0 and isinstance(holder, dict):
        del cast("dict[str, Any]", holder)[key]
    elif change == 1 and isinstance(holder, dict):
        holder["newIn2027"] = chance.choice(ODD)
    else:
        holder[key] = copy.deepcopy(chance.choice(ODD))
    return data


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(data, (dict, list)):
        holder = cast("Any", data)
        for key in holder if isinstance(data, dict) else range(len(holder)):
            yield holder, key
            yield from _places(holder[key])


def json_of(read: Any) -> Any:
    return read.to_dict()["answer"] if isinstance(read, Accepted) else read.to_dict()


@settings(max_examples=600, deadline=None)
@given(name=st.sampled_from(sorted(READERS)), seed=st.integers(0, 2**32))
def test_any_mutated_answer_is_read_or_refused_and_goes_back_as_it_was_read(name: str, seed: int) -> None:
    reader, data = READERS[name]
    try:
        read = reader(mutated(data, random.Random(seed)))
    except Unreadable as error:
        refused = error
    else:
        back = json_of(read)
        assert reader(back) == read
        assert json_of(reader(back)) == back
        assert "Signature" not in repr(read)
        return
    assert refused.reason


@pytest.mark.parametrize("name", sorted(READERS))
def test_an_untouched_answer_goes_back_unchanged(name: str) -> None:
    reader, data = READERS[name]
    read = reader(data)
    assert json_of(read) == data
    assert pickle.loads(pickle.dumps(read)) == copy.deepcopy(read) == read
