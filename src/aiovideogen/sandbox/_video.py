"""The only module that uses PyAV: encode small clips, look into given ones."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

FRAMES_A_SECOND = 8
# Without it a WebM carries a random id, and bytes made again would have another ETag.
EXACT = {"fflags": "+bitexact"}


def mp4(frame: Image, seconds: float) -> bytes:
    """Encode a clip that moves across `frame`; its index stands first, so that it streams."""
    options = {"preset": "ultrafast", "crf": "30"}
    fast_start = {"movflags": "+faststart", **EXACT}
    return _encode(frame, seconds, "mp4", ["libx264", "mpeg4"], "yuv420p", options, fast_start)


def webm(frame: Image, seconds: float) -> bytes:
    """Encode a clip with a transparent background, where the encoder can; else an opaque one."""
    options = {"cpu-used": "8", "deadline": "realtime", "auto-alt-ref": "0"}
    frame = _faded(frame)
    return _encode(frame, seconds, "webm", ["libvpx-vp9", "vp9"], "yuva420p", options, EXACT)


def _faded(frame: Image) -> Image:
    from PIL import Image

    alpha: Any = Image.radial_gradient("L")
    faded = frame.convert("RGBA")
    faded.putalpha(Image.eval(alpha.resize(frame.size), _inverted))
    return faded


def _inverted(value: int) -> int:
    return max(0, 255 - value * 2)


def _encode(
    frame: Image,
    seconds: float,
    format_: str,
    codecs: list[str],
    pixels: str,
    options: dict[str, str],
    container_options: dict[str, str],
) -> bytes:
    import av
    from PIL import ImageChops

    frames: Any = av.VideoFrame

    # faststart reads the file again while it closes it: a buffer in memory does not do.
    with tempfile.TemporaryDirectory(prefix="videogen-sandbox-") as folder:
        path = Path(folder) / f"clip.{format_}"
        with av.open(str(path), "w", format=format_, options=container_options) as container:
            writer: Any = container
            codec = next(name for name in codecs if _can_encode(name))
            stream: Any = writer.add_stream(codec, rate=FRAMES_A_SECOND)
            stream.width, stream.height = frame.size
            stream.pix_fmt = pixels if _has_format(codec, pixels) else "yuv420p"
            stream.codec_context.thread_count = 1
            stream.options = options if codec.startswith("lib") else {}
            count = round(seconds * FRAMES_A_SECOND)
            for index in range(count):
                picture = ImageChops.offset(frame, index * frame.width // count, 0)
                writer.mux(stream.encode(frames.from_image(picture)))
            writer.mux(stream.encode(None))
        return path.read_bytes()


def _can_encode(name: str) -> bool:
    from av.codec import Codec
    from av.codec.codec import UnknownCodecError

    try:
        Codec(name, "w")
    except UnknownCodecError:
        return False
    return True


def _has_format(codec: str, pixels: str) -> bool:
    from av.codec import Codec

    return any(item.name == pixels for item in Codec(codec, "w").video_formats or [])


def first_frame(source: Path | IO[bytes]) -> Image | None:
    """Return a video's first frame, None when it can't be decoded."""
    import av
    from av.error import FFmpegError

    try:
        with av.open(str(source) if isinstance(source, Path) else source, "r") as container:
            reader: Any = container
            frame = next(reader.decode(video=0), None)
            return frame.to_image() if frame else None
    except (FFmpegError, IndexError):
        return None


def probe(path: Path) -> tuple[int | None, int | None, float | None]:
    """Return width, height and seconds of a media file, None for what it doesn't say."""
    import av
    from av.error import FFmpegError

    try:
        with av.open(str(path), "r") as container:
            seconds = container.duration / av.time_base if container.duration else None
            video = container.streams.video[0] if container.streams.video else None
            return (video.width, video.height, seconds) if video else (None, None, seconds)
    except (FFmpegError, ValueError):
        return None, None, None
