"""Uploads (layer 4): a body to a presigned URL, whole, and sent anew from its start where that is possible."""

from __future__ import annotations

import random
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

import anyio

from ._progress import Pace
from ._protocol import Answer, Failure, decide, excerpt, retry_after, retry_delay
from ._transfers import TRIES, Transferring
from .errors import FileTransferError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from ._sources import Body

__all__ = ["send"]

SHORTEST_PIECE, LONGEST_PIECE = 1 << 16, 1 << 20
"""Bytes handed to the network at once: as many as go in PIECE_SECONDS, so that progress shows and a stall is seen."""

PIECE_SECONDS = 0.25


class _Putter(Protocol):
    async def put(
        self, url: str, chunks: Callable[[], AsyncGenerator[bytes]], length: int, headers: Mapping[str, str]
    ) -> Answer | Failure: ...


async def send(
    http: _Putter, url: str, body: Body, on_way: Transferring, *, content_type: str | None, min_rate: float
) -> None:
    """PUT the body; sent again when that may help and the body can be read from its start again.

    Raises FileTransferError with the file's id, and what reading the source raises.
    """
    headers = {} if content_type is None else {"content-type": content_type}
    attempt = 0
    while True:
        attempt += 1
        outcome = await Put(body, on_way, min_rate).run(http, url, headers)
        if isinstance(outcome, Answer) and outcome.ok:
            return
        asked = retry_after(outcome.headers, time.time()) if isinstance(outcome, Answer) else None
        delay = retry_delay(attempt, asked, random.random())
        again = decide("repeatable", outcome) == "again" and attempt < TRIES and delay is not None
        if not again or not body.readable:
            raise _not_arrived(outcome, on_way.file_id, once=again)
        await anyio.sleep(delay or 0.0)


def _not_arrived(outcome: Answer | Failure, file_id: str | None, *, once: bool) -> FileTransferError:
    if isinstance(outcome, Answer):
        status, reason = outcome.status, f"{outcome.status}: {excerpt(outcome.body, 200)}".strip()
    else:
        status, reason = None, outcome.reason
    again = "; the source can't be read again" if once else ""
    text = f"upload of {file_id}: the bytes did not arrive ({reason}){again}; upload it again, as a new file"
    return FileTransferError(text, file_id=file_id, status=status)


class Put:
    """One try to send a body."""

    def __init__(self, body: Body, on_way: Transferring, min_rate: float) -> None:
        self._body = body
        self._on_way = on_way
        self._pace = Pace(min_rate)
        self._scope = anyio.CancelScope()
        self._own: Exception | None = None

    async def run(self, http: _Putter, url: str, headers: Mapping[str, str]) -> Answer | Failure:
        """Send it once. Raises what reading the source or telling of progress raises."""
        outcome: Answer | Failure = Failure(True, self._pace.complaint)
        try:
            with self._scope:
                outcome = await http.put(url, self._pieces, self._body.length, headers)
        except FileTransferError as error:
            error.file_id = self._on_way.file_id
            raise
        if self._own is not None:  # the source or the callback failed with an OSError, which looked like the network's
            raise self._own
        return outcome

    async def _pieces(self) -> AsyncGenerator[bytes]:
        sent = 0
        self._body.begun = True
        try:
            async with aclosing(self._body.blocks()) as blocks:
                async for block in blocks:
                    for piece in self._cut(block):
                        began = self._on_network()
                        yield piece
                        self._off_network(len(piece), began)
                        sent += len(piece)
                        await self._on_way.tell(sent, self._body.length)
        except Exception as error:
            self._own = error
            raise

    def _cut(self, block: bytes) -> list[bytes]:
        size = int(min(LONGEST_PIECE, max(SHORTEST_PIECE, self._on_way.rate * PIECE_SECONDS)))
        if len(block) <= size:
            return [block]
        return [block[start : start + size] for start in range(0, len(block), size)]

    def _on_network(self) -> float:
        """Let the time run within which a piece has to go; not that of reading or of callbacks."""
        now = anyio.current_time()
        self._scope.deadline = now + self._pace.left()
        return now

    def _off_network(self, size: int, began: float) -> None:
        self._scope.deadline = float("inf")
        self._pace.came(size, anyio.current_time() - began)
        self._on_way.came(size)
