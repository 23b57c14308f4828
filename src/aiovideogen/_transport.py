"""The way to the server and back (layer 3): the only module of the core that knows httpx.

It sends calls and transfers and tells what came back, an answer or a failure, as plain values: so no httpx exception,
which holds the request and with it the key, hangs on an error of ours. The key goes to the API's own origin and
nowhere else.
"""

from __future__ import annotations

import os
import ssl
import sys
from contextlib import aclosing, asynccontextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.request import getproxies

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx

from ._finish import finish
from ._logs import keep_secrets
from ._loops import entered
from ._protocol import Answer, Failure, Sending, reasons
from ._version import __version__
from .errors import ConnectionFailedError, one_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping

    from ._operation import Request

__all__ = ["HttpTransport", "TransferAnswer"]

CALLS, TRANSFERS = 0, 1
AT_ONCE = (8, 64)
"""Calls and transfers inside httpx at a time; others wait in line before it."""

CONNECT_SECONDS = 10.0
TRANSFER_SECONDS = 60.0
"""Seconds without a byte, either way, after which a transfer counts as broken."""

Line = httpx.AsyncClient | httpx.AsyncHTTPTransport
"""What requests are sent through.

Our own calls do without httpx's client, whose redirects, cookies and hooks would add a quarter to their CPU.
"""


@lru_cache(maxsize=8)
def _tls(verify: ssl.SSLContext | str | bool) -> ssl.SSLContext:
    """Make the TLS context, once: it costs some 20 ms of CPU, and each httpx client would make its own."""
    if isinstance(verify, str):
        return ssl.create_default_context(
            cafile=None if os.path.isdir(verify) else verify, capath=verify if os.path.isdir(verify) else None
        )
    return httpx.create_ssl_context(verify=verify)


keep_secrets("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks")


class TransferAnswer(NamedTuple):
    """The head of a transfer's answer, and its body as it arrives."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class HttpTransport:
    """Calls to the API and transfers, over connections of their own, so that neither can starve the other."""

    def __init__(
        self,
        *,
        base_url: str,
        http_client: httpx.AsyncClient | None = None,
        transfer_client: httpx.AsyncClient | None = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | str | bool = True,
    ) -> None:
        self._base_url = base_url
        self._given = http_client, transfer_client or http_client
        self._proxy = proxy
        self._verify = verify
        self._context: ssl.SSLContext | None = None
        self._loop: anyio.lowlevel.EventLoopToken | None = None
        self._own: set[Line] = set()
        self._free: tuple[list[Line], list[Line]] = ([], [])
        self._places: list[anyio.Semaphore]

    @property
    def given(self) -> bool:
        """Whether calls go through a client that was given: one that stays open, whatever state its pool is in."""
        return self._given[CALLS] is not None

    async def send(
        self, request: Request, headers: Mapping[str, str], sending: Sending, timeout: Mapping[str, float | None]
    ) -> Answer | Failure:
        """Send a call to the API, a few at a time; `sending` learns when bytes of it may have left.

        `timeout` has the seconds that connecting, reading, writing and waiting for a connection may take.
        """
        self._enter_loop()
        async with self._places[CALLS]:
            client = await self._take(CALLS)
            try:
                response = await _exchange(client, self._prepared(client, request, headers, sending, timeout))
            except _HTTPX_ERRORS as error:
                await self._drop(client)  # its one connection may stay taken, as behind a proxy after a failed TLS
                return _failure(error, sending)
            except BaseException:
                await self._drop(client)
                raise
            self._give_back(CALLS, client)
        sending.sent = True
        return Answer(response.status_code, _headers(response), response.content)

    def _prepared(
        self,
        client: Line,
        request: Request,
        headers: Mapping[str, str],
        sending: Sending,
        timeout: Mapping[str, float | None],
    ) -> httpx.Request:
        # A client that was given adds what it adds to every request; for our own, httpx's merging would add nothing.
        given = client in self._given
        build = client.build_request if given else httpx.Request
        extensions: dict[str, Any] = {"timeout": timeout}
        if request.operation.effect == "once":
            extensions["trace"] = _tracer(sending)
            sending.blind = given  # its transport may be one that shows no steps
        prepared = build(
            request.operation.method,
            self._base_url + request.path,
            params=request.query or None,
            content=request.content,
            headers={**_IDENTITY, **headers},
            extensions=extensions,
        )
        if request.content is not None:
            prepared.stream = _Whole(request.content)
        return prepared

    # -- transfers ----------------------------------------------------------------------------------------------

    async def put(
        self, url: str, chunks: Callable[[], AsyncGenerator[bytes]], length: int, headers: Mapping[str, str]
    ) -> Answer | Failure:
        """Send a body of `length` bytes to a presigned URL: streamed, with Content-Length and without the key."""
        body = _Body(chunks())

        async def send() -> Answer | Failure:
            async with self._lend() as client:
                try:
                    request = _foreign("PUT", url, {**headers, "content-length": str(length)}, body)
                    response = await client.send(request, auth=None, follow_redirects=False)
                except _HTTPX_ERRORS as error:
                    await self._drop(client)
                    return _failure(error)
                finally:
                    with anyio.CancelScope(shield=True):
                        await body.aclose()
            return Answer(response.status_code, _headers(response), response.content)

        return cast("Answer | Failure", await finish(send, Sending(), float("inf"), None))

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncGenerator[TransferAnswer | Failure]:
        """Read a signed URL without the key: the raw bytes as they arrive.

        What breaks while the body arrives raises ConnectionFailedError.
        """
        # httpx would ask for gzip by itself, and then the length no longer says when the body is whole.
        headers = {"accept-encoding": "identity", **headers}
        async with self._lend() as client:
            try:
                request = _foreign("GET", url, headers)
                response = await client.send(request, stream=True, follow_redirects=True, auth=None)
            except _HTTPX_ERRORS as error:
                await self._drop(client)
                failure = _failure(error)
            else:
                ended: list[bool] = []
                chunks = _raw(response, ended)
                try:
                    yield TransferAnswer(response.status_code, _headers(response), chunks)
                finally:
                    await _break_off(chunks)
                    with anyio.CancelScope(shield=True):
                        await response.aclose()
                    if not ended:
                        await self._drop(client)
                return
            yield failure

    # -- life ---------------------------------------------------------------------------------------------------

    def _enter_loop(self) -> None:
        loop = entered(self._loop)
        if loop == self._loop:
            return
        self._forget()
        self._loop = loop
        self._places = [anyio.Semaphore(most, fast_acquire=True) for most in AT_ONCE]

    async def _take(self, use: int) -> Line:
        """Return what to send through, one whose connection is warm if any is free.

        Ours have one connection each: httpx's CPU per call grows with what one client has in flight, and a connection
        that was broken off while it was being given back would stay taken, so its client is closed instead.
        """
        free = self._free[use]
        return self._given[use] or (free.pop() if free else await self._new(use))

    def _give_back(self, use: int, client: Line) -> None:
        if client in self._own:
            self._free[use].append(client)

    @asynccontextmanager
    async def _lend(self) -> AsyncGenerator[httpx.AsyncClient]:
        """Lend a client for a transfer."""
        self._enter_loop()
        async with self._places[TRANSFERS]:
            client = await self._take(TRANSFERS)
            try:
                yield cast("httpx.AsyncClient", client)
            except BaseException:
                await self._drop(client)
                raise
            self._give_back(TRANSFERS, client)

    async def _drop(self, client: Line) -> None:
        if client in self._own:
            self._own.discard(client)
            with anyio.CancelScope(shield=True):
                await client.aclose()

    async def _new(self, use: int) -> Line:
        """Make a connection of ours; all share one TLS context, and aclose closes them."""
        if self._context is None:
            self._context = await anyio.to_thread.run_sync(_tls, self._verify)
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=30.0)
        # A proxy that the environment names is not for this machine: the key would go through it in the clear.
        environment = self._proxy is None and self._base_url.startswith("https://")
        made: Line
        if use == CALLS and not (environment and getproxies()):  # httpx's client knows what is exempt from them
            made = httpx.AsyncHTTPTransport(verify=self._context, limits=limits, proxy=self._proxy)
        else:
            made = httpx.AsyncClient(verify=self._context, limits=limits, proxy=self._proxy, trust_env=environment)
        self._own.add(made)
        return made

    def _forget(self) -> set[Line]:
        """Begin anew without connections, and return the clients that were ours."""
        own, self._own, self._free = self._own, set(), ([], [])
        return own

    async def aclose(self) -> None:
        """Close the connections that are ours; a client that was given stays open."""
        own = self._forget()
        loop, self._loop = self._loop, None
        # Connections of an event loop that has ended went with it, and another loop can't close them.
        if loop == anyio.lowlevel.current_token():
            with anyio.CancelScope(shield=True):
                for client in own:
                    await client.aclose()


_PYTHON = ".".join(map(str, sys.version_info[:3]))
_IDENTITY = {
    "user-agent": f"aiovideogen/{__version__} python/{_PYTHON} httpx/{httpx.__version__}",
    # For attribution only: the API accepts any value, and an unofficial client sends its own.
    "x-videogen-client": "aiovideogen",
}

_HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError, OSError)

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
    httpx.InvalidURL,
)


async def _exchange(line: Line, request: httpx.Request) -> httpx.Response:
    """Send a call and return its answer, the body read."""
    if isinstance(line, httpx.AsyncClient):
        return await line.send(request, follow_redirects=False, auth=None)
    response = await line.handle_async_request(request)
    try:
        await response.aread()
    finally:
        await response.aclose()
    return response


def _tracer(sending: Sending) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    """Return what httpcore tells of each step: a connection that is being made has sent nothing of the request."""

    async def trace(step: str, info: Mapping[str, Any]) -> None:
        if getattr(info.get("request"), "method", None) == b"CONNECT":
            return  # a proxy is asked for a way: nothing of the request itself
        sending.seen = True
        if step.endswith("send_request_headers.started"):
            await anyio.lowlevel.checkpoint_if_cancelled()  # the last moment at which nothing has left
            sending.sent = True

    return trace


class _Whole(httpx.AsyncByteStream):
    """A body in one piece: httpx's own is a generator, which a connection that breaks meanwhile leaves unfinished."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Once(self._content)


class _Once:
    def __init__(self, content: bytes) -> None:
        self._left = [content]

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


class _Body(httpx.AsyncByteStream):
    """A body as it is made: no generator of httpx's own around it, so that breaking off leaves none unfinished."""

    def __init__(self, chunks: AsyncGenerator[bytes]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks

    async def aclose(self) -> None:
        await self._chunks.aclose()


def _foreign(
    method: str, url: str, headers: Mapping[str, str], body: httpx.AsyncByteStream | None = None
) -> httpx.Request:
    """Build a request to storage: nothing of the client's own headers, the key least of all, is put on it."""
    timeout = httpx.Timeout(TRANSFER_SECONDS, connect=CONNECT_SECONDS, pool=None)
    all_headers = {"host": httpx.URL(url).netloc.decode("ascii"), **_IDENTITY, **headers}
    return httpx.Request(method, url, headers=all_headers, stream=body, extensions={"timeout": timeout.as_dict()})


def _failure(error: Exception, sending: Sending | None = None) -> Failure:
    said = [type(error).__name__, *filter(None, map(one_line, reasons(error)))]
    sent = not isinstance(error, _NEVER_SENT)
    if sending is not None and sending.seen:
        sent = sending.sent
    return Failure(sent, ": ".join(said[:2]))


def _headers(response: httpx.Response) -> dict[str, str]:
    # The raw pairs: httpx guesses an encoding anew for each header otherwise.
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}


async def _raw(response: httpx.Response, ended: list[bool]) -> AsyncGenerator[bytes]:
    problem = ""
    try:
        async with aclosing(cast("AsyncGenerator[bytes]", response.aiter_raw())) as chunks:
            async for chunk in chunks:
                yield chunk
        ended.append(True)
    except _HTTPX_ERRORS as error:
        problem = _failure(error).reason
    if problem:
        raise ConnectionFailedError(f"the connection broke while the body arrived ({problem}); try again")


async def _break_off(chunks: AsyncGenerator[bytes]) -> None:
    """End a body that may not have been read to its end.

    httpx and httpcore nest generators that they don't close, and trio warns of each. So the reading goes on inside a
    cancelled scope: at its first wait for the network, the cancellation ends them all, the innermost first.
    """
    with anyio.CancelScope(shield=True) as scope:
        scope.cancel()
        with suppress(ConnectionFailedError):
            async for _ in chunks:
                pass
