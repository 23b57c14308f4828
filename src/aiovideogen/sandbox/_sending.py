"""How a message reaches a receiver: over HTTP on this machine, or into an ASGI app in process."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import math
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote, urlsplit

import anyio

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ._http import Message, Receive, Scope, Send

    App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[Any]]

PREFIX = "whsec_"


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign a message as Standard Webhooks says."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def on_this_machine(url: str) -> bool:
    """Say whether a URL's host is a loopback address."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def deliver(
    app: App | None, url: str, headers: Mapping[str, str], body: bytes, seconds: float
) -> tuple[int, str]:
    """Send a message; return the status, 0 when none came within `seconds`, and what went wrong."""
    if app is not None:
        return await _call(app, url, headers, body, seconds)
    return await _post(url, headers, body, seconds)


async def _post(url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> tuple[int, str]:
    import httpx

    with anyio.move_on_after(seconds):
        try:
            # Receivers on this machine have certificates of their own making, and no proxy in front.
            async with (
                httpx.AsyncClient(verify=False, trust_env=False, timeout=None) as client,
                client.stream("POST", url, headers=dict(headers), content=body) as response,
            ):
                return response.status_code, ""
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return 0, f"{type(error).__name__}: {error}"
    return 0, f"no answer within {seconds:g} s"


async def _call(app: App, url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> tuple[int, str]:
    exchange = _Exchange(body)
    with anyio.move_on_after(seconds) as scope:
        # What runs after the answer has begun has all the time it wants.
        exchange.answered = lambda: setattr(scope, "deadline", math.inf)
        try:
            await app(_scope(url, headers), exchange.receive, exchange.send)
        except Exception as error:
            # Whatever an app raises, its server makes a 500 of it.
            return exchange.status or 500, f"{type(error).__name__}: {error}"
    return exchange.status, "" if exchange.status else f"no answer within {seconds:g} s"


class _Exchange:
    """One request and answer, as an ASGI app sees them."""

    def __init__(self, body: bytes) -> None:
        self.status = 0
        self.answered: Callable[[], object] = int
        self._body: bytes | None = body
        self._done = anyio.Event()

    async def receive(self) -> Message:
        if self._body is None:
            await self._done.wait()
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answered()
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            self._done.set()


def _scope(url: str, headers: Mapping[str, str]) -> Scope:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = parts.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": parts.scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", parts.netloc.encode()), *((k.encode(), v.encode()) for k, v in headers.items())],
        "client": ("127.0.0.1", 50_000),
        "server": (parts.hostname, port),
        "state": {},
    }
