"""Authentication, routing, validation, and the rules a schema can't say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from aiovideogen.sandbox import Sandbox

from .answers import OPERATIONS
from .conftest import URL, Api, Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio

ABSENT = "0" * 22
IMAGES = "/v1/tools/generate-image"
CLIPS = "/v1/tools/generate-video-clip"
SCRIPTS = "/v1/workflows/script-to-video"
STOCK = {"type": "STOCK"}


@pytest.fixture
async def free(clock: Clock) -> AsyncIterator[Api]:
    client = Api(Sandbox(clock=clock, plan="free"), clock)
    async with client.http:
        yield client


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "missing_api_key"),
        ("Bearer ", "missing_api_key"),
        ("Basic c2VjcmV0", "missing_api_key"),
        ("Bearer wrong", "invalid_api_key"),
    ],
)
async def test_a_missing_or_wrong_key_is_refused(api: Api, header: str | None, code: str) -> None:
    headers = {"authorization": header} if header else {}
    response = await api.http.get("/v1/me", headers=headers)
    assert response.status_code == 401
    assert response.json()["code"] == code


async def test_every_operation_needs_the_key(api: Api) -> None:
    for method, path, _ in OPERATIONS.values():
        response = await api.http.request(method, path.replace("{", "").replace("}", ""))
        assert response.status_code == 401, path


async def test_request_ids_differ_and_the_date_is_the_clocks(api: Api) -> None:
    first, second = [await api.request("GET", "/v1/me") for _ in range(2)]
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["date"] == "Mon, 21 Sep 2026 14:13:20 GMT"


async def test_unknown_paths_and_methods(api: Api) -> None:
    for path in ("/", "/v1/nothing", "/v1/v1/me", "/v1/files/a/b/c"):
        response = await api.request("GET", path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    response = await api.request("PUT", "/v1/me")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/v1/tools/executions/vg_tool_{ABSENT}", 404, "not_found"),
        (f"/v1/tools/executions/vg_exec_{ABSENT}", 404, "not_found"),
        (f"/v1/tools/executions/vg_file_{ABSENT}", 400, "invalid_id"),
        ("/v1/tools/executions/vg_tool_", 400, "invalid_id"),
        ("/v1/tools/executions/vg_tool_a%2Fb", 400, "invalid_id"),
        ("/v1/files/search", 400, "invalid_id"),
        (f"/v1/files/vg_file_{ABSENT}", 404, "not_found"),
        (f"/v1/projects/vg_proj_{ABSENT}/exports", 404, "not_found"),
        (f"/v1/entities/vg_enti_{ABSENT}", 404, "not_found"),
        ("/v1/files/imports/anything", 404, "not_found"),
    ],
)
async def test_malformed_ids_are_400_and_absent_ones_404(api: Api, path: str, status: int, code: str) -> None:
    response = await api.request("GET", path)
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=ten", "limit=1.5", "selfOnly=yes", "includeExportFiles=1", "cursor=x"]
)
async def test_bad_query_parameters_are_refused(api: Api, query: str) -> None:
    response = await api.request("GET", f"/v1/files?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")


async def test_unknown_query_parameters_are_ignored(api: Api) -> None:
    assert (await api.get("/v1/files", colour="red", limit=200))["files"] == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"prompt": NaN}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"prompt": "x"}', "text/plain"),
        (b"prompt=x", "application/x-www-form-urlencoded"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
    ],
)
async def test_bodies_that_are_no_json_object_are_refused(api: Api, body: bytes, content_type: str) -> None:
    headers = {**api.key, "content-type": content_type}
    response = await api.http.post(IMAGES, content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")


async def test_a_body_beyond_the_limit_is_refused(api: Api) -> None:
    response = await api.request("POST", IMAGES, content=b" " * (11 * 1024 * 1024))
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$"),
        ({"prompt": 1}, "$.prompt"),
        ({"prompt": "x", "numResults": 101}, "$.numResults"),
        ({"prompt": "x", "numResults": 1.5}, "$.numResults"),
        ({"prompt": "x", "quality": "ULTRA"}, "$.quality"),
        ({"prompt": "x", "aspectRatio": {"width": 0, "height": 9}}, "$.aspectRatio.width"),
        ({"prompt": "x", "aspectRatio": {"width": 1}}, "$.aspectRatio"),
        ({"prompt": "x", "imageFileIds": ["a"] * 5}, "$.imageFileIds"),
        ({"prompt": None}, "$.prompt"),
    ],
)
async def test_bodies_are_held_against_the_schema(api: Api, body: Any, path: str) -> None:
    response = await api.request("POST", IMAGES, json=body)
    error = response.json()
    assert (response.status_code, error["code"]) == (400, "invalid_request")
    assert f"at {path}:" in error["message"]
    assert api.sandbox.billed == 0


async def test_unknown_fields_are_ignored_and_optional_bodies_may_be_absent(api: Api) -> None:
    # Also those that mean something elsewhere.
    junk = {"voiceId": 5, "scenes": True, "visualStyle": {"type": "AI_IMAGE"}, "imageFileId": "nothing"}
    await api.post(IMAGES, prompt="x", tomorrow={"a": 1}, **junk, aspectRatio={"width": 1, "height": 1, "scenes": 5})
    project = (await api.post("/v1/workflows/prompt-to-video-clip", prompt="x"))["projectId"]
    bodies: list[Any] = [{}, {"content": b""}, {"json": {}}]
    for options in bodies:
        response = await api.request("POST", f"/v1/projects/{project}/export", **options)
        assert response.status_code == 202
    assert api.sandbox.billed == 5


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (CLIPS, {}, "At least one of"),
    (CLIPS, {"prompt": "", "imageFileIds": []}, "At least one of"),
    (CLIPS, {"prompt": "x", "durationSeconds": 31}, "$.durationSeconds"),
    (SCRIPTS, {"script": "x", "visualStyle": {"type": "AI_IMAGE"}}, "aiStyle or entityId"),
    (SCRIPTS, {"script": "x", "visualStyle": {"type": "ENTITY"}}, "$.visualStyle.type"),
    (
        SCRIPTS,
        {"script": "x", "visualStyle": STOCK, "scenes": [{"startSeconds": 2, "endSeconds": 1, "description": "x"}]},
        "greater than",
    ),
    (
        SCRIPTS,
        {
            "script": "x",
            "visualStyle": STOCK,
            "scenes": [
                {"startSeconds": 0, "endSeconds": 3, "description": "x"},
                {"startSeconds": 2, "endSeconds": 4, "description": "x"},
            ],
        },
        "must not overlap",
    ),
    (SCRIPTS, {"script": "x", "visualStyle": STOCK, "remixActions": [{"type": "EDIT_WITH_AGENT"}]}, ".type"),
    (
        SCRIPTS,
        {"script": "x", "visualStyle": STOCK, "remixActions": [{"type": "RESIZE_PROJECT"}]},
        "$.remixActions[0]: 'aspectRatio' is a required property",
    ),
    (
        SCRIPTS,
        {"script": "x", "visualStyle": STOCK, "remixActions": [{"type": "TRANSLATE_PROJECT", "languageCode": "xx"}]},
        "languageCode",
    ),
    ("/v1/workflows/video-to-video", {"prompt": "x"}, "videoFileId and videoUrl"),
    ("/v1/workflows/video-to-video", {"prompt": "x", "videoUrl": "ftp://x/y"}, "http"),
    ("/v1/workflows/prompt-to-video-clip", {"prompt": "x", "durationSeconds": None}, "$.durationSeconds"),
    ("/v1/tools/text-to-speech", {"ttsText": "x", "voiceId": "Studio Jonas"}, "supportsDirectToolExecution"),
    ("/v1/tools/text-to-speech", {"ttsText": "x", "voiceId": "Oliver", "voiceSpeed": 3}, "$.voiceSpeed"),
    ("/v1/webhooks/endpoints", {"url": "http://192.0.2.1", "events": ["file.upload.failed"]}, "https"),
    ("/v1/webhooks/endpoints", {"url": "nonsense", "events": ["file.upload.failed"]}, "https"),
    ("/v1/webhooks/endpoints", {"url": "https://127.0.0.1", "events": []}, "at least one event"),
    ("/v1/webhooks/endpoints", {"url": "https://127.0.0.1", "events": ["a.b"]}, "$.events[0]"),
    ("/v1/files/import-url", {"url": "file:///etc/passwd"}, "http"),
    ("/v1/files/import-url", {"url": 7}, "http"),
    ("/v1/files/upload", {"displayName": "x", "transcript": {"words": []}}, "at least one word"),
    (
        "/v1/files/upload",
        {"displayName": "x", "transcript": {"words": [{"startSeconds": 1, "endSeconds": 1, "word": "a"}]}},
        "greater than",
    ),
    ("/v1/text/generate", {"prompt": "x", "maxOutputTokens": 2001}, "$.maxOutputTokens"),
]


@pytest.mark.parametrize(("path", "body", "words"), REFUSED)
async def test_documented_rules_are_enforced(api: Api, path: str, body: dict[str, Any], words: str) -> None:
    status, code, message = await api.refused(path, **body)
    assert (status, code) == (400, "invalid_request")
    assert words in message
    assert api.sandbox.billed == 0


async def test_files_in_bodies_must_exist_and_fit(api: Api) -> None:
    image = (await api.tool("generate-image", prompt="x"))["results"][0]["fileId"]
    waiting = (await api.post("/v1/files/upload", displayName="x.png", type="IMAGE"))["fileId"]
    cases = [
        ({"imageFileId": f"vg_file_{ABSENT}"}, 404, "not_found"),
        ({"imageFileId": f"vg_proj_{ABSENT}"}, 400, "invalid_id"),
        ({"imageFileId": waiting}, 400, "invalid_request"),
    ]
    for body, status, code in cases:
        assert (await api.refused("/v1/tools/upscale-image", **body))[:2] == (status, code)
    status, _, message = await api.refused("/v1/tools/upscale-video", videoFileId=image)
    assert status == 400
    assert "must be of type VIDEO" in message


async def test_file_ids_inside_remix_actions_are_checked_too(api: Api) -> None:
    image = (await api.tool("generate-image", prompt="x"))["results"][0]["fileId"]
    music = {"type": "SET_BACKGROUND_MUSIC", "fileId": image}
    status, _, message = await api.refused(SCRIPTS, script="x", visualStyle=STOCK, remixActions=[music])
    assert status == 400
    assert "must be of type AUDIO" in message
    logo = {"type": "SET_LOGO", "fileId": image, "position": None}
    none = {"type": "SET_LOGO", "fileId": None}
    await api.post(SCRIPTS, script="x", visualStyle=STOCK, remixActions=[logo, none])


async def test_a_file_that_a_job_will_make_is_not_there_yet(api: Api) -> None:
    await api.post(IMAGES, prompt="x")
    [file_id] = api.sandbox.state.files
    assert (await api.request("GET", f"/v1/files/{file_id}")).status_code == 404
    assert (await api.refused("/v1/tools/upscale-image", imageFileId=file_id))[0] == 404
    api.clock.move(10)
    assert (await api.get(f"/v1/files/{file_id}"))["fileId"] == file_id


async def test_entities_in_bodies_must_exist_and_fit(api: Api) -> None:
    status, code, _ = await api.refused(IMAGES, prompt="x", entityIds=[f"vg_enti_{ABSENT}"])
    assert (status, code) == (404, "not_found")
    theme = (await api.get("/v1/entities", entityType="SLIDESHOW_THEME"))["entities"][0]["entityId"]
    assert (await api.refused(IMAGES, prompt="x", entityIds=[theme]))[0] == 400
    style = {"type": "AI_IMAGE", "entityId": theme}
    assert (await api.refused(SCRIPTS, script="x", visualStyle=style))[0] == 400
    actor = await api.post("/v1/entities", entityType="ACTOR", name="Alex")
    sound = (await api.tool("generate-music", prompt="x"))["results"][0]["fileId"]
    body = {"actorEntityId": actor["entityId"], "audioFileId": sound}
    assert "image reference" in (await api.refused("/v1/tools/generate-avatar", **body))[2]
    await api.post(f"/v1/entities/{actor['entityId']}/archive")
    assert (await api.refused("/v1/tools/generate-avatar", **body))[0] == 404


async def test_voices_go_by_id_or_display_name(api: Api) -> None:
    voices = (await api.get("/v1/resources/tts-voices"))["ttsVoices"]
    path = "/v1/tools/text-to-speech"
    for voice in (voices[0]["voiceId"], voices[0]["displayName"], "Hazel"):
        await api.post(path, ttsText="x", voiceId=voice)
    assert (await api.refused(path, ttsText="x", voiceId="Nobody"))[:2] == (404, "not_found")
    assert (await api.refused(path, ttsText="x", voiceId=f"vg_voic_{ABSENT}"))[:2] == (404, "not_found")
    assert (await api.refused(path, ttsText="x", voiceId=f"vg_file_{ABSENT}"))[:2] == (400, "invalid_id")
    # Workflows take any voice.
    await api.post(SCRIPTS, script="x", visualStyle=STOCK, voiceId="Studio Jonas")


async def test_null_is_not_the_same_as_omitted(api: Api) -> None:
    sound = (await api.tool("generate-music", prompt="x"))["results"][0]["fileId"]
    path = "/v1/workflows/voiceover-to-video"
    extras: list[Any] = [{}, {"captionStyle": None}, {"captionStyle": {}}, {"logoFileId": None}]
    for extra in extras:
        await api.post(path, fileId=sound, visualStyle=STOCK, **extra)
    assert (await api.refused(path, fileId=sound, visualStyle=None))[0] == 400


PAID: list[tuple[str, dict[str, Any]]] = [
    (IMAGES, {"prompt": "x", "watermarkMode": "NONE"}),
    ("/v1/tools/generate-motion-graphic", {"prompt": "x", "subToolModes": {"generateVideoClips": "ENABLED"}}),
    (SCRIPTS, {"script": "x", "visualStyle": STOCK, "autoExport": True, "exportOptions": {"endScreenMode": "NONE"}}),
    (
        SCRIPTS,
        {"script": "x", "visualStyle": STOCK, "remixActions": [{"type": "TRANSLATE_PROJECT", "languageCode": "es"}]},
    ),
]


@pytest.mark.parametrize(("path", "body"), PAID)
async def test_what_needs_a_plan_says_so(api: Api, free: Api, path: str, body: dict[str, Any]) -> None:
    await api.post(path, **body)
    response = await free.request("POST", path, json=body)
    error = response.json()
    assert (response.status_code, error["code"]) == (403, "not_authorized")
    assert error["requirement"] == {"type": "upgrade_plan", "details": {}}
    assert (free.sandbox.billed, api.sandbox.billed) == (0, 1)


async def test_delivery_destinations_need_their_own_field(api: Api) -> None:
    project = (await api.post("/v1/workflows/prompt-to-video-clip", prompt="x"))["projectId"]
    slack: dict[str, Any] = {"integrationConnectionId": "c", "type": "SLACK_CHANNEL", "googleDriveFolderId": "f"}
    path = f"/v1/projects/{project}/export"
    status, _, message = await api.refused(path, deliveryDestinations=[slack])
    assert status == 400
    assert "slackChannelId" in message
    await api.post(path, deliveryDestinations=[{**slack, "slackChannelId": "C1"}])


async def test_remix_needs_an_action(api: Api) -> None:
    project = (await api.post("/v1/workflows/prompt-to-video-clip", prompt="x"))["projectId"]
    assert (await api.refused(f"/v1/projects/{project}/remix", remixActions=[]))[0] == 400
    # This workflow alone takes no remix actions: an unknown field, so it is ignored.
    assert (await api.post("/v1/workflows/prompt-to-video-clip", prompt="x", remixActions=[]))["remixActionIds"] == []


async def test_it_may_be_mounted_under_a_path(sandbox: Sandbox) -> None:
    transport = httpx.ASGITransport(sandbox, root_path="/fake")
    headers = {"authorization": f"Bearer {sandbox.key}"}
    async with httpx.AsyncClient(transport=transport, base_url=f"{URL}/fake", headers=headers) as http:
        made = (await http.post("/v1/files/upload", json={"displayName": "x.txt"})).json()
        assert made["uploadUrl"].startswith(f"{URL}/fake/_storage/")
        assert (await http.put(made["uploadUrl"], content=b"x")).status_code == 200
