"""A webhook receiver in process, and the check of a signature in its own words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

import anyio


@dataclass
class Got:
    """One message as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> Any:
        return json.loads(self.body)

    @property
    def name(self) -> str:
        return self.event["event"]


@dataclass
class Receiver:
    """An ASGI app that answers with the statuses it is told, the last one for ever; 0 hangs, -1 raises."""

    statuses: list[int] = field(default_factory=lambda: [204])
    got: list[Got] = field(default_factory=list[Got])

    @property
    def names(self) -> list[str]:
        return [got.name for got in self.got]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.got.append(Got(scope["path"], headers, body))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status < 0:
            raise RuntimeError("the receiver broke")
        if not status:
            await anyio.sleep_forever()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        assert (await receive())["type"] == "http.disconnect"


def verify(got: Got, secret: str, now: float) -> None:
    """Check what Standard Webhooks asks for: HMAC-SHA256 over id, time of the try, and the raw body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([got.id.encode(), got.headers["webhook-timestamp"].encode(), got.body])
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    assert int(got.headers["webhook-timestamp"]) == int(now)
    assert got.headers["content-type"] == "application/json"
