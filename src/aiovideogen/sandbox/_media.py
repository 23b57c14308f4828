"""Real media from recipes: equal recipes give equal bytes, made once."""

from __future__ import annotations

import hashlib
import io
import math
import threading
import wave
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from . import _video

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL.Image import Image

IMAGE_SIDE = 512
VIDEO_SIDE = 320
THUMBNAIL_SIDE = 256
VARIANTS = 8
WAVE_RATE = 16_000
CACHE_BYTES = 128 * 1024 * 1024

KINDS: dict[str, tuple[str, str]] = {
    "png": ("image/png", "png"),
    "cutout": ("image/png", "png"),
    "upscale": ("image/png", "png"),
    "jpeg": ("image/jpeg", "jpg"),
    "svg": ("image/svg+xml", "svg"),
    "mp4": ("video/mp4", "mp4"),
    "webm": ("video/webm", "webm"),
    "wav": ("audio/wav", "wav"),
    "fcpxml": ("application/xml", "fcpxml"),
    "xml": ("application/xml", "xml"),
    "otio": ("application/json", "otio"),
    "srt": ("application/x-subrip", "srt"),
    "zip": ("application/zip", "zip"),
    "text": ("text/plain; charset=utf-8", "txt"),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a file's bytes depend on, and so the key they are cached under.

    `source` is the id of the file it starts from; for a zip the extension of the document inside.
    """

    kind: str
    ratio: tuple[int, int] = (16, 9)
    seconds: float = 2.0
    text: str = ""
    variant: int = 0
    source: str = ""

    @property
    def extension(self) -> str:
        return KINDS[self.kind][1]


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes with what is known about them; in memory, or on disk when uploaded."""

    mime: str
    size: int
    etag: str
    data: bytes = b""
    path: Path | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None

    def read(self) -> bytes:
        """Return all bytes; blocks when they are on disk."""
        return self.path.read_bytes() if self.path else self.data


@dataclass(frozen=True, slots=True)
class Made:
    """What a maker returns."""

    data: bytes
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


class MediaCache:
    """Make media on demand and keep the latest of it."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._blobs: OrderedDict[object, Blob] = OrderedDict()
        # Media is made in worker threads: one at a time, so that nothing is made twice.
        self._lock = threading.RLock()

    def peek(self, key: object) -> Blob | None:
        """Return what is there already."""
        return self._blobs.get(key)

    def make(self, key: object, maker: Callable[[], Blob]) -> Blob:
        """Return the blob of a key, made now if need be; blocks, so call it in a thread."""
        with self._lock:
            blob = self._blobs.pop(key, None) or maker()
            self._blobs[key] = blob
            self._size = sum(item.size for item in self._blobs.values())
            while self._size > self._limit and len(self._blobs) > 1:
                self._size -= self._blobs.popitem(last=False)[1].size
            return blob


def cook(recipe: Recipe, source: Blob | None) -> Blob:
    """Make the bytes of a recipe; `source` is the file it starts from, if any."""
    made = MAKERS.get(recipe.kind, _text)(recipe, source)
    etag = hashlib.sha256(made.data).hexdigest()[:32]
    mime = KINDS[recipe.kind][0]
    size = len(made.data)
    return Blob(mime, size, etag, made.data, None, made.width, made.height, made.seconds)


def thumbnail(blob: Blob) -> Blob:
    """Make the small JPEG of an image or of a video's first frame."""
    image = _decode(blob) or gradient((THUMBNAIL_SIDE, THUMBNAIL_SIDE), 0)
    image = image.convert("RGB")
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    data = _encoded(image, "JPEG", quality=80)
    etag = hashlib.sha256(data).hexdigest()[:32]
    return Blob("image/jpeg", len(data), etag, data, None, image.width, image.height)


def fit(ratio: tuple[int, int], side: int) -> tuple[int, int]:
    """Return even pixel sizes of a ratio whose longer side is `side`."""
    longest = max(ratio)
    width, height = (max(16, round(side * part / longest / 2) * 2) for part in ratio)
    return width, height


def resized(image: Image, size: tuple[int, int]) -> Image:
    """Scale an image."""
    return cast("Any", image).resize(size)  # its annotation needs numpy


def gradient(size: tuple[int, int], variant: int) -> Image:
    """Paint a background whose colours depend on the variant."""
    from PIL import Image

    ramp = Image.linear_gradient("L")
    planes = [resized(ramp.rotate(angle), size) for angle in (0, 90, 180)]
    turn = variant % 3
    flat = Image.new("L", size, 40 + 25 * (variant % VARIANTS))
    ordered = [*planes[turn:], *planes[:turn]]
    return Image.merge("RGB", (ordered[0], flat, ordered[1]))


def _decode(blob: Blob | None) -> Image | None:
    from PIL import Image

    if blob is None:
        return None
    try:
        if blob.mime.startswith("video/"):
            return _video.first_frame(blob.path or io.BytesIO(blob.data))
        with Image.open(blob.path or io.BytesIO(blob.data)) as image:
            image.thumbnail((2048, 2048))
            return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _encoded(image: Image, format_: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def _png_made(image: Image) -> Made:
    data = _encoded(image, "PNG", compress_level=1)
    return Made(data, image.width, image.height)


def _png(recipe: Recipe, source: Blob | None) -> Made:
    return _png_made(_drawn(recipe, source))


def _jpeg(recipe: Recipe, source: Blob | None) -> Made:
    image = _drawn(recipe, source)
    return Made(_encoded(image, "JPEG", quality=85), image.width, image.height)


def _drawn(recipe: Recipe, _: Blob | None) -> Image:
    from PIL import ImageDraw, ImageFont

    image = gradient(fit(recipe.ratio, IMAGE_SIDE), recipe.variant)
    text = recipe.text[:80].encode("latin-1", "replace").decode("latin-1")
    font = ImageFont.load_default_imagefont()
    ImageDraw.Draw(image).text((8, image.height - 16), text, fill="white", font=font)
    return image


def _cutout(recipe: Recipe, source: Blob | None) -> Made:
    from PIL import Image, ImageChops, ImageDraw

    image = _decode(source) or _drawn(recipe, source).convert("RGBA")
    mask = Image.new("L", image.size, 0)
    margin_x, margin_y = image.width // 8, image.height // 8
    box = (margin_x, margin_y, image.width - margin_x, image.height - margin_y)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    image.putalpha(ImageChops.multiply(image.getchannel("A"), mask))
    return _png_made(image)


def _upscale(recipe: Recipe, source: Blob | None) -> Made:
    image = _decode(source) or _drawn(recipe, source)
    factor = 2 if max(image.size) <= 2048 else 1
    return _png_made(resized(image, (image.width * factor, image.height * factor)))


def _svg(recipe: Recipe, _: Blob | None) -> Made:
    width, height = fit(recipe.ratio, IMAGE_SIDE)
    hue = recipe.variant * 360 // VARIANTS
    data = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><rect width="100%" height="100%" '
        f'fill="hsl({hue},60%,85%)"/><circle cx="{width // 2}" cy="{height // 2}" '
        f'r="{min(width, height) // 3}" fill="hsl({hue},70%,40%)"/></svg>\n'
    )
    return Made(data.encode(), width, height)


def _film(recipe: Recipe, _: Blob | None) -> Made:
    size = fit(recipe.ratio, VIDEO_SIDE)
    seconds = min(max(recipe.seconds, 1.0), 2.0)
    frame = gradient(size, recipe.variant)
    encode = _video.webm if recipe.kind == "webm" else _video.mp4
    return Made(encode(frame, seconds), *size, seconds)


def _wav(recipe: Recipe, _: Blob | None) -> Made:
    seconds = min(max(recipe.seconds, 0.5), 3.0)
    count = int(seconds * WAVE_RATE)
    step = 2 * math.pi * (220 + 55 * recipe.variant) / WAVE_RATE
    fade = WAVE_RATE // 50
    samples = array(
        "h", (int(9000 * min(1.0, i / fade, (count - i) / fade) * math.sin(step * i)) for i in range(count))
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(WAVE_RATE)
        file.writeframes(samples.tobytes())
    return Made(out.getvalue(), seconds=seconds)


def _text(recipe: Recipe, _: Blob | None) -> Made:
    return Made(recipe.text.encode("utf-8", "replace"))


def _zip(recipe: Recipe, _: Blob | None) -> Made:
    import zipfile

    out = io.BytesIO()
    film = _film(Recipe("mp4", recipe.ratio, recipe.seconds, variant=recipe.variant), None)
    with zipfile.ZipFile(out, "w") as archive:
        # A fixed date keeps the bytes, and with them the ETag, the same.
        archive.writestr(zipfile.ZipInfo(f"timeline.{recipe.source}"), _text(recipe, None).data)
        archive.writestr(zipfile.ZipInfo("media/scene-1.mp4"), film.data)
    return Made(out.getvalue())


MAKERS: dict[str, Callable[[Recipe, Blob | None], Made]] = {
    "png": _png,
    "jpeg": _jpeg,
    "cutout": _cutout,
    "upscale": _upscale,
    "svg": _svg,
    "mp4": _film,
    "webm": _film,
    "wav": _wav,
    "zip": _zip,
}
