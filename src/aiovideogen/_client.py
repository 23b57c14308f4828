"""The client (layer 5): what users hold in their hands."""

from __future__ import annotations

import os
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from ._generated.client import Groups
from ._model import UNSET, Unset
from ._operation import camel
from ._options import Options, Timeouts
from .errors import ConfigurationError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
    from types import TracebackType

    import httpx

    from ._accepted import Accepted
    from ._files import Files
    from ._generated.types import ProjectId
    from ._ids import JobId
    from ._limits import RateLimit
    from ._many import Outcomes
    from ._outcomes import Mapped, Outcome
    from ._reconcile import Reconciliation
    from ._telemetry import Telemetry
    from ._waiting import OnApproval, OnCancel, OnTimeout, Waiting, Watch
    from .errors import OutcomeUnknownError
    from .webhooks import EventSource

__all__ = ["VideoGen"]

In = TypeVar("In")
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
            at once, and looks at jobs become rare. Register the events of all that you wait for, files too.
        timeout: Seconds that each step of a try may take, or `Timeouts` for one by one; None is no limit.
        retries: How often a call that failed is sent again where that is safe: never where it might bill twice.
        total_timeout: Seconds that a whole call may take: tries, the pauses between them and waiting for the rate
            limit. None, the default, is no limit, since a start may rightly wait an hour for its turn. A start that
            may have left is given up to 5 s more to bring its id.
        telemetry: Called with a record of each attempt, retry, wait and transfer that is over; see
            `aiovideogen.telemetry`. It must not block.

    Raises:
        AuthenticationError: There is no key.
        ConfigurationError: The key, the base URL or a limit can't be used.
    """

    _first: VideoGen | None = None
    """The client that this one shares everything with but its options."""

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
        timeout: float | Timeouts | None = 60.0,
        retries: int = 2,
        total_timeout: float | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        from ._calls import Calls
        from ._keys import checked_key
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
        )
        options = Options.of(timeout, retries, total_timeout)
        self._calls = Calls(self._http, key=key, options=options, on_accepted=on_accepted, telemetry=telemetry)
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

    def with_options(
        self,
        *,
        timeout: float | Timeouts | Unset | None = UNSET,
        retries: int | Unset = UNSET,
        total_timeout: float | Unset | None = UNSET,
    ) -> VideoGen:
        """Return a client whose calls go by other limits: `vg.with_options(total_timeout=20).tools.generate_image(…)`.

        What isn't given stays as it is; see the class for what each means. The two share connections, rate limits,
        known ids and waits, which go by the first client's limits. Closing the new client closes nothing of the
        first; closing the first closes the connections of both. Raises ConfigurationError.
        """
        options = self._calls.options.changed(timeout, retries, total_timeout)
        other = VideoGen.__new__(type(self))
        other._base_url, other._http = self._base_url, self._http
        other._calls = self._calls.with_options(options)
        other._first = self._first or self
        other._receiver = self._receiver
        Groups.__init__(other, other._calls)
        return other

    async def reconcile(self, error: OutcomeUnknownError) -> Reconciliation:
        """Look for what a start whose outcome isn't known may have started.

        The API's lists carry neither what was asked nor, mostly, when: the candidates are what is newer than the call,
        of a fitting type, and neither started nor seen before by this client. Whether one of them is yours is for you
        to say, and where nothing can be found out `searched` is False and `reason` says why. Other programs that use
        the key, and starts of this client that are still under way, may be among the candidates. An error that was
        pickled can be reconciled by another client of the same key, which knows less.

        Raises the errors of the reading calls, as drawn in `aiovideogen.errors`.
        """
        from ._reconcile import reconcile

        return await reconcile(self._calls, error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. The client can be used again afterwards, with new ones.

        A client that `with_options` returned closes nothing: the connections are the first one's.
        """
        if self._first is not None:
            return
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
        if self._first is not None:
            return self._first._waiting
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

    async def wait_all(
        self,
        targets: Iterable[JobId[R] | Accepted[R] | Awaitable[Accepted[R]]],
        *,
        timeout: float | None = 3600,
        on_progress: Callable[[JobId[R] | Accepted[R], R], object] | None = None,
        on_timeout: OnTimeout = "leave",
        on_cancel: OnCancel = "leave",
        on_approval: OnApproval = "raise",
        project_id: ProjectId | None = None,
        **path: str,
    ) -> list[Outcome[R]]:
        """Wait for many jobs at once, and return how each ended, in the order given.

        No failure ends the other waits: each is the `error` of its outcome. `[one.unwrap() for one in outcomes]` has
        the results, or raises the first error. The options are those of `wait_for`, for each job by itself;
        `on_progress` is called, or awaited, with what was waited for and a state of it.
        """
        async with self.as_completed(
            targets,
            timeout=timeout,
            on_progress=on_progress,
            on_timeout=on_timeout,
            on_cancel=on_cancel,
            on_approval=on_approval,
            project_id=project_id,
            **path,
        ) as outcomes:
            return await outcomes.collect()

    def as_completed(
        self,
        targets: Iterable[JobId[R] | Accepted[R] | Awaitable[Accepted[R]]],
        *,
        timeout: float | None = 3600,
        on_progress: Callable[[JobId[R] | Accepted[R], R], object] | None = None,
        on_timeout: OnTimeout = "leave",
        on_cancel: OnCancel = "leave",
        on_approval: OnApproval = "raise",
        project_id: ProjectId | None = None,
        **path: str,
    ) -> Outcomes[Outcome[R]]:
        """Wait for many jobs at once, and tell how each ended as soon as it has.

        Use it as `async with vg.as_completed(ids) as outcomes: async for outcome in outcomes: …`. Leaving the block
        ends the waits that are left, as if they were cancelled. Failures and options are as with `wait_all`.
        """
        from ._many import waited

        wait = partial(
            self.wait_for,
            timeout=timeout,
            on_timeout=on_timeout,
            on_cancel=on_cancel,
            on_approval=on_approval,
            project_id=project_id,
            **path,
        )
        return waited(wait, targets, on_progress)

    def map(
        self,
        start: Callable[[In], Awaitable[Accepted[R] | JobId[R]]],
        inputs: Iterable[In] | AsyncIterable[In],
        *,
        concurrency: int = 1000,
        timeout: float | None = 3600,
        on_progress: Callable[[In, R], object] | None = None,
        on_timeout: OnTimeout = "leave",
        on_cancel: OnCancel = "leave",
        on_approval: OnApproval = "raise",
    ) -> Outcomes[Mapped[In, R]]:
        """Start a job for each input, wait for all, and tell how each ended as soon as it has.

        Use it as `async with vg.map(start, inputs) as outcomes: async for outcome in outcomes: …`; there,
        `await outcomes.collect()` returns them in the order of the inputs. Each input has one outcome, and what goes
        wrong with one leaves the others alone. Only after an AuthenticationError or an InsufficientCreditsError, which
        the next start would meet as well, nothing more is started: what is under way is still collected, and the
        inputs left have that error as their outcome. A start that was surely never sent, in an outage or before a rate
        limit, is tried again; after five minutes without a connection, too, nothing more is started.

        Inputs are taken one by one, when there is room for another job. Leaving the block early loses no id: starts
        finish first, and `on_accepted` of this client sees each.

        Args:
            start: Called with an input to start its job, as in `lambda text: vg.tools.generate_image(prompt=text)`.
            inputs: Any number of inputs; they may come from an async generator, which is closed with the block.
            concurrency: Jobs that may be under way at once, those ended but not yet taken from the iterator included.
                Calls wait before the rate limits, so that it need not be small. With twice the documented 500 starts
                an hour, no start that the limit allows waits for a job of less than an hour.
            timeout: Seconds for each job, from its acceptance; None waits for ever.
            on_progress: Called, or awaited, with the input and a state of its job.
            on_timeout: Whether to ask the server to cancel a job when its time is over.
            on_cancel: Whether to ask the server to cancel the jobs left when the block is left early or cancelled.
            on_approval: Whether a job that needs a person's approval ends its wait or goes on being waited for.
        """
        from ._many import mapped

        wait = partial(
            self.wait_for, timeout=timeout, on_timeout=on_timeout, on_cancel=on_cancel, on_approval=on_approval
        )
        return mapped(wait, start, inputs, concurrency, on_progress)

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
