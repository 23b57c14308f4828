"""Scripts and faults, in Python and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen.sandbox import ConnectionDropped, JobScript, Sandbox

if TYPE_CHECKING:
    from .conftest import Api

pytestmark = pytest.mark.anyio

IMAGES = "/v1/tools/generate-image"


async def status(api: Api, path: str = "/v1/me") -> int:
    return (await api.request("GET", path)).status_code


async def test_a_fault_answers_instead_of_the_handler(api: Api) -> None:
    api.sandbox.fail_next("generateImage", status=429, headers={"Retry-After": "3"})
    response = await api.request("POST", IMAGES, json={"prompt": "x"})
    assert (response.status_code, response.headers["retry-after"]) == (429, "3")
    assert response.json()["code"] == "rate_limited"
    assert (api.sandbox.billed, api.sandbox.state.executions) == (0, {})
    await api.post(IMAGES, prompt="x")
    assert api.sandbox.billed == 1


async def test_faults_come_in_order_with_times_and_skip(api: Api) -> None:
    api.sandbox.fail_next("getMe", times=2, skip=1, status=500)
    api.sandbox.fail_next("getMe", skip=1, status=504)
    assert [await status(api) for _ in range(7)] == [200, 500, 500, 200, 504, 200, 200]
    assert api.sandbox.counts["getMe"] == 7


async def test_a_fault_needs_no_key_and_touches_no_other_operation(api: Api) -> None:
    api.sandbox.fail_next("getMe")
    assert await status(api, "/v1/files") == 200
    assert (await api.http.get("/v1/me")).status_code == 503


BODIES: list[tuple[Any, str, bytes]] = [
    ({"message": "no"}, "application/json", b'{"message":"no"}'),
    (b'{"mess', "text/html", b'{"mess'),
    ("<html>Bad gateway</html>", "text/html", b"<html>Bad gateway</html>"),
    (b"", "text/html", b""),
]


@pytest.mark.parametrize(("body", "content_type", "sent"), BODIES)
async def test_a_fault_may_have_any_body(sandbox: Sandbox, api: Api, body: Any, content_type: str, sent: bytes) -> None:
    sandbox.fail_next("storageGet", status=520, body=body)
    response = await api.http.get("/_storage/files/x/y")
    assert (response.status_code, response.content) == (520, sent)
    assert response.headers["content-type"] == content_type
    sandbox.fail_next("storageGet", status=200, body=b"x", headers={"Content-Type": "a/b"})
    assert (await api.http.get("/_storage/files/x/y")).headers["content-type"] == "a/b"


async def test_drops_lose_the_request_or_only_its_answer(api: Api) -> None:
    api.sandbox.fail_next("generateImage", drop="before")
    api.sandbox.fail_next("generateImage", drop="after")
    for made in (0, 1):
        with pytest.raises(ConnectionDropped):
            await api.post(IMAGES, prompt="x")
        assert (len(api.sandbox.state.executions), api.sandbox.billed) == (made, made)
    assert [entry[2] for entry in api.sandbox.requests] == [0, 0]


async def test_a_dropped_upload_may_have_arrived(api: Api) -> None:
    made = await api.post("/v1/files/upload", displayName="x.txt")
    api.sandbox.fail_next("storagePut", drop="after")
    with pytest.raises(ConnectionDropped):
        await api.http.put(made["uploadUrl"], content=b"x")
    assert api.sandbox.state.files[made["fileId"]].uploaded


@pytest.mark.parametrize("options", [{"times": 0}, {"skip": -1}, {"status": 99}, {"status": 600}, {"drop": "maybe"}])
def test_a_fault_must_make_sense(sandbox: Sandbox, options: Any) -> None:
    with pytest.raises(ValueError, match="must be"):
        sandbox.fail_next("getMe", **options)
    with pytest.raises(ValueError, match="unknown operation"):
        sandbox.fail_next("getYou")


async def test_scripted_jobs_go_as_told_in_order(api: Api) -> None:
    api.sandbox.script_job(JobScript("failed", error={"message": "no", "code": "x"}), JobScript(seconds=1))
    ids = [(await api.post(IMAGES, prompt="x"))["toolExecutionId"] for _ in range(3)]
    api.clock.move(2)
    shown = [await api.get(f"/v1/tools/executions/{item}") for item in ids]
    assert [item["status"] for item in shown] == ["running", "succeeded", "running"]
    api.clock.move(8)
    assert (await api.get(f"/v1/tools/executions/{ids[0]}"))["error"]["code"] == "x"


async def test_the_same_over_http(api: Api) -> None:
    control = api.http.post
    one = {"status": "failed", "seconds": 1, "error": {"message": "no"}, "attempts": 2, "null_url_seconds": 1}
    assert (await control("/_sandbox/jobs", json=one)).json() == {"ok": True}
    assert (await control("/_sandbox/jobs", json=[{"status": "cancelled"}, {}])).status_code == 200
    assert [item.status for item in api.sandbox.state.scripts] == ["failed", "cancelled", "succeeded"]
    fault = {"operation_id": "storageGet", "times": 1, "skip": 1, "status": 418, "headers": {"a": "b"}, "body": "tea"}
    assert (await control("/_sandbox/faults", json=fault)).json() == {"ok": True}
    path = "/_storage/files/x/y"
    assert (await api.http.get(path)).status_code == 403
    response = await api.http.get(path)
    assert (response.status_code, response.text, response.headers["a"]) == (418, "tea", "b")


async def test_the_state_over_http(api: Api) -> None:
    await api.post(IMAGES, prompt="x")
    await api.request("GET", "/v1/nothing")
    api.sandbox.script_job(JobScript())
    shown = (await api.http.get("/_sandbox/state")).json()
    account = {"now": api.clock.now, "plan": "pro", "credits": None}
    assert shown == {**account, "billed": 1, "counts": {"generateImage": 1}, "leaks": 0, "requests": 2, "scripted": 1}
    assert list(api.sandbox.requests) == [("POST", "generateImage", 202), ("GET", "/v1/nothing", 404)]
    await api.http.post("/_sandbox/reset")
    shown = (await api.http.get("/_sandbox/state")).json()
    assert shown == {**account, "billed": 0, "counts": {}, "leaks": 0, "requests": 0, "scripted": 0}
    assert (await api.get("/v1/tools/executions"))["toolExecutions"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("jobs", b"{"),
        ("jobs", b'{"speed": 1}'),
        ("jobs", b'{"attempts": 0}'),
        ("jobs", b"3"),
        ("jobs", b'{"seconds": "1"}'),
        ("jobs", b'{"error": "no"}'),
        ("jobs", b'{"attempts": true}'),
        ("faults", b"{}"),
        ("faults", b"[[]]"),
        ("faults", b'{"operation_id": "getYou"}'),
        ("faults", b'{"operation_id": "getMe", "status": "x"}'),
    ],
)
async def test_bad_control_requests_are_400(api: Api, path: str, body: bytes) -> None:
    response = await api.http.post(f"/_sandbox/{path}", content=body)
    assert response.status_code == 400
    assert response.json()["message"]


async def test_unknown_control_paths_are_404(api: Api) -> None:
    for path in ("/_sandbox/nothing", "/_sandbox/webhooks/nothing", "/_sandbox/reset"):
        assert (await api.http.get(path)).status_code == 404


async def test_what_counts_as_billed(api: Api) -> None:
    await api.upload("x.txt", b"x")
    run = await api.post("/v1/workflows/prompt-to-video-clip", prompt="x")
    await api.post(f"/v1/workflows/runs/{run['workflowRunId']}/cancel")
    await api.post("/v1/entities", entityType="PRODUCT", name="Mug")
    await api.post("/v1/text/generate", prompt="x")
    await api.refused(IMAGES)
    assert api.sandbox.billed == 2
