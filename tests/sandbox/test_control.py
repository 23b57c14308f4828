"""The same as in Python, over HTTP: what clients in any language use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen.sandbox import ConnectionDropped, ConnectionRefused
from aiovideogen.sandbox.__main__ import main
from aiovideogen.sandbox._control import HELP, ROUTES
from aiovideogen.sandbox.faults import ACTIONS

from .receivers import Receiver

if TYPE_CHECKING:
    import httpx

    from .conftest import Api

pytestmark = pytest.mark.anyio

IMAGES = "/v1/tools/generate-image"


async def tell(api: Api, path: str, body: Any = None) -> Any:
    response = await api.http.post(f"/_sandbox/{path}", json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def me(api: Api) -> httpx.Response:
    return await api.http.get("/v1/me", headers=api.key)


async def test_it_tells_what_it_can_do(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    response = await api.http.get("/_sandbox")
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text == HELP
    for method, path in ROUTES:
        assert re.search(rf"^  {method} +/_sandbox/{path} ", HELP, re.MULTILINE), path
    for name in ACTIONS:
        assert re.search(rf"^  {name}( |$)", HELP, re.MULTILINE), name
    with pytest.raises(SystemExit):
        main(["--help"])
    assert HELP.strip() in capsys.readouterr().out


RULES: list[tuple[dict[str, Any], int, bytes]] = [
    ({"action": {"type": "status", "status": 429, "code": "insufficient_credits"}}, 429, b'"insufficient_credits"'),
    ({"action": {"type": "status", "status": 401, "body": {"message": "Unauthorized"}}}, 401, b"Unauthorized"),
    ({"operations": ["getMe"], "action": {"type": "html", "status": 520}}, 520, b"Error 520"),
    ({"operations": "read", "action": {"type": "invalid_json", "text": "{"}}, 200, b"{"),
    ({"action": {"type": "truncate", "fraction": 0}}, 200, b""),
    ({"action": {"type": "unknown_value", "field": "email", "value": "?"}}, 200, b'"email":"?"'),
    ({"action": {"type": "null_field", "field": "email", "every": False}}, 200, b'"email":null'),
    ({"action": {"type": "chunked"}}, 200, b"Sandbox"),
]


@pytest.mark.parametrize(("rule", "status", "body"), RULES)
async def test_faults(api: Api, rule: dict[str, Any], status: int, body: bytes) -> None:
    api.http.event_hooks = {}
    await tell(api, "faults", {"operations": "getMe", **rule, "nth": [2], "times": 1, "probability": 1, "seed": 3})
    assert [(await me(api)).status_code for _ in range(1)] == [200]
    response = await me(api)
    assert response.status_code == status
    assert body in response.content
    assert (await me(api)).json()["apiKeyNickname"] == "Sandbox"


async def test_several_faults_at_once_and_taking_them_back(api: Api) -> None:
    short = {"operation_id": "getMe", "status": 500}
    await tell(api, "faults", [short, {"operations": "getMe", "action": {"type": "refuse"}, "skip": 1}])
    assert (await me(api)).status_code == 500
    with pytest.raises(ConnectionRefused):
        await me(api)
    await api.http.delete("/_sandbox/faults")
    assert (await me(api)).status_code == 200


async def test_the_clock_and_a_restart(api: Api) -> None:
    assert await tell(api, "clock", {"jump": 3600.5}) == {"now": api.clock.now + 3600.5}
    await tell(api, "faults", {"operations": "getMe", "action": {"type": "clock_jump", "seconds": 10}})
    await me(api)
    await me(api)
    assert (await api.http.get("/_sandbox/state")).json()["now"] == api.clock.now + 3620.5
    await api.post(IMAGES, prompt="x")
    await tell(api, "restart", {"seconds": 3, "lose_state": True})
    with pytest.raises(ConnectionDropped):
        await me(api)
    await tell(api, "clock", {"jump": 3})
    assert (await api.get("/v1/tools/executions"))["toolExecutions"] == []


async def test_the_account(api: Api) -> None:
    await tell(api, "account", {"credits": 1, "plan": "free"})
    await tell(api, "account", {"keys": [api.sandbox.key, "second"]})
    await api.post(IMAGES, prompt="x")
    assert (await api.refused(IMAGES, prompt="x"))[:2] == (429, "insufficient_credits")
    assert (await api.refused(IMAGES, prompt="x", watermarkMode="NONE"))[:2] == (403, "not_authorized")
    shown = (await api.http.get("/_sandbox/state")).json()
    assert (shown["credits"], shown["plan"], shown["billed"]) == (0, "free", 1)
    await tell(api, "account", {"credits": None, "keys": ["second"]})
    assert (await me(api)).status_code == 401
    api.key = {"authorization": "Bearer second"}
    await api.post(IMAGES, prompt="x")


async def test_the_limits(api: Api) -> None:
    await me(api)
    await api.post(IMAGES, prompt="x")
    shown = (await api.http.get("/_sandbox/limits")).json()
    assert shown["POST /v1/tools/*"] == {"limit": 500, "used": 1}
    assert len(shown) == 19
    await tell(api, "limits", {"limits": {"getMe": 1, "*": None}, "scale": 2, "window": 60, "reset": "seconds"})
    assert (await api.http.get("/_sandbox/limits")).json() == {"getMe": {"limit": 2, "used": 0}}
    answers = [await me(api) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[0].headers["x-ratelimit-reset"]) <= 60
    await tell(api, "limits", {"limits": False})
    assert (await me(api)).status_code == 200


async def test_the_requests(api: Api) -> None:
    await me(api)
    shown = (await api.http.get("/_sandbox/requests")).json()
    assert shown == {"requests": [{"method": "GET", "operation": "getMe", "status": 200}]}


async def test_webhooks(api: Api) -> None:
    receiver = Receiver([500, 200])
    api.sandbox.route_webhooks(receiver)
    await api.post("/v1/webhooks/endpoints", url="https://127.0.0.1/", events=["tool_execution.succeeded"])
    await tell(api, "webhooks/faults", [{"events": "tool_execution.succeeded", "action": "drop", "nth": 2}])
    await api.tool("generate-image", prompt="x")
    await api.tool("generate-image", prompt="x")
    (first,) = (await tell(api, "webhooks/deliver"))["deliveries"]
    assert (first["status"], first["attempt"], first["event"]) == (500, 1, "tool_execution.succeeded")
    shown = (await api.http.get("/_sandbox/webhooks")).json()
    assert [item["id"] for item in shown["waiting"]] == [first["id"]]
    assert [item["note"] for item in shown["deliveries"]] == ["dropped", ""]
    await tell(api, "clock", {"jump": 5})
    (second,) = (await tell(api, "webhooks/deliver"))["deliveries"]
    assert (second["id"], second["status"]) == (first["id"], 200)
    await tell(api, "webhooks/faults", {})
    await api.http.delete("/_sandbox/webhooks/faults")
    await api.tool("generate-image", prompt="x")
    assert len((await tell(api, "webhooks/deliver"))["deliveries"]) == 1


BAD: list[tuple[str, Any]] = [
    ("faults", {"operations": "getYou", "action": {"type": "refuse"}}),
    ("faults", {"operations": "getMe", "action": {"type": "explode"}}),
    ("faults", {"operations": "getMe", "action": {"type": ["delay"]}}),
    ("faults", {"operations": "getMe", "action": "delay"}),
    ("faults", {"operations": "getMe", "action": {"type": "delay"}}),
    ("faults", {"operations": "getMe", "action": {"type": "delay", "seconds": True}}),
    ("faults", {"operations": "getMe", "action": {"type": "delay", "seconds": 1, "hours": 1}}),
    ("faults", {"operations": [1], "action": {"type": "refuse"}}),
    ("faults", {"operations": "getMe", "nth": "first", "action": {"type": "refuse"}}),
    ("faults", {"operations": "getMe", "action": {"type": "status", "headers": {"a": 1}}}),
    ("clock", {}),
    ("clock", {"jump": 1e300}),
    ("clock", []),
    ("restart", {"seconds": "1"}),
    ("account", {"plan": "platinum"}),
    ("account", {"credits": 1.5}),
    ("account", 3),
    ("limits", {"limits": {"getYou": 1}}),
    ("limits", {"scale": 0}),
    ("webhooks/faults", {"action": "eat"}),
]


@pytest.mark.parametrize(("path", "body"), BAD)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(api: Api, path: str, body: Any) -> None:
    response = await api.http.post(f"/_sandbox/{path}", json=body)
    assert response.status_code == 400
    assert response.json()["message"]
    assert (await me(api)).status_code == 200
