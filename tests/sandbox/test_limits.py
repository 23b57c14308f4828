"""Rate limits, credits, keys and plans, on a clock moved by hand."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen.sandbox import Sandbox

from .answers import OPERATIONS
from .conftest import Api, Clock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import httpx

pytestmark = pytest.mark.anyio

IMAGES = "/v1/tools/generate-image"
HOUR = 3600
# What the provider documents, per key and hour: calls that share a limit stand together.
DOCUMENTED: list[tuple[int, tuple[str, ...]]] = [
    (500, ("generateImage", "textToSpeech", "image3dEffect", "upscaleVideo")),
    (5_000, ("getToolExecutionInfo",)),
    (250, ("cancelToolExecution",)),
    (50_000, ("getFiles", "getFile")),
    (2_500, ("hydrateFile",)),
    (500, ("createFileUpload",)),
    (500, ("searchFiles",)),
    (2_500, ("listTtsVoices", "listLanguages", "listAvatarPresenters")),
    (500, ("listWebhookEndpoints",)),
    (10, ("createWebhookEndpoint",)),
    (10, ("deleteWebhookEndpoint",)),
    (500, ("scriptToVideo", "promptToVideoClip", "videoToVideo")),
    (5_000, ("getWorkflowRun",)),
    (250, ("cancelWorkflowRun",)),
    (2_500, ("listProjects", "getProject")),
    (500, ("exportProject",)),
    (5_000, ("getProjectExport",)),
    (500, ("remixProject",)),
    (5_000, ("listProjectRemixActions",)),
]
UNLIMITED = (
    "getMe",
    "generateText",
    "listEntities",
    "startAssistantChat",
    "getAssistantMessage",
    "createTimelineInterchange",
    "getTimelineInterchange",
    "listToolExecutions",
    "listWorkflowRuns",
    "listProjectExports",
    "archiveFile",
    "enablePublicPreview",
    "createFileUrlImport",
    "getFileUrlImport",
)


@contextlib.asynccontextmanager
async def client(clock: Clock, **options: Any) -> AsyncGenerator[Api]:
    api = Api(Sandbox(clock=clock, job_seconds=10.0, seed=1, **options), clock)
    async with api.http:
        yield api


async def call(api: Api, operation: str) -> httpx.Response:
    """Call an operation with an id that may exist: refused or not, it counts."""
    method, path, _ = OPERATIONS[operation]
    return await api.request(method, path, json={})


def numbers(response: httpx.Response) -> tuple[int, int, int]:
    names = ("limit", "remaining", "reset")
    limit, remaining, reset = (int(response.headers[f"x-ratelimit-{name}"]) for name in names)
    return limit, remaining, reset


@pytest.mark.parametrize(("limit", "names"), DOCUMENTED)
async def test_documented_limits_hold_per_group(api: Api, limit: int, names: tuple[str, ...]) -> None:
    for used, name in enumerate(names, start=1):
        assert numbers(await call(api, name))[:2] == (limit, limit - used), name


async def test_what_has_no_documented_limit_says_nothing_of_one(api: Api) -> None:
    for name in UNLIMITED:
        assert not [header for header in (await call(api, name)).headers if header.startswith("x-ratelimit")], name


async def test_beyond_the_limit_it_is_429_until_the_window_ends(api: Api) -> None:
    path = "/v1/webhooks/endpoints"
    body = {"url": "https://127.0.0.1/", "events": ["file.upload.failed"]}
    into = api.clock.now % HOUR
    answers = [await api.request("POST", path, json=body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert [numbers(answer)[1] for answer in answers] == [*range(9, -1, -1), 0]
    error, headers = answers[-1].json(), answers[-1].headers
    assert error == {
        "message": error["message"],
        "code": "rate_limited",
        "requirement": None,
        "internalErrorCode": None,
    }
    assert int(headers["retry-after"]) == HOUR - into
    assert numbers(answers[-1])[2] == api.clock.now + HOUR - into
    api.clock.move(HOUR - into - 1)
    assert (await api.request("POST", path, json=body)).status_code == 429
    api.clock.move(1)
    assert (await api.request("POST", path, json=body)).status_code == 201
    assert len((await api.get(path))["endpoints"]) == 11


async def test_every_answer_of_the_group_counts_save_those_without_a_key(api: Api) -> None:
    assert numbers(await api.request("POST", IMAGES, json={}))[1] == 499
    assert "x-ratelimit-limit" not in (await api.http.post(IMAGES, json={})).headers
    assert numbers(await api.request("POST", IMAGES, json={"prompt": "x"}))[1] == 498


async def test_each_key_has_limits_of_its_own(api: Api) -> None:
    api.sandbox.keys.add("second")
    await api.post(IMAGES, prompt="x")
    api.key = {"authorization": "Bearer second"}
    assert numbers(await api.request("POST", IMAGES, json={"prompt": "x"}))[1] == 499
    api.sandbox.keys.discard("second")
    assert (await api.request("GET", "/v1/me")).json()["code"] == "invalid_api_key"


async def test_limits_may_be_scaled_to_a_hundred_a_second(clock: Clock) -> None:
    async with client(clock, rate_limit_scale=0.02, rate_window=1.0, rate_reset="seconds") as api:
        statuses = [(await call(api, "getToolExecutionInfo")).status_code for _ in range(101)]
        assert statuses == [400] * 100 + [429]
        refused = await call(api, "getToolExecutionInfo")
        assert (numbers(refused), refused.headers["retry-after"]) == ((100, 0, 1), "1")
        clock.move(1)
        assert (await call(api, "getToolExecutionInfo")).status_code == 400


async def test_limits_may_be_off_or_chosen(clock: Clock) -> None:
    async with client(clock, rate_limits=False) as api:
        assert "x-ratelimit-limit" not in (await call(api, "generateImage")).headers
    chosen: dict[str, int | None] = {"*": None, "POST /v1/tools/*": 2, "getMe": 1, "searchFiles": 0}
    async with client(clock, rate_limits=chosen) as api:
        assert [(await call(api, "generateMusic")).status_code for _ in range(3)] == [400, 400, 429]
        assert [(await call(api, "getMe")).status_code for _ in range(2)] == [200, 429]
        assert (await call(api, "searchFiles")).status_code == 429
        assert "x-ratelimit-limit" not in (await call(api, "getFiles")).headers
    async with client(clock, rate_limits={"getFile": 7}) as api:
        assert numbers(await call(api, "getFiles"))[0] == 7
        assert numbers(await call(api, "hydrateFile"))[0] == 2_500


async def test_limits_may_change_and_a_reset_brings_the_first_back(api: Api) -> None:
    api.sandbox.set_rate_limits({"getMe": 1})
    assert [(await call(api, "getMe")).status_code for _ in range(2)] == [200, 429]
    api.sandbox.reset()
    assert (await call(api, "getMe")).status_code == 200


@pytest.mark.parametrize(
    "options",
    [
        {"rate_limits": {"getYou": 1}},
        {"rate_limit_scale": 0},
        {"rate_window": -1},
        {"rate_reset": "date"},
    ],
)
def test_limits_must_make_sense(options: Any) -> None:
    with pytest.raises(ValueError, match="rate"):
        Sandbox(**options)


async def test_a_start_costs_its_results_and_is_refused_beyond_the_balance(clock: Clock) -> None:
    async with client(clock, credits=5) as api:
        await api.post(IMAGES, prompt="x", numResults=3)
        assert api.sandbox.credits == 2
        response = await api.request("POST", IMAGES, json={"prompt": "x", "numResults": 3})
        assert (response.status_code, response.json()["code"]) == (429, "insufficient_credits")
        assert "retry-after" not in response.headers
        run = await api.post("/v1/workflows/prompt-to-video-clip", prompt="x")
        await api.post(f"/v1/workflows/runs/{run['workflowRunId']}/cancel")
        await api.post("/v1/text/generate", prompt="x")
        assert (api.sandbox.credits, api.sandbox.billed) == (0, 3)
        assert (await api.refused("/v1/text/generate", prompt="x"))[:2] == (429, "insufficient_credits")
        assert (await api.refused(IMAGES))[:2] == (400, "invalid_request")
        api.sandbox.credits = None
        await api.post(IMAGES, prompt="x", numResults=100)
        api.sandbox.reset()
        assert api.sandbox.credits == 5


async def test_the_assistant_tells_the_balance(clock: Clock) -> None:
    async with client(clock, credits=5) as api:
        chat = await api.post("/v1/assistants", message="x")
        clock.move(20)
        reply = await api.get(f"/v1/assistant-messages/{chat['messageId']}")
        assert reply["actions"][0]["detail"]["creditsRemaining"] == 4


async def test_without_the_add_on_it_says_which_one_is_missing(clock: Clock) -> None:
    async with client(clock, plan="no_add_on") as api:
        response = await api.request("POST", IMAGES, json={"prompt": "x", "watermarkMode": "NONE"})
        error = response.json()
        assert (response.status_code, error["code"]) == (403, "not_authorized")
        assert error["requirement"] == {"type": "purchase_add_on", "details": {"addOnId": "production_api"}}
        api.sandbox.plan = "pro"
        await api.post(IMAGES, prompt="x", watermarkMode="NONE")
