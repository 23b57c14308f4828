"""The way to the server and back (layer 3): the only module of the core that knows httpx.

It adds the key, sends, decides by the rules of `_protocol` whether to send again, and turns what comes back into
values and errors. The key goes to the API's own origin and nowhere else; errors are raised outside of `except`
blocks, so that no httpx exception, which holds the request and with it the key, hangs on them.
"""

from __future__ import annotations

import json
import logging
import platform
import random
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.lowlevel
import anyio.to_thread
import attrs
import httpx

from ._codecs import Unreadable
from ._protocol import Answer, Failure, decide, error_from, excerpt, retry_after, retry_delay
from ._version import __version__
from .errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    OutcomeUnknownError,
    ResponseError,
    one_line,
    without_secrets,
)

if TYPE_CHECKING:
    from ._operation import Operation, Request

__all__ = ["HttpTransport", "TransferAnswer"]

logger = logging.getLogger("aiovideogen")

CALLS_AT_ONCE = 8
"""API calls inside httpx at a time: its CPU per call grows with the number in flight, so the others wait before it."""

CONNECT_SECONDS = 10.0
TRANSFER_SECONDS = 60.0
"""Seconds without a byte, either way, after which a transfer counts as broken."""

Key = str | Callable[[], Awaitable[str]]


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Make the TLS context, once: it costs some 20 ms of CPU, and each httpx client would make its own."""
    return httpx.create_ssl_context()


class _WithoutQueries(logging.Filter):
    """httpx logs each URL whole at INFO, signatures included: cut the queries."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(str(a)) if isinstance(a, httpx.URL) else a for a in record.args)
        return True


logging.getLogger("httpx").addFilter(_WithoutQueries())


@attrs.frozen
class TransferAnswer:
    """The head of a transfer's answer, and its body as it arrives."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class HttpTransport:
    """Calls to the API over one httpx client, transfers over another, so that neither can starve the other."""

    def __init__(
        self,
        *,
        key: Key,
        base_url: str,
        http_client: httpx.AsyncClient | None = None,
        timeout: float = 60.0,
        retries: int = 2,
    ) -> None:
        self._key = key
        self._asked_key: str | None = None
        self._base_url = base_url
        self._given = http_client
        self._timeout = httpx.Timeout(timeout, connect=CONNECT_SECONDS, pool=None)
        self._retries = retries
        self._loop: object = None
        self._clients: tuple[httpx.AsyncClient, httpx.AsyncClient] | None = None
        self._places: anyio.Semaphore | None = None
        self._asking: anyio.Lock | None = None

    # -- calls --------------------------------------------------------------------------------------------------

    async def call(self, request: Request, *, retries: int | None = None) -> Any:
        """Send a request until its outcome is settled, and return what its operation reads from the answer.

        Raises the errors drawn in `aiovideogen.errors`. `retries` overrides the client's.
        """
        left = self._retries if retries is None else retries
        attempt = 0
        asked_again = False
        while True:
            attempt += 1
            key = await self._current_key()
            outcome = await self._attempt(request, attempt, key)
            if isinstance(outcome, Answer) and outcome.ok:
                return self._read(request, outcome)
            if isinstance(outcome, Answer) and outcome.status == 401 and callable(self._key) and not asked_again:
                asked_again = True  # an OAuth token lives an hour: ask for a new one, once
                if self._asked_key == key:
                    self._asked_key = None
                continue
            verdict = decide(request.operation.effect, outcome)
            wait = retry_after(outcome.headers, time.time()) if isinstance(outcome, Answer) else None
            delay = retry_delay(attempt, wait, random.random())
            if verdict != "again" or attempt > left or delay is None:
                raise _error(request.operation.id, outcome, verdict)
            await anyio.sleep(delay)

    async def _attempt(self, request: Request, attempt: int, key: str) -> Answer | Failure:
        headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
        if request.content is not None:
            headers["content-type"] = "application/json"
        client = (await self._ready())[0]
        assert self._places is not None
        async with self._places:
            started = time.perf_counter()
            outcome = await _send(
                client,
                method=request.operation.method,
                url=self._base_url + request.path,
                params=request.query or None,
                content=request.content,
                headers={**_IDENTITY, **headers},
                timeout=self._timeout,
            )
        said = outcome.status if isinstance(outcome, Answer) else outcome.reason
        logger.debug("%s: attempt %d: %s in %.3f s", request.operation.id, attempt, said, time.perf_counter() - started)
        return outcome

    def _read(self, request: Request, answer: Answer) -> Any:
        operation = request.operation
        if operation.result is None:
            return None
        problem: Unreadable
        try:
            return operation.read(json.loads(answer.body), request.params, time.time())
        except Unreadable as error:
            problem = error
        except (ValueError, RecursionError):
            problem = Unreadable("no JSON")
        raise _unreadable(operation, problem, answer)

    async def _current_key(self) -> str:
        if isinstance(self._key, str):
            return self._key
        await self._ready()
        assert self._asking is not None
        async with self._asking:
            if self._asked_key is None:
                self._asked_key = checked_key(await self._key())
            return self._asked_key

    # -- transfers ----------------------------------------------------------------------------------------------

    async def put(
        self, url: str, chunks: Callable[[], AsyncGenerator[bytes]], length: int, headers: Mapping[str, str]
    ) -> Answer | Failure:
        """Send a body of `length` bytes to a presigned URL: streamed, with Content-Length and without the key."""
        body = _Body(chunks())
        client = (await self._ready())[1]
        try:
            request = _foreign("PUT", url, {**headers, "content-length": str(length)}, body)
            response = await client.send(request, auth=None, follow_redirects=False)
        except _HTTPX_ERRORS as error:
            return _failure(error)
        finally:
            with anyio.CancelScope(shield=True):
                await body.aclose()
        return Answer(response.status_code, _headers(response), response.content)

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncGenerator[TransferAnswer | Failure]:
        """Read a signed URL without the key: the raw bytes as they arrive.

        What breaks while the body arrives raises ConnectionFailedError.
        """
        client = (await self._ready())[1]
        response: httpx.Response | None = None
        failure = Failure(False, "no answer")
        try:
            # httpx would ask for gzip by itself, and then the length no longer says when the body is whole.
            request = _foreign("GET", url, {"accept-encoding": "identity", **headers})
            response = await client.send(request, stream=True, follow_redirects=True, auth=None)
        except _HTTPX_ERRORS as error:
            failure = _failure(error)
        if response is None:
            yield failure
            return
        chunks = _raw(response)
        try:
            yield TransferAnswer(response.status_code, _headers(response), chunks)
        finally:
            await _break_off(chunks)
            with anyio.CancelScope(shield=True):
                await response.aclose()

    # -- life ---------------------------------------------------------------------------------------------------

    async def _ready(self) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
        """Return the clients for calls and for transfers, made for the running event loop."""
        loop = anyio.lowlevel.current_token()
        if self._clients is not None and self._loop == loop:
            return self._clients
        tls = None if self._given is not None else await anyio.to_thread.run_sync(_tls)
        if self._clients is None or self._loop != loop:  # another task may have made them meanwhile
            self._loop, self._clients = loop, self._given_or_new(tls)
            self._places = anyio.Semaphore(CALLS_AT_ONCE, fast_acquire=True)
            self._asking = anyio.Lock()
        return self._clients

    def _given_or_new(self, tls: ssl.SSLContext | None) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
        if self._given is not None:
            return self._given, self._given
        assert tls is not None
        return _client(tls, CALLS_AT_ONCE), _client(tls, 64)

    async def aclose(self) -> None:
        """Close the connections that are ours; a client that was given stays open."""
        clients, self._clients = self._clients, None
        # Connections of an event loop that has ended went with it, and another loop can't close them.
        if clients is not None and self._given is None and self._loop == anyio.lowlevel.current_token():
            with anyio.CancelScope(shield=True):
                for client in clients:
                    await client.aclose()


_IDENTITY = {
    "user-agent": f"aiovideogen/{__version__} python/{platform.python_version()} httpx/{httpx.__version__}",
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


def _client(tls: ssl.SSLContext, connections: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=30.0)
    return httpx.AsyncClient(verify=tls, limits=limits)


async def _send(client: httpx.AsyncClient, **request: Any) -> Answer | Failure:
    try:
        response = await client.request(**request, follow_redirects=False, auth=None)
    except _HTTPX_ERRORS as error:
        return _failure(error)
    return Answer(response.status_code, _headers(response), response.content)


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


def _failure(error: Exception) -> Failure:
    text = one_line(str(error)) or "no reason given"
    return Failure(not isinstance(error, _NEVER_SENT), f"{type(error).__name__}: {text}")


def _headers(response: httpx.Response) -> dict[str, str]:
    # The raw pairs: httpx guesses an encoding anew for each header otherwise.
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}


async def _raw(response: httpx.Response) -> AsyncGenerator[bytes]:
    problem = ""
    try:
        async with aclosing(cast("AsyncGenerator[bytes]", response.aiter_raw())) as chunks:
            async for chunk in chunks:
                yield chunk
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


def _error(operation: str, outcome: Answer | Failure, verdict: str) -> Exception:
    """Return the error for an outcome that no further try will change."""
    if isinstance(outcome, Failure):
        if verdict == "unknown":
            return OutcomeUnknownError(
                f"{operation}: the answer was lost ({outcome.reason}); it may have been carried out and billed: "
                "look at the newest items before sending it again",
                operation=operation,
            )
        return ConnectionFailedError(
            f"{operation}: no connection ({outcome.reason}); check the network and the base URL", operation=operation
        )
    if verdict == "unknown":
        return OutcomeUnknownError(
            f"{operation}: {outcome.status} leaves open whether it was carried out and billed; "
            "look at the newest items before sending it again",
            operation=operation,
            status=outcome.status,
            request_id=outcome.request_id,
            body_excerpt=excerpt(outcome.body),
        )
    return error_from(operation, outcome, time.time())


def _unreadable(operation: Operation, problem: Unreadable, answer: Answer) -> Exception:
    about: dict[str, Any] = {
        "operation": operation.id,
        "status": answer.status,
        "request_id": answer.request_id,
        "body_excerpt": excerpt(answer.body),
    }
    model = operation.result.name if operation.result is not None else None
    where = f"{operation.id}: the answer can't be read as {model}: {problem.path or 'the whole'}: {problem.reason}"
    if operation.effect == "once":
        return OutcomeUnknownError(
            f"{where}; it was carried out, look at the newest items before sending it again", **about
        )
    return ResponseError(
        f"{where}; quote the request id to support", model=model, path=problem.path, body=answer.body, **about
    )


def checked_key(key: object) -> str:
    """Return the key without the white space around it; refuse what can't stand in a header.

    Raises AuthenticationError when it is empty and ConfigurationError when it is none, never with the key in it.
    """
    if not isinstance(key, str):
        raise ConfigurationError(f"api_key: expected text, got {type(key).__name__}")
    key = key.strip()
    if not key:
        # The class and code of the server's answer to a request without a key, before one is sent.
        text = "no API key: set VIDEOGEN_API_KEY or pass api_key= (a key is made at app.videogen.io/api)"
        raise AuthenticationError(text, status=401, code="missing_api_key", documented=True)
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "api_key: has characters that no key has (spaces, line breaks or others); copy it again"
        )
    return key
