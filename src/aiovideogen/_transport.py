"""The way to the server and back (layer 3): the only module of the core that knows httpx.

It sends calls and transfers and tells what came back, an answer or a failure, as plain values: so no httpx exception,
which holds the request and with it the key, hangs on an error of ours. The key goes to the API's own origin and
nowhere else.
"""

from __future__ import annotations

import logging
import os
import ssl
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx

from ._finish import finish
from ._protocol import Answer, Failure, Sending
from ._version import __version__
from .errors import (
    ConnectionFailedError,
    one_line,
    without_secrets,
)

if TYPE_CHECKING:
    from ._operation import Request

__all__ = ["HttpTransport", "TransferAnswer"]

logger = logging.getLogger("aiovideogen")

CALLS, TRANSFERS = 0, 1
AT_ONCE = (8, 64)
"""Calls and transfers inside httpx at a time; others wait in line before it."""

CONNECT_SECONDS = 10.0
TRANSFER_SECONDS = 60.0
"""Seconds without a byte, either way, after which a transfer counts as broken."""

Key = str | Callable[[], Awaitable[str]]


@lru_cache(maxsize=8)
def _tls(verify: ssl.SSLContext | str | bool) -> ssl.SSLContext:
    """Make the TLS context, once: it costs some 20 ms of CPU, and each httpx client would make its own."""
    if isinstance(verify, str):
        return ssl.create_default_context(
            cafile=None if os.path.isdir(verify) else verify, capath=verify if os.path.isdir(verify) else None
        )
    return httpx.create_ssl_context(verify=verify)


class _WithoutSecrets(logging.Filter):
    """httpx logs each URL whole at INFO, signatures included, and httpcore the headers of answers at DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_secrets(str(record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(str(a)) if isinstance(a, httpx.URL) else a for a in record.args)
        return True


for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(_WithoutSecrets())


class TransferAnswer(NamedTuple):
    """The head of a transfer's answer, and its body as it arrives."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class HttpTransport:
    """Calls to the API over one httpx client, transfers over another, so that neither can starve the other."""

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
        self._own: set[httpx.AsyncClient] = set()
        self._free: tuple[list[httpx.AsyncClient], list[httpx.AsyncClient]] = ([], [])
        self._places: list[anyio.Semaphore]

    async def send(
        self, request: Request, headers: Mapping[str, str], sending: Sending, timeout: Mapping[str, float | None]
    ) -> Answer | Failure:
        """Send a call to the API, a few at a time; `sending` learns when bytes of it may have left.

        `timeout` has the seconds that connecting, reading, writing and waiting for a connection may take.
        """
        if request.content is not None:
            headers = {**headers, "content-type": "application/json"}
        async with self._lend(CALLS) as client:
            try:
                prepared = self._prepared(client, request, headers, sending, timeout)
                response = await client.send(prepared, follow_redirects=False, auth=None)
            except _HTTPX_ERRORS as error:
                return _failure(error, sending)
        sending.sent = True
        return Answer(response.status_code, _headers(response), response.content)

    def _prepared(
        self,
        client: httpx.AsyncClient,
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
            async with self._lend(TRANSFERS) as client:
                try:
                    request = _foreign("PUT", url, {**headers, "content-length": str(length)}, body)
                    response = await client.send(request, auth=None, follow_redirects=False)
                except _HTTPX_ERRORS as error:
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
        async with self._lend(TRANSFERS) as client:
            try:
                request = _foreign("GET", url, headers)
                response = await client.send(request, stream=True, follow_redirects=True, auth=None)
            except _HTTPX_ERRORS as error:
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
        loop = anyio.lowlevel.current_token()
        if loop == self._loop:
            return
        if self._loop is not None and _runs(self._loop):
            raise RuntimeError("this VideoGen is in use by another running event loop; make one for each loop")
        self._forget()
        self._loop = loop
        self._places = [anyio.Semaphore(most, fast_acquire=True) for most in AT_ONCE]

    @asynccontextmanager
    async def _lend(self, use: int) -> AsyncGenerator[httpx.AsyncClient]:
        """Lend a client, one whose connection is warm if any is free.

        Ours have one connection each: httpx's CPU per call grows with what one client has in flight, and a connection
        that was broken off while it was being given back would stay taken, so its client is closed instead.
        """
        self._enter_loop()
        async with self._places[use]:
            given, free = self._given[use], self._free[use]
            client = given or (free.pop() if free else await self._new())
            try:
                yield client
            except BaseException:
                await self._drop(client)
                raise
            if client in self._own:
                free.append(client)

    async def _drop(self, client: httpx.AsyncClient) -> None:
        if client in self._own:
            self._own.discard(client)
            with anyio.CancelScope(shield=True):
                await client.aclose()

    async def _new(self) -> httpx.AsyncClient:
        """Make a client of ours; all share one TLS context, and aclose closes them."""
        if self._context is None:
            self._context = await anyio.to_thread.run_sync(_tls, self._verify)
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=30.0)
        # A proxy that the environment names is not for this machine: the key would go through it in the clear.
        environment = self._base_url.startswith("https://")
        client = httpx.AsyncClient(verify=self._context, limits=limits, proxy=self._proxy, trust_env=environment)
        self._own.add(client)
        return client

    def _forget(self) -> set[httpx.AsyncClient]:
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


def _runs(loop: anyio.lowlevel.EventLoopToken) -> bool:
    """Say whether an event loop still runs: asyncio's tells, and trio's refuses new work when it is over."""
    native: Any = loop.native_token
    if hasattr(native, "is_running"):
        return bool(native.is_running())
    try:
        native.run_sync_soon(_nothing)
    except RuntimeError:
        return False
    return True


def _nothing() -> None:
    pass


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


def _tracer(sending: Sending) -> Callable[[str, object], Awaitable[None]]:
    """Return what httpcore tells of each step: a connection that is being made has sent nothing of the request."""

    async def trace(step: str, _info: object) -> None:
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
    text = next((line for reason in _reasons(error) if (line := one_line(reason))), "no reason given")
    sent = not isinstance(error, _NEVER_SENT)
    if sending is not None and sending.seen:
        sent = sending.sent
    return Failure(sent, f"{type(error).__name__}: {text}")


def _reasons(error: BaseException | None) -> Iterator[str]:
    """Tell what an error says, and what those that led to it say: on trio only the innermost may say anything."""
    while error is not None:
        yield str(error)
        error = error.__cause__ or error.__context__


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
