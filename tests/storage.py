"""A storage that misbehaves as told: an ASGI app for downloads, in process, which keeps what it was asked for."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import anyio
import attrs
import httpx

from aiovideogen import VideoGen
from aiovideogen.sandbox import in_process

BODY = random.Random(7).randbytes(3_000_000)
URL = "https://s.test/a.bin?X-Signature=SECRET"
SIGNED = "https://s.test/signed.bin?X-Signature=FRESH"
CHUNK = 50_000


@attrs.frozen
class Turn:
    """How one request for bytes is answered: as asked, but for what is told here."""

    status: int | None = None
    """Instead of the bytes."""
    stop_at: int | None = None
    """Bytes of this answer after which the connection breaks."""
    stall_at: int | None = None
    """Bytes of this answer after which nothing more comes."""
    seconds: float = 0.0
    """Before each chunk."""
    ignores: str = ""
    """Headers of the request that are not looked at, such as `range`."""
    body: bytes = b"<Error/>"
    """With that status."""
    headers: dict[str, str] = attrs.field(factory=dict[str, str])
    """Of the answer, instead of the right ones; an empty one is left out."""


class Storage:
    """Serves `body` under `etag`; `turns` say how, one a request, and then as it should be."""

    def __init__(self, *turns: Turn, body: bytes = BODY, etag: str | None = '"1"') -> None:
        self.body = body
        self.etag = etag
        self.turns = [*turns]
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []

    def client(self, **options: Any) -> VideoGen:
        """Return a client of an API whose files are all here."""
        http = httpx.AsyncClient(transport=in_process(self))
        return VideoGen(api_key="sk_SECRET", base_url="http://127.0.0.1:1", http_client=http, **options)

    @property
    def ranges(self) -> list[str | None]:
        """What was asked for, request by request."""
        return [headers.get("range") for headers in self.asked]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        self.paths.append(scope["path"])
        if scope["path"].startswith("/v1/"):
            name = scope["path"].split("/")[3]
            info = {"fileId": name, "scope": "GLOBAL", "displayName": f"Clip {name[-1]}", "downloadUrl": SIGNED}
            await self._send(send, 200, {"content-type": "application/json"}, json.dumps(info).encode(), Turn())
            return
        asked = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append(asked)
        turn = self.turns.pop(0) if self.turns else Turn()
        if turn.status is not None:
            await self._send(send, turn.status, turn.headers, turn.body, turn)
            return
        status, headers, body = self._answer({k: v for k, v in asked.items() if k not in turn.ignores.split()})
        shown = {**headers, **turn.headers}
        await self._send(send, status, {k: v for k, v in shown.items() if v}, body, turn)

    def _answer(self, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        headers = {} if self.etag is None else {"etag": self.etag}
        if self.etag is not None and asked.get("if-none-match") == self.etag:
            return 304, headers, b""
        found = re.fullmatch(r"bytes=(\d+)-", asked.get("range", ""))
        if found is None or asked.get("if-range", self.etag) != self.etag:
            return 200, {**headers, "content-length": str(len(self.body))}, self.body
        start, size = int(found[1]), len(self.body)
        if start >= size:
            return 416, {"content-range": f"bytes */{size}"}, b""
        part = {"content-range": f"bytes {start}-{size - 1}/{size}", "content-length": str(size - start)}
        return 206, {**headers, **part}, self.body[start:]

    async def _send(self, send: Any, status: int, headers: dict[str, str], body: bytes, turn: Turn) -> None:
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        end = min(len(body), *(at for at in (turn.stop_at, turn.stall_at) if at is not None), len(body))
        for start in range(0, end, CHUNK):
            await anyio.sleep(turn.seconds)
            piece = body[start : min(start + CHUNK, end)]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if turn.stall_at is not None:
            await anyio.sleep_forever()
        if turn.stop_at is not None:
            raise ConnectionResetError("broken off as told")
        await send({"type": "http.response.body", "body": b"", "more_body": False})
