"""The client (layer 5): what users hold in their hands."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from ._generated.client import Groups
from ._operation import camel
from .errors import ConfigurationError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

    import httpx

    from ._accepted import Accepted
    from ._files import Files
    from ._generated.types import ProjectId
    from ._ids import JobId
    from ._limits import RateLimit
    from ._waiting import OnApproval, OnCancel, OnTimeout, Waiting, Watch
    from .webhooks import EventSource

__all__ = ["VideoGen"]

R = TypeVar("R")

API_URL = "https://api.videogen.io"

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class VideoGen(Groups):
    """A client of the VideoGen API, for asyncio and trio.

    Use it in `async with`, or call `aclose`. One client serves any number of tasks of one event loop at a time.

    Args:
        api_key: The key, or an async callable that returns one, such as an OAuth access token; it is asked again
            once after a 401. By default the environment's VIDEOGEN_API_KEY.
        base_url: Where the API is; by default the environment's VIDEOGEN_BASE_URL, else the public API.
            `http://` is accepted for this machine only.
        http_client: An httpx client of your own for calls, and for transfers if no other is given. It is never closed
            here.
        transfer_client: An httpx client of your own for transfers; without it and `http_client` they have a pool of
            their own, so that they can't hold up calls.
        proxy: The URL of a proxy for calls and transfers; by default the environment says.
        verify: How servers' certificates are checked: a TLS context, the path of certificates to trust, or False for
            not at all.
        on_accepted: Called, or awaited, with every start's answer before the start returns it, and also when its caller
            was cancelled meanwhile: the place to write ids down.
        receiver: Where webhooks arrive, an `aiovideogen.receiver.Receiver` of the same event loop: its events end waits
            at once, and looks at jobs become rare.
        timeout: Seconds that a call may take to answer, for each try.
        retries: How often a call that failed is sent again where that is safe: never where it might bill twice.

    Raises:
        AuthenticationError: There is no key.
        ConfigurationError: The key or the base URL can't be used.
    """

    def __init__(
        self,
        *,
        api_key: str | Callable[[], Awaitable[str]] | None = None,
        base_url: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        transfer_client: httpx.AsyncClient | None = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | str | bool = True,
        on_accepted: Callable[[Accepted[Any]], object] | None = None,
        receiver: EventSource | None = None,
        timeout: float = 60.0,
        retries: int = 2,
    ) -> None:
        from ._calls import Calls, checked_key
        from ._transport import HttpTransport  # httpx costs most of an import: only with a client

        given = api_key if api_key is not None else os.environ.get("VIDEOGEN_API_KEY", "")
        self._base_url = checked_base_url(base_url or os.environ.get("VIDEOGEN_BASE_URL") or API_URL)
        key = given if callable(given) else checked_key(given)
        self._http = HttpTransport(
            base_url=self._base_url,
            http_client=http_client,
            transfer_client=transfer_client,
            proxy=proxy,
            verify=verify,
            timeout=timeout,
        )
        self._calls = Calls(self._http, key=key, retries=retries, on_accepted=on_accepted)
        self._receiver = receiver
        super().__init__(self._calls)

    @property
    def base_url(self) -> str:
        """Where this client sends its calls."""
        return self._base_url

    @property
    def rate_limits(self) -> Mapping[str, RateLimit]:
        """What is known of each endpoint group's rate limit, for the groups used so far."""
        return self._calls.rate_limits

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. The client can be used again afterwards, with new ones."""
        if "_waiting" in self.__dict__:
            self._waiting.poller.close()
        await self._http.aclose()

    def __repr__(self) -> str:
        return f"VideoGen(base_url={self._base_url!r})"

    @cached_property
    def files(self) -> Files:  # pyright: ignore[reportIncompatibleVariableOverride] - extends the generated group
        """The operations of the group Files, and whole uploads and downloads."""
        from ._files import Files

        return Files(self._calls, self._http, self._waiting)

    @cached_property
    def _waiting(self) -> Waiting:
        from ._waiting import Waiting

        return Waiting(self._calls, self._receiver)

    async def wait_for(
        self,
        target: JobId[R] | Accepted[R] | Awaitable[Accepted[R]],
        *,
        timeout: float | None = 3600,
        on_progress: Callable[[R], object] | None = None,
        on_timeout: OnTimeout = "leave",
        on_cancel: OnCancel = "leave",
        on_approval: OnApproval = "raise",
        project_id: ProjectId | None = None,
        **path: str,
    ) -> R:
        """Wait until a job has succeeded, and return what it became.

        Looks often at first and less often as the job ages. What may pass (a lost connection, 5xx, a rate limit)
        doesn't end the wait. A start answer with remix actions waits for those as well; a bare run id doesn't.

        Args:
            target: A job's id, the answer that started it, or the call that starts it. A file's id waits until the
                file can be used.
            timeout: Seconds from acceptance; None waits for ever. It never cuts a start.
            on_progress: Called, or awaited, with each state seen.
            on_timeout: Whether to ask the server to cancel the job when the time is over.
            on_cancel: Whether to ask the server to cancel the job when this task is cancelled.
            on_approval: Whether a job that needs a person's approval ends the wait or goes on being waited for.
            project_id: The project, for ids that don't name it: exports and remix actions.
            path: Any other value that the job's path needs, by name.

        Raises:
            JobFailedError: The job failed; the error has the API's reason.
            JobCancelledError: It was cancelled on the server.
            ApprovalRequiredError: It stands still until a person approves it.
            WaitTimeoutError: It didn't end in time; it goes on, and the error says how to go on waiting.
            ApiStatusError: The API says that the job can't be looked at.
            ResponseError: The job is over, and its answer can't be read.
        """
        return await self._waiting.wait(
            target,
            _params(project_id, path),
            timeout=timeout,
            on_progress=on_progress,
            on_timeout=on_timeout,
            on_cancel=on_cancel,
            on_approval=on_approval,
        )

    def watch(
        self,
        target: JobId[R] | Accepted[R] | Awaitable[Accepted[R]],
        *,
        timeout: float | None = 3600,
        project_id: ProjectId | None = None,
        **path: str,
    ) -> Watch[R]:
        """Watch a job's states as they change: `async with vg.watch(id) as states: async for state in states: …`.

        The last state is the one in which the job ended, well or not. `timeout` is in seconds from acceptance.
        """
        from ._waiting import Watch

        return Watch(self._waiting, target, _params(project_id, path), timeout)

    async def cancel(self, target: JobId[Any] | Accepted[Any]) -> None:
        """Ask the server to cancel a tool execution or a workflow run.

        It becomes `cancelled` if it hasn't ended by then; go on waiting to see which. Raises ValueError, before
        anything is sent, for kinds that the API can't cancel.
        """
        await self._waiting.cancel(target, {})


def _params(project_id: ProjectId | None, path: Mapping[str, str]) -> dict[str, str]:
    """Return the path's values by JSON key."""
    given = {**path, **({} if project_id is None else {"project_id": project_id})}
    return {camel(name): value for name, value in given.items()}


def checked_base_url(url: str) -> str:
    """Return a base URL without a trailing slash or `/v1`; raises ConfigurationError for what the key mustn't go to."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname if parts.port != 0 else None
    except ValueError:  # raised outside: it quotes what may hold a password
        parts = urlsplit("")
        host = None
    if parts.scheme not in ("https", "http") or not host:
        raise ConfigurationError("base_url: expected https://host")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(f"base_url: give {parts.scheme}://{host} alone: no user, query or fragment")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ConfigurationError(f"base_url: http:// would send the key in the clear to {host}; use https://")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/v1').rstrip('/')}"
