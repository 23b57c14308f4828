"""The spec: what the provider publishes, and what the generator and the layers above read from it."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

import pytest
from openapi_spec_validator import validate

from tests.facts import (
    DATA,
    content,
    differences,
    facts,
    load,
    name_of,
    not_null,
    operations,
    resolve,
    spec,
    unconfirmed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.facts import Json

OPERATIONS = operations(spec())
SCHEMAS: Json = spec()["components"]["schemas"]
IDS: dict[str, list[str]] = {name: node["x-prefixes"] for name, node in SCHEMAS.items() if "x-prefixes" in node}
JOBS: dict[str, Json] = {name: node["x-job"] for name, node in SCHEMAS.items() if "x-job" in node}

operation = pytest.mark.parametrize("name", OPERATIONS)


# -- the facts ------------------------------------------------------------------------------------------------------


def test_nothing_differs_from_the_facts() -> None:
    assert differences(spec()) == []


def test_all_operations_and_webhooks_are_there() -> None:
    assert len(OPERATIONS) == 63
    assert OPERATIONS.keys() == facts()["operations"].keys() | unconfirmed().keys()
    assert len(spec()["webhooks"]) == 18
    deprecated = [name for name, (_, _, node) in OPERATIONS.items() if node.get("deprecated")]
    assert deprecated == [*load(DATA / "older.yaml")["operations"]] == ["listAvatarPresenters"]


def test_the_unconfirmed_operations_are_routed_as_the_official_client_does() -> None:
    for name, fact in unconfirmed().items():
        method, path, node = OPERATIONS[name]
        assert (method, path, node["tags"]) == (fact["method"], fact["path"], [fact["tag"]])


Change = tuple[str, "Callable[[Json], object]", str]


def _schema(name: str, document: Json) -> Json:
    return document["components"]["schemas"][name]


def _fields(name: str, document: Json) -> Json:
    return _schema(name, document)["properties"]


def _get(path: str, document: Json) -> Json:
    return document["paths"][path]["get"]


def _post(path: str, document: Json) -> Json:
    return document["paths"][path]["post"]


CHANGES: list[Change] = [
    ("an operation is gone", lambda d: d["paths"].pop("/v1/me"), "getMe: missing"),
    (
        "an operation is made up",
        lambda d: d["paths"].update({"/v1/x": {"get": {"operationId": "getX", "responses": {}}}}),
        "getX: not in the facts",
    ),
    ("an operationId", lambda d: _get("/v1/me", d).update(operationId="whoAmI"), "getMe: missing"),
    (
        "a method",
        lambda d: d["paths"]["/v1/me"].update(post=d["paths"]["/v1/me"].pop("get")),
        "getMe: method is 'POST'",
    ),
    ("a path", lambda d: d["paths"].update({"/v1/myself": d["paths"].pop("/v1/me")}), "getMe: path is '/v1/myself'"),
    ("a tag", lambda d: _get("/v1/me", d).update(tags=["Tools"]), "getMe: tags is ['Tools']"),
    ("a parameter is gone", lambda d: _get("/v1/files", d)["parameters"].pop(0), "getFiles?limit: missing"),
    (
        "a parameter is made up",
        lambda d: _get("/v1/me", d).update(parameters=[{"name": "x", "in": "query", "schema": {"type": "string"}}]),
        "getMe?x: not in the facts",
    ),
    (
        "a parameter's bound",
        lambda d: d["components"]["parameters"]["PaginationLimit"]["schema"].update(maximum=100),
        "getFiles?limit: max is 100",
    ),
    (
        "a parameter is required",
        lambda d: d["components"]["parameters"]["PaginationLimit"].update(required=True),
        "getFiles?limit: required is True",
    ),
    (
        "a parameter's type",
        lambda d: d["components"]["parameters"]["CatalogueQuery"]["schema"].update(type="integer"),
        "listTtsVoices?query: type is 'integer'",
    ),
    ("a body is gone", lambda d: _post("/v1/files/search", d).pop("requestBody"), "searchFiles: body is None"),
    (
        "a body is optional",
        lambda d: _post("/v1/files/search", d)["requestBody"].update(required=False),
        "searchFiles: body required is False",
    ),
    (
        "another body",
        lambda d: _post("/v1/files/search", d)["requestBody"]["content"]["application/json"].update(
            schema={"$ref": "#/components/schemas/GenerateTextRequest"}
        ),
        "searchFiles: body is 'GenerateTextRequest'",
    ),
    (
        "a success status",
        lambda d: _post("/v1/entities", d)["responses"].update(
            {"201": _post("/v1/entities", d)["responses"].pop("200")}
        ),
        "createEntity: answers is",
    ),
    ("no error answer", lambda d: _get("/v1/me", d)["responses"].pop("default"), "getMe: answers is"),
    (
        "another answer",
        lambda d: _get("/v1/me", d)["responses"]["200"]["content"]["application/json"].update(
            schema={"$ref": "#/components/schemas/Entity"}
        ),
        "getMe: answers is",
    ),
    ("a schema is gone", lambda d: d["components"]["schemas"].pop("AspectRatio"), "AspectRatio: missing"),
    ("a field is gone", lambda d: _fields("MeResponse", d).pop("email"), "MeResponse.email: type is None"),
    (
        "an optional field is gone",
        lambda d: _fields("FileInfo", d).pop("transcriptText"),
        "FileInfo.transcriptText: missing",
    ),
    (
        "a field is made up",
        lambda d: _fields("MeResponse", d).update(x={"type": "string"}),
        "MeResponse.x: not in the facts",
    ),
    (
        "a type",
        lambda d: _fields("MeResponse", d).update(email={"type": "integer"}),
        "MeResponse.email: type is 'integer'",
    ),
    (
        "an item's type",
        lambda d: _fields("SlideshowToVideoRequest", d)["slideScripts"].update(items={"type": "integer"}),
        "SlideshowToVideoRequest.slideScripts[]: type is 'integer'",
    ),
    (
        "a map's values",
        lambda d: _fields("ErrorRequirement", d).update(
            details={"type": "object", "additionalProperties": {"type": "integer"}}
        ),
        "ErrorRequirement.details{}: type is 'integer'",
    ),
    (
        "another model",
        lambda d: _fields("ListEntitiesResponse", d)["entities"].update(
            items={"$ref": "#/components/schemas/FileInfo"}
        ),
        "ListEntitiesResponse.entities[]: ref is 'FileInfo'",
    ),
    (
        "required",
        lambda d: _schema("FileInfo", d)["required"].append("displayName"),
        "FileInfo.displayName: required is",
    ),
    ("not required", lambda d: _schema("FileInfo", d)["required"].remove("scope"), "FileInfo.scope: required is None"),
    (
        "nullable",
        lambda d: _fields("MeResponse", d).update(email={"type": ["string", "null"]}),
        "MeResponse.email: nullable is True",
    ),
    (
        "not nullable",
        lambda d: _fields("MeResponse", d).update(displayName={"type": "string"}),
        "MeResponse.displayName: nullable is None",
    ),
    (
        "a reference becomes nullable",
        lambda d: _fields("Entity", d).update(
            entityType={"anyOf": [{"$ref": "#/components/schemas/EntityType"}, {"type": "null"}]}
        ),
        "Entity.entityType: nullable is True",
    ),
    ("an enum's value is gone", lambda d: _schema("JobStatus", d)["enum"].remove("running"), "JobStatus: enum is"),
    (
        "an enum's value is made up",
        lambda d: _schema("EntityType", d)["enum"].append("PLACE"),
        "listEntities?entityType: enum is",
    ),
    ("a union's variant is gone", lambda d: _schema("RemixAction", d)["oneOf"].pop(), "RemixAction: union is"),
    (
        "a discriminator's field",
        lambda d: _schema("AssistantMessage", d)["discriminator"].update(propertyName="status"),
        "AssistantMessage: discriminator is",
    ),
    (
        "a discriminator's mapping",
        lambda d: _schema("RemixAction", d)["discriminator"]["mapping"].update(
            ADD_ZOOM="#/components/schemas/RemixActionSetLogo"
        ),
        "RemixAction: discriminator is",
    ),
    (
        "a lower bound",
        lambda d: _fields("WorkflowRun", d)["attemptIndex"].update(minimum=1),
        "WorkflowRun.attemptIndex: min is 1",
    ),
    (
        "no upper bound",
        lambda d: _fields("GenerateTextRequest", d)["maxOutputTokens"].pop("maximum"),
        "GenerateTextRequest.maxOutputTokens: max is None",
    ),
    (
        "a list's length",
        lambda d: _fields("GenerateImageRequest", d)["imageFileIds"].update(maxItems=5),
        "GenerateImageRequest.imageFileIds: maxItems is 5",
    ),
    (
        "a default",
        lambda d: _fields("GenerateImageRequest", d)["numResults"].update(default=2),
        "GenerateImageRequest.numResults: default is 2",
    ),
    (
        "a format",
        lambda d: _fields("ProjectResponse", d)["projectUrl"].pop("format"),
        "ProjectResponse.projectUrl: format is None",
    ),
    ("a webhook is gone", lambda d: d["webhooks"].pop("file.playback_ready"), "webhook file.playback_ready: missing"),
    (
        "a webhook's payload",
        lambda d: d["webhooks"].update({"file.upload.failed": d["webhooks"]["tool_execution.failed"]}),
        "webhook file.upload.failed: body is",
    ),
    ("a server", lambda d: d["servers"].append({"url": "https://x"}), "the API: servers is"),
    ("an operation without auth", lambda d: _get("/v1/me", d).update(security=[]), "getMe: security is []"),
]


@pytest.mark.parametrize(("change", "line"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_every_kind_of_difference_is_found(change: Callable[[Json], object], line: str) -> None:
    changed = deepcopy(spec())
    change(changed)
    found = differences(changed)
    assert any(one.startswith(line) for one in found), found


# -- OpenAPI and prose ----------------------------------------------------------------------------------------------


def test_it_is_valid_openapi() -> None:
    assert spec()["openapi"].startswith("3.1")
    validate(spec())


@operation
def test_an_operation_is_described(name: str) -> None:
    _, _, node = OPERATIONS[name]
    assert node["summary"].endswith(".")
    assert node["summary"].count("\n") == 0
    assert len(node["description"]) > 40
    assert all(answer["description"] for answer in node["responses"].values() if "$ref" not in answer)


def test_every_schema_and_parameter_is_described() -> None:
    bare = [name for name, node in SCHEMAS.items() if not node.get("description")]
    bare += [key for key, node in spec()["components"]["parameters"].items() if not node.get("description")]
    bare += [key for key, node in spec()["components"]["responses"].items() if not node.get("description")]
    assert bare == []


def _prose(node: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every title, summary and description, with where it stands."""
    if isinstance(node, dict):
        for key, value in cast("Json", node).items():
            if key in ("title", "summary", "description") and isinstance(value, str):
                yield place, value
            else:
                yield from _prose(value, f"{place}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(cast("list[Any]", node)):
            yield from _prose(value, f"{place}/{index}")


def test_descriptions_speak_of_the_api_only() -> None:
    """No file or folder of whoever wrote them, no notes to themselves, no tags of sources."""
    elsewhere = re.compile(
        r"(?<![\w.])/(work|home|tmp|root|usr|opt)/|\.(md|py|ya?ml)\b|TODO|FIXME|XXX|OA-|\bthe brief\b"
    )
    assert [(place, found[0]) for place, text in _prose(spec()) if (found := elsewhere.search(text))] == []


def test_names_in_descriptions_exist() -> None:
    """What stands in backticks and looks like a name of the API is one."""
    known = {*OPERATIONS, *SCHEMAS, *(key for node in SCHEMAS.values() for key in node.get("properties", ()))}
    known |= {parameter["name"] for parameter in spec()["components"]["parameters"].values()}
    unknown = [
        (place, name)
        for place, text in _prose(spec())
        for name in re.findall(r"`([a-z]+(?:[A-Z0-9]\w*)+)`", text)
        if name not in known
    ]
    assert unknown == []


# -- may it be sent again? ------------------------------------------------------------------------------------------


@operation
def test_an_operation_says_whether_it_may_be_sent_again(name: str) -> None:
    method, path, node = OPERATIONS[name]
    assert node["x-effect"] in ("read", "repeatable", "once")
    assert (node["x-effect"] == "read") == (method == "GET")
    last = path.rsplit("/", 1)[1]
    undoing = last in ("cancel", "hydrate", "archive", "enable-public-preview", "disable-public-preview", "search")
    if undoing or method == "DELETE":
        assert node["x-effect"] == "repeatable"
    elif "202" in node["responses"]:
        assert node["x-effect"] == "once", "it starts something"


@pytest.mark.parametrize(
    "name",
    [
        "generateText",
        "createEntity",
        "addEntityReference",
        "createFileUpload",
        "createFileUrlImport",
        "createWebhookEndpoint",
        "createTimelineInterchange",
        "videoToVideo",
    ],
)
def test_what_is_billed_or_made_goes_out_once(name: str) -> None:
    assert OPERATIONS[name][2]["x-effect"] == "once"


# -- ids ------------------------------------------------------------------------------------------------------------


def _id_kind(node: Json | None) -> str | None:
    """Return the id schema behind a field or parameter, also where its display name is taken as well."""
    node = node or {}
    name = name_of(not_null(node) or node)
    target: Json = SCHEMAS[name] if name else {}
    return name if "x-prefixes" in target else target.get("x-id-or-text")


def test_every_id_schema_has_prefixes() -> None:
    named = {name for name in SCHEMAS if name.endswith("Id")}
    assert named == IDS.keys()
    for name, prefixes in IDS.items():
        assert SCHEMAS[name]["type"] == "string"
        assert all(re.fullmatch(r"[a-z_]+_", prefix) for prefix in prefixes)
    every = [prefix for prefixes in IDS.values() for prefix in prefixes]
    assert len(every) == len(set(every)), "a prefix names one kind"
    assert IDS["ToolExecutionId"] == ["vg_tool_", "vg_exec_"], "the current one first, then historic ones"


def test_what_the_facts_call_an_id_is_of_the_kind_with_that_prefix() -> None:
    wrong: list[str] = []
    for name, schema in facts()["schemas"].items():
        for key, fact in schema.get("fields", {}).items():
            prefix = re.search(r"\b(vg_[a-z]+_|ep_)", fact.get("note", ""))
            if not prefix or not re.search(r"\bids?\b", fact["note"]) or key == "prompt":
                continue
            field = SCHEMAS[name]["properties"][key]
            kind = _id_kind((not_null(field) or field).get("items", field))
            if prefix[1] not in IDS.get(kind or "", ()):
                wrong.append(f"{name}.{key}: {kind}")
    assert wrong == []


def test_a_field_named_like_an_id_is_one() -> None:
    plain = [
        f"{name}.{key}"
        for name, node in SCHEMAS.items()
        for key, field in node.get("properties", {}).items()
        if re.search(r"Ids?$", key) and not _id_kind((not_null(field) or field).get("items", field))
    ]
    assert set(plain) == {
        "ExportDeliveryDestination.slackChannelId",
        "ExportDeliveryDestination.googleDriveFolderId",
    }, "ids of other services are text"


@operation
def test_a_path_is_made_of_ids(name: str) -> None:
    _, path, node = OPERATIONS[name]
    parameters = [resolve(spec(), one) for one in node.get("parameters", ())]
    held = {one["name"]: one for one in parameters if one["in"] == "path"}
    assert [*held] == re.findall(r"{(\w+)}", path), "in the path's order"
    for one in held.values():
        assert name_of(one["schema"]) in IDS
        assert one["required"] is True


def test_times_are_marked() -> None:
    wrong = [
        f"{name}.{key}"
        for name, schema in facts()["schemas"].items()
        for key, fact in schema.get("fields", {}).items()
        if fact.get("note", "").startswith("Unix seconds")
        and SCHEMAS[name]["properties"][key].get("format") != "unix-time"
    ]
    assert wrong == []


# -- jobs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", JOBS)
def test_a_job_says_how_it_is_waited_for(name: str) -> None:
    job, fields = JOBS[name], SCHEMAS[name]["properties"]
    assert job.keys() <= {"id", "get", "list", "cancel", "event", "done", "then", "result"}
    kind = _id_kind(fields[job["id"]].get("items", fields[job["id"]]))
    assert kind in IDS
    assert job["id"] in SCHEMAS[name]["required"]
    assert "get" in job or "list" in job
    if "get" in job:
        _, path, node = OPERATIONS[job["get"]]
        assert _path_kinds(node)[-1] == kind, f"{path} ends with the job's id"
    if "list" in job:
        method, _, node = OPERATIONS[job["list"]]
        assert method == "GET"
        assert "cursor" in {resolve(spec(), one)["name"] for one in node["parameters"]}
    if "cancel" in job:
        assert OPERATIONS[job["cancel"]][1] == OPERATIONS[job["get"]][1] + "/cancel"
    if "event" in job:
        assert any(event.startswith(job["event"] + ".") for event in spec()["webhooks"])
    if "then" in job:
        after = _id_kind(fields[job["then"]]["items"])
        assert after in {_id_kind(SCHEMAS[n]["properties"][j["id"]].get("items")) for n, j in JOBS.items()}
    if "result" in job:
        assert job["result"] in {name_of(one) for one in SCHEMAS[_answer(job["get"])]["oneOf"]}
    assert job.get("done", "sources") == "sources"


def _path_kinds(node: Json) -> list[str | None]:
    parameters = [resolve(spec(), one) for one in node["parameters"]]
    return [name_of(one["schema"]) for one in parameters if one["in"] == "path"]


def _answer(name: str) -> str:
    answers = OPERATIONS[name][2]["responses"]
    (status,) = (status for status in answers if status.startswith("2"))
    return name_of(content(spec(), answers[status])) or ""


@operation
def test_whatever_is_started_is_a_job(name: str) -> None:
    _, _, node = OPERATIONS[name]
    if "202" in node["responses"]:
        assert _answer(name) in JOBS


def test_a_finished_job_has_a_status_or_says_what_else_tells() -> None:
    for name, job in JOBS.items():
        result = job.get("result") or (_answer(job["get"]) if "get" in job else "RemixActionRun")
        assert ("status" in SCHEMAS[result]["properties"]) == ("done" not in job), name


# -- what nobody has confirmed --------------------------------------------------------------------------------------


def test_unconfirmed_operations_are_marked_and_open() -> None:
    marked = {name for name, (_, _, node) in OPERATIONS.items() if node.get("x-unconfirmed")}
    assert marked == unconfirmed().keys()
    for name in marked:
        node = OPERATIONS[name][2]
        objects = [_answer(name)]
        if "requestBody" in node:
            objects.append(name_of(content(spec(), node["requestBody"])) or "")
        for one in objects:
            assert one not in facts()["schemas"], "a schema of its own, since the confirmed ones are closed"
            assert SCHEMAS[one]["type"] == "object"
            assert SCHEMAS[one]["additionalProperties"] is True, one


def test_no_schema_is_left_over() -> None:
    """Every schema is in the facts, or used by something that is."""
    used = set(re.findall(r"#/components/schemas/(\w+)", str(spec())))
    used |= {str(node["x-id-or-text"]) for node in SCHEMAS.values() if "x-id-or-text" in node}
    assert SCHEMAS.keys() - used - facts()["schemas"].keys() == set()
