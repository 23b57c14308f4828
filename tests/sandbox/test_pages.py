"""Pages and their cursors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen.sandbox import Sandbox

from .conftest import Api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio

IMAGES = "/v1/tools/generate-image"


async def pages(api: Api, path: str, items: str, **query: Any) -> AsyncIterator[list[Any]]:
    cursor: str | None = None
    while True:
        page = await api.get(path, **query, **({"cursor": cursor} if cursor else {}))
        assert page["hasMore"] == (page["nextCursor"] is not None)
        yield page[items]
        cursor = page["nextCursor"]
        if cursor is None:
            return


async def start(api: Api, count: int) -> list[str]:
    return [(await api.post(IMAGES, prompt="x"))["toolExecutionId"] for _ in range(count)]


@pytest.mark.parametrize(("limit", "sizes"), [(3, [3, 3, 1]), (7, [7]), (1, [1] * 7), (200, [7])])
async def test_pages_hold_every_item_once_newest_first(api: Api, limit: int, sizes: list[int]) -> None:
    made = await start(api, 7)
    found = [page async for page in pages(api, "/v1/tools/executions", "toolExecutions", limit=limit)]
    assert [len(page) for page in found] == sizes
    assert [item["toolExecutionId"] for page in found for item in page] == made[::-1]


async def test_a_page_has_50_items_by_default(api: Api) -> None:
    await start(api, 51)
    assert len((await api.get("/v1/tools/executions"))["toolExecutions"]) == 50


async def test_an_empty_list_is_one_page(api: Api) -> None:
    assert await api.get("/v1/workflows/runs") == {"workflowRuns": [], "hasMore": False, "nextCursor": None}


async def test_what_is_created_meanwhile_shifts_nothing(api: Api) -> None:
    made = await start(api, 4)
    seen: list[str] = []
    async for page in pages(api, "/v1/tools/executions", "toolExecutions", limit=2):
        seen += [item["toolExecutionId"] for item in page]
        await start(api, 1)
    assert seen == made[::-1]


async def test_lists_by_update_time_may_repeat(api: Api) -> None:
    files = [await api.upload(f"{index}.txt", b"x") for index in range(4)]
    seen: list[str] = []
    async for page in pages(api, "/v1/files", "files", limit=2):
        seen += [item["fileId"] for item in page]
        api.clock.move(1)
        if len(seen) == 2:
            await api.post(f"/v1/files/{files[0]}/enable-public-preview")
    assert seen == [files[3], files[2], files[1]]


@pytest.mark.parametrize(
    ("path", "items"),
    [
        ("/v1/entities", "entities"),
        ("/v1/resources/tts-voices", "ttsVoices"),
        ("/v1/resources/avatar-presenters", "avatarPresenters"),
    ],
)
async def test_catalogues_are_paged_too(api: Api, path: str, items: str) -> None:
    everything = (await api.get(path))[items]
    one_by_one = [item async for page in pages(api, path, items, limit=1) for item in page]
    assert one_by_one == everything


async def test_a_cursor_belongs_to_its_endpoint(api: Api) -> None:
    await start(api, 2)
    for _ in range(2):
        await api.post("/v1/workflows/prompt-to-video-clip", prompt="x")
    cursor = (await api.get("/v1/tools/executions", limit=1))["nextCursor"]
    await api.get("/v1/tools/executions", limit=1, cursor=cursor)
    first, second = [item["projectId"] for item in (await api.get("/v1/projects"))["projects"]]
    for _ in range(2):
        await api.post(f"/v1/projects/{first}/export")
    own = (await api.get(f"/v1/projects/{first}/exports", limit=1))["nextCursor"]
    tampered = cursor[:-8] + "AAAAAAA="
    cases = [
        ("/v1/workflows/runs", cursor),
        (f"/v1/projects/{second}/exports", own),
        ("/v1/tools/executions", tampered),
        ("/v1/tools/executions", "é"),
        ("/v1/tools/executions", ""),
        ("/v1/tools/executions", "W10="),
        ("/v1/tools/executions", "WzEsIDJd"),
    ]
    for path, value in cases:
        response = await api.request("GET", path, params={"cursor": value})
        assert (response.status_code, response.json()["code"]) == (400, "invalid_request"), path


async def test_a_cursor_of_another_sandbox_is_refused(api: Api) -> None:
    await start(api, 2)
    cursor = (await api.get("/v1/tools/executions", limit=1))["nextCursor"]
    other = Api(Sandbox(clock=api.clock, seed=2), api.clock)
    async with other.http:
        assert (await other.request("GET", "/v1/tools/executions", params={"cursor": cursor})).status_code == 400
