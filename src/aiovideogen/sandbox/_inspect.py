"""Tell what uploaded bytes are."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

from . import _video
from ._media import Blob

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 4096
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_TYPES = {"application/pdf": "PDF", _MAGIC[-1][2]: "SLIDESHOW", "application/json": "TEXT"}
_FAMILIES = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO", "text": "TEXT"}
# Types that mean one thing: bytes of another of these contradict them.
_DEFINITE = frozenset({"IMAGE", "VIDEO", "AUDIO"})


def sniff(head: bytes, name: str) -> str:
    """Return the MIME type that the first bytes show, else the name's extension."""
    for offset, magic, mime in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return mime
    text = head.lstrip()
    if text.startswith((b"<svg", b"<?xml")) and b"<svg" in text:
        return "image/svg+xml"
    if text.startswith((b"{", b"[")):
        return "application/json"
    return mimetypes.guess_type(name)[0] or _text_or_bytes(head)


def _text_or_bytes(head: bytes) -> str:
    try:
        # A character may be cut at the end of the sample.
        head[: max(0, len(head) - 3)].decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if b"\0" in head else "text/plain"


def file_type(mime: str) -> str | None:
    """Return the API's file type of a MIME type, None for what it has no type for."""
    return _TYPES.get(mime) or _FAMILIES.get(mime.partition("/")[0])


def contradicts(declared: str | None, mime: str, head: bytes) -> bool:
    """Say whether the bytes surely are something else than they were declared as."""
    shown = file_type(mime) if any(head[at : at + len(m)] == m for at, m, _ in _MAGIC) else None
    definite = shown in _DEFINITE or shown == "PDF"
    return declared in _DEFINITE and definite and shown != declared


def inspect(path: Path, size: int, etag: str, mime: str) -> Blob:
    """Measure a file on disk; blocks."""
    width = height = seconds = None
    if mime.startswith("image/"):
        width, height = _image_size(path)
    elif mime.startswith(("video/", "audio/")):
        width, height, seconds = _video.probe(path)
    return Blob(mime, size, etag, b"", path, width, height, seconds)


def _image_size(path: Path) -> tuple[int | None, int | None]:
    from PIL import Image

    try:
        with Image.open(path) as image:
            return image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None, None
