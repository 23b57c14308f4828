"""How a download goes on (layer 2): what to ask storage for, and what its answer means; pure decisions.

Bytes of one version of a file are never mixed with those of another: what is there already counts only as long as the
strong ETag that came with it is confirmed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import attrs

from ._protocol import Answer, decide

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Held", "Step", "asks", "judge", "strong_etag"]

_STRONG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]{1,500}"')
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)", re.ASCII)

EXPIRED = frozenset({401, 403, 404, 410})
"""How storage answers a URL that no longer holds; a fresh one may."""


@attrs.frozen
class Held:
    """What is there of a file: so many bytes from its beginning, of the version that the strong ETag names."""

    have: int = 0
    etag: str | None = None
    total: int | None = None

    @property
    def resumable(self) -> bool:
        return self.etag is not None and self.have > 0 and (self.total is None or self.have <= self.total)

    @property
    def whole(self) -> bool:
        return self.resumable and self.have == self.total


@attrs.frozen
class Step:
    """What to do with an answer.

    `take`: its body is the file from `at` on, up to `end` where that is known. `done`: nothing is missing. `anew`: ask
    again, for all of it. `sign`: the URL has expired. `again`: it may pass. `refuse`: asking again changes nothing.
    """

    kind: Literal["take", "done", "anew", "sign", "again", "refuse"]
    reason: str = ""
    at: int = 0
    end: int | None = None
    total: int | None = None
    etag: str | None = None


def asks(held: Held) -> dict[str, str]:
    """Return the headers that ask for what is missing, on condition that the file is still the same."""
    if held.etag is None or not held.resumable:
        return {}
    if held.whole:
        return {"if-none-match": held.etag}
    return {"range": f"bytes={held.have}-", "if-range": held.etag}


def judge(held: Held, status: int, headers: Mapping[str, str], body: bytes = b"") -> Step:
    """Say what an answer to a request with the headers of `asks(held)` means; `body` begins one without the bytes."""
    said = f"storage answered {status}"
    ranged = held.resumable and not held.whole
    if status in (200, 206) and headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        return Step("refuse", f"{said} encoded as {headers['content-encoding']}, which was not asked for")
    if status == 200:
        total = _number(headers.get("content-length"))
        return Step("take", end=total, total=total, etag=strong_etag(headers))
    if status == 206 and ranged:
        return _of_range(held, headers)
    if status == 304 and held.whole:
        return Step("done")
    if status == 416 and ranged:
        return Step("anew", f"{said}: the file is another by now")
    if status in EXPIRED:
        return Step("sign", said)
    return Step("again" if decide("repeatable", Answer(status, headers, body)) == "again" else "refuse", said)


def _of_range(held: Held, headers: Mapping[str, str]) -> Step:
    found = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    if found is None or int(found[1]) != held.have or int(found[2]) < held.have:
        return Step("anew", f"storage answered 206 with another range than from {held.have}")
    total = _number(found[3])
    if strong_etag(headers) != held.etag or (held.total is not None and total not in (None, held.total)):
        return Step("anew", "the file is another by now")
    if total is None and held.total is None:
        return Step("anew", "storage answered 206 without saying how long the file is")
    return Step("take", at=held.have, end=int(found[2]) + 1, total=total or held.total, etag=held.etag)


def strong_etag(headers: Mapping[str, str]) -> str | None:
    """Return an answer's ETag if it is one that names bytes: a weak one doesn't."""
    etag = headers.get("etag", "").strip()
    return etag if _STRONG.fullmatch(etag) else None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 19 else None
