"""The media is real: a PNG is a PNG, an MP4 plays, a WAV sounds."""

from __future__ import annotations

import io
import wave
import zipfile
from typing import TYPE_CHECKING, Any

import av
import pytest
from PIL import Image

from aiovideogen.sandbox._media import Blob, MediaCache, Recipe, cook, fit, thumbnail

if TYPE_CHECKING:
    from .conftest import Api

pytestmark = pytest.mark.anyio

WIDE = {"width": 16, "height": 9}
TALL = {"width": 9, "height": 16}


async def result(api: Api, tool: str, **body: Any) -> tuple[Any, bytes]:
    file = (await api.tool(tool, **body))["results"][0]["file"]
    data = (await api.fetch(file["downloadUrl"])).content
    assert len(data) == file["downloadSource"]["fileBytes"]
    return file, data


def frames(data: bytes) -> tuple[Any, list[Any]]:
    container: Any = av.open(io.BytesIO(data), "r")
    with container:
        return container.streams.video[0].codec_context, list(container.decode(video=0))


@pytest.mark.parametrize(
    ("ratio", "size"), [(WIDE, (512, 288)), (TALL, (288, 512)), ({"width": 1, "height": 1}, (512, 512))]
)
async def test_an_image_is_a_png_of_the_asked_ratio(api: Api, ratio: Any, size: tuple[int, int]) -> None:
    file, data = await result(api, "generate-image", prompt="Grüße \u2615", aspectRatio=ratio)
    image = Image.open(io.BytesIO(data))
    image.load()
    assert (image.format, image.size) == ("PNG", size)
    assert (file["downloadSource"]["width"], file["downloadSource"]["height"]) == size


async def test_a_clip_plays_and_its_index_stands_first(api: Api) -> None:
    file, data = await result(api, "generate-video-clip", prompt="x", aspectRatio=TALL)
    context, pictures = frames(data)
    assert (context.width, context.height) == (180, 320)
    assert len(pictures) == 16
    assert file["durationSeconds"] == 2
    assert data.find(b"moov") < data.find(b"mdat")
    first, last = (picture.to_image().tobytes() for picture in pictures[::15])
    assert first != last


@pytest.mark.parametrize(("transparent", "kind"), [({}, "webm"), ({"transparentBackground": False}, "mp4")])
async def test_a_motion_graphic_is_transparent_by_default(api: Api, transparent: Any, kind: str) -> None:
    file, data = await result(api, "generate-motion-graphic", prompt="x", **transparent)
    assert frames(data)[1]
    assert f"download.{kind}" in file["downloadUrl"]
    assert (b"alpha_mode" in data or b"\x53\xc0\x81\x01" in data) == (kind == "webm")


@pytest.mark.parametrize("tool", ["generate-music", "generate-sound-effect"])
async def test_sounds_are_wav(api: Api, tool: str) -> None:
    file, data = await result(api, tool, prompt="x")
    with wave.open(io.BytesIO(data)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        assert any(sound.readframes(1000))
    assert seconds == file["durationSeconds"] == 3


async def test_speech_lasts_with_the_text(api: Api) -> None:
    short = (await result(api, "text-to-speech", ttsText="Hi", voiceId="Noor"))[0]
    longer = (await result(api, "text-to-speech", ttsText="Good morning to you", voiceId="Noor"))[0]
    assert short["durationSeconds"] < longer["durationSeconds"]


async def test_tools_work_on_their_source(api: Api) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    source = await api.upload("red.png", out.getvalue())
    _, cut = await result(api, "remove-image-background", imageFileId=source)
    image = Image.open(io.BytesIO(cut))
    assert (image.mode, image.size) == ("RGBA", (60, 40))
    assert image.getpixel((0, 0)) == (255, 0, 0, 0)
    assert image.getpixel((30, 20)) == (255, 0, 0, 255)
    _, large = await result(api, "upscale-image", imageFileId=source)
    assert Image.open(io.BytesIO(large)).size == (120, 80)
    file, drawing = await result(api, "vectorize-image", imageFileId=source)
    assert drawing.startswith(b"<svg")
    assert file["downloadSource"]["width"] == 512
    _, film = await result(api, "image-3d-effect", imageFileId=source)
    assert frames(film)[0].width == 320


async def test_tools_work_on_what_tools_made(api: Api) -> None:
    image = (await api.tool("generate-image", prompt="x"))["results"][0]["fileId"]
    large = (await api.tool("upscale-image", imageFileId=image))["results"][0]["fileId"]
    _, data = await result(api, "upscale-image", imageFileId=large)
    assert Image.open(io.BytesIO(data)).size == (2048, 1152)


async def test_an_undecodable_source_still_gives_a_result(api: Api) -> None:
    broken = await api.upload("x", b"\x89PNG\r\n\x1a\nbroken")
    _, data = await result(api, "remove-image-background", imageFileId=broken)
    assert Image.open(io.BytesIO(data)).mode == "RGBA"
    video = await api.upload("x", b"\0\0\0\x20ftypisombroken")
    info = await api.post(f"/v1/files/{video}/hydrate")
    assert Image.open(io.BytesIO((await api.fetch(info["thumbnailUrl"])).content)).format == "JPEG"


async def test_an_uploaded_film_is_measured_and_gets_a_thumbnail(api: Api) -> None:
    film = cook(Recipe("mp4"), None).data
    info = await api.post(f"/v1/files/{await api.upload('film', film)}/hydrate")
    assert (info["type"], info["durationSeconds"]) == ("VIDEO", 2)
    assert (info["downloadSource"]["width"], info["downloadSource"]["height"]) == (320, 180)
    thumb = Image.open(io.BytesIO((await api.fetch(info["thumbnailUrl"])).content))
    assert thumb.size == (info["thumbnailSource"]["width"], info["thumbnailSource"]["height"])


async def test_results_differ_from_each_other_and_equal_ones_share_the_work(api: Api) -> None:
    executions = [await api.tool("generate-image", prompt="Same", numResults=10) for _ in range(5)]
    files = [item["file"] for execution in executions for item in execution["results"]]
    etags = {(await api.fetch(file["downloadUrl"])).headers["etag"] for file in files}
    assert len(etags) == 8


def test_equal_recipes_give_equal_bytes() -> None:
    for kind in ("png", "mp4", "webm", "wav", "svg", "jpeg"):
        assert cook(Recipe(kind, variant=3), None) == cook(Recipe(kind, variant=3), None)


def test_a_bundle_holds_the_document_and_the_media() -> None:
    blob = cook(Recipe("zip", text="<fcpxml/>", source="fcpxml"), None)
    with zipfile.ZipFile(io.BytesIO(blob.data)) as archive:
        assert archive.namelist() == ["timeline.fcpxml", "media/scene-1.mp4"]
    assert blob == cook(Recipe("zip", text="<fcpxml/>", source="fcpxml"), None)


def test_the_cache_forgets_the_oldest() -> None:
    cache = MediaCache(limit=100)
    for key in range(5):
        cache.make(key, lambda: Blob("text/plain", 40, "e"))
    cache.make(3, lambda: pytest.fail("it is there"))
    assert [cache.peek(key) is not None for key in range(5)] == [False, False, False, True, True]


def test_sizes_are_even_and_never_tiny() -> None:
    assert fit((1, 1000), 512) == (16, 512)
    assert fit((1000, 333), 320) == (320, 106)


def test_the_thumbnail_of_no_picture_is_a_gradient() -> None:
    blob = thumbnail(Blob("image/png", 3, "e", b"no!"))
    assert (blob.width, blob.height) == (256, 256)
