"""Schemathesis draws requests from openapi.yaml: no answer is undocumented for the kind of request it answers.

FUZZ multiplies the examples. Its cases are judged by the request as it left, not by what Schemathesis thinks of it.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit
from zlib import crc32

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.parameters import ParameterLocation

from aiovideogen.sandbox import Sandbox, serve

from .answers import DOCUMENT, OPERATIONS, operation_at, problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiovideogen.sandbox import Served

FUZZ = int(os.environ.get("FUZZ", "1"))
# Boundary cases of one operation that are all sent; of the hundreds more that some have, a bounded run sends a sample.
ALL_SENT = 40
SAMPLE = {"positive": 3, "negative": 12}
SCHEMA: Any = schemathesis.openapi.from_dict(DOCUMENT)

# Kind of request -> the statuses that may answer it. What a sound one is answered with depends on more: see `sound`.
ALLOWED = {
    "no key": {401},
    "no such path or method": {404, 405},
    # An id that names nothing may be noticed before or after a field that breaks the document.
    "breaks the document": {400, 404},
}
# Status -> the codes that come with it.
CODES = {
    400: {"invalid_request", "invalid_parameters", "invalid_id"},
    401: {"missing_api_key", "invalid_api_key"},
    403: {"not_authorized"},
    404: {"not_found"},
    405: {"method_not_allowed"},
    409: {None},
}
# Operations with documented conditions that a schema can't say.
CONDITIONS = {
    "scriptToVideo",
    "voiceoverToVideo",
    "slideshowToVideo",
    "promptToVideoClip",
    "videoToVideo",
    "exportProject",
    "remixProject",
    "generateVideoClip",
    "textToSpeech",
    "createFileUpload",
    "createFileUrlImport",
    "createWebhookEndpoint",
    "updateEntity",
    "actOnAssistantAction",
}
MAY_CONFLICT = {"addEntityReference", "actOnAssistantAction"}
# What is named may be gone: removed by an earlier example.
MAY_BE_GONE = {"deleteWebhookEndpoint", "removeEntityReference"}

# Field of a body -> what of the seeded things it may name.
FIELDS = {
    "imageFileId": "image",
    "imageFileIds": "image",
    "startFrameFileId": "image",
    "logoFileId": "image",
    "fileIds": "image",
    "featuredBRollFileIds": "image",
    "videoFileId": "video",
    "videoFileIds": "video",
    "audioFileId": "audio",
    "audioFileIds": "audio",
    "actorEntityId": "entityId",
    "slideshowThemeEntityId": "theme",
    "entityId": "style",
    "entityIds": "style",
    "voiceId": "voice",
}
# An operation or a remix action's type -> what its field `fileId` may name.
FILE_ID_OF = {
    "voiceoverToVideo": "audio",
    "slideshowToVideo": "deck",
    "addEntityReference": "image",
    "removeEntityReference": "image",
    "SET_BACKGROUND_MUSIC": "audio",
    "SET_LOGO": "image",
}
# What an operation needs and the document doesn't name.
NEEDED = {"createFileUrlImport": {"url": "https://example.com/harbour.png"}}


class Seeded:
    """A served sandbox in which there is something of every kind, and the statuses that it answered with."""

    def __init__(self, served: Served, http: requests.Session) -> None:
        self.url = served.url
        self.key = {"authorization": f"Bearer {served.key}"}
        self.http = http
        self.answered: Counter[int] = Counter()
        self.drawn = 0
        self.known = self._seed()

    def _send(self, method: str, path: str, **body: Any) -> Any:
        answer = self.http.request(method, f"{self.url}/v1/{path}", json=body or None, headers=self.key)
        assert answer.ok, answer.text
        return answer.json()

    def _upload(self, name: str, type_: str) -> str:
        made = self._send("POST", "files/upload", displayName=name, type=type_)
        assert self.http.put(made["uploadUrl"], data=b"bytes").ok
        return made["fileId"]

    def _entity(self, kind: str) -> str:
        return self._send("GET", f"entities?entityType={kind}")["entities"][0]["entityId"]

    def _seed(self) -> dict[str, str]:
        files = {name: self._upload(f"a {name}", name.upper()) for name in ("image", "video", "audio")}
        chat = self._send("POST", "assistants", message="Draft a script")
        reply = self._send("GET", f"assistant-messages/{chat['messageId']}")
        run = self._send("POST", "workflows/prompt-to-video-clip", prompt="Waves", autoExport=True)
        project = run["projectId"]
        endpoint = self._send("POST", "webhooks/endpoints", url="http://127.0.0.1:9/", events=["file.upload.failed"])
        self._send("POST", f"projects/{project}/remix", remixActions=[{"type": "ADD_ZOOM"}])
        return {
            **files,
            "fileId": files["image"],
            "deck": self._upload("a deck", "PDF"),
            "theme": self._entity("SLIDESHOW_THEME"),
            "style": self._entity("VISUAL_STYLE"),
            "voice": "Matilda",
            "entityId": self._send("POST", "entities", entityType="ACTOR", name="Me")["entityId"],
            "toolExecutionId": self._send("POST", "tools/generate-image", prompt="A harbour")["toolExecutionId"],
            "workflowRunId": run["workflowRunId"],
            "projectId": project,
            "exportId": self._send("POST", f"projects/{project}/export", quality="HIGH")["exportId"],
            "interchangeJobId": self._send("POST", f"projects/{project}/timeline-interchange")["interchangeJobId"],
            "assistantId": chat["assistantId"],
            "messageId": chat["messageId"],
            "actionId": reply["workflowSuggestions"][0]["actionId"],
            "endpointId": endpoint["endpointId"],
            "fileImportId": self._send("POST", "files/import-url", url="https://a.b/c.png")["fileImportId"],
        }

    def refer(self, operation: str) -> None:
        """Give the entity a reference, which only two operations care for."""
        if operation in ("removeEntityReference", "generateAvatar"):
            self._send("POST", f"entities/{self.known['entityId']}/references", fileId=self.known["image"])


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(Sandbox(job_seconds=0, file_seconds=0, seed=1, rate_limits=False)) as server:
        yield server


@pytest.fixture
def seeded(served: Served) -> Iterator[Seeded]:
    served.sandbox.reset()
    with requests.Session() as http:
        seeded = Seeded(served, http)
        yield seeded
    # All that was named and said made sense at least once: otherwise nothing but refusals has been seen.
    assert any(200 <= status < 300 for status in seeded.answered), seeded.answered


def name_known_things(case: Any, operation: str, known: dict[str, str]) -> None:
    """Let most requests name what exists, except where the case is about a bad path or body."""
    good_body = not case.meta.is_negative_at(ParameterLocation.BODY)
    if good_body and operation in NEEDED:
        case.body = NEEDED[operation]
    if crc32(repr((case.path_parameters, case.query, case.body)).encode("utf-8", "replace")) % 4 == 0:
        return
    if not case.meta.is_negative_at(ParameterLocation.PATH):
        for name in {**case.path_parameters}:
            case.path_parameters[name] = known[name]
    if good_body:
        case.body = with_known(case.body, operation, known)


def with_known(node: Any, owner: str, known: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [with_known(item, owner, known) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    fields = cast("dict[str, Any]", node)
    owner = fields["type"] if str(fields.get("type")) in FILE_ID_OF else owner
    return {name: with_known_field(name, value, owner, known) for name, value in fields.items()}


def with_known_field(name: str, value: Any, owner: str, known: dict[str, str]) -> Any:
    thing = FILE_ID_OF.get(owner) if name == "fileId" else FIELDS.get(name)
    if thing is None:
        return with_known(value, owner, known)
    if isinstance(value, list):
        return [known[thing] for _ in cast("list[Any]", value)]
    return known[thing] if isinstance(value, str) else value


class Sent:
    """A request as it left."""

    def __init__(self, request: requests.PreparedRequest) -> None:
        url = urlsplit(str(request.url))
        self.method = str(request.method)
        self.path = url.path
        self.operation = operation_at(self.method, url.path)
        self.query = dict(parse_qsl(url.query, keep_blank_values=True))
        self.headers = {name.lower(): text_of(value) for name, value in request.headers.items()}
        body: Any = request.body or b""
        self.body: bytes = body.encode() if isinstance(body, str) else body

    def kind(self, key: dict[str, str]) -> str:
        if self.operation is None:
            return "no such path or method"
        if self.headers.get("authorization", "").strip() != key["authorization"]:
            return "no key"
        broken = self.bad_id() or self.bad_query() or self.bad_body()
        return "breaks the document" if broken else "sound"

    @property
    def node(self) -> Any:
        return OPERATIONS[str(self.operation)][2]

    def path_ids(self) -> dict[str, str]:
        template = OPERATIONS[str(self.operation)][1].split("/")
        pairs = zip(template, self.path.split("/"), strict=True)
        return {part[1:-1]: unquote(value) for part, value in pairs if part.startswith("{")}

    def bad_id(self) -> bool:
        return any(not fits(resolved(node), self.path_ids()[node["name"]]) for node in self.parameters("path"))

    def bad_query(self) -> bool:
        given = [(resolved(node), self.query.get(node["name"])) for node in self.parameters("query")]
        return any(text is not None and not fits(schema, text) for schema, text in given)

    def parameters(self, where: str) -> list[Any]:
        nodes = [at(node) for node in self.node.get("parameters", [])]
        return [node for node in nodes if node["in"] == where]

    def bad_body(self) -> bool:
        if "requestBody" not in self.node or (not self.body and not self.node["requestBody"].get("required")):
            return False
        schema: str = self.node["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        is_json = re.match(r"application/([\w.-]+\+)?json\s*(;|$)", self.headers.get("content-type", ""), re.IGNORECASE)
        try:
            return not is_json or problems(schema, json.loads(self.body)) != []
        except (ValueError, RecursionError):
            return True

    def ids(self) -> list[str]:
        """Return every id in path and body, and every voice."""
        body = json.loads(self.body) if self.body and "requestBody" in self.node else None
        return [*self.path_ids().values(), *ids_in(body)]


def text_of(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def at(node: Any) -> Any:
    while "$ref" in node:
        section, name = node["$ref"].split("/")[-2:]
        node = DOCUMENT["components"][section][name]
    return node


def resolved(parameter: Any) -> Any:
    return at(parameter["schema"])


def fits(schema: Any, text: str) -> bool:
    """Say whether text spells a value that a parameter's schema allows."""
    if "x-prefixes" in schema:
        return any(text.startswith(prefix) for prefix in schema["x-prefixes"] or [""])
    if schema["type"] == "integer":
        number = re.fullmatch("-?[0-9]{1,15}", text, re.ASCII)
        return number is not None and schema["minimum"] <= int(text) <= schema["maximum"]
    if schema["type"] == "boolean":
        return text in ("true", "false")
    return text in schema.get("enum", [text])


def ids_in(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in cast("list[Any]", node) for found in ids_in(item)]
    if not isinstance(node, dict):
        return []
    fields = cast("dict[str, Any]", node)
    named = [value for name, value in fields.items() if re.search("Ids?$", name)]
    flat = [item for value in named for item in (cast("list[Any]", value) if isinstance(value, list) else [value])]
    return [item for item in flat if isinstance(item, str)] + ids_in([*fields.values()])


def sound(sent: Sent, known: dict[str, str]) -> set[int]:
    """Return the statuses that may answer a request that keeps to the document."""
    name = str(sent.operation)
    allowed = {int(next(iter(sent.node["responses"])))}
    ids = sent.ids()
    if "cursor" in sent.query or name in CONDITIONS or len(ids) > len(sent.path_ids()):
        allowed.add(400)
    if not {*ids} <= {*known.values()}:
        allowed |= {400, 404, 403 if "entityId" in sent.path_ids() else 404}
    allowed |= ({409} if name in MAY_CONFLICT else set()) | ({404} if name in MAY_BE_GONE else set())
    return allowed


def check(answer: Any, key: dict[str, str], known: dict[str, str]) -> None:
    """Assert that an answer's status, code and body are documented for the kind of request."""
    sent = Sent(answer.request)
    kind = sent.kind(key)
    allowed = sound(sent, known) if kind == "sound" else ALLOWED[kind]
    told = (
        f"{kind}: {sent.method} {answer.request.url} {sent.body[:500]!r}: {answer.status_code} {answer.content[:300]!r}"
    )
    assert answer.status_code in allowed, f"{told}, allowed: {allowed}"
    if answer.status_code >= 400:
        if sent.method != "HEAD":
            assert problems("ApiError", answer.json()) == [], told
            assert answer.json()["code"] in CODES[answer.status_code], told
        return
    content = sent.node["responses"][str(answer.status_code)].get("content")
    if content is None:
        assert answer.content == b"", told
    else:
        schema: str = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert problems(schema, answer.json()) == [], told


@SCHEMA.parametrize()
@settings(
    max_examples=5 * FUZZ,
    deadline=None,
    database=None,
    derandomize=FUZZ == 1,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
def test_every_answer_is_a_documented_one(case: Any, seeded: Seeded) -> None:
    operation: str = case.operation.definition.raw["operationId"]
    seeded.drawn += 1
    if seeded.drawn == 1:
        seeded.refer(operation)
    if FUZZ == 1 and seeded.drawn > ALL_SENT and seeded.drawn % SAMPLE[case.meta.generation.mode]:
        return
    name_known_things(case, operation, seeded.known)
    answer = case.call(base_url=seeded.url, session=seeded.http, headers={**seeded.key})
    seeded.answered[answer.status_code] += 1
    check(answer, seeded.key, seeded.known)
