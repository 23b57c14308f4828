"""Requests are checked before they are sent and carry nothing that the caller didn't set; pages end."""

from __future__ import annotations

import gc
import json
import math
from operator import attrgetter
from typing import Any, cast
from urllib.parse import parse_qsl

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen import (
    FileId,
    InvalidIdError,
    ToolExecutionId,
    VideoGen,
    VoiceId,
    WebhookEndpointId,
    models,
)
from aiovideogen._operation import Operation, find

from .conftest import Reply, Scripted

pytestmark = pytest.mark.anyio


def operation(where: str) -> Operation:
    group, name = where.split(".")
    return find(f"aiovideogen._generated.api.{group}", name)


# -- what is sent -----------------------------------------------------------------------------------------------


def sent(where: str, *path: object, body: object = None, **fields: object) -> Any:
    content = operation(where).request(path, {}, body, fields).content
    return None if content is None else json.loads(content)


def test_only_the_callers_fields_are_sent() -> None:
    assert sent("tools.generate_image", prompt="ä\n") == {"prompt": "ä\n"}
    request = models.GenerateImageRequest(prompt="x", aspect_ratio=models.AspectRatio(width=16, height=9))
    assert sent("tools.generate_image", body=request) == {"prompt": "x", "aspectRatio": {"width": 16, "height": 9}}
    assert sent("tools.generate_video_clip", prompt="x", duration_seconds=None) == {
        "prompt": "x",
        "durationSeconds": None,
    }


def test_an_optional_body_is_sent_only_with_something_in_it() -> None:
    assert sent("projects.export_project", "vg_proj_1") is None
    assert sent("projects.export_project", "vg_proj_1", quality="HIGH") == {"quality": "HIGH"}
    assert sent("tools.cancel_tool_execution", "vg_tool_1") is None


def test_query_parameters_are_text_and_none_is_left_out() -> None:
    query = {"limit": 5, "self_only": True, "cursor": None, "include_export_files": False}
    assert operation("files.get_files").request((), query).query == {
        "limit": "5",
        "selfOnly": "true",
        "includeExportFiles": "false",
    }


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a/b", "/v1/files/a%2Fb"),
        ("../me", "/v1/files/..%2Fme"),
        ("a?b#c", "/v1/files/a%3Fb%23c"),
        ("100%", "/v1/files/100%25"),
        ("%2e%2e", "/v1/files/%252e%252e"),
        ("ä", "/v1/files/%C3%A4"),
        ("a b", "/v1/files/a%20b"),
        ("{fileId}", "/v1/files/%7BfileId%7D"),
        ("\\..\\", "/v1/files/%5C..%5C"),
    ],
)
async def test_a_path_value_stays_one_segment_on_the_wire(value: str, path: str) -> None:
    server = Scripted(Reply.json({"fileId": "x", "scope": "GLOBAL"}))
    await server.client().files.get_file(FileId(value))
    assert server.asked[0].path == path


WRONG_IDS: list[tuple[str, list[object], dict[str, object], str]] = [
    ("tools.get_tool_execution_info", [FileId("vg_file_1")], {}, "getToolExecutionInfo: toolExecutionId: .*FileId"),
    ("files.get_file", [".."], {}, "getFile: fileId: .* can't be an id"),
    ("files.get_file", [""], {}, "getFile: fileId: .* can't be an id"),
    ("projects.get_project_export", ["vg_expo_1", "vg_proj_1"], {}, "getProjectExport: projectId: .*ExportId"),
    ("tools.upscale_image", [], {"image_file_id": VoiceId("vg_voic_1")}, "upscaleImage: imageFileId: .*VoiceId"),
    ("tools.generate_image", [], {"prompt": "x", "image_file_ids": ["vg_file_1", "vg_tool_1"]}, r"imageFileIds\[1\]"),
    ("tools.text_to_speech", [], {"tts_text": "x", "voice_id": "vg_file_1"}, "textToSpeech: voiceId: .*FileId"),
]


@pytest.mark.parametrize(("where", "path", "fields", "message"), WRONG_IDS)
async def test_another_kinds_id_is_refused_before_anything_is_sent(
    where: str, path: list[object], fields: dict[str, object], message: str
) -> None:
    server = Scripted(Reply())
    with pytest.raises(InvalidIdError, match=message):
        await attrgetter(where)(server.client())(*path, **fields)
    assert server.asked == []


IMAGE = "tools.generate_image"
REQUEST = models.GenerateImageRequest(prompt="x")
ZOOM: dict[str, object] = {"remix_actions": [{"type": "ADD_ZOOM"}]}
WRONG: list[tuple[str, list[object], dict[str, object], str]] = [
    (IMAGE, [], {}, "generateImage: GenerateImageRequest: missing prompt"),
    (IMAGE, [], {"prompt": "x", "colour": 1}, "generateImage: GenerateImageRequest: no field colour"),
    (IMAGE, [], {"prompt": 7}, "generateImage: prompt: expected text, got a number"),
    (IMAGE, [], {"prompt": None}, "generateImage: prompt: null is not accepted here"),
    (IMAGE, [], {"prompt": "\ud800"}, "generateImage: prompt: expected text, got half a surrogate pair"),
    (IMAGE, [], {"prompt": "x", "num_results": "2"}, "generateImage: numResults: expected a whole number, got text"),
    (IMAGE, [], {"prompt": "x", "image_file_ids": "vg_file_1"}, "imageFileIds: expected a list, got text"),
    (IMAGE, [], {"prompt": "x", "aspect_ratio": "16:9"}, "aspectRatio: expected AspectRatio, got text"),
    (IMAGE, [], {"prompt": "x", "aspect_ratio": {"width": 1}}, "aspectRatio: expected AspectRatio, got an object"),
    (IMAGE, [{"prompt": "x"}], {}, "generateImage: expected GenerateImageRequest or keywords, got dict"),
    (IMAGE, [REQUEST], {"prompt": "y"}, "generateImage: give a request object or keywords, not both"),
    ("text.generate_text", [], {"prompt": "x", "temperature": math.nan}, "generateText: temperature: .*out of range"),
    ("files.get_files", [], {"limit": "5"}, "getFiles: limit: expected a whole number, got text"),
    ("files.get_files", [], {"cursor": "\ud800"}, "getFiles: cursor: expected text"),
    ("files.get_file", [None], {}, "getFile: fileId: null is not accepted"),
    ("files.create_file_url_import", [], {"x": object()}, "createFileUrlImport: .*not JSON serializable"),
    ("projects.remix_project", ["vg_proj_1"], ZOOM, r"remixActions\[0\]: expected RemixAction, got an object"),
]


@pytest.mark.parametrize(("where", "path", "fields", "message"), WRONG)
async def test_what_the_api_cannot_take_is_refused_with_the_operation_and_the_path(
    where: str, path: list[object], fields: dict[str, object], message: str
) -> None:
    server = Scripted(Reply())
    with pytest.raises(TypeError, match=message):
        await attrgetter(where)(server.client())(*path, **fields)
    assert server.asked == []


async def test_a_refusal_does_not_hold_the_value() -> None:
    with pytest.raises(TypeError) as caught:
        await cast("Any", Scripted(Reply()).client()).tools.generate_image(prompt=b"SECRET")
    assert "SECRET" not in repr(caught.value) + repr(caught.value.__cause__) + repr(caught.value.__context__)


async def test_a_delete_answers_with_nothing() -> None:
    server = Scripted(Reply(204, b""))
    await server.client().webhooks.delete_webhook_endpoint(WebhookEndpointId("ep_1"))
    assert (server.asked[0].method, server.asked[0].path) == ("DELETE", "/v1/webhooks/endpoints/ep_1")


async def test_a_cancel_returns_the_id(vg: VideoGen) -> None:
    started = await vg.tools.generate_image(prompt="x")
    cancelled = await vg.tools.cancel_tool_execution(started.id)
    assert type(cancelled) is ToolExecutionId
    assert cancelled == started.id


@given(st.text(min_size=1))
def test_any_text_given_as_an_id_is_sent_as_itself_or_refused(text: str) -> None:
    try:
        request = operation("files.get_file").request([text])
    except InvalidIdError:
        return
    assert request.path.count("/") == 3
    assert request.path.isascii()
    assert request.params == {"fileId": text}


# -- pages ------------------------------------------------------------------------------------------------------


def page(*ids: str, cursor: str | None = None) -> Reply:
    files = [{"fileId": one, "scope": "GLOBAL"} for one in ids]
    return Reply.json({"files": files, "hasMore": cursor is not None, "nextCursor": cursor})


async def test_awaiting_a_list_is_its_first_page() -> None:
    server = Scripted(page("a", "b", cursor="c1"))
    first = await server.client().files.get_files(limit=2)
    assert ([file.file_id for file in first.files], first.next_cursor) == (["a", "b"], "c1")
    assert [asked.query for asked in server.asked] == ["limit=2"]


async def test_iterating_gives_every_item_of_every_page_once() -> None:
    server = Scripted(page("a", "b", cursor="c /1&="), page(cursor="c2"), page("b", "c", "a", "d"))
    files = server.client().files.get_files(limit=2, self_only=True)
    assert [file.file_id async for file in files] == ["a", "b", "c", "d"]
    assert [dict(parse_qsl(asked.query)) for asked in server.asked] == [
        {"limit": "2", "selfOnly": "true"},
        {"limit": "2", "selfOnly": "true", "cursor": "c /1&="},
        {"limit": "2", "selfOnly": "true", "cursor": "c2"},
    ]


async def test_iterating_can_be_taken_up_again() -> None:
    items = aiter(Scripted(page("a", "b", cursor="c1"), page("c")).client().files.get_files())
    assert (await anext(items)).file_id == "a"
    assert [file.file_id async for file in items] == ["b", "c"]


async def test_pages_come_one_by_one_and_a_list_can_be_read_again() -> None:
    server = Scripted(page("a", cursor="c1"), page("b"), page("c"))
    files = server.client().files.get_files()
    assert [[file.file_id for file in one.files] async for one in files.pages()] == [["a"], ["b"]]
    assert [file.file_id async for file in files] == ["c"]


@pytest.mark.parametrize("cursors", [["c1", "c1"], ["c1", "c2", "c1"], ["c0"]])
async def test_a_cursor_that_comes_again_ends_the_list(cursors: list[str]) -> None:
    server = Scripted(*[page(f"i{n}", cursor=cursor) for n, cursor in enumerate(cursors)])
    files = server.client().files.get_files(cursor="c0")
    assert [file.file_id async for file in files] == [f"i{n}" for n in range(len(cursors))]


async def test_items_without_an_id_of_their_own_are_all_given() -> None:
    server = Scripted(Reply.json({"languages": [{"code": "en"}, {"code": "en"}]}))
    listed = await server.client().resources.list_languages()
    assert len(listed.languages) == 2


async def test_breaking_off_a_list_leaves_nothing_unfinished(vg: VideoGen) -> None:
    for _ in range(3):
        await vg.tools.generate_image(prompt="x")
    async for one in vg.tools.list_tool_executions(limit=1):
        assert one.tool_execution_id
        break
    async for one in vg.tools.list_tool_executions(limit=1).pages():
        assert one.has_more
        break
    with anyio.move_on_after(0.02):
        async for _ in vg.tools.list_tool_executions(limit=1):
            await anyio.sleep(0.01)
    gc.collect()
    await anyio.lowlevel.checkpoint()
