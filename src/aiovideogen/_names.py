"""Names for files (layer 2): safe on every system, inside the folder, and each its own; pure decisions over text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ._guess import CONTENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["beside", "distinct", "name_for", "safe_name"]

PART = ".part"
"""What is added to the name of a file that is not whole yet."""

NOTE = ".part.json"
"""What is added for what is known of it."""

LONGEST = 255
"""Bytes of a name on all common file systems (on some it is characters, which are fewer)."""

LONGEST_EXTENSION = 16
LONGEST_SAFE = 200
"""Bytes of a name that we choose: room is left for a number, and for what is added while it is not whole."""

# Separators, what Windows refuses, control characters, lone surrogates, and what turns the reading direction around,
# which can make a name look like another.
_UNSAFE = re.compile(r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]')

# Windows takes these for devices, whatever extension follows.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)


def name_for(display_name: str | None, file_id: str | None, url: str | None) -> str:
    """Return the name under which a file is saved: as it is listed, else its id, else as its URL ends."""
    leaf = _leaf(url)
    _, extension = _split(leaf)
    given = next((text for text in (display_name, file_id, leaf) if text and _cleaned(text)), "file")
    own = CONTENT_TYPES.get(_split(given)[1].lower())
    if own is not None and own == CONTENT_TYPES.get(extension.lower()):
        extension = ""  # another spelling of the same, such as .jpeg and .jpg
    return safe_name(given, extension)


def _leaf(url: str | None) -> str:
    """Return the last part of a URL's path; empty where there is none."""
    try:
        return unquote(urlsplit(url or "").path.rpartition("/")[2])
    except ValueError:
        return ""


def safe_name(text: str, extension: str = "") -> str:
    """Return a file name for any text: no path, nothing that a system refuses or takes for something else.

    `extension`, such as `.png`, is added unless the text ends with it.
    """
    name, extension = _cleaned(text) or "file", _cleaned("_" + extension)[1:]
    if extension and not name.lower().endswith(extension.lower()):
        name += extension
    stem, suffix = _split(name)
    name = _cut(stem, LONGEST_SAFE - len(suffix.encode())) + suffix
    if _DEVICE.match(name):
        name = "_" + name
    # The name of another file's unfinished form would be taken for it.
    return name + "_" if name.lower().endswith((PART, NOTE)) else name


def _cleaned(text: str) -> str:
    return _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(". \t\n\r")


def _split(name: str) -> tuple[str, str]:
    """Split off an extension: short, and behind something."""
    stem, dot, extension = name.rpartition(".")
    if not stem or not extension or len((dot + extension).encode()) > LONGEST_EXTENSION or " " in extension:
        return name, ""
    return stem, dot + extension


def _cut(text: str, size: int) -> str:
    """Cut a text to so many bytes, at a whole character."""
    encoded = text.encode()
    return text if len(encoded) <= size else encoded[:size].decode(errors="ignore").rstrip(". ")


def distinct(names: Iterable[str]) -> list[str]:
    """Return the names, those that come again with a number: no two are the same, also where case doesn't count."""
    names = [*names]
    given = {_folded(name) for name in names}
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    chosen: list[str] = []
    for name in names:
        folded = own = _folded(name)
        stem, suffix = _split(name)
        while own in taken:
            numbers[folded] = numbers.get(folded, 1) + 1
            name = f"{stem} ({numbers[folded]}){suffix}"
            own = folded if _folded(name) in given else _folded(name)
        taken.add(own)
        chosen.append(name)
    return chosen


def _folded(name: str) -> str:
    """Return what two names share that some file system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", name).casefold()).casefold()


def beside(name: str) -> tuple[str, str]:
    """Return the names of a file's unfinished form and of what is known of it; of a long name only a part stands."""
    if len(name.encode(errors="surrogateescape")) + len(NOTE) > LONGEST:
        digest = hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:16]
        name = f"{_cut(name.encode(errors='replace').decode(), LONGEST_SAFE)}~{digest}"
    return name + PART, name + NOTE
