"""The sandbox: an ASGI app, its state, and the knobs for tests."""

from __future__ import annotations

import time
import uuid
from collections import Counter, deque
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import anyio

from . import _api, _control, _storage
from ._deliveries import HookSettings, Outbox, deliver_due, delivering
from ._faults import Faults
from ._http import ApiFault, ClientGone, ConnectionRefused, Request
from ._limits import Limits, RateSettings
from ._running import Running
from ._spec import load_spec
from ._state import Account, Clock, Settings, State
from .faults import Drop, FaultRule, Moment, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from ._deliveries import Delivery
    from ._http import Answer, Json, Receive, Scope, Send, Sleep
    from ._jobs import JobScript
    from ._limits import RateLimits, RateReset
    from ._sending import App
    from ._spec import Operation
    from .faults import Action, WebhookRule

Plan: TypeAlias = Literal["pro", "no_add_on", "free"]
DEFAULT_KEY = "sk_videogen_live_sandbox"
REQUEST_LOG = 10_000
FARTHEST = 100 * 365 * 86400


class Sandbox:
    """An ASGI app that answers as the VideoGen API does.

    `job_seconds` is how long jobs take, for all or per tool or workflow type (`default` for the
    rest; also EXPORT, TIMELINE_INTERCHANGE, ASSISTANT_MESSAGE, FILE_IMPORT and the remix action
    types). All that changes with time is computed from `clock()`, so a test may move it by hand;
    `sleep` is awaited where a fault takes time. The same `seed` gives the same ids.

    `plan="free"` refuses what needs a paid plan, "no_add_on" what an older form of the API asked an
    add-on for. A start costs as many `credits` as it has results; None never runs out.

    `rate_limits` are the documented ones, none, or some changed: a mapping names groups (as
    `GET /_sandbox/limits` does), operations, or `*`, each with its requests an hour or None. They
    count in windows of `rate_window` seconds, multiplied by `rate_limit_scale`.

    Webhooks are sent while `delivering()` or being served, or by `deliver_due()`: to receivers on
    this machine, for which an endpoint's URL may be http, or all to `webhook_app` in process. A
    receiver has `webhook_ack` seconds to answer with a 2xx; else the message comes again, after
    `webhook_backoff` seconds and then twice as long each time, up to `webhook_tries` times.
    """

    def __init__(
        self,
        *,
        key: str = DEFAULT_KEY,
        job_seconds: float | Mapping[str, float] = 2.0,
        clock: Callable[[], float] = time.time,
        sleep: Sleep = anyio.sleep,
        seed: int | None = None,
        url_seconds: float = 7 * 86400,
        file_seconds: float = 0.2,
        upload_seconds: float = 900,
        plan: Plan = "pro",
        credits: int | None = None,
        rate_limits: RateLimits = True,
        rate_limit_scale: float = 1.0,
        rate_window: float = 3600.0,
        rate_reset: RateReset = "epoch",
        webhook_app: App | None = None,
        webhook_ack: float = 15.0,
        webhook_tries: int = 5,
        webhook_backoff: float = 5.0,
    ) -> None:
        self.key = key
        self.webhook_app = webhook_app
        self._hooks = HookSettings(webhook_ack, webhook_tries, webhook_backoff)
        self._settings = Settings(job_seconds, Clock(clock), seed, url_seconds, file_seconds, upload_seconds)
        self._account = Account({key}, plan, credits)
        self._rates = RateSettings(rate_limits, rate_limit_scale, rate_window, rate_reset)
        self._sleep = sleep
        self._spec = load_spec()
        self.running: Running = Running()
        # What signed URLs in messages begin with: where the last request came to.
        self.base: str = "http://127.0.0.1"
        self.reset()

    def reset(self) -> None:
        """Forget everything: records, counts, scripts, faults, and what was set since the start."""
        self._settings.clock.offset = 0.0
        self._down_until = 0.0
        account = replace(self._account, keys=set(self._account.keys))
        self.state: State = State(self._settings, account)
        self.outbox: Outbox = Outbox(self.state, self._hooks)
        self.limits: Limits = Limits(self._spec.operations, self._rates)
        self._faults = Faults(self._spec.operations, self._settings.seed)
        self.billed = 0
        self.leaks: int = 0
        self.counts: Counter[str] = Counter()
        self.requests: deque[tuple[str, str, int]] = deque(maxlen=REQUEST_LOG)
        self.running.wake()

    @property
    def credits(self) -> int | None:
        """What the account can still pay; None never runs out."""
        return self.state.account.credits

    @credits.setter
    def credits(self, value: int | None) -> None:
        self.state.account.credits = value

    @property
    def plan(self) -> Plan:
        return cast("Plan", self.state.account.plan)

    @plan.setter
    def plan(self, value: Plan) -> None:
        self.state.account.plan = value

    @property
    def keys(self) -> set[str]:
        """The API keys that are accepted; add or discard some at any time."""
        return self.state.account.keys

    def set_rate_limits(
        self,
        limits: RateLimits = True,
        *,
        scale: float = 1.0,
        window: float = 3600.0,
        reset: RateReset = "epoch",
    ) -> None:
        """Replace the rate limits and start counting anew; `reset()` brings the first ones back."""
        self.limits = Limits(self._spec.operations, RateSettings(limits, scale, window, reset))

    def now(self) -> float:
        """Read the sandbox's clock, jumps included."""
        return self.state.now()

    def jump_clock(self, seconds: float) -> None:
        """Let the sandbox's clock jump: jobs go on, URLs expire, limits and messages come due.

        Raises ValueError beyond a century.
        """
        offset = self._settings.clock.offset + seconds
        if not abs(offset) <= FARTHEST:
            raise ValueError(f"the clock can't jump farther than {FARTHEST} seconds")
        self._settings.clock.offset = offset
        self.running.wake()

    def restart(self, seconds: float = 0.0, *, lose_state: bool = False) -> None:
        """Drop all connections and refuse new ones for so long, with the records kept or lost.

        Counts, scripts, faults and the account stay.
        """
        if lose_state:
            self.state = self.state.successor()
            self.outbox = self.outbox.successor(self.state)
            self.limits = Limits(self._spec.operations, self.limits.settings)
        self._down_until = self.now() + seconds
        self.running.drop()

    def script_job(self, *outcomes: JobScript) -> None:
        """Say how the next started jobs shall go, in order.

        A workflow run takes one for itself, then one for each of its remix actions; its own export
        takes none. A remix takes one for each action.
        """
        self.state.scripts.extend(outcomes)

    def add_fault(self, rule: FaultRule) -> None:
        """Put a fault in force, before authentication and beside those there are.

        Raises ValueError for an unknown operation.
        """
        self._faults.add(rule)

    def clear_faults(self) -> None:
        """Take back every fault, those of `fail_next` too."""
        self._faults.clear()

    def fail_next(
        self,
        operation_id: str,
        *,
        times: int = 1,
        skip: int = 0,
        status: int = 503,
        headers: Mapping[str, str] | None = None,
        body: Json | bytes | str | None = None,
        drop: Literal["no", "before", "after"] = "no",
    ) -> None:
        """Answer the next calls of an operation with a fault, before authentication.

        Faults of one operation come one after another; `skip` lets that many calls pass first.
        `drop="before"` closes the connection without an answer and without effect; `drop="after"`
        lets the call take effect and loses its answer. In process a drop raises ConnectionDropped
        out of the app. Storage requests go by the names `storagePut` and `storageGet`.

        Raises ValueError for an unknown operation.
        """
        action: Action = Status(status, body, dict(headers or {})) if drop == "no" else Drop(drop)
        self._faults.queue(FaultRule(operation_id, action, times=times, skip=skip))

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to deliver a webhook, and what faults dropped, in order."""
        return self.outbox.deliveries

    def route_webhooks(self, app: App | None) -> None:
        """Deliver to an ASGI app in process, whatever the endpoints' URLs; None sends to them again."""
        self.webhook_app = app

    def add_webhook_fault(self, rule: WebhookRule) -> None:
        """Put a fault in force for the messages to come."""
        self.outbox.add_rule(rule)

    def clear_webhook_faults(self) -> None:
        """Take back the faults of messages; those already held or delayed stay so."""
        self.outbox.clear_rules()

    async def deliver_due(self) -> list[Delivery]:
        """Send the webhooks that are due now, one after another, and return what was tried."""
        return await deliver_due(self)

    def delivering(self) -> AbstractAsyncContextManager[None]:
        """Send webhooks when they come due, for the length of an `async with` block.

        It looks again when a request may have changed what comes, and when the clock jumps; a clock
        moved by hand goes unnoticed until then.
        """
        return delivering(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI request."""
        if scope["type"] != "http":
            raise NotImplementedError("the sandbox serves HTTP only")
        request = Request(scope, receive)
        self.base = request.base
        try:
            # Control is out of the faults' reach, a restart's too.
            if request.segments[:1] == ["_sandbox"]:
                await self._deliver(request, await _control.respond(self, request), send)
            else:
                await self._serve(request, send)
        except ClientGone:
            pass

    async def _serve(self, request: Request, send: Send) -> None:
        if self.now() < self._down_until:
            self._log(request, request.raw_path, 0)
            raise ConnectionRefused("the server is down")
        with self.running.request():
            answer = await self._answer(request)
            if request.method not in ("GET", "HEAD"):
                self.running.wake()
            await request.drain()
            await self._deliver(request, answer, send)

    async def _deliver(self, request: Request, answer: Answer, send: Send) -> None:
        answer.headers.setdefault("date", formatdate(self.now(), usegmt=True))
        answer.headers.setdefault("x-request-id", f"req_{uuid.uuid4().hex}")
        await answer.deliver(request.receive, send, self._sleep, head=request.method == "HEAD")

    async def _answer(self, request: Request) -> Answer:
        if request.segments[:1] == ["_storage"]:
            self.leaks += "authorization" in request.headers
            return await self._with_faults(request, _storage.operation_of(request.method), None, {})
        try:
            operation, values = self._spec.match(request.method, request.segments)
        except ApiFault as fault:
            self._log(request, request.raw_path, fault.status)
            return _api.refusal(fault)
        return await self._with_faults(request, operation.id, operation, values)

    async def _with_faults(
        self, request: Request, name: str, operation: Operation | None, values: dict[str, str]
    ) -> Answer:
        self.counts[name] += 1
        actions = self._faults.due(name)
        moment = Moment(name, self.state, self._sleep, self.jump_clock, self._restart, request)
        status = 0
        try:
            for action in actions:
                await action.arrive(moment)
            made = (action.replace(moment) for action in actions)
            answer = next(filter(None, made), None) or await self._served(request, operation, values)
            for action in actions:
                action.change(answer, moment)
                await action.depart(moment)
            status = answer.status
        finally:
            self._log(request, name, status)
        return answer

    async def _served(self, request: Request, operation: Operation | None, values: dict[str, str]) -> Answer:
        if operation is None:
            return await _storage.respond(self.state, request)
        return await _api.respond(self, self._spec, request, operation, values)

    def _restart(self, seconds: float, lose_state: bool) -> None:
        self.restart(seconds, lose_state=lose_state)

    def _log(self, request: Request, name: str, status: int) -> None:
        self.requests.append((request.method, name, status))
