"""`make diff`: what it finds between openapi.yaml and another document, whom that breaks, and what it leaves alone."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from copy import deepcopy
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts import PROJECT, SPEC, spec
from tests.test_prepare import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.facts import Json

SCRIPT = PROJECT / "generator-templates" / "diff.py"
IMAGE = "GenerateImageRequest"
KNOWN = [
    "GET /v1/files/imports/{fileImportId} (getFileUrlImport): unconfirmed",
    "GET /v1/resources/avatar-presenters (listAvatarPresenters): deprecated",
    "POST /v1/files/import-url (createFileUrlImport): unconfirmed",
    "POST /v1/workflows/video-to-video (videoToVideo): unconfirmed",
]


def _imported() -> Any:
    """Import the script, which finds its package beside itself."""
    found = importlib.util.spec_from_file_location("diff", SCRIPT)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        found.loader.exec_module(module)
    finally:
        sys.path.remove(str(SCRIPT.parent))
    return module


main: Callable[[list[str]], int] = _imported().main


class Diff:
    """Runs the script in process, as a maintainer would."""

    def __init__(self, folder: Path, output: pytest.CaptureFixture[str]) -> None:
        self.ours, self.theirs = folder / "ours.json", folder / "theirs.json"
        self.output = output
        self.ours.write_text(json.dumps(spec()), encoding="utf-8")

    def __call__(self, document: Json, *options: str) -> tuple[int, str]:
        self.theirs.write_text(json.dumps(document), encoding="utf-8")
        return self.run(self.theirs, *options)

    def run(self, path: Path, *options: str) -> tuple[int, str]:
        status = main([str(path), "--spec", str(self.ours), *options])
        captured = self.output.readouterr()
        return status, captured.out + captured.err

    def found(self, document: Json) -> tuple[int, list[str]]:
        """Return the status and a line for each difference: where, what, for callers, for parsers."""
        status, out = self(document, "--json")
        return status, [
            f"{one['subject']} {one['path']}".strip() + f" | {one['text']} | {one['callers']}, {one['parsers']}"
            for one in json.loads(out)["differences"]
        ]


@pytest.fixture
def diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Diff:
    return Diff(tmp_path, capsys)


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def schema(document: Json, name: str) -> Json:
    return document["components"]["schemas"][name]


def field(document: Json, name: str, key: str) -> Json:
    return schema(document, name)["properties"][key]


def operation(document: Json, name: str) -> Json:
    return next(
        node for item in document["paths"].values() for node in item.values() if node.get("operationId") == name
    )


def mutated(change: Callable[[Json], object]) -> Json:
    document = deepcopy(spec())
    change(document)
    return document


# -- the same -------------------------------------------------------------------------------------------------------


def test_openapi_yaml_is_the_same_as_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SPEC)]) == 0
    assert capsys.readouterr().out == "Same.\n"


class Noise:
    """Says what a document says in other words: OpenAPI 3.0, ids and enums inline, nothing of our own."""

    def __init__(self, document: Json) -> None:
        self.schemas: Json = document["components"]["schemas"]
        self.inlined = {
            name for name, node in self.schemas.items() if "properties" not in node and "oneOf" not in node
        } - {"CreateFileUrlImportRequest"}
        self.document = document

    def made(self) -> Json:
        noisy = self.node(self.document)
        noisy["openapi"] = "3.0.3"
        noisy["x-webhooks"] = noisy.pop("webhooks")
        noisy["components"] = {
            "schemas": {k: v for k, v in noisy["components"]["schemas"].items() if k not in self.inlined},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        }
        noisy["servers"] = [{"url": "https://api.videogen.io/v1/"}]
        noisy["paths"] = {path.removeprefix("/v1"): item for path, item in noisy["paths"].items()}
        return noisy

    def node(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.node(one) for one in cast("list[Any]", value)]
        return self.mapping(cast("Json", value)) if isinstance(value, dict) else value

    def mapping(self, value: Json) -> Json:
        target = value.get("$ref", "")
        name = target.rsplit("/", 1)[-1]
        if "/parameters/" in target or "/responses/" in target:
            return self.node(self.document["components"][target.split("/")[2]][name])
        if "/schemas/" in target:
            beside = {key: one for key, one in value.items() if key not in ("$ref", "description")}
            inner = self.node(self.schemas[name]) if name in self.inlined else {"allOf": [{"$ref": target}]}
            return {**inner, **self.node(beside)}
        if "anyOf" in value and {"type": "null"} in value["anyOf"]:
            return {**self.node(value["anyOf"][0]), "nullable": True}
        out = {key: self.node(one) for key, one in value.items() if not key.startswith("x-")}
        return self.schema(out)

    def schema(self, out: Json) -> Json:
        if isinstance(out.get("description"), str):
            out["description"] = "Said otherwise."
        if isinstance(out.get("type"), list):
            (out["type"],) = (kind for kind in out["type"] if kind != "null")
            out["nullable"] = True
            if "enum" in out:
                out["enum"] = [*out["enum"], None]
        if isinstance(out.get("const"), str):
            out["enum"] = [out.pop("const")]
        if out.get("format") in ("unix-time", "password"):
            out["format"] = "int64" if out.pop("format") == "unix-time" else ""
        return out


def test_the_same_in_other_words_is_the_same(diff: Diff) -> None:
    noisy = Noise(spec()).made()
    assert "x-prefixes" not in json.dumps(noisy)
    assert "const" not in json.dumps(noisy)
    unconfirmed = ("createFileUrlImport", "getFileUrlImport", "videoToVideo")
    paths = {
        path: item
        for path, item in noisy["paths"].items()
        if not any(node["operationId"] in unconfirmed for node in item.values())
    }
    words = {"paths": paths, "openapi": "3.0.3"}
    assert diff({**noisy, **words}) == (
        0,
        "\n".join(
            ["only ours, known (no difference)", *(one for one in KNOWN if "unconfirmed" in one), "", "Same.", ""]
        ),
    )
    only = {**noisy, **words}
    del only["x-webhooks"]
    status, out = diff(only)
    assert status == 0
    assert "not compared: webhooks, which OpenAPI 3.0 does not have" in out


OTHER_WORDS: dict[str, Callable[[Json], object]] = {
    "a name for what is inline": lambda d: (
        d["components"]["schemas"].update(Text={"type": "string"}),
        field(d, IMAGE, "prompt").update({"$ref": "#/components/schemas/Text"}),
    ),
    "false flags": lambda d: operation(d, "getMe").update(deprecated=False),
    "anyOf for several types": lambda d: (
        field(d, "FileInfo", "durationSeconds").pop("type"),
        field(d, "FileInfo", "durationSeconds").update(anyOf=[{"type": "number"}, {"type": "null"}]),
    ),
    "bounds of nothing": lambda d: field(d, IMAGE, "prompt").update(minLength=0),
    "numbers as floats": lambda d: field(d, IMAGE, "numResults").update(maximum=100.0, default=1.0),
    "fields that may be more": lambda d: schema(d, "FileInfo").update(additionalProperties=True),
    "errors by status": lambda d: operation(d, "getMe")["responses"].update(
        {"401": operation(d, "getMe")["responses"].pop("default")}
    ),
    "parameters of the path": lambda d: d["paths"]["/v1/projects/{projectId}"].update(
        parameters=d["paths"]["/v1/projects/{projectId}"]["get"].pop("parameters")
    ),
    "a read-only field in a request": lambda d: (
        field(d, IMAGE, "prompt").update(examples=["x"])
        or schema(d, IMAGE)["properties"].update(id={"type": "string", "readOnly": True})
    ),
    "the other order": lambda d: schema(d, "FileType")["enum"].reverse(),
    "values apart": lambda d: (
        schema(d, "JobStatus").update(oneOf=[{"const": value} for value in schema(d, "JobStatus").pop("enum")]),
    ),
    "a union in another order, without a discriminator": lambda d: (
        schema(d, "AssistantMessage").pop("discriminator"),
        schema(d, "AssistantMessage").update(anyOf=schema(d, "AssistantMessage").pop("oneOf")[::-1]),
    ),
    "a header that every request has": lambda d: operation(d, "getMe").update(
        parameters=[{"name": "Authorization", "in": "header", "required": True, "schema": {"type": "string"}}]
    ),
    "flags of 3.0 that are off": lambda d: field(d, IMAGE, "numResults").update(exclusiveMinimum=False),
    "an object in two parts": lambda d: d["components"]["schemas"].update(
        MeResponse={"allOf": [schema(d, "MeResponse"), {"type": "object", "description": "Nothing more."}]}
    ),
}


@pytest.mark.parametrize("name", OTHER_WORDS)
def test_other_words_are_no_difference(name: str, diff: Diff) -> None:
    assert diff(mutated(OTHER_WORDS[name])) == (0, "Same.\n")


def test_what_only_we_have_and_know_of_is_no_difference(diff: Diff) -> None:
    document = deepcopy(spec())
    for path in ("/v1/files/import-url", "/v1/files/imports/{fileImportId}", "/v1/workflows/video-to-video"):
        del document["paths"][path]
    del document["paths"]["/v1/resources/avatar-presenters"]
    status, out = diff(document)
    assert status == 0
    assert out.splitlines() == ["only ours, known (no difference)", *KNOWN, "", "Same."]


def test_a_deprecated_field_that_is_gone_is_known(diff: Diff) -> None:
    deprecated = [
        (name, key)
        for name, node in spec()["components"]["schemas"].items()
        for key, value in node.get("properties", {}).items()
        if value.get("deprecated")
    ]
    assert deprecated
    document = deepcopy(spec())
    for name, key in deprecated:
        del schema(document, name)["properties"][key]
    status, out = diff(document)
    assert status == 0
    assert out.splitlines()[1:-2] == [f"{name} {key}: deprecated" for name, key in deprecated]


# -- one change at a time -------------------------------------------------------------------------------------------

DUB: Json = {
    "operationId": "dubVideo",
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref("VideoAssetRequest")}}},
    "responses": {"202": {"content": {"application/json": {"schema": ref("StartToolExecutionResponse")}}}},
}
BREAKS_CALLERS, ADDS_FOR_CALLERS = "breaking, none", "additive, none"
BREAKS_PARSERS, ADDS_FOR_PARSERS = "none, breaking", "none, additive"

CHANGES: list[tuple[str, Callable[[Json], object], list[str]]] = [
    # operations
    (
        "an operation more",
        lambda d: d["paths"].update({"/v1/tools/dub-video": {"post": DUB}}),
        [
            "POST /v1/tools/dub-video | new operation: takes VideoAssetRequest, answers 202 StartToolExecutionResponse"
            f" | {ADDS_FOR_CALLERS}"
        ],
    ),
    ("an operation less", lambda d: d["paths"].pop("/v1/me"), [f"GET /v1/me | gone | {BREAKS_CALLERS}"]),
    (
        "an operation moved",
        lambda d: d["paths"].update({"/v1/account": d["paths"].pop("/v1/me")}),
        [
            f"GET /v1/me | gone | {BREAKS_CALLERS}",
            f"GET /v1/account | new operation: answers 200 MeResponse | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "an operation renamed",
        lambda d: operation(d, "getMe").update(operationId="getAccount"),
        [f"GET /v1/me | operationId is getAccount, was getMe: the method is named after it | {BREAKS_CALLERS}"],
    ),
    (
        "an operation deprecated",
        lambda d: operation(d, "getMe").update(deprecated=True),
        [f"GET /v1/me | deprecated | {ADDS_FOR_CALLERS}"],
    ),
    (
        "an unconfirmed operation confirmed",
        lambda d: operation(d, "videoToVideo").pop("x-unconfirmed"),
        [f"POST /v1/workflows/video-to-video | described now, no longer unconfirmed | {ADDS_FOR_CALLERS}"],
    ),
    (
        "another server",
        lambda d: d.update(servers=[{"url": "https://api.example.com"}]),
        [
            f"the API | server https://api.videogen.io is gone | {BREAKS_CALLERS}",
            f"the API | new server https://api.example.com | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "another way to sign in",
        lambda d: d["components"].update(securitySchemes={"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}),
        [
            f"the API | the way to sign in, http bearer, is gone | {BREAKS_CALLERS}",
            f"the API | new way to sign in: apiKey header X-Key | {ADDS_FOR_CALLERS}",
        ],
    ),
    # parameters
    (
        "an optional parameter more",
        lambda d: operation(d, "listLanguages")["parameters"].append(
            {"name": "sort", "in": "query", "schema": {"type": "string"}}
        ),
        [f"GET /v1/resources/languages query sort | new optional parameter: string | {ADDS_FOR_CALLERS}"],
    ),
    (
        "a required header more",
        lambda d: operation(d, "getMe").update(
            parameters=[{"name": "X-Team", "in": "header", "required": True, "schema": ref("TeamId")}]
        ),
        [f"GET /v1/me header X-Team | new required parameter: string | {BREAKS_CALLERS}"],
    ),
    (
        "a parameter less",
        lambda d: operation(d, "listLanguages").pop("parameters"),
        [f"GET /v1/resources/languages query query | gone | {BREAKS_CALLERS}"],
    ),
    (
        "a parameter required, deprecated and written in another way",
        lambda d: operation(d, "listLanguages").update(
            parameters=[
                {
                    "name": "query",
                    "in": "query",
                    "required": True,
                    "deprecated": True,
                    "style": "pipeDelimited",
                    "schema": {"type": "string"},
                }
            ]
        ),
        [
            f"GET /v1/resources/languages query query | required, was optional | {BREAKS_CALLERS}",
            f"GET /v1/resources/languages query query | written as pipeDelimited, was form | {BREAKS_CALLERS}",
            f"GET /v1/resources/languages query query | deprecated | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "a placeholder renamed",
        lambda d: (
            d["paths"].update({"/v1/projects/{id}": d["paths"].pop("/v1/projects/{projectId}")}),
            operation(d, "getProject").update(
                parameters=[{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
            ),
        ),
        ["GET /v1/projects/{projectId} path projectId | called id, was projectId: a name only | none, none"],
    ),
    # request bodies and answers
    (
        "a body required",
        lambda d: operation(d, "exportProject")["requestBody"].update(required=True),
        [f"POST /v1/projects/{{projectId}}/export request body | required, was optional | {BREAKS_CALLERS}"],
    ),
    (
        "a body less",
        lambda d: operation(d, "exportProject").pop("requestBody"),
        [f"POST /v1/projects/{{projectId}}/export request body | gone | {BREAKS_CALLERS}"],
    ),
    (
        "a body in another form",
        lambda d: operation(d, "exportProject")["requestBody"].update(
            content={"multipart/form-data": {"schema": ref("ExportProjectRequest")}}
        ),
        [
            f"POST /v1/projects/{{projectId}}/export request body | application/json is gone | {BREAKS_CALLERS}",
            f"POST /v1/projects/{{projectId}}/export request body | new: multipart/form-data | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "another status",
        lambda d: operation(d, "getMe")["responses"].update({"201": operation(d, "getMe")["responses"].pop("200")}),
        [f"GET /v1/me answer 200 | status is 201, was 200 | {BREAKS_PARSERS}"],
    ),
    (
        "a status more",
        lambda d: operation(d, "getMe")["responses"].update({"202": {"description": ""}}),
        [f"GET /v1/me answer 202 | new status of success | {BREAKS_PARSERS}"],
    ),
    (
        "an answer less",
        lambda d: operation(d, "getMe")["responses"]["200"].pop("content"),
        [f"GET /v1/me answer 200 | gone | {BREAKS_PARSERS}"],
    ),
    (
        "an answer more",
        lambda d: operation(d, "deleteWebhookEndpoint")["responses"]["204"].update(
            content={"application/json": {"schema": ref("WebhookEndpoint")}}
        ),
        [f"DELETE /v1/webhooks/endpoints/{{endpointId}} answer 204 | new: WebhookEndpoint | {ADDS_FOR_PARSERS}"],
    ),
    (
        "another schema in an answer",
        lambda d: operation(d, "getMe")["responses"]["200"]["content"]["application/json"].update(
            schema=ref("EntityArchiveResponse")
        ),
        [
            f"GET /v1/me answer 200.apiKeyId | gone (was string) | {BREAKS_PARSERS}",
            f"GET /v1/me answer 200.apiKeyNickname | gone (was string) | {BREAKS_PARSERS}",
            f"GET /v1/me answer 200.displayName | gone (was string or null) | {BREAKS_PARSERS}",
            f"GET /v1/me answer 200.email | gone (was string) | {BREAKS_PARSERS}",
            f"GET /v1/me answer 200.teamId | gone (was string) | {BREAKS_PARSERS}",
            f"GET /v1/me answer 200.archived | new required field: boolean | {ADDS_FOR_PARSERS}",
            f"GET /v1/me answer 200.entityId | new required field: string | {ADDS_FOR_PARSERS}",
            "GET /v1/me answer 200 | refers to EntityArchiveResponse, not to MeResponse | none, none",
        ],
    ),
    # fields of requests
    (
        "a required field more",
        lambda d: (
            schema(d, IMAGE)["properties"].update(seed={"type": "integer"}),
            schema(d, IMAGE)["required"].append("seed"),
        ),
        [f"{IMAGE} seed | new required field: integer | {BREAKS_CALLERS}"],
    ),
    (
        "an optional field more",
        lambda d: schema(d, IMAGE)["properties"].update(seed={"type": ["integer", "null"]}),
        [f"{IMAGE} seed | new optional field: integer or null | {ADDS_FOR_CALLERS}"],
    ),
    (
        "a field renamed",
        lambda d: schema(d, IMAGE)["properties"].update(
            numCandidates=schema(d, IMAGE)["properties"].pop("numResults"), seed={"type": "integer"}
        ),
        [
            f"{IMAGE} numResults | gone (was integer), perhaps called numCandidates now | {BREAKS_CALLERS}",
            f"{IMAGE} numCandidates | new optional field: integer | {ADDS_FOR_CALLERS}",
            f"{IMAGE} seed | new optional field: integer | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "a field required",
        lambda d: schema(d, IMAGE)["required"].append("quality"),
        [f"{IMAGE} quality | required, was optional | {BREAKS_CALLERS}"],
    ),
    (
        "a field optional",
        lambda d: schema(d, IMAGE)["required"].remove("prompt"),
        [f"{IMAGE} prompt | optional, was required | {ADDS_FOR_CALLERS}"],
    ),
    (
        "narrower bounds",
        lambda d: field(d, IMAGE, "numResults").update(maximum=4),
        [f"{IMAGE} numResults | maximum 4, was maximum 100 | {BREAKS_CALLERS}"],
    ),
    (
        "wider bounds",
        lambda d: (field(d, IMAGE, "numResults").pop("maximum"), field(d, IMAGE, "imageFileIds").update(maxItems=8)),
        [
            f"{IMAGE} imageFileIds | maxItems 8, was maxItems 4 | {ADDS_FOR_CALLERS}",
            f"{IMAGE} numResults | no maximum, was maximum 100 | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "another default",
        lambda d: field(d, IMAGE, "numResults").update(default=2),
        [f"{IMAGE} numResults | 2 when omitted, was 1 | {BREAKS_CALLERS}"],
    ),
    (
        "a pattern for ids, everywhere",
        lambda d: schema(d, "EntityId").update(pattern="^vg_enti_"),
        ['EntityId | pattern "^vg_enti_", was no pattern | breaking, additive'],
    ),
    (
        "a field deprecated",
        lambda d: field(d, IMAGE, "prompt").update(deprecated=True),
        [f"{IMAGE} prompt | deprecated | {ADDS_FOR_CALLERS}"],
    ),
    (
        "null refused in a request",
        lambda d: field(d, "GenerateTextRequest", "system").update(type="string"),
        [f"GenerateTextRequest system | no longer null | {BREAKS_CALLERS}"],
    ),
    (
        "flags of 3.0 that are on",
        lambda d: field(d, IMAGE, "numResults").update(exclusiveMaximum=True),
        [
            f"{IMAGE} numResults | exclusiveMaximum 100, was no exclusiveMaximum | {BREAKS_CALLERS}",
            f"{IMAGE} numResults | no maximum, was maximum 100 | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "one type more",
        lambda d: schema(d, IMAGE)["properties"].update(prompt={"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        [f"{IMAGE} prompt | integer or string, was string | {ADDS_FOR_CALLERS}"],
    ),
    (
        "any type",
        lambda d: schema(d, "FileInfo")["properties"].update(displayName={}),
        [f"FileInfo displayName | anything, was string | {BREAKS_PARSERS}"],
    ),
    (
        "a schema renamed",
        lambda d: (
            d["components"]["schemas"].update(ImageRequest=d["components"]["schemas"].pop(IMAGE)),
            operation(d, "generateImage")["requestBody"]["content"]["application/json"].update(
                schema=ref("ImageRequest")
            ),
        ),
        [f"{IMAGE} | called ImageRequest, was {IMAGE}: a name only | none, none"],
    ),
    # fields of answers
    (
        "an answer's field less",
        lambda d: schema(d, "FileInfo")["properties"].pop("displayName"),
        [f"FileInfo displayName | gone (was string) | {BREAKS_PARSERS}"],
    ),
    (
        "an answer's field more",
        lambda d: schema(d, "FileInfo")["properties"].update(tags={"type": "array", "items": {"type": "string"}}),
        [f"FileInfo tags | new optional field: list of string | {ADDS_FOR_PARSERS}"],
    ),
    (
        "an answer's field optional",
        lambda d: schema(d, "FileInfo")["required"].remove("scope"),
        [f"FileInfo scope | optional, was required | {BREAKS_PARSERS}"],
    ),
    (
        "an answer's field null",
        lambda d: field(d, "FileInfo", "displayName").update(type=["string", "null"]),
        [f"FileInfo displayName | may be null | {BREAKS_PARSERS}"],
    ),
    (
        "an answer's type",
        lambda d: field(d, "Entity", "createdAt").update(type="string", format="date-time"),
        [f"Entity createdAt | string (date-time), was integer | {BREAKS_PARSERS}"],
    ),
    (
        "an answer's type narrower and wider",
        lambda d: (
            field(d, "FileInfo", "durationSeconds").update(type=["integer", "null"]),
            field(d, "FileSource", "width").update(type=["number", "null"]),
        ),
        [
            f"FileSource width | number, was integer | {BREAKS_PARSERS}",
            f"FileInfo durationSeconds | integer, was number | {ADDS_FOR_PARSERS}",
        ],
    ),
    (
        "an answer's format",
        lambda d: field(d, "FileInfo", "downloadUrl").pop("format"),
        [f"FileInfo downloadUrl | no longer in the format uri | {BREAKS_PARSERS}"],
    ),
    (
        "items of another type",
        lambda d: field(d, "LanguageListResponse", "languages").update(items={"type": "string"}),
        [f"LanguageListResponse languages[] | string, was Language | {BREAKS_PARSERS}"],
    ),
    # enums
    (
        "a new value in answers",
        lambda d: schema(d, "JobStatus")["enum"].append("paused"),
        [f'JobStatus | new value "paused" | {ADDS_FOR_PARSERS}'],
    ),
    (
        "a new value both ways",
        lambda d: schema(d, "FileType")["enum"].append("SUBTITLE"),
        ['FileType | new value "SUBTITLE" | additive, additive'],
    ),
    (
        "a value less in requests",
        lambda d: schema(d, "WatermarkMode")["enum"].remove("NONE"),
        [f'WatermarkMode | value "NONE" is gone | {BREAKS_CALLERS}'],
    ),
    (
        "a value less in one place, where it stands inline",
        lambda d: schema(d, "FileInfo")["properties"].update(
            type={"type": ["string", "null"], "enum": [*schema(d, "FileType")["enum"][:-1], None]}
        ),
        [f'FileInfo type | value "LOTTIE" is gone | {ADDS_FOR_PARSERS}'],
    ),
    (
        "values listed, and no longer listed",
        lambda d: (
            field(d, "GenerateTextRequest", "prompt").update(enum=["a", "b"]),
            schema(d, "VisualStyleType").pop("enum"),
        ),
        [
            f'GenerateTextRequest prompt | only "a", "b", was any | {BREAKS_CALLERS}',
            f'WorkflowVisualStyle type | any value, was "AI_IMAGE", "STOCK" | {ADDS_FOR_CALLERS}',
        ],
    ),
    # unions
    (
        "a variant more",
        lambda d: (
            d["components"]["schemas"].update(
                RemixActionAddIntro={"type": "object", "properties": {"type": {"const": "ADD_INTRO"}}}
            ),
            schema(d, "RemixAction")["oneOf"].append(ref("RemixActionAddIntro")),
            schema(d, "RemixAction")["discriminator"]["mapping"].update(
                ADD_INTRO="#/components/schemas/RemixActionAddIntro"
            ),
        ),
        [f'RemixAction | new variant "ADD_INTRO" | {ADDS_FOR_CALLERS}'],
    ),
    (
        "a variant less",
        lambda d: (
            schema(d, "AssistantMessage")["oneOf"].pop(0),
            schema(d, "AssistantMessage")["discriminator"]["mapping"].pop("user"),
        ),
        [f'AssistantMessage | variant "user" is gone | {ADDS_FOR_PARSERS}'],
    ),
    (
        "a variant's field",
        lambda d: (
            field(d, "RemixActionAddZoom", "type").update(const="ZOOM")
            or schema(d, "RemixActionSetLogo")["properties"].update(opacity={"type": "number"})
        ),
        [
            f'RemixActionAddZoom type | value "ADD_ZOOM" is gone | {BREAKS_CALLERS}',
            f'RemixActionAddZoom type | new value "ZOOM" | {ADDS_FOR_CALLERS}',
            f"RemixActionSetLogo opacity | new optional field: number | {ADDS_FOR_CALLERS}",
        ],
    ),
    (
        "another discriminator",
        lambda d: schema(d, "AssistantMessage").update(discriminator={"propertyName": "kind"}),
        [f"AssistantMessage | variants are told by kind, was role | {BREAKS_PARSERS}"],
    ),
    (
        "a union where one was",
        lambda d: operation(d, "getMe")["responses"]["200"]["content"]["application/json"].update(
            schema={"oneOf": [ref("MeResponse"), ref("Language")]}
        ),
        [f"MeResponse | new variant Language, without a field that tells it | {BREAKS_PARSERS}"],
    ),
    # objects
    (
        "other fields refused",
        lambda d: schema(d, "VideoToVideoRequest").update(additionalProperties=False),
        [f"VideoToVideoRequest | other fields are refused | {BREAKS_CALLERS}"],
    ),
    (
        "a map of something else",
        lambda d: schema(d, "ErrorDetails").update(additionalProperties={"type": "integer"}),
        [f"ErrorDetails {{}} | integer, was string | {BREAKS_PARSERS}"],
    ),
    # schemas that no operation uses
    (
        "a schema that no operation uses",
        lambda d: (
            d["components"]["schemas"].pop("StoryboardToVideoRequest"),
            d["components"]["schemas"].update(Soon={"type": "object"}),
        ),
        ["Soon | new | none, none", "StoryboardToVideoRequest | gone | none, none"],
    ),
    # webhooks
    (
        "a webhook more",
        lambda d: d["webhooks"].update({"file.archived": d["webhooks"]["file.playback_ready"]}),
        [f"file.archived | new webhook: FileWebhookPayload | {ADDS_FOR_PARSERS}"],
    ),
    (
        "a webhook less",
        lambda d: d["webhooks"].pop("file.playback_ready"),
        [f"file.playback_ready | no longer sent | {BREAKS_PARSERS}"],
    ),
    (
        "a webhook deprecated",
        lambda d: d["webhooks"]["file.playback_ready"]["post"].update(deprecated=True),
        [f"file.playback_ready | deprecated | {ADDS_FOR_PARSERS}"],
    ),
    (
        "a webhook renamed",
        lambda d: d["webhooks"].update({"file.ready": d["webhooks"].pop("file.playback_ready")}),
        [f"file.playback_ready | the event is called file.ready, was file.playback_ready | {BREAKS_PARSERS}"],
    ),
    (
        "a webhook's body",
        lambda d: schema(d, "FileWebhookPayload")["properties"].pop("file"),
        [f"FileWebhookPayload file | gone (was FileInfo) | {BREAKS_PARSERS}"],
    ),
]


@pytest.mark.parametrize(("change", "lines"), [pytest.param(*rest, id=name) for name, *rest in CHANGES])
def test_a_change_is_found_and_said_whom_it_breaks(
    change: Callable[[Json], object], lines: list[str], diff: Diff
) -> None:
    assert diff.found(mutated(change)) == (1, lines)


# -- the report -----------------------------------------------------------------------------------------------------


def _several(document: Json) -> None:
    schema(document, "JobStatus")["enum"].append("paused")
    schema(document, "FileInfo")["properties"].pop("transcriptText")
    schema(document, "FileInfo")["properties"].update(width={"type": "integer"})
    schema(document, IMAGE)["required"].append("quality")
    operation(document, "getMe").update(operationId="getAccount")
    document["paths"]["/v1/tools/dub-video"] = {"post": DUB}
    del document["paths"]["/v1/resources/avatar-presenters"]


TEXT = """\
callers   parsers
operation GET /v1/me (getMe)
BREAKING  -         operationId is getAccount, was getMe: the method is named after it

schema FileInfo (read from archiveFile, disablePublicPreview and 19 more)
-         BREAKING  transcriptText: gone (was string or null)
-         additive  width: new optional field: integer

schema GenerateImageRequest (sent by generateImage)
BREAKING  -         quality: required, was optional

operation POST /v1/tools/dub-video (dubVideo)
additive  -         new operation: takes VideoAssetRequest, answers 202 StartToolExecutionResponse

schema JobStatus (read from getFileUrlImport, getProjectExport and 7 more)
-         additive  new value "paused"

only ours, known (no difference)
GET /v1/resources/avatar-presenters (listAvatarPresenters): deprecated

6 differences: 2 breaking for callers, 1 breaking for parsers, 3 additive.
"""


def test_the_text_is_grouped_with_what_breaks_first(diff: Diff) -> None:
    assert diff(mutated(_several)) == (1, TEXT)


def test_json_says_what_the_text_says(diff: Diff) -> None:
    status, out = diff(mutated(_several), "--json")
    assert status == 1
    found = json.loads(out)
    assert json.dumps(found, indent=2) + "\n" == out
    assert [*found] == ["same", "summary", "differences", "only_ours", "not_compared"]
    assert found["summary"] == {
        "differences": 6,
        "breaking_callers": 2,
        "breaking_parsers": 1,
        "additive": 3,
        "neither": 0,
        "only_ours": 1,
    }
    lines = [line[20:] for line in TEXT.splitlines() if line[:8].strip() in ("BREAKING", "additive", "-")]
    assert [f"{one['path']}: {one['text']}".removeprefix(": ") for one in found["differences"]] == lines
    assert found["differences"][0] == {
        "group": "operation",
        "subject": "GET /v1/me",
        "path": "",
        "kind": "operation-renamed",
        "ours": "getMe",
        "theirs": "getAccount",
        "callers": "breaking",
        "parsers": "none",
        "requests": ["getMe"],
        "answers": [],
        "text": "operationId is getAccount, was getMe: the method is named after it",
    }
    assert found["only_ours"] == [
        {
            "group": "operation",
            "subject": "GET /v1/resources/avatar-presenters",
            "path": "",
            "operation": "listAvatarPresenters",
            "why": "deprecated",
        }
    ]


def _fenced(language: str) -> str:
    """Return the block of CONTRIBUTING.md in that language."""
    words = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return words.partition(f"```{language}\n")[2].partition("```")[0]


def test_the_example_of_contributing_is_real(diff: Diff) -> None:
    added = yaml.safe_load(_fenced("yaml"))
    document = deepcopy(spec())
    document["paths"] |= added["paths"]
    for kind in ("parameters", "schemas"):
        document["components"][kind] |= added["components"][kind]
    prepared = prepare(document)["paths"]["/v1/tools/dub-video"]["post"]
    assert prepared["operationId"] == "dub_video"
    for path in ("files/import-url", "files/imports/{fileImportId}", "workflows/video-to-video"):
        del document["paths"][f"/v1/{path}"]
    del document["paths"]["/v1/resources/avatar-presenters"]
    schema(document, "FileType")["enum"].append("SUBTITLE")
    field(document, "FileInfo", "displayName").update(type=["string", "null"])
    fields = schema(document, IMAGE)["properties"]
    fields["numCandidates"] = fields.pop("numResults")
    assert diff(document) == (1, _fenced("text"))


def _shuffled(value: Any, dice: random.Random) -> Any:
    if isinstance(value, list):
        return [_shuffled(one, dice) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = [*cast("Json", value).items()]
        dice.shuffle(items)
        return {key: _shuffled(one, dice) for key, one in items}
    return value


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_a_document_makes_no_difference(seed: int, diff: Diff) -> None:
    assert diff(_shuffled(mutated(_several), random.Random(seed))) == (1, TEXT)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_it_is_the_same_under_any_hash_seed(options: tuple[str, ...], diff: Diff) -> None:
    """Run as a script, as the make target does."""
    expected = diff(mutated(_several), *options)
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-W", "error", SCRIPT, diff.theirs, "--spec", diff.ours, *options],
            env={"PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stdout + done.stderr) == expected


def test_a_difference_is_one_line_whatever_a_document_calls_its_fields(diff: Diff) -> None:
    document = mutated(lambda d: schema(d, "FileInfo")["properties"].update({"a\nb\x1b[2J\u2028": {"type": "string"}}))
    _, out = diff(document)
    assert out.splitlines()[2] == r"-         additive  a\nb\x1b[2J\u2028: new optional field: string"


def test_keywords_that_are_not_compared_are_told(diff: Diff) -> None:
    status, out = diff(mutated(lambda d: field(d, IMAGE, "prompt").update({"not": {"const": ""}})))
    assert (status, out) == (0, "not compared: the schema keywords not\n\nSame.\n")


# -- what can't be read ---------------------------------------------------------------------------------------------

UNREADABLE = {
    "openapi: [3": "neither JSON nor YAML: ",
    '{"openapi": "3.1.0", ': "neither JSON nor YAML: ",
    "": "not an OpenAPI 3 document",
    "[1, 2]": "not an OpenAPI 3 document",
    "\x00": "neither JSON nor YAML: ",
    '{"swagger": "2.0", "paths": {}}': "Swagger 2.0, not OpenAPI 3: convert it first",
    "openapi: 2.0\npaths: {}": "not an OpenAPI 3 document",
    "openapi: 3.1.0": "an OpenAPI document without paths",
    '{"a":' * 100_000: "nested too deeply",
}


@pytest.mark.parametrize(("words", "line"), UNREADABLE.items(), ids=range(len(UNREADABLE)))
def test_what_is_no_document_ends_with_2_and_a_line(words: str, line: str, tmp_path: Path, diff: Diff) -> None:
    path = tmp_path / "other"
    path.write_text(words, encoding="utf-8")
    status, out = diff.run(path)
    assert status == 2
    assert out.startswith(f"diff: {path}: {line}")
    assert len(out.splitlines()) == 1


def test_a_missing_file_and_one_that_is_no_text_end_with_2(tmp_path: Path, diff: Diff) -> None:
    assert diff.run(tmp_path / "missing") == (2, f"diff: {tmp_path / 'missing'}: No such file or directory\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    status, out = diff.run(tmp_path / "bytes")
    assert (status, len(out.splitlines())) == (2, 1)


REFERENCES: dict[str, Json] = {
    "$ref '#/components/schemas/Nowhere' points to nothing": ref("Nowhere"),
    "$ref 'other.yaml#/Thing' is outside the document: bundle it into one file first": {"$ref": "other.yaml#/Thing"},
    "schemas that contain each other without end": ref("Circle"),
}


@pytest.mark.parametrize(("line", "node"), REFERENCES.items(), ids=["broken", "outside", "circle"])
def test_a_reference_that_leads_nowhere_ends_with_2(line: str, node: Json, diff: Diff) -> None:
    document = mutated(lambda d: schema(d, "FileInfo")["properties"].update(displayName=node))
    document["components"]["schemas"]["Circle"] = {"allOf": [ref("Circle")]}
    assert diff(document) == (2, f"diff: {diff.theirs}: {line}\n")


# -- any document ---------------------------------------------------------------------------------------------------

SMALL: Json = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://example.com"}],
    "paths": {
        "/a/{id}": {
            "post": {
                "operationId": "a",
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": ref("Tree")}}},
                "responses": {"200": {"content": {"application/json": {"schema": ref("Either")}}}, "default": {}},
            }
        }
    },
    "webhooks": {"w": {"post": {"requestBody": {"content": {"application/json": {"schema": ref("Tree")}}}}}},
    "components": {
        "schemas": {
            "Tree": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": ["string", "null"], "enum": ["a", "b", None]},
                    "kind": {"const": "tree"},
                    "size": {"type": "integer", "minimum": 0, "default": 1},
                    "children": {"type": "array", "items": ref("Tree")},
                    "other": {"anyOf": [ref("Either"), {"type": "null"}]},
                },
            },
            "Leaf": {"allOf": [{"properties": {"kind": {"const": "leaf"}}}, {"additionalProperties": True}]},
            "Either": {
                "oneOf": [ref("Tree"), ref("Leaf")],
                "discriminator": {"propertyName": "kind", "mapping": {"tree": "#/components/schemas/Tree"}},
            },
        }
    },
}
JUNK: list[Any] = [
    *(None, True, False, 3, "x", [], {}, [None], {"type": ["string", {}]}, {"enum": [{"a": 1}, [1]]}, {"$ref": 5}),
    *(ref("Either"), ref("Nowhere"), {"oneOf": [ref("Tree"), 3]}, {"allOf": [ref("Leaf"), {"required": ["x", 3]}]}),
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items: dict[Any, Any] = {}
    if isinstance(value, dict):
        items = cast("Json", value)
    elif isinstance(value, list):
        items = dict(enumerate(cast("list[Any]", value)))
    for key, one in items.items():
        yield (*path, key)
        yield from _paths(one, (*path, key))


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from([*_paths(SMALL)]), st.sampled_from(JUNK)), min_size=1, max_size=3))
def test_no_document_makes_it_fail(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[Any, ...], Any]]
) -> None:
    document = deepcopy(SMALL)
    for path, junk in changes:
        node: Any = document
        for key in path[:-1]:
            node = cast("Json", node).get(key, {}) if isinstance(node, dict) else {}
        if isinstance(node, dict):
            node[path[-1]] = deepcopy(junk)
    folder = tmp_path_factory.getbasetemp()
    good, bad = folder / "good.yaml", folder / "bad.json"
    good.write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    bad.write_text(json.dumps(document), encoding="utf-8")
    one_way, other_way = main([str(bad), "--spec", str(good)]), main([str(good), "--spec", str(bad), "--json"])
    assert one_way in (0, 1, 2)
    assert (one_way == 2) == (other_way == 2)
    assert main([str(bad), "--spec", str(bad)]) == (2 if one_way == 2 else 0)
