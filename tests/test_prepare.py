"""The decisions of generator-templates/prepare.py: names, types, codecs, and what it refuses."""

from __future__ import annotations

import importlib.util
import sys
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen import Accepted
from aiovideogen._files import Files
from aiovideogen._generated.api.files import Files as FileOperations
from aiovideogen._model import Model
from tests.facts import PROJECT, spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.facts import Json


def script(name: str) -> Any:
    """Import a script of the generator, which is in no package."""
    if name not in sys.modules:
        found = importlib.util.spec_from_file_location(name, PROJECT / "generator-templates" / f"{name}.py")
        assert found
        assert found.loader
        sys.modules[name] = importlib.util.module_from_spec(found)
        found.loader.exec_module(sys.modules[name])
    return sys.modules[name]


decisions = script("prepare")
prepare: Callable[[Json], Json] = decisions.prepare
snake: Callable[[str], str] = decisions.snake


# -- documents to try it on -----------------------------------------------------------------------------------------


def ref(name: str, **beside: Any) -> Json:
    return {"$ref": f"#/components/schemas/{name}", **beside}


def nullable(node: Json) -> Json:
    return {"anyOf": [node, {"type": "null"}]}


def model(*required: str, **properties: Any) -> Json:
    return {"type": "object", "required": [*required], "properties": properties}


def operation(
    name: str, answer: Json | None = None, body: Json | None = None, *, status: str = "200", **more: object
) -> Json:
    content = {} if answer is None else {"content": {"application/json": {"schema": answer}}}
    node: Json = {
        "operationId": name,
        "tags": ["Things"],
        "responses": {status: {"description": "", **content}},
        **more,
    }
    if body is not None:
        node["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return node


def parameter(name: str, place: str = "query", **schema: Any) -> Json:
    return {"name": name, "in": place, "required": place == "path", "schema": schema or {"type": "string"}}


def document(paths: Json | None = None, **schemas: Any) -> Json:
    always = {"ThingId": {"type": "string", "x-prefixes": ["th_"]}, "Thing": model(thingId=ref("ThingId"))}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": paths or {"/v1/thing": {"get": operation("getThing", ref("Thing"))}},
        "components": {"schemas": {**always, **schemas}},
    }


def field(
    node: Json, *, required: bool = False, key: str = "someKey", of_request: bool = False, **schemas: Any
) -> Json:
    """Prepare a model with one field, and return what was decided about it."""
    holder = model(*([key] if required else ()), **{key: node})
    post = operation("makeThing", ref("Thing"), body=ref("Holder"))
    get = operation("getHolder", ref("Holder"))
    paths = {"/v1/holder": {"post": post} if of_request else {"get": get}}
    prepared = prepare(document(paths, Holder=holder, **schemas))
    (decided,) = prepared["components"]["schemas"]["Holder"]["x-py"]["fields"]
    return decided


def described(path: str, method: str, node: Json, **schemas: Any) -> Json:
    """Prepare a document with one operation, and return what was decided about it."""
    prepared = prepare(document({path: {method: node}}, **schemas))
    ((answer,),) = ([*one["responses"].values()] for one in [prepared["paths"][path][method]])
    return answer["x-op"]


# -- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("prompt", "prompt"),
        ("toolExecutionId", "tool_execution_id"),
        ("image3dEffect", "image_3d_effect"),
        ("featuredBRollFileIds", "featured_b_roll_file_ids"),
        ("signingSecretLast4", "signing_secret_last_4"),
        ("publicHlsUrl", "public_hls_url"),
        ("exportOTIO", "export_otio"),
        ("HTMLPage", "html_page"),
        ("X-Rate-Limit", "x_rate_limit"),
        ("list4kFiles", "list_4k_files"),
        ("already_snake", "already_snake"),
        ("Webhook events", "webhook_events"),
        ("from", "from_"),
        ("class", "class_"),
        ("type", "type"),
    ],
)
def test_names(name: str, python: str) -> None:
    assert snake(name) == python


def test_every_name_of_the_api_is_a_python_name() -> None:
    schemas = spec()["components"]["schemas"]
    for key in {key for node in schemas.values() for key in node.get("properties", ())}:
        assert snake(key).isidentifier()


# -- fields ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "required", "shown", "codec"),
    [
        ({"type": "string"}, True, "str", "TEXT"),
        ({"type": "string"}, False, "str | None = None", "TEXT"),
        ({"type": ["string", "null"]}, True, "str | None", "TEXT"),
        ({"type": ["string", "null"]}, False, "str | None = None", "TEXT"),
        ({"type": "integer"}, True, "int", "INTEGER"),
        ({"type": "number"}, True, "float", "NUMBER"),
        ({"type": "boolean"}, True, "bool", "BOOLEAN"),
        ({"type": "integer", "format": "unix-time"}, True, "int", "TIME"),
        ({"type": "string", "format": "password"}, False, "str | None = None", "SECRET"),
        ({"type": "object"}, True, "dict[str, Any]", "OBJECT"),
        ({}, True, "Any", "ANY"),
        (ref("ThingId"), True, "ThingId", 'id_of("ThingId")'),
        (nullable(ref("ThingId")), True, "ThingId | None", 'id_of("ThingId")'),
        (ref("Thing"), False, "Thing | None = None", 'ref("Thing")'),
        (ref("Colour"), True, "Colour", "TEXT"),
        (ref("Weight"), True, "Weight", "INTEGER"),
        (ref("Labels"), True, "Labels", "OBJECT"),
        (ref("Name"), True, "Name", 'id_or_text("ThingId")'),
        (ref("Either"), True, "Either", 'ref("Either")'),
        ({"type": "array", "items": {"type": "string"}}, True, "list[str]", "list_of(TEXT)"),
        (
            {"type": "array", "items": ref("Thing")},
            False,
            "list[Thing] = attrs.field(factory=list)",
            'list_of(ref("Thing"))',
        ),
        (
            {"type": "array", "items": {"type": "array", "items": ref("ThingId")}},
            True,
            "list[list[ThingId]]",
            'list_of(list_of(id_of("ThingId")))',
        ),
        ({"const": "X"}, True, 'Literal["X"] = "X"', "TEXT"),
    ],
)
def test_a_field_of_an_answer(node: Json, required: bool, shown: str, codec: str) -> None:
    found = field(node, required=required, **OTHERS)
    assert found["type"] + found["default"] == shown
    assert found["codec"] == codec


OTHERS: Json = {
    "Colour": {"type": "string", "enum": ["RED", "GREEN"]},
    "Weight": {"type": "integer", "enum": [100, 200]},
    "Labels": {"type": "object", "additionalProperties": {"type": "string"}},
    "Name": {"type": "string", "x-id-or-text": "ThingId"},
    "Cat": model("kind", kind={"const": "CAT"}),
    "Dog": model("kind", kind={"const": "DOG"}),
    "Either": {
        "oneOf": [ref("Cat"), ref("Dog")],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"CAT": "#/components/schemas/Cat", "DOG": "#/components/schemas/Dog"},
        },
    },
}


@pytest.mark.parametrize(
    ("node", "required", "shown", "argument"),
    [
        ({"type": "string"}, True, "str", "str"),
        ({"type": "string"}, False, "str | Unset = UNSET", "str"),
        ({"type": ["string", "null"]}, False, "str | None | Unset = UNSET", "str | None"),
        ({"type": "integer", "default": 3}, False, "int | Unset = UNSET", "int"),
        ({"type": "array", "items": ref("ThingId")}, False, "Sequence[ThingId] | Unset = UNSET", "Sequence[ThingId]"),
        ({"type": "object"}, True, "Mapping[str, Any]", "Mapping[str, Any]"),
    ],
)
def test_a_field_of_a_request(node: Json, required: bool, shown: str, argument: str) -> None:
    """What is left out is UNSET and no default of the spec goes on the wire; the keywords never show UNSET."""
    found = field(node, required=required, of_request=True)
    assert found["type"] + found["default"] == shown
    assert found["argument"] == argument


def test_a_row_of_the_table() -> None:
    plain = field({"type": "string"})
    assert plain["row"] == 'Field("someKey", "some_key", TEXT)'
    full = field(nullable(ref("ThingId")), required=True)
    assert full["row"] == 'Field("someKey", "some_key", id_of("ThingId"), required=True, nullable=True)'
    const = field({"const": "X"}, required=True)
    assert const["row"] == 'Field("someKey", "some_key", TEXT, required=True, const="X")'
    assert const["required"] is False, "callers don't have to type it"


def test_a_model_of_bodies_and_answers_is_read_tolerantly() -> None:
    paths = {"/v1/thing": {"post": operation("makeThing", ref("Thing"), body=ref("Thing"))}}
    decided = prepare(document(paths))["components"]["schemas"]["Thing"]["x-py"]
    assert decided["request"] is False
    assert decided["fields"][0]["type"] == "ThingId | None"


def test_an_open_object_takes_more() -> None:
    schemas = prepare(document(Open={**model(), "additionalProperties": True}))["components"]["schemas"]
    assert schemas["Open"]["x-py"]["base"] == "OpenModel"
    assert schemas["Thing"]["x-py"]["base"] == "Model"


@pytest.mark.parametrize("key", ["read", "write", "replace", "takes", "fromDict", "toDict", "additionalProperties"])
def test_a_field_named_as_what_models_do_gets_an_underscore(key: str) -> None:
    assert field({"type": "boolean"}, key=key)["name"] == snake(key) + "_"


def test_the_names_that_models_and_starts_have_are_all_known() -> None:
    public = {name for name in dir(Model) if not name.startswith("_")}
    assert public == decisions.MODEL_NAMES
    assert {name for name in dir(Accepted) if not name.startswith("_")} - public | {"id"} == decisions.ACCEPTED_NAMES


# -- schemas that are no models -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ThingId", ["=id"]),
        ("Name", ["=alias", "0ThingId | str", "1ThingId"]),
        ("Labels", ["=alias", "0dict[str, str]"]),
        ("Colour", ["=enum", "0str", "1000'RED'", "1001'GREEN'"]),
        ("Weight", ["=enum", "0int", "1000100", "1001200"]),
        ("Either", ["=union", "0kind", "1CAT=Cat", "1DOG=Dog"]),
    ],
)
def test_a_named_text_map_enum_or_union_is_handed_on_as_markers(name: str, values: list[str]) -> None:
    schema = prepare(document(**OTHERS))["components"]["schemas"][name]
    assert (schema["type"], schema["enum"]) == ("string", values)


# -- operations -----------------------------------------------------------------------------------------------------


def test_an_operation() -> None:
    path, query = parameter("thingId", "path", **ref("ThingId")), parameter("selfOnly", type="boolean")
    node = operation("getThing2d", ref("Thing"), parameters=[path, query], summary="S.", description="See `thingId`.")
    op = described("/v1/things/{thingId}", "get", node)
    assert (op["id"], op["name"], op["group"]) == ("getThing2d", "get_thing_2d", "things")
    assert (op["method"], op["path"], op["effect"]) == ("GET", "/v1/things/{thingId}", "read")
    assert (op["returns"], op["codec"], op["body"], op["items"]) == ("Thing", 'ref("Thing")', None, None)
    assert [one["type"] for one in op["path_parameters"]] == ["ThingId"]
    assert [one["type"] + one["default"] for one in op["query"]] == ["bool | None = None"]
    assert op["doc"] == "See `thing_id`.", "names as Python spells them"


def test_parameters_may_stand_beside_the_methods() -> None:
    paths = {
        "/v1/things/{thingId}": {
            "parameters": [parameter("thingId", "path", **ref("ThingId"))],
            "get": operation("getThing", ref("Thing")),
        }
    }
    prepared = prepare(document(paths))["paths"]["/v1/things/{thingId}"]
    assert prepared.keys() == {"get"}
    assert [one["name"] for one in prepared["get"]["responses"]["200"]["x-op"]["path_parameters"]] == ["thing_id"]


def test_an_answer_may_be_a_reference() -> None:
    source = document({"/v1/thing": {"get": operation("getThing")}})
    source["paths"]["/v1/thing"]["get"]["responses"] = {"200": {"$ref": "#/components/responses/R"}}
    source["components"]["responses"] = {"R": operation("x", ref("Thing"))["responses"]["200"]}
    answer = prepare(source)["paths"]["/v1/thing"]["get"]["responses"]["200"]
    assert answer["x-op"]["returns"] == "Thing"


@pytest.mark.parametrize(
    ("method", "said", "effect"),
    [
        ("get", None, "read"),
        ("post", None, "once"),
        ("post", "repeatable", "repeatable"),
        ("delete", None, "once"),
        ("get", "once", "once"),
    ],
)
def test_what_does_not_say_may_start_something(method: str, said: str | None, effect: str) -> None:
    node = operation("doThing", ref("Thing")) | ({"x-effect": said} if said else {})
    assert described("/v1/thing", method, node)["effect"] == effect


def test_an_answer_without_content_is_none() -> None:
    op = described("/v1/thing", "delete", operation("deleteThing", status="204"))
    assert (op["returns"], op["codec"]) == ("None", None)


PAGE = model("things", things={"type": "array", "items": ref("Thing")}, nextCursor={"type": ["string", "null"]})


def test_a_cursor_makes_a_page() -> None:
    thing = model("thingId", thingId=ref("ThingId"), name={"type": "string"})
    listing = operation("listThings", ref("Things"), parameters=[parameter("cursor")])
    op = described("/v1/things", "get", listing, Things=PAGE, Thing=thing)
    assert op["items"] == {"key": "things", "type": "Thing", "id": "thing_id"}
    nameless = described("/v1/things", "get", listing, Things=PAGE, Thing=model(name={"type": "string"}))
    assert nameless["items"]["id"] is None, "then repeats can't be told"
    whole = described("/v1/things", "get", operation("listThings", ref("Things")), Things=PAGE)
    assert whole["items"] is None


def _job(**more: Any) -> Json:
    job = {"id": "thingId", "get": "getThing", "list": "listThings", "cancel": "cancelThing", "event": "thing", **more}
    fields = {"thingId": ref("ThingId"), "afterIds": {"type": "array", "items": ref("ThingId")}}
    return {**model("thingId", **fields), "x-job": job}


def _job_document(**more: Any) -> Json:
    one = [parameter("thingId", "path", **ref("ThingId"))]
    cancel = operation("cancelThing", ref("Started"), status="202", parameters=one) | {"x-effect": "repeatable"}
    listing = operation("listThings", ref("Things"), parameters=[parameter("cursor")])
    paths: Json = {
        "/v1/things": {"post": operation("startThing", ref("Started"), status="202"), "get": listing},
        "/v1/things/{thingId}": {"get": operation("getThing", ref("Thing"), parameters=one)},
        "/v1/things/{thingId}/cancel": {"post": cancel},
    }
    return document(paths, Started=_job(**more), Things=PAGE)


def _op(prepared: Json, path: str, method: str) -> Json:
    return next(iter(prepared["paths"][path][method]["responses"].values()))["x-op"]


def test_a_start_is_accepted_and_a_cancel_gives_the_id() -> None:
    prepared = prepare(_job_document(then="afterIds"))
    accepted = prepared["components"]["schemas"]["Started"]["x-py"]["job"]
    assert (accepted["kind"], accepted["id"], accepted["result"]) == ("ThingId", "thing_id", "Thing")
    assert (accepted["then"], accepted["then_kind"], accepted["several"]) == ("after_ids", "ThingId", False)
    start, cancel = _op(prepared, "/v1/things", "post"), _op(prepared, "/v1/things/{thingId}/cancel", "post")
    assert (start["returns"], start["picks"]) == ("Started", None)
    assert (cancel["returns"], cancel["picks"]) == ("ThingId", "thing_id")


def test_several_ids_become_a_list_of_results() -> None:
    accepted = prepare(_job_document(id="afterIds"))["components"]["schemas"]["Started"]["x-py"]["job"]
    assert (accepted["several"], accepted["result"], accepted["kind"]) == (True, "list[Thing]", "ThingId")


def test_a_start_may_call_its_id_id() -> None:
    source = _job_document(id="id")
    source["components"]["schemas"]["Started"]["properties"] = {"id": ref("ThingId"), "accepted": {"type": "boolean"}}
    decided = prepare(source)["components"]["schemas"]["Started"]["x-py"]
    assert [one["name"] for one in decided["fields"]] == ["id", "accepted_"]
    assert decided["job"]["id"] == "id"


def test_the_tables_of_ids_jobs_and_events() -> None:
    source = _job_document()
    source["webhooks"] = {"thing.done": {"post": operation("onThing", status="200", body=ref("Thing"))}}
    tables = next(s["x-tables"] for s in prepare(source)["components"]["schemas"].values() if "x-tables" in s)
    assert tables["ids"] == [{"name": "ThingId", "doc": "", "prefixes": ("th_",), "result": "Thing"}]
    assert tables["jobs"] == [
        {
            "kind": "ThingId",
            "get": "things.get_thing",
            "list": "things.list_things",
            "cancel": "things.cancel_thing",
            "event": "thing",
            "done": "status",
        }
    ]
    assert tables["events"] == {"thing.done": "Thing"}
    assert tables["starts"] == {"startThing": {"kind": "ThingId", "type": None}}
    assert tables["shows"] == {"getThing": "ThingId", "listThings": "ThingId"}


def _event_document(*names: str, **payload: Any) -> Json:
    source = _job_document()
    source["components"]["schemas"]["ThingWebhookPayload"] = model(**payload)
    hook = {"post": operation("on", status="200", body=ref("ThingWebhookPayload"))}
    return {**source, "webhooks": dict.fromkeys(names, hook)}


def _families(**payload: Any) -> list[Json]:
    """Return what is decided of two events whose payload has these fields."""
    source = _event_document("thing.succeeded", "thing.failed", **payload)
    return next(s["x-tables"] for s in prepare(source)["components"]["schemas"].values() if "x-tables" in s)["families"]


def test_events_that_share_a_payload_are_a_family_of_classes() -> None:
    (family,) = _families(thingId=ref("ThingId"))
    assert (family["name"], family["payload"]) == ("ThingEvent", "ThingWebhookPayload")
    assert [(one["name"], one["class"]) for one in family["events"]] == [
        ("thing.succeeded", "ThingSucceeded"),
        ("thing.failed", "ThingFailed"),
    ]
    assert (family["job"], family["job_attribute"], family["result"]) == ("ThingId", "thing_id", "Thing")


def test_a_payload_shows_the_jobs_state_when_it_has_it_or_all_of_its_fields() -> None:
    (holding,) = _families(thingId=ref("ThingId"), theThing=ref("Thing"))
    assert holding["snapshot"] == "the_thing"
    (telling,) = _families(thingId=ref("ThingId"))
    assert telling["snapshot"] == '_ended("Thing")'
    (other,) = _families(thingId={"type": "string"})
    assert (other["job"], other["result"], other["snapshot"]) == (None, None, None)


def test_the_source_is_left_as_it_is() -> None:
    source = deepcopy(spec())
    prepare(source)
    assert source == spec()


# -- refusals -------------------------------------------------------------------------------------------------------


def _one(node: Json, path: str = "/v1/thing", method: str = "post", **schemas: Any) -> Json:
    return document({path: {method: node}}, **schemas)


REFUSED: dict[str, tuple[Json, str]] = {
    "a list of nullable items": (
        document(Holder=model(a={"type": "array", "items": {"type": ["string", "null"]}})),
        "Holder: a: lists of nullable items are not supported",
    ),
    "an object without a name": (
        document(Holder=model(a={"type": "object", "properties": {"b": {"type": "string"}}})),
        "Holder: a: objects and enums need a name",
    ),
    "an enum without a name": (
        document(Holder=model(a={"type": "string", "enum": ["X"]})),
        "Holder: a: objects and enums need a name",
    ),
    "a body without a name": (
        _one(operation("makeThing", body=model())),
        "POST /v1/thing: bodies, answers and items need",
    ),
    "an answer without a name": (
        _one(operation("makeThing", model())),
        "POST /v1/thing: bodies, answers and items need",
    ),
    "no answer of success": (_one(operation("makeThing", status="default")), "POST /v1/thing: no answer of success"),
    "a schema that isn't there": (
        document(Holder=model(a=ref("Nothing"))),
        "Holder: a: can't be read: KeyError('Nothing')",
    ),
    "an enum with null": (
        document(Colour={"type": ["string", "null"], "enum": ["RED", None]}),
        "Colour: null stands where a schema is used",
    ),
    "a union without a discriminator": (
        document(Either={"oneOf": [ref("Thing"), ref("ThingId")]}),
        "Either: can't be read: KeyError('type')",
    ),
    "two fields of one name": (
        document(Holder=model(someKey={"type": "string"}, some_key={"type": "string"})),
        "Holder: more than one field would be named some_key",
    ),
    "a name that generated code uses": (document(Page=model()), "Page: a schema is named in PascalCase, and not"),
    "a name that the generator would change": (document(Vod_Item=model()), "Vod_Item: a schema is named in PascalCase"),
    "two schemas of one module": (
        document(HTMLPage=model(), HtmlPage=model()),
        "more than one schema's module would be",
    ),
    "a path with a parameter that isn't described": (
        _one(operation("makeThing", ref("Thing")), "/v1/things/{thingId}"),
        "POST /v1/things/{thingId}: the parameters in the path are not those",
    ),
    "a parameter that isn't in the path": (
        _one(operation("makeThing", ref("Thing"), parameters=[parameter("thingId", "path")])),
        "POST /v1/thing: the parameters in the path are not those",
    ),
    "a header": (
        _one(operation("makeThing", parameters=[parameter("X-Y", "header")])),
        "POST /v1/thing: X-Y: parameters stand in the path or the query, not in header",
    ),
    "two arguments of one name": (
        _one(
            operation("makeThing", parameters=[parameter("thingId", "path")], body=ref("Thing")),
            "/v1/things/{thingId}",
        ),
        "POST /v1/things/{thingId}: more than one argument would be named thing_id",
    ),
    "an argument named request": (
        _one(operation("makeThing", parameters=[parameter("request")])),
        "POST /v1/thing: more than one argument would be named request",
    ),
    "two operations of one name": (
        document(
            {
                "/v1/a": {"get": operation("getThing", ref("Thing"))},
                "/v1/b": {"get": operation("get_thing", ref("Thing"))},
            }
        ),
        "more than one method would be named Things.get_thing",
    ),
    "an operation named as a hand-written method": (
        _one(operation("upload", ref("Thing")) | {"tags": ["Files"]}),
        "POST /v1/thing: files.upload is a hand-written method",
    ),
    "a page with two lists": (
        _one(
            operation("listThings", ref("Things"), parameters=[parameter("cursor")]),
            method="get",
            Things=model(a={"type": "array", "items": ref("Thing")}, b={"type": "array", "items": ref("Thing")}),
        ),
        "GET /v1/thing: Things: a page has exactly one list, this has 2",
    ),
    "a page without a list": (
        _one(operation("listThings", ref("Thing"), parameters=[parameter("cursor")]), method="get"),
        "GET /v1/thing: Thing: a page has exactly one list, this has 0",
    ),
    "an event's field that events have themselves": (
        _event_document("thing.done", thingId=ref("ThingId"), timestamp={"type": "integer"}),
        "webhooks: ThingWebhookPayload: events have a timestamp of their own",
    ),
    "two events of one class": (
        _event_document("thing.being.done", "thing.being_done", thingId=ref("ThingId")),
        "more than one event's class would be named ThingBeingDone",
    ),
    "a job that is read by no operation": (_job_document(get="look"), "Started: x-job: no operation look"),
    "a job whose id is no field": (_job_document(id="nothing"), "Started: x-job: can't be read: KeyError('nothing')"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_expressed_is_refused_and_named(case: str) -> None:
    source, message = REFUSED[case]
    with pytest.raises(decisions.PrepareError) as caught:
        prepare(source)
    assert str(caught.value).startswith(message)


def test_the_hand_written_methods_are_those_that_files_adds() -> None:
    added = {name for name in vars(Files) if not name.startswith("_")} - vars(FileOperations).keys()
    assert {"files": added} == decisions.HAND_WRITTEN
