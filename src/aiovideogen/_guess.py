"""What a file is, by its first bytes and its name (layer 2): pure.

The server finds the type by itself, save LOTTIE, and takes a wrong one for a broken file. So a type is stated only
where bytes and name leave no doubt: a container that may hold sound alone counts as video only if it is named so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from .models import FileType

__all__ = ["CONTENT_TYPES", "HEAD_BYTES", "Guess", "guess", "must_have_content_type", "telling"]

HEAD_BYTES = 4096

_PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (8, b"WAVE", "audio/wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftypM4A", "audio/mp4"),
    (0, b"%PDF-", "application/pdf"),
)
"""Bytes that mean one thing, whatever the name."""

_CONTAINERS: tuple[tuple[int, bytes, frozenset[str]], ...] = (
    (4, b"ftyp", frozenset({"video/mp4", "video/quicktime", "video/x-m4v", "audio/mp4"})),
    (0, b"\x1aE\xdf\xa3", frozenset({"video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"})),
    (0, b"OggS", frozenset({"audio/ogg", "video/ogg"})),
    (8, b"AVI ", frozenset({"video/x-msvideo"})),
    (0, b"PK\x03\x04", frozenset({_PRESENTATION})),
)
"""Bytes that may hold this or that: the name says what."""

CONTENT_TYPES = {
    ".aac": "audio/aac",
    ".avi": "video/x-msvideo",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".m4v": "video/x-m4v",
    ".md": "text/markdown",
    ".mka": "audio/x-matroska",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": _PRESENTATION,
    ".srt": "application/x-subrip",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".webm": "video/webm",
    ".webp": "image/webp",
}
"""By extension. Python's own table differs from system to system, and reads files when it is first used."""

_TYPES: dict[str, FileType] = {"application/pdf": "PDF", _PRESENTATION: "SLIDESHOW"}
_FAMILIES: dict[str, FileType] = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO"}
_OPEN = frozenset({"image/gif", "image/svg+xml"})
"""Whether moving or drawn pictures count as images isn't documented."""


class Guess(NamedTuple):
    """The API's type of a file, and its MIME type; each None where there is doubt."""

    type: FileType | None
    content_type: str | None


def guess(name: str | None, head: bytes | None) -> Guess:
    """Guess what a file is; `head` are its first HEAD_BYTES, None where they can't be looked at before the rest."""
    extension = _extension(name)
    if extension == ".lottie" or (head is not None and _is_lottie(head)):
        return Guess("LOTTIE", "application/zip" if extension == ".lottie" else "application/json")
    named = CONTENT_TYPES.get(extension)
    mime = named if head is None else _by_bytes(head, named)
    if mime is None or mime in _OPEN:
        return Guess(None, mime)
    return Guess(_TYPES.get(mime) or _FAMILIES.get(mime.partition("/")[0]), mime)


def telling(own: str | None, shown: str) -> str:
    """Return which of a file's names says what it is: its own, unless only the one it is listed under does."""
    known = _extension(own) in CONTENT_TYPES or _extension(own) == ".lottie"
    return own if own is not None and known else shown


def _extension(name: str | None) -> str:
    found = re.search(r"\.[A-Za-z0-9]+$", name or "")
    return found[0].lower() if found else ""


def _by_bytes(head: bytes, named: str | None) -> str | None:
    for offset, magic, mime in _MAGIC:
        if head.startswith(magic, offset):
            return mime
    for offset, magic, mimes in _CONTAINERS:
        if head.startswith(magic, offset):
            return named if named in mimes else None
    # Where bytes show nothing, a name counts for what has no magic of its own: text.
    return named if named is not None and _is_text(named) and b"\0" not in head else None


def _is_text(mime: str) -> bool:
    return mime.startswith("text/") or mime in ("application/json", "application/x-subrip", "image/svg+xml")


def _is_lottie(head: bytes) -> bool:
    """A Lottie animation is JSON whose first keys tell frame rate, first and last frame."""
    keys = set(re.findall(rb'"(v|fr|ip|op|w|h|layers)"\s*:', head))
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and {b"fr", b"ip", b"op"} <= keys and len(keys) > 3


def must_have_content_type(url: str) -> bool:
    """Say whether a presigned URL holds only with a Content-Type: where it doesn't, one might break the signature."""
    query = dict(parse_qsl(urlsplit(url).query.lower()))
    return "content-type" in query.get("x-amz-signedheaders", "").split(";")
