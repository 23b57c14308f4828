"""Uploads, storage, downloads, lists, search, previews, imports."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from aiovideogen.sandbox import JobScript, Sandbox

from .conftest import Api, Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

pytestmark = pytest.mark.anyio

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def picture(size: tuple[int, int] = (40, 20), format_: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format_)
    return out.getvalue()


async def source_of(api: Api, file_id: str, name: str = "downloadSource") -> dict[str, Any]:
    return (await api.post(f"/v1/files/{file_id}/hydrate"))[name]


async def test_an_upload_over_time(api: Api) -> None:
    made = await api.post("/v1/files/upload", displayName="Harbour")
    path = f"/v1/files/{made['fileId']}"
    waiting = await api.post(f"{path}/hydrate")
    assert (waiting["type"], waiting["downloadUrl"]) == (None, None)
    assert waiting["downloadSource"]["status"] == waiting["thumbnailSource"]["status"] == "pending"
    data = picture()
    stored = await api.http.put(made["uploadUrl"], content=data)
    assert stored.status_code == 200
    assert stored.headers["etag"]
    api.clock.move(0.1)
    assert (await source_of(api, made["fileId"]))["status"] == "pending"
    api.clock.move(0.2)
    ready = await api.post(f"{path}/hydrate")
    assert ready["type"] == "IMAGE"
    assert ready["downloadSource"] | {"url": ""} == {
        "status": "ready",
        "url": "",
        "expiresAt": int(api.clock.now + 7 * 86400),
        "width": 40,
        "height": 20,
        "fileBytes": len(data),
    }
    assert (await api.fetch(ready["downloadUrl"])).content == data
    thumbnail = await api.fetch(ready["thumbnailUrl"])
    assert Image.open(io.BytesIO(thumbnail.content)).format == "JPEG"


async def test_a_get_leaves_signed_sources_out(api: Api) -> None:
    file_id = await api.upload("x.png", picture())
    shown = await api.get(f"/v1/files/{file_id}")
    assert shown["downloadUrl"] is None
    assert "downloadSource" not in shown
    assert shown["type"] == "IMAGE"


async def test_analysis_comes_later(api: Api) -> None:
    file_id = await api.upload("A red bicycle", picture())
    api.clock.move(-9.7)
    states: list[tuple[str, float]] = []
    for _ in range(2):
        state = (await api.get(f"/v1/files/{file_id}"))["fileAnalysisMetadata"]
        states.append((state["analysisLoadingState"], state["analysisProgressPercentage"]))
        api.clock.move(10)
    assert states == [("LOADING", 50), ("FULFILLED", 100)]


SAMPLES = [
    ("x", picture(), "IMAGE", "image/png"),
    ("x", picture(format_="JPEG"), "IMAGE", "image/jpeg"),
    ("x", picture(format_="GIF"), "IMAGE", "image/gif"),
    ("x", picture(format_="WEBP"), "IMAGE", "image/webp"),
    ("x", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "IMAGE", "image/svg+xml"),
    ("x", b"%PDF-1.7", "PDF", "application/pdf"),
    ("x", b"ID3\x04", "AUDIO", "audio/mpeg"),
    ("x", b"RIFF\0\0\0\0WAVE", "AUDIO", "audio/wav"),
    ("x", b"\0\0\0\x20ftypisom", "VIDEO", "video/mp4"),
    ("x", b"\0\0\0\x20ftypM4A ", "AUDIO", "audio/mp4"),
    ("x", b"\x1aE\xdf\xa3", "VIDEO", "video/webm"),
    ("x", b'{"v": "5.7"}', "TEXT", "application/json"),
    ("x", "schöne Worte".encode(), "TEXT", "text/plain"),
    ("talk.mp4", b"\xff\xfe\0 not really", "VIDEO", "video/mp4"),
    ("x", b"\xff\xfe\0", None, "application/octet-stream"),
]


@pytest.mark.parametrize(("name", "data", "type_", "mime"), SAMPLES)
async def test_the_type_is_inferred_from_the_bytes(
    api: Api, name: str, data: bytes, type_: str | None, mime: str
) -> None:
    info = await api.post(f"/v1/files/{await api.upload(name, data)}/hydrate")
    assert info["type"] == type_
    response = await api.fetch(info["downloadUrl"])
    assert (response.content, response.headers["content-type"]) == (data, mime)


async def test_a_declared_type_is_kept_and_sets_the_sources(api: Api) -> None:
    info = await api.post(f"/v1/files/{await api.upload('x', b'{}', type='LOTTIE')}/hydrate")
    assert info["type"] == "LOTTIE"
    statuses = {name: info[f"{name}Source"]["status"] for name in ("thumbnail", "download", "hls")}
    assert statuses == {"thumbnail": "skipped", "download": "ready", "hls": "skipped"}
    audio = await api.post(f"/v1/files/{await api.upload('x', b'ID3', type='AUDIO')}/hydrate")
    assert (audio["thumbnailUrl"], audio["thumbnailSource"]["status"]) == (None, "skipped")


@pytest.mark.parametrize(("data", "type_"), [(b"", None), (b"%PDF-1.7", "IMAGE"), (picture(), "AUDIO")])
async def test_an_empty_or_contradicting_upload_fails(api: Api, data: bytes, type_: str | None) -> None:
    file_id = await api.upload("x", data, **({"type": type_} if type_ else {}))
    assert (await source_of(api, file_id))["status"] == "failed"


async def test_a_given_transcript_is_kept(api: Api) -> None:
    words = [{"startSeconds": 0, "endSeconds": 1, "word": "Good"}, {"startSeconds": 1, "endSeconds": 2, "word": "day"}]
    file_id = await api.upload("x", b"ID3", transcript={"words": words})
    info = await api.get(f"/v1/files/{file_id}")
    assert (info["transcriptText"], info["transcript"]["words"]) == ("Good day", words)
    image = await api.upload("x", picture(), transcript={"words": words})
    assert (await api.get(f"/v1/files/{image}"))["transcript"] is None


def error_code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/xml"
    return response.status_code, response.text.partition("<Code>")[2].partition("<")[0]


async def test_a_put_needs_a_length_and_an_untouched_url(api: Api) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"data"

    url = (await api.post("/v1/files/upload", displayName="x"))["uploadUrl"]
    assert error_code(await api.http.put(url, content=parts())) == (411, "MissingContentLength")
    assert error_code(await api.http.put(f"{url}&x=1", content=b"x"))[0] == 403
    assert error_code(await api.http.put(url.replace("Signature=", "Signature=A"), content=b"x"))[0] == 403
    assert error_code(await api.http.get(url)) == (405, "MethodNotAllowed")
    longer = {"content-length": "9"}
    assert error_code(await api.http.put(url, content=parts(), headers=longer)) == (400, "IncompleteBody")
    api.clock.move(901)
    assert error_code(await api.http.put(url, content=b"x")) == (403, "AccessDenied")


async def test_a_repeated_put_replaces_the_bytes(api: Api) -> None:
    made = await api.post("/v1/files/upload", displayName="x.txt")
    for data in (b"one", b"two"):
        await api.http.put(made["uploadUrl"], content=data)
    api.clock.move(1)
    source = await source_of(api, made["fileId"])
    assert (await api.fetch(source["url"])).content == b"two"
    assert len(list(api.sandbox.state.folder().iterdir())) == 1


async def test_big_bodies_come_back_whole(api: Api) -> None:
    data = bytes(range(256)) * 4096 * 3 + b"end"
    source = await source_of(api, await api.upload("x.bin", data))
    assert source["fileBytes"] == len(data)
    assert (await api.fetch(source["url"])).content == data


DATA = b"0123456789" * 10


@pytest.fixture
async def url(api: Api) -> str:
    return (await source_of(api, await api.upload("x.bin", DATA)))["url"]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=95-", 95, 100),
        ("bytes=-5", 95, 100),
        ("bytes=90-500", 90, 100),
        ("bytes=-500", 0, 100),
    ],
)
async def test_a_range_is_answered_with_206(api: Api, url: str, asked: str, start: int, stop: int) -> None:
    response = await api.http.get(url, headers={"range": asked})
    assert response.status_code == 206
    assert response.content == DATA[start:stop]
    assert response.headers["content-range"] == f"bytes {start}-{stop - 1}/100"
    assert response.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=200-300", "bytes=-0"])
async def test_a_range_beyond_the_end_is_416(api: Api, url: str, asked: str) -> None:
    response = await api.http.get(url, headers={"range": asked})
    assert error_code(response) == (416, "InvalidRange")
    assert response.headers["content-range"] == "bytes */100"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "items=0-1", "bytes=5-1", "bytes=-", "nonsense"])
async def test_other_ranges_are_ignored(api: Api, url: str, asked: str) -> None:
    response = await api.http.get(url, headers={"range": asked})
    assert (response.status_code, response.content) == (200, DATA)


async def test_conditional_downloads(api: Api, url: str) -> None:
    whole = await api.fetch(url)
    etag = whole.headers["etag"]
    assert etag.startswith('"')
    assert whole.headers["accept-ranges"] == "bytes"
    part = {"range": "bytes=0-4"}
    assert (await api.http.get(url, headers={**part, "if-range": etag})).status_code == 206
    for stale in ('"other"', "Mon, 21 Sep 2026 14:13:20 GMT"):
        assert (await api.http.get(url, headers={**part, "if-range": stale})).status_code == 200
    for tags, status in ((f'"x", {etag}', 200), ("*", 200), ('"x"', 412), (f"W/{etag}", 412)):
        assert (await api.http.get(url, headers={"if-match": tags})).status_code == status
    fresh = await api.http.get(url, headers={"if-none-match": f'"x", {etag}'})
    assert (fresh.status_code, fresh.content) == (304, b"")
    head = await api.http.head(url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "100", b"")


async def test_a_signed_url_expires_and_breaks_when_altered(api: Api, url: str) -> None:
    assert error_code(await api.http.get(f"{url}&download=1")) == (403, "SignatureDoesNotMatch")
    assert error_code(await api.http.get(url.partition("?")[0])) == (403, "SignatureDoesNotMatch")
    assert error_code(await api.http.get(url.replace("download", "preview")))[0] == 403
    api.clock.move(7 * 86400 - 1)
    assert (await api.http.get(url)).status_code == 200
    api.clock.move(1)
    assert error_code(await api.http.get(url)) == (403, "AccessDenied")


async def test_a_key_sent_to_storage_is_counted_as_a_leak(api: Api, url: str) -> None:
    await api.fetch(url)
    assert api.sandbox.leaks == 0
    await api.http.get(url, headers=api.key)
    assert api.sandbox.leaks == 1


async def test_storage_answers_only_to_what_it_signed(api: Api) -> None:
    other = Api(Sandbox(clock=api.clock, seed=2), api.clock)
    async with other.http:
        source = await source_of(other, await other.upload("x.bin", DATA))
    assert error_code(await api.http.get(source["url"]))[0] == 403
    for path in ("/_storage", "/_storage/x", "/_storage/catalogue/x/image.png", "/_storage/public/x/y.png"):
        assert (await api.http.get(path)).status_code in (404, 405)


async def test_files_come_newest_updated_first_with_filters(api: Api) -> None:
    first = await api.upload("one.txt", b"1")
    second = await api.upload("two.txt", b"2")
    run = await api.post("/v1/workflows/prompt-to-video-clip", prompt="x", autoExport=True)
    api.clock.move(100)
    export = (await api.get(f"/v1/workflows/runs/{run['workflowRunId']}"))["exportFileId"]

    async def ids(**query: Any) -> list[str]:
        return [file["fileId"] for file in (await api.get("/v1/files", **query))["files"]]

    assert await ids() == [second, first]
    assert await ids(includeExportFiles=True) == [export, second, first]
    await api.post(f"/v1/files/{first}/enable-public-preview")
    assert await ids() == [first, second]
    assert (await api.post(f"/v1/files/{second}/archive"))["fileId"] == second
    assert await ids() == [first]
    assert (await api.get(f"/v1/files/{second}"))["fileId"] == second


async def test_a_list_signs_nothing_anew(api: Api) -> None:
    file_id = await api.upload("one.txt", b"1")
    assert (await api.get("/v1/files"))["files"][0]["downloadUrl"] is None
    source = await source_of(api, file_id)
    api.clock.move(1000)
    listed = (await api.get("/v1/files"))["files"][0]
    assert listed["downloadUrlExpiresAt"] == source["expiresAt"]
    assert (await source_of(api, file_id))["expiresAt"] == source["expiresAt"] + 1000


async def test_search_ranks_described_files(api: Api) -> None:
    best = await api.upload("red bicycle", picture())
    other = await api.upload("A bicycle in the rain at night", picture())
    await api.upload("boat", picture())
    await api.upload("red bicycle", picture(), isTemporary=True)
    found = (await api.post("/v1/files/search", query="Red bicycle"))["results"]
    assert [item["file"]["fileId"] for item in found] == [best, other]
    assert found[0]["similarity"] == 1
    assert len((await api.post("/v1/files/search", query="bicycle", numResults=1))["results"]) == 1


async def test_a_public_preview_is_permanent_until_it_is_disabled(api: Api) -> None:
    video = (await api.tool("generate-video-clip", prompt="x"))["results"][0]["fileId"]
    path = f"/v1/files/{video}"
    shown = await api.post(f"{path}/enable-public-preview")
    assert shown["staticPublicPreviewSource"]["expiresAt"] is None
    assert shown["publicPlaybackId"] is None
    api.clock.move(1)
    shown = await api.get(path)
    assert shown["publicPlaybackId"].startswith("vg_play_")
    playlist = await api.fetch(shown["publicHlsUrl"])
    assert playlist.text.startswith("#EXTM3U")
    media = next(line for line in playlist.text.splitlines() if line.startswith("/"))
    assert (await api.fetch(media)).headers["content-type"] == "video/mp4"
    api.clock.move(1e9)
    url = shown["staticPublicPreviewSource"]["url"]
    await api.fetch(url)
    private = (await source_of(api, video))["url"]
    hidden = await api.post(f"{path}/disable-public-preview")
    assert (hidden["isPublicPreviewEnabled"], hidden["staticPublicPreviewSource"]) == (False, None)
    assert error_code(await api.http.get(url)) == (404, "NoSuchKey")
    await api.fetch(private)
    api.clock.move(1)
    again = await api.post(f"{path}/enable-public-preview")
    assert again["staticPublicPreviewSource"]["url"] != url


async def test_images_never_get_a_playback_id(api: Api) -> None:
    image = await api.upload("x.png", picture())
    await api.post(f"/v1/files/{image}/enable-public-preview")
    api.clock.move(100)
    shown = await api.get(f"/v1/files/{image}")
    assert (shown["publicPlaybackId"], shown["publicHlsUrl"]) == (None, None)
    assert (await api.fetch(shown["staticPublicPreviewSource"]["url"])).content == picture()


async def test_streams_are_ready_a_moment_after_the_file(api: Api) -> None:
    video = (await api.tool("generate-video-clip", prompt="x"))["results"][0]["file"]
    assert video["hlsSource"]["status"] == "ready"
    playlist = await api.fetch(video["hlsSource"]["url"])
    media = next(line for line in playlist.text.splitlines() if line.startswith("/"))
    assert (await api.fetch(media)).status_code == 200


@pytest.mark.parametrize(
    ("leaf", "type_"),
    [("cat.png", "IMAGE"), ("cat.MP4", "VIDEO"), ("meow.mp3", "AUDIO"), ("cat.txt", "TEXT"), ("", "TEXT")],
)
async def test_an_import_becomes_a_file(api: Api, leaf: str, type_: str) -> None:
    made = await api.post("/v1/files/import-url", anyName=f"https://127.0.0.1/{leaf}?v=1", note="mine")
    path = f"/v1/files/imports/{made['fileImportId']}"
    assert (await api.get(path))["fileId"] is None
    api.clock.move(10)
    done = await api.get(path)
    info = await api.post(f"/v1/files/{done['fileId']}/hydrate")
    assert (done["status"], info["type"]) == ("succeeded", type_)
    assert (await api.fetch(info["downloadUrl"])).content


async def test_a_failed_import_makes_no_file(api: Api) -> None:
    api.sandbox.script_job(JobScript("failed"))
    made = await api.post("/v1/files/import-url", url="https://127.0.0.1/cat.png")
    api.clock.move(10)
    shown = await api.get(f"/v1/files/imports/{made['fileImportId']}")
    assert (shown["status"], shown["fileId"]) == ("failed", None)
    assert shown["error"]["message"]
    assert (await api.get("/v1/files"))["files"] == []


async def test_the_window_of_an_upload_and_the_life_of_urls_can_be_set(clock: Clock) -> None:
    client = Api(Sandbox(clock=clock, url_seconds=5, upload_seconds=1, file_seconds=0), clock)
    async with client.http:
        made = await client.post("/v1/files/upload", displayName="x.json")
        await client.http.put(made["uploadUrl"], content=json.dumps([1]).encode())
        source = await source_of(client, made["fileId"])
        assert source["expiresAt"] == int(clock.now + 5)
        clock.move(5)
        assert (await client.http.get(source["url"])).status_code == 403
        assert (await client.http.put(made["uploadUrl"], content=b"x")).status_code == 403
