"""`verify`, `parse` and `sign`: right ones are events, and nothing else gets through or breaks them."""

from __future__ import annotations

import base64
import copy
import hmac
import json
import pickle
import random
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
import standardwebhooks
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers as StarletteHeaders

from aiovideogen import (
    ConfigurationError,
    ExportId,
    FileId,
    MessageId,
    ResponseError,
    ToolExecutionId,
    WebhookVerificationError,
    WorkflowRunId,
    webhooks,
)
from aiovideogen._generated.events import BY_NAME
from aiovideogen.models import ApiError, ToolSuccessResult
from aiovideogen.webhooks import (
    AssistantMessageFailed,
    Event,
    FileAnalysisFailed,
    ProjectExportEvent,
    Secrets,
    ToolExecutionEvent,
    ToolExecutionSucceeded,
    UnknownEvent,
    WebhookEvent,
    WorkflowRunEvent,
    parse,
    sign,
    verify,
)
from benchmarks.official import CURRENT, python_of

from .test_mutations import ODD, SPEC, Maker, inside

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = 1_790_000_000
SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(24)).decode()
BODY = b'{"event":"tool_execution.cancelled","toolExecutionId":"vg_tool_1","occurredAt":1,"toolType":"X"}'
NAMES: list[str] = [*SPEC["webhooks"]]


def payload_of(name: str, seed: int = 0) -> Any:
    """Return a payload of an event, made from the spec."""
    schema = SPEC["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return {**Maker(random.Random(seed)).make(schema), "event": name}


def signed(body: bytes = BODY, **options: Any) -> dict[str, str]:
    given: dict[str, Any] = {"secret": SECRET, "id": "msg_1", "timestamp": NOW, **options}
    return sign(body, **given)


def checked(body: bytes = BODY, headers: Any = None, secrets: Any = SECRET, **options: Any) -> WebhookEvent:
    return verify(body, signed(body) if headers is None else headers, secrets, **{"now": NOW, **options})


def read(payload: Any, id: str = "msg_1") -> WebhookEvent:
    return parse(json.dumps(payload).encode(), id=id, timestamp=NOW)


# -- events ---------------------------------------------------------------------------------------------------------


def test_every_event_has_a_class_of_its_own_that_is_public() -> None:
    assert BY_NAME.keys() == SPEC["webhooks"].keys()
    assert len({*BY_NAME.values()}) == len(BY_NAME) == 18
    families = {base for kind in BY_NAME.values() for base in kind.__mro__ if issubclass(base, Event)}
    assert {kind.__name__ for kind in {*BY_NAME.values(), *families}} <= {*webhooks.__all__}


@pytest.mark.parametrize("name", NAMES)
def test_a_delivery_becomes_its_event(name: str) -> None:
    payload = payload_of(name)
    body = json.dumps(payload).encode()
    event = checked(body)
    assert type(event) is BY_NAME[name]
    assert (event.id, event.timestamp, event.name, event.event) == ("msg_1", NOW, name, name)
    assert event.to_dict() == payload
    assert event.job_id in payload.values()


KINDS = {
    "tool_execution": ToolExecutionId,
    "workflow_run": WorkflowRunId,
    "project_export": ExportId,
    "assistant_message": MessageId,
    "file": FileId,
}
OUTCOMES = {
    "file.upload.completed": None,
    "file.upload.failed": "failed",
    "file.playback_ready": "succeeded",
    "file.download_ready": "succeeded",
    "file.analysis_completed": None,
    "file.analysis_failed": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_an_event_says_which_job_it_is_about_and_how_that_ended(name: str) -> None:
    event = read(payload_of(name))
    family, _, end = name.partition(".")
    assert type(event.job_id) is KINDS[family]
    assert event.outcome == (OUTCOMES[name] if family == "file" else end)


def test_a_tools_end_is_known_without_a_look() -> None:
    result = {"type": "IMAGE", "fileId": "vg_file_1"}
    fields = {"toolExecutionId": "vg_tool_1", "occurredAt": 5, "toolType": "GENERATE_IMAGE"}
    event = read({"event": "tool_execution.succeeded", **fields, "results": [result], "new": 1})
    assert isinstance(event, ToolExecutionSucceeded)
    state = event.snapshot()
    assert (state.tool_execution_id, state.tool_type) == (ToolExecutionId("vg_tool_1"), "GENERATE_IMAGE")
    assert (state.status, state.progress_percentage, state.attempt_index) == ("succeeded", 100, None)
    assert state.results == [ToolSuccessResult.from_dict(result)]
    assert (state.error, state.additional_properties) == (None, {"new": 1})
    failed = read({"event": "tool_execution.failed", **fields, "error": {"message": "No."}})
    assert isinstance(failed, ToolExecutionEvent)
    assert (failed.snapshot().status, failed.snapshot().error) == ("failed", ApiError.from_dict({"message": "No."}))


def test_what_other_events_show_of_their_jobs() -> None:
    run = read(payload_of("workflow_run.cancelled"))
    assert isinstance(run, WorkflowRunEvent)
    assert (run.snapshot().status, run.snapshot().workflow_run_id) == ("cancelled", run.job_id)
    message = read(payload_of("assistant_message.failed"))
    assert isinstance(message, AssistantMessageFailed)
    assert message.snapshot() is message.message
    file = read(payload_of("file.analysis_failed"))
    assert isinstance(file, FileAnalysisFailed)
    assert file.snapshot() is file.file
    export = read(payload_of("project_export.succeeded"))
    assert isinstance(export, ProjectExportEvent)
    assert export.snapshot() is None, "its URLs aren't in the payload"


def test_a_payload_that_shows_no_state_says_so() -> None:
    fields = {"toolExecutionId": "vg_tool_1", "occurredAt": 5, "toolType": "X", "results": "none"}
    event = read({"event": "tool_execution.succeeded", **fields})
    assert isinstance(event, ToolExecutionEvent)
    with pytest.raises(ResponseError, match=r"ExecutedTool: \.results: expected a list, got text"):
        event.snapshot()


def test_a_name_to_come_is_an_unknown_event_with_all_that_it_has() -> None:
    payload = {"event": "tool_execution.paused", "toolExecutionId": "vg_tool_1", "deep": [{"a": None}]}
    event = checked(json.dumps(payload).encode())
    assert isinstance(event, UnknownEvent)
    assert (event.name, event.event, event.id, event.timestamp) == ("tool_execution.paused", None, "msg_1", NOW)
    assert (event.job_id, event.outcome, event.snapshot()) == (None, None, None)
    assert (event.to_dict(), event.additional_properties) == (payload, payload)
    assert UnknownEvent(event="x.succeeded", id="a", timestamp=1).name == "x.succeeded"


def test_an_event_is_made_by_hand_for_a_handlers_test() -> None:
    own = ToolExecutionId("vg_tool_1")
    event = ToolExecutionSucceeded(id="msg_1", timestamp=NOW, tool_execution_id=own, occurred_at=1, tool_type="X")
    assert event == read({"event": "tool_execution.succeeded", **event.to_dict()})
    assert event.replace(tool_type="Y").id == "msg_1"
    assert event.replace(tool_type="Y") != event
    assert event != read(event.to_dict(), id="msg_2")
    for other in (copy.copy(event), copy.deepcopy(event), pickle.loads(pickle.dumps(event))):
        assert (other, other.id, other.timestamp) == (event, "msg_1", NOW)
    assert repr(event).startswith("ToolExecutionSucceeded(id='msg_1', timestamp=1790000000, event='tool_execution.suc")
    with pytest.raises(TypeError, match="no field more"):
        event.replace(more=1)


def test_a_signed_url_is_shown_without_its_signature() -> None:
    event = read({**payload_of("workflow_run.succeeded"), "downloadUrl": "https://127.0.0.1/a?sig=abcdef"})
    assert "abcdef" not in repr(event)
    assert isinstance(event, WorkflowRunEvent)
    assert event.download_url == "https://127.0.0.1/a?sig=abcdef"


# -- signatures -----------------------------------------------------------------------------------------------------


def test_the_headers_of_a_signed_delivery() -> None:
    headers = signed()
    assert {**headers, "webhook-signature": ""} == {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(NOW),
        "webhook-signature": "",
    }
    assert headers["webhook-signature"] == "v1,PGXRw9AOU62ZhUO6pQbG/SAwdRi8Jan73oDPAO4nppI="


def _forms(headers: dict[str, str]) -> Iterable[Any]:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    yield from (headers, list(headers.items()), tuple(headers.items()), iter(headers.items()))
    yield {name.upper(): f" {value}\t" for name, value in headers.items()}
    yield from (raw, dict(raw), [[name.title(), value] for name, value in raw])
    yield from (httpx.Headers(headers), StarletteHeaders(headers), StarletteHeaders(raw=raw))
    yield {name: [value] for name, value in headers.items()}
    yield [(b"\xff", b"\xff"), ("ä", "ä"), (None, 1), None, 7, ("one",), *raw]


@pytest.mark.parametrize("headers", [*_forms(signed())], ids=lambda headers: type(headers).__name__)
def test_headers_are_taken_in_any_form(headers: Any) -> None:
    assert checked(headers=headers).id == "msg_1"


@pytest.mark.parametrize("body", [BODY, bytearray(BODY), memoryview(BODY)], ids=lambda body: type(body).__name__)
def test_a_body_is_any_kind_of_bytes(body: Any) -> None:
    assert checked(body, signed()).name == "tool_execution.cancelled"


@pytest.mark.parametrize("body", [BODY.decode(), json.loads(BODY), None])
def test_a_body_that_was_read_already_is_a_mistake_of_the_program(body: Any) -> None:
    with pytest.raises(TypeError, match="must be the raw bytes"):
        verify(body, signed(), SECRET, now=NOW)


@pytest.mark.parametrize(
    "signatures",
    [
        "v1,AAAA {0}",
        "{0} v1,AAAA",
        "v1a,AAAA v2,AAAA {0}",
        "nothing {0}",
        "v1, {0}",
        "v1,AAAA, {0},",
        "{0},{0} {0}",
    ],
)
def test_any_signature_that_matches_is_enough(signatures: str) -> None:
    headers = signed()
    headers["webhook-signature"] = signatures.format(headers["webhook-signature"])
    assert checked(headers=headers)


def test_signatures_may_stand_in_several_headers() -> None:
    headers = [*signed(secret=OTHER).items(), ("Webhook-Signature", signed()["webhook-signature"])]
    assert checked(headers=headers)


def test_while_a_secret_changes_both_are_taken() -> None:
    for secret in (SECRET, OTHER):
        assert checked(headers=signed(secret=secret), secrets=[SECRET, OTHER])
        assert checked(headers=signed(secret=secret), secrets=Secrets((OTHER, SECRET)))
    with pytest.raises(WebhookVerificationError, match="no signature matches"):
        checked(headers=signed(secret=OTHER))


@pytest.mark.parametrize("age", [-300, -299, 0, 299, 300])
def test_a_delivery_within_the_tolerance_is_taken(age: int) -> None:
    assert checked(headers=signed(timestamp=NOW - age)).timestamp == NOW - age


@pytest.mark.parametrize(("age", "word"), [(301, "too old"), (-301, "too far ahead"), (10**9, "too old")])
def test_a_delivery_of_another_time_is_refused(age: int, word: str) -> None:
    with pytest.raises(WebhookVerificationError, match=word):
        checked(headers=signed(timestamp=NOW - age))
    assert checked(headers=signed(timestamp=NOW - age), tolerance=1e10)
    assert checked(headers=signed(timestamp=NOW - age), tolerance=float("inf"))


def test_the_clock_is_this_machines_unless_told_otherwise() -> None:
    now = int(time.time())
    assert verify(BODY, signed(timestamp=now), SECRET, tolerance=30).timestamp == now
    with pytest.raises(WebhookVerificationError, match="too old"):
        verify(BODY, signed(timestamp=now - 60), SECRET, tolerance=30)


@pytest.mark.parametrize("tolerance", [-1, float("nan")])
def test_a_tolerance_that_takes_nothing_is_refused(tolerance: float) -> None:
    with pytest.raises(ConfigurationError, match="tolerance"):
        checked(tolerance=tolerance)


# -- secrets --------------------------------------------------------------------------------------------------------


RAW = "correct horse battery staple".replace(" ", ".")


@pytest.mark.parametrize(
    ("secret", "same"),
    [
        (SECRET, SECRET.removeprefix("whsec_")),
        (SECRET, f" {SECRET}\n"),
        (RAW, f"whsec_{RAW}"),  # no base64: the bytes themselves are the key
    ],
)
def test_a_secret_is_taken_in_either_form(secret: str, same: str) -> None:
    assert checked(headers=signed(secret=secret), secrets=same)
    assert checked(headers=signed(secret=same), secrets=secret)


def test_a_secret_with_characters_that_base64_has_not_is_taken_as_it_is() -> None:
    secret = "whsec_abcd-efgh_ijkl-mnop_qrst"
    key = secret.removeprefix("whsec_").encode()
    signed = base64.b64encode(hmac.digest(key, b"msg_1.1." + BODY, "sha256")).decode()
    assert sign(BODY, secret, id="msg_1", timestamp=1)["webhook-signature"] == f"v1,{signed}"


def test_base64_without_its_padding_is_what_either_implementation_takes_it_for() -> None:
    """The official client then takes its bytes for the key, the reference implementation decodes it."""
    secret = "whsec_" + base64.b64encode(bytes(range(25))).decode().rstrip("=")
    assert checked(headers=signed(secret=secret), secrets=secret)
    assert checked(headers=signed(secret=secret + "=="), secrets=secret)


@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        ([], "none given"),
        ("", "shorter than 16 bytes"),
        ("whsec_", "shorter than 16 bytes"),
        ("whsec_AAAA", "shorter than 16 bytes"),
        ([SECRET, ""], "shorter than 16 bytes"),
        (f"{SECRET} {OTHER}", "give several as a list"),
        (f"{SECRET},{OTHER}", "give several as a list"),
        (SECRET + "ä", "not one secret"),
        (SECRET[:20] + "\n" + SECRET[20:], "not one secret"),
        ("sk_videogen_live_0123456789abcdef", "an API key"),
        ("vg_key_0123456789abcdef", "an API key"),
        ([None], "expected text, got NoneType"),
        ([SECRET.encode()], "expected text, got bytes"),
    ],
)
def test_a_secret_that_cant_be_one_is_refused_and_not_shown(secrets: Any, words: str) -> None:
    for use in (lambda: Secrets(secrets), lambda: checked(secrets=secrets)):
        with pytest.raises(ConfigurationError, match=words) as caught:
            use()
        assert caught.value.__cause__ is None
        given: list[Any] = [secrets] if isinstance(secrets, str) else secrets
        assert not [text for text in given if isinstance(text, str) and text[6:] and text[6:] in caught.value.message]


def test_secrets_are_in_no_text_and_no_pickle() -> None:
    secrets = Secrets([SECRET, OTHER])
    assert repr(secrets) == "Secrets(2)"
    assert Secrets.of(secrets) is secrets
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secrets)


# -- the reference and the official client --------------------------------------------------------------------------


ids = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
keys = st.binary(min_size=16, max_size=64).map(lambda key: "whsec_" + base64.b64encode(key).decode())
bodies = st.dictionaries(st.text(), st.text() | st.integers(-(2**60), 2**60) | st.none(), max_size=4).map(
    lambda extra: json.dumps({**extra, "event": "new.event"}, ensure_ascii=False).encode("utf-8", "replace")
)


@given(ids, keys, bodies)
def test_what_we_sign_the_reference_takes_and_the_other_way_round(id: str, secret: str, body: bytes) -> None:
    now = int(time.time())
    reference = standardwebhooks.Webhook(secret)
    ours = sign(body, secret, id=id, timestamp=now)
    assert reference.verify(body, ours) == json.loads(body)
    theirs = reference.sign(msg_id=id, timestamp=datetime.fromtimestamp(now, UTC), data=body.decode())
    assert theirs == ours["webhook-signature"]
    assert verify(body, {**ours, "webhook-signature": theirs}, secret).to_dict() == json.loads(body)
    for wrong in ({**ours, "webhook-id": id + "x"}, {**ours, "webhook-timestamp": str(now - 1)}):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            reference.verify(body, wrong)
        with pytest.raises(WebhookVerificationError):
            verify(body, wrong, secret)


OFFICIAL = """
import json, sys, videogen
client = videogen.VideoGen(api_key="sk_none", base_url="http://127.0.0.1:1")
found = []
for body, headers, secret in json.load(sys.stdin):
    try:
        found.append(client.verify_webhook_signature(body, headers, secret)["event"])
    except videogen.VideoGenError as error:
        found.append(error.status)
print(json.dumps(found))
"""


def test_the_official_client_agrees() -> None:
    chance = random.Random(3)
    now = int(time.time())
    secrets = [SECRET, SECRET.removeprefix("whsec_"), RAW, f"whsec_{RAW}", SECRET.rstrip("=") + "A"]
    cases: list[Any] = []
    for number in range(60):
        secret = chance.choice(secrets)
        body = json.dumps({"event": f"new.{number}", "text": "ä\u2028" * chance.randint(0, 9)}, ensure_ascii=False)
        headers = sign(body.encode(), secret, id=f"msg_{chance.random()}", timestamp=now - chance.randint(-250, 250))
        if number % 3 == 1:
            headers[chance.choice([*headers])] += "0"
        if number % 3 == 2:
            headers = {
                name.title(): f"v1,AAAA v2,x {value}" if "sig" in name else value for name, value in headers.items()
            }
        cases.append((body, headers, secret))
    done = subprocess.run(
        [python_of(CURRENT), "-c", OFFICIAL],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [_ours(*case) for case in cases]
    assert 401 in json.loads(done.stdout)


def _ours(body: str, headers: Any, secret: str) -> Any:
    try:
        return verify(body.encode(), headers, secret).name
    except WebhookVerificationError:
        return 401


# -- hostile input --------------------------------------------------------------------------------------------------


HUGE = "9" * 5000
BAD_HEADERS: dict[str, Any] = {
    "none": {},
    "no mapping": 7,
    "nothing": None,
    "text": "webhook-id: msg_1",
    "no id": {**signed(), "webhook-id": ""},
    "id of null": {**signed(), "webhook-id": None},
    "id of a number": {**signed(), "webhook-id": 5},
    "id not ASCII": {**signed(), "webhook-id": "msg_ä"},
    "id of broken UTF-8": {**signed(), "webhook-id": b"msg_\xff\xfe"},
    "id of half a surrogate pair": {**signed(), "webhook-id": "msg_\ud800"},
    "id with a line break": {**signed(), "webhook-id": "msg\n1"},
    "huge id": signed(id="m" * 300),
    "two ids": [*signed().items(), ("Webhook-Id", "msg_1")],
    "list of two ids": {**signed(), "webhook-id": ["msg_1", "msg_1"]},
    "two times": [*signed().items(), (b"webhook-timestamp", b"1")],
    "no time": {**signed(), "webhook-timestamp": []},
    "time in words": {**signed(), "webhook-timestamp": "now"},
    "time with a fraction": {**signed(), "webhook-timestamp": f"{NOW}.0"},
    "time with a sign": {**signed(), "webhook-timestamp": f"+{NOW}"},
    "negative time": {**signed(), "webhook-timestamp": f"-{NOW}"},
    "time in other digits": {**signed(), "webhook-timestamp": "\N{FULLWIDTH DIGIT ONE}" * 10},
    "time with an underscore": {**signed(), "webhook-timestamp": "1_790_000_000"},
    "time not a number": {**signed(), "webhook-timestamp": "nan"},
    "endless time": {**signed(), "webhook-timestamp": "inf"},
    "huge time": {**signed(), "webhook-timestamp": HUGE},
    "no signature": {name: value for name, value in signed().items() if "signature" not in name},
    "empty signature": {**signed(), "webhook-signature": ""},
    "missing comma": {**signed(), "webhook-signature": signed()["webhook-signature"].replace(",", "")},
    "other version": {**signed(), "webhook-signature": signed()["webhook-signature"].replace("v1", "v2")},
    "no base64": {**signed(), "webhook-signature": "v1,%%%%"},
    "short": {**signed(), "webhook-signature": signed()["webhook-signature"][:-4]},
    "signature not ASCII": {**signed(), "webhook-signature": "v1,ä"},
    "broken UTF-8": {**signed(), "webhook-signature": b"v1,\xff"},
    "only commas": {**signed(), "webhook-signature": ", ,, v1,"},
    "huge signature": {**signed(), "webhook-signature": "v1," + "A" * 10_000_000},
    "many signatures": {**signed(), "webhook-signature": "v1,AAAA " * 1_000_000},
    "another body's": signed(BODY + b" "),
    "another secret's": signed(secret=OTHER),
}


@pytest.mark.parametrize("what", BAD_HEADERS)
def test_bad_headers_are_refused(what: str) -> None:
    began = time.perf_counter()
    with pytest.raises(WebhookVerificationError, match="webhook: ") as caught:
        verify(BODY, BAD_HEADERS[what], SECRET, now=NOW)
    assert time.perf_counter() - began < 5
    assert caught.value.__cause__ is None
    assert len(caught.value.message) < 200


def _nested(depth: int) -> bytes:
    return b'{"event":"tool_execution.failed","a":' + b"[" * depth + b"]" * depth + b"}"


BAD_BODIES: dict[str, bytes] = {
    "empty": b"",
    "no UTF-8": b'{"event":"\xff"}',
    "UTF-16": BODY.decode().encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + BODY,
    "no JSON": b"<html></html>",
    "half": BODY[:-1],
    "twice": BODY + BODY,
    "NaN": BODY[:-1] + b',"x":NaN}',
    "endless": BODY[:-1] + b',"x":-Infinity}',
    "huge integer": b'{"event":"a.b","n":' + HUGE.encode() + b"}",
    "deep": _nested(100_000),
    "a list": b"[" + BODY + b"]",
    "text": b'"tool_execution.failed"',
    "null": b"null",
    "no event": b"{}",
    "event of a number": b'{"event":5}',
    "event of a list": b'{"event":["tool_execution.failed"]}',
    "no id": b'{"event":"tool_execution.failed"}',
    "id of null": b'{"event":"tool_execution.failed","toolExecutionId":null}',
    "100 MB": b'{"event":"' + b"x" * 100_000_000,
}


@pytest.mark.parametrize("what", BAD_BODIES)
def test_bad_bodies_are_refused_though_signed(what: str) -> None:
    body = BAD_BODIES[what]
    with pytest.raises(WebhookVerificationError, match="webhook: ") as caught:
        checked(body)
    assert caught.value.__cause__ is None
    assert len(caught.value.message) < 300


def test_odd_bodies_are_read_all_the_same() -> None:
    assert checked(BODY[:-1] + b',"n":1e400,"occurredAt":"2026-09-21T12:00:00Z"}').to_dict()["n"] == float("inf")
    assert checked(b' {"event":"a.\\ud800"} ').name == "a.\ud800"
    assert checked(b'{"event":"a.b","event":"c.d"}').name == "c.d"
    assert isinstance(checked(_nested(50).replace(b"failed", b"unknown")), UnknownEvent)


def _use(event: WebhookEvent) -> None:
    """Do with an event what programs do."""
    assert isinstance(event.name, str)
    assert event.job_id is None or isinstance(event.job_id, str)
    assert repr(event)
    assert event == pickle.loads(pickle.dumps(event))
    assert isinstance(event.to_dict(), dict)
    with suppress(ResponseError):
        event.snapshot()


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_type_at_any_place_is_an_event_or_refused(name: str) -> None:
    payload = payload_of(name, seed=7)
    outcomes = {True: 0, False: 0}
    for index in range(len([*inside(payload)])):
        for odd in (*ODD, None, 1.5, "x" * 10_000):
            changed = deepcopy(payload)
            holder, key = [*inside(changed)][index]
            holder[key] = odd
            body = json.dumps(changed).encode()
            try:
                _use(checked(body))
                outcomes[True] += 1
            except WebhookVerificationError:
                outcomes[False] += 1
    assert min(outcomes.values()) > 0


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([*NAMES, "new.event"]), st.dictionaries(st.text(), anything), st.integers(0, 99), st.data())
@settings(deadline=None)
def test_any_signed_json_is_an_event_or_refused(name: str, more: Any, seed: int, data: st.DataObject) -> None:
    payload = {**(payload_of(name, seed) if name in NAMES else {"event": name}), **more}
    for key in data.draw(st.lists(st.sampled_from(sorted(payload)), max_size=3)):
        payload[key] = data.draw(anything)
    with suppress(WebhookVerificationError):
        _use(checked(json.dumps(payload).encode()))


some_name = st.sampled_from(["webhook-id", "Webhook-Timestamp", b"webhook-signature", b"WEBHOOK-ID"]) | st.text()
some_value = st.text() | st.binary() | st.none() | st.integers() | st.lists(st.text() | st.binary(), max_size=2)
some_value |= st.sampled_from([*signed().values()])
pairs = st.lists(st.tuples(some_name | st.binary() | st.integers(), some_value), max_size=8)


@given(st.binary() | st.just(BODY), pairs, st.booleans())
def test_any_bytes_and_any_headers_are_an_event_or_refused(body: bytes, headers: Any, as_mapping: bool) -> None:
    with suppress(WebhookVerificationError):
        assert checked(body, dict(headers) if as_mapping else headers).name == "tool_execution.cancelled"


def test_a_mapping_that_isnt_a_dict_is_one() -> None:
    class Own(Mapping[str, str]):
        def __getitem__(self, key: str) -> str:
            return signed()[key]

        def __iter__(self) -> Any:
            return iter(signed())

        def __len__(self) -> int:
            return 3

    assert checked(headers=Own())


def test_a_kept_body_is_read_again_without_its_signature() -> None:
    event = checked()
    again = parse(BODY, id=event.id, timestamp=event.timestamp)
    assert again == event
    assert cast("Any", again).tool_execution_id == "vg_tool_1"
