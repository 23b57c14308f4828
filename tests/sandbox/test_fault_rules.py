"""Rules that say when a fault fires, and what each action does, in process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiovideogen.sandbox import ConnectionDropped, ConnectionRefused, FaultRule, Sandbox, faults
from aiovideogen.sandbox.faults import (
    ACTIONS,
    Action,
    Chunked,
    ClockJump,
    Delay,
    Drip,
    Drop,
    ExpireUrls,
    Html,
    InvalidJson,
    MissingField,
    NullField,
    Refuse,
    Reset,
    Restart,
    Status,
    Truncate,
    UnknownValue,
)

from .conftest import Api, Clock

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio

IMAGES = "/v1/tools/generate-image"


async def get(api: Api, path: str = "/v1/me") -> httpx.Response:
    return await api.http.get(path, headers=api.key)


async def statuses(api: Api, number: int, path: str = "/v1/me") -> list[int]:
    return [(await get(api, path)).status_code for _ in range(number)]


WHEN: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3, 4, 5, 6]),
    ({"times": 2}, [1, 2]),
    ({"skip": 4}, [5, 6]),
    ({"skip": 1, "times": 3}, [2, 3, 4]),
    ({"nth": 3}, [3]),
    ({"nth": [1, 4, 9]}, [1, 4]),
    ({"nth": [1, 4, 6], "skip": 1, "times": 1}, [4]),
    ({"probability": 0.0}, []),
]


@pytest.mark.parametrize(("when", "hit"), WHEN)
async def test_a_rule_fires_when_it_says(api: Api, when: dict[str, Any], hit: list[int]) -> None:
    api.sandbox.add_fault(FaultRule("getMe", Status(500), **when))
    seen = await statuses(api, 6)
    assert [number for number, status in enumerate(seen, start=1) if status == 500] == hit


async def test_chance_is_the_seeds_and_no_others(clock: Clock) -> None:
    async def drawn(sandbox: Sandbox, **options: Any) -> list[int]:
        sandbox.add_fault(FaultRule("getMe", Status(500), probability=0.5, **options))
        api = Api(sandbox, clock)
        async with api.http:
            await api.get("/v1/files")
            return await statuses(api, 40)

    first = await drawn(Sandbox(), seed=7)
    assert first == await drawn(Sandbox(seed=3), seed=7)
    assert 5 < first.count(500) < 35
    assert first != await drawn(Sandbox(), seed=8)
    assert await drawn(Sandbox(seed=3)) == await drawn(Sandbox(seed=3)) != first


REACH: list[tuple[str | list[str], set[str]]] = [
    ("*", {"getMe", "generateImage", "cancel", "storage"}),
    ("read", {"getMe", "storage"}),
    ("once", {"generateImage"}),
    ("repeatable", {"cancel"}),
    ("storage", {"storage"}),
    ("storageGet", {"storage"}),
    (["getMe", "once"], {"getMe", "generateImage"}),
]


@pytest.mark.parametrize(("operations", "hit"), REACH)
async def test_a_rule_reaches_what_it_names(api: Api, operations: Any, hit: set[str]) -> None:
    api.sandbox.add_fault(FaultRule(operations, Status(418)))
    answers = {
        "getMe": await get(api),
        "generateImage": await api.request("POST", IMAGES, json={"prompt": "x"}),
        "cancel": await api.request("POST", "/v1/tools/executions/vg_tool_x/cancel"),
        "storage": await api.http.get("/_storage/files/x/y"),
    }
    assert {name for name, answer in answers.items() if answer.status_code == 418} == hit


async def test_rules_add_up_in_their_order_and_can_be_cleared(clock: Clock) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    api = Api(Sandbox(clock=clock, sleep=sleep), clock)
    async with api.http:
        api.sandbox.add_fault(FaultRule(action=Delay(3)))
        api.sandbox.add_fault(FaultRule("getMe", Delay(1, after=True)))
        api.sandbox.add_fault(FaultRule("getMe", Status(500), times=1))
        api.sandbox.add_fault(FaultRule("getMe", Status(501)))
        assert await statuses(api, 2) == [500, 501]
        assert slept == [3, 1, 3, 1]
        api.sandbox.fail_next("getMe")
        api.sandbox.clear_faults()
        assert await statuses(api, 1) == [200]


async def test_a_delay_runs_on_the_loops_clock(api: Api) -> None:
    api.sandbox.add_fault(FaultRule("getMe", Delay(60)))
    with anyio.move_on_after(0.02) as scope:
        await get(api)
    assert scope.cancelled_caught


async def test_refused_and_dropped_requests_raise_in_process(api: Api) -> None:
    for action, kind, made in ((Refuse(), ConnectionRefused, 0), (Drop(), ConnectionDropped, 0)):
        api.sandbox.add_fault(FaultRule("once", action, times=1))
        with pytest.raises(kind):
            await api.post(IMAGES, prompt="x")
        assert api.sandbox.billed == made
    api.sandbox.add_fault(FaultRule("once", Drop("after"), times=1))
    with pytest.raises(ConnectionDropped) as lost:
        await api.post(IMAGES, prompt="x")
    assert not isinstance(lost.value, ConnectionRefusedError)
    assert api.sandbox.billed == 1


async def raw(api: Api, path: str, *, method: str = "GET") -> tuple[dict[str, str], list[bytes], bool]:
    """Call the app as a server does; return headers, the body's pieces, and whether it was broken off."""
    headers: dict[str, str] = {}
    pieces: list[bytes] = []

    async def receive() -> Any:
        if headers:
            await anyio.sleep_forever()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        for name, value in message.get("headers", []):
            headers[name.decode()] = value.decode()
        if "body" in message:
            pieces.append(message["body"])

    key = [(name.encode(), value.encode()) for name, value in api.key.items()]
    target, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "server": ("127.0.0.1", 80),
        "path": target,
        "raw_path": target.encode(),
        "query_string": query.encode(),
        "headers": key,
    }
    try:
        await api.sandbox(scope, receive, send)
    except ConnectionDropped:
        return headers, pieces, True
    return headers, pieces, False


async def test_a_body_is_reset_after_bytes_or_a_fraction(api: Api) -> None:
    whole = b"".join((await raw(api, "/v1/me"))[1])
    cases: list[tuple[Reset, int]] = [
        (Reset(), len(whole) // 2),
        (Reset(after_bytes=0), 0),
        (Reset(after_bytes=7), 7),
        (Reset(after_bytes=10**9), len(whole) - 1),
        (Reset(fraction=0.9), int(len(whole) * 0.9)),
    ]
    for action, length in cases:
        api.sandbox.add_fault(FaultRule("getMe", action, times=1))
        headers, pieces, broken = await raw(api, "/v1/me")
        assert (b"".join(pieces), broken) == (whole[:length], True)
        assert int(headers["content-length"]) == len(whole)


async def test_an_empty_body_is_reset_after_its_headers(api: Api) -> None:
    endpoint = await api.post("/v1/webhooks/endpoints", url="https://127.0.0.1/", events=["file.upload.failed"])
    api.sandbox.add_fault(FaultRule("deleteWebhookEndpoint", Reset()))
    _, pieces, broken = await raw(api, f"/v1/webhooks/endpoints/{endpoint['endpointId']}", method="DELETE")
    assert (pieces, broken) == ([], True)
    assert api.sandbox.state.endpoints == {}


async def test_a_big_download_is_reset_in_the_middle(api: Api) -> None:
    file_id = await api.upload("big.bin", bytes(1_000_000))
    url: str = (await api.post(f"/v1/files/{file_id}/hydrate"))["downloadUrl"]
    api.sandbox.add_fault(FaultRule("storageGet", Reset(after_bytes=600_000)))
    _, pieces, broken = await raw(api, url.removeprefix("http://127.0.0.1"))
    assert (sum(map(len, pieces)), broken) == (600_000, True)


async def test_a_body_drips(clock: Clock) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    api = Api(Sandbox(clock=clock, sleep=sleep), clock)
    whole = b"".join((await raw(api, "/v1/me"))[1])
    for rate, size in ((100, 10), (3, 1)):
        slept.clear()
        api.sandbox.add_fault(FaultRule("getMe", Drip(rate), times=1))
        headers, pieces, broken = await raw(api, "/v1/me")
        assert (b"".join(pieces), broken, int(headers["content-length"])) == (whole, False, len(whole))
        assert max(map(len, pieces)) == size
        assert sum(slept) == pytest.approx(len(whole) / rate)


async def test_an_answer_comes_chunked_without_its_length(api: Api) -> None:
    api.sandbox.add_fault(FaultRule("getMe", Chunked(10), times=1))
    headers, pieces, broken = await raw(api, "/v1/me")
    assert "content-length" not in headers
    assert {len(piece) for piece in pieces[:-2]} == {10}
    assert (json.loads(b"".join(pieces))["apiKeyNickname"], broken) == ("Sandbox", False)


async def test_a_status_may_be_any_documented_error(api: Api) -> None:
    table: list[tuple[Status, int, str | None]] = [
        (Status(400), 400, "invalid_request"),
        (Status(400, code="invalid_parameters"), 400, "invalid_parameters"),
        (Status(400, code="invalid_id"), 400, "invalid_id"),
        (Status(401), 401, "invalid_api_key"),
        (Status(401, code="missing_api_key"), 401, "missing_api_key"),
        (Status(403), 403, "not_authorized"),
        (Status(404), 404, "not_found"),
        (Status(409), 409, None),
        (Status(429), 429, "rate_limited"),
        (Status(429, code="insufficient_credits"), 429, "insufficient_credits"),
        (Status(500), 500, None),
        (Status(), 503, None),
    ]
    for action, status, code in table:
        api.sandbox.add_fault(FaultRule("getMe", action, times=1))
        response = await get(api)
        error = response.json()
        assert (response.status_code, error["code"]) == (status, code)
        assert error.keys() == {"message", "code", "requirement", "internalErrorCode"}
        assert (error["internalErrorCode"] is not None) == (status >= 500)


async def test_a_status_may_name_what_is_needed(api: Api) -> None:
    action = Status(403, requirement="purchase_add_on", details={"addOnId": "x"}, headers={"Retry-After": "9"})
    api.sandbox.add_fault(FaultRule("getMe", action))
    response = await get(api)
    assert response.json()["requirement"] == {"type": "purchase_add_on", "details": {"addOnId": "x"}}
    assert response.headers["retry-after"] == "9"


async def test_an_html_error_is_no_json(api: Api) -> None:
    api.sandbox.add_fault(FaultRule("storageGet", Html(524)))
    response = await api.http.get("/_storage/files/x/y")
    assert (response.status_code, response.headers["content-type"]) == (524, "text/html")
    assert "<h1>Error 524</h1>" in response.text


async def body_with(api: Api, action: Action, path: str) -> bytes:
    api.sandbox.add_fault(FaultRule("*", action, times=1))
    return b"".join((await raw(api, path))[1])


async def test_json_that_is_cut_or_none(api: Api) -> None:
    whole = b"".join((await raw(api, "/v1/me"))[1])
    headers, pieces, broken = await raw(api, "/v1/me")
    assert await body_with(api, Truncate(), "/v1/me") == whole[: len(whole) // 2]
    assert await body_with(api, Truncate(0), "/v1/me") == b""
    api.sandbox.add_fault(FaultRule(action=InvalidJson()))
    headers, pieces, broken = await raw(api, "/v1/me")
    assert (headers["content-type"], broken) == ("application/json", False)
    assert int(headers["content-length"]) == len(b"".join(pieces))
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(b"".join(pieces))


async def test_what_one_fault_has_spoiled_another_leaves_as_it_is(api: Api) -> None:
    api.sandbox.add_fault(FaultRule(action=InvalidJson()))
    assert await body_with(api, MissingField("userId"), "/v1/me") == InvalidJson().text.encode()


async def test_fields_get_unknown_values_go_missing_or_are_null(api: Api) -> None:
    execution = await api.tool("generate-image", prompt="x", numResults=2)
    path = f"/v1/tools/executions/{execution['toolExecutionId']}"

    async def shown(action: Action) -> Any:
        return json.loads(await body_with(api, action, path))

    every = await shown(UnknownValue())
    assert (every["status"], every["results"][1]["file"]["hlsSource"]["status"]) == ("resting", "resting")
    first = await shown(UnknownValue("type", "HOLOGRAM", every=False))
    assert [result["type"] for result in first["results"]] == ["HOLOGRAM", "IMAGE"]
    top = await shown(UnknownValue(every=False))
    assert (top["status"], top["results"][0]["file"]["hlsSource"]["status"]) == ("resting", "skipped")
    missing = await shown(MissingField("fileId"))
    assert '"fileId"' not in json.dumps(missing)
    assert missing == {**execution, "results": missing["results"]}
    null = await shown(NullField("results"))
    assert null == {**execution, "results": None}
    assert (await shown(NullField("nothing"))).keys() == execution.keys()


async def test_signed_urls_expire_at_once(api: Api, clock: Clock) -> None:
    execution = await api.tool("generate-image", prompt="x")
    path = f"/v1/tools/executions/{execution['toolExecutionId']}"
    api.sandbox.add_fault(FaultRule("getToolExecutionInfo", ExpireUrls(), times=1))
    result = (await api.get(path))["results"][0]
    assert result["downloadUrlExpiresAt"] == result["file"]["downloadSource"]["expiresAt"] == clock.now
    response = await api.http.get(result["downloadUrl"])
    assert (response.status_code, "expired" in response.text) == (403, True)
    api.sandbox.add_fault(FaultRule("getToolExecutionInfo", ExpireUrls(5, silent=True), times=1))
    result = (await api.get(path))["results"][0]
    assert result["downloadUrlExpiresAt"] > clock.now + 3600
    await api.fetch(result["downloadUrl"])
    clock.move(5)
    assert (await api.http.get(result["downloadUrl"])).status_code == 403
    await api.fetch((await api.get(path))["results"][0]["downloadUrl"])


async def test_uploads_expire_and_storage_may_say_so_itself(api: Api) -> None:
    api.sandbox.add_fault(FaultRule("createFileUpload", ExpireUrls(), times=1))
    made = await api.post("/v1/files/upload", displayName="x.txt")
    response = await api.http.put(made["uploadUrl"], content=b"x")
    assert (response.status_code, "expired" in response.text) == (403, True)
    api.sandbox.add_fault(FaultRule("storagePut", ExpireUrls(), times=1))
    made = await api.post("/v1/files/upload", displayName="x.txt")
    assert (await api.http.put(made["uploadUrl"], content=b"x")).status_code == 403
    assert (await api.http.put(made["uploadUrl"], content=b"x")).status_code == 200


async def test_the_clock_jumps_when_told_and_a_reset_puts_it_back(api: Api, clock: Clock) -> None:
    started = await api.post(IMAGES, prompt="x")
    api.sandbox.add_fault(FaultRule("getToolExecutionInfo", ClockJump(10), nth=2))
    path = f"/v1/tools/executions/{started['toolExecutionId']}"
    assert [(await api.get(path))["status"] for _ in range(2)] == ["pending", "succeeded"]
    assert api.sandbox.now() == clock.now + 10
    api.sandbox.reset()
    assert api.sandbox.now() == clock.now


@pytest.mark.parametrize("lose_state", [False, True])
async def test_a_restart_refuses_for_a_while_and_may_lose_all(api: Api, clock: Clock, lose_state: bool) -> None:
    started = await api.post(IMAGES, prompt="x")
    api.sandbox.add_fault(FaultRule("getMe", Restart(5, lose_state=lose_state), times=1))
    with pytest.raises(ConnectionDropped):
        await get(api)
    with pytest.raises(ConnectionRefused):
        await get(api)
    assert (await api.http.get("/_sandbox/state")).status_code == 200
    clock.move(5)
    shown = await get(api, f"/v1/tools/executions/{started['toolExecutionId']}")
    assert shown.status_code == (404 if lose_state else 200)
    again = await api.post(IMAGES, prompt="x")
    assert again != started
    assert api.sandbox.billed == 2


async def test_a_restart_breaks_off_what_is_under_way(api: Api) -> None:
    api.sandbox.add_fault(FaultRule("getMe", Delay(1000)))
    outcomes: list[str] = []

    async def ask() -> None:
        try:
            await get(api)
        except ConnectionDropped as error:
            outcomes.append(str(error))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            group.start_soon(ask)
            await anyio.wait_all_tasks_blocked()
            api.sandbox.restart()
    assert outcomes == ["the server restarted"] * 2
    assert (await get(api, "/v1/files")).status_code == 200


async def test_an_edge_turns_away_a_bare_urllib(api: Api) -> None:
    api.key["user-agent"] = "Python-urllib/3.12"
    headers, pieces, _ = await raw(api, "/v1/me")
    assert (headers["content-type"], b"".join(pieces)) == ("text/plain", b"error code: 1010")
    assert list(api.sandbox.requests) == [("GET", "getMe", 403)]


BAD: list[Any] = [
    lambda: Delay(-1),
    lambda: Drop("maybe"),  # type: ignore[arg-type]
    lambda: Reset(after_bytes=-1),
    lambda: Reset(fraction=1),
    lambda: Drip(0),
    lambda: Chunked(0),
    lambda: Status(99),
    lambda: Html(600),
    lambda: Truncate(1.5),
    lambda: Restart(-1),
    lambda: FaultRule(times=0),
    lambda: FaultRule(skip=-1),
    lambda: FaultRule(probability=1.1),
]


@pytest.mark.parametrize("make", BAD)
def test_rules_and_actions_must_make_sense(make: Any) -> None:
    with pytest.raises(ValueError, match=r"must|range"):
        make()


def test_a_rule_must_name_operations_there_are(sandbox: Sandbox) -> None:
    for name in ("getYou", ["getMe", "getYou"]):
        with pytest.raises(ValueError, match="unknown operation: getYou"):
            sandbox.add_fault(FaultRule(name))


def test_every_action_has_a_name_of_its_own() -> None:
    actions = [item for item in vars(faults).values() if isinstance(item, type) and issubclass(item, Action)]
    assert {*ACTIONS.values(), Action} == {*actions}
    assert len({*ACTIONS.values()}) == len(ACTIONS)
