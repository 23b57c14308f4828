"""Which messages are due to which endpoint, what was tried, and the pump that sends them."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

import anyio

from ._calls import View
from ._events import Watch
from ._faults import Trigger
from ._running import Waker
from ._sending import deliver, on_this_machine, signature
from ._state import ID_CHARACTERS, make_random

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from anyio.abc import TaskStatus

    from ._app import Sandbox
    from ._events import Event
    from ._records import Endpoint
    from ._state import State
    from .faults import WebhookRule


@dataclass(frozen=True, slots=True)
class HookSettings:
    """How long a receiver may take, and how often and when a message comes again."""

    ack: float = 15.0
    tries: int = 5
    backoff: float = 5.0

    def __post_init__(self) -> None:
        if self.ack <= 0 or self.tries < 1 or self.backoff < 0:
            raise ValueError("webhook_ack must be above 0, webhook_tries at least 1, webhook_backoff not negative")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try to deliver a message, or what a fault did with it.

    `status` is None when no answer came: `note` says why.
    """

    id: str
    event: str
    endpoint: str
    attempt: int
    status: int | None
    at: float
    note: str = ""


@dataclass(slots=True)
class Parcel:
    """A message on its way to one endpoint."""

    id: str
    event: str
    endpoint: str
    body: bytes
    due: float
    attempt: int = 0
    held: bool = False


class Outbox:
    """The messages of one state: made when events happen, due now or later."""

    def __init__(self, state: State, settings: HookSettings) -> None:
        self.state = state
        self.settings = settings
        self.waiting: list[Parcel] = []
        self.deliveries: list[Delivery] = []
        self._watch = Watch(state)
        self._next_event = inf
        self._rules: list[tuple[WebhookRule, Trigger]] = []
        # Numbers of its own: when messages are made must not change the ids of what is made meanwhile.
        self._random = make_random(state.settings.seed, "webhooks")

    def add_rule(self, rule: WebhookRule) -> None:
        self._rules.append((rule, Trigger(rule, self.state.settings.seed, len(self._rules))))

    def successor(self, state: State) -> Outbox:
        """Return the outbox of a state that has lost its messages; faults and what was tried stay."""
        outbox = Outbox(state, self.settings)
        outbox.deliveries, outbox._rules = self.deliveries, self._rules
        return outbox

    def clear_rules(self) -> None:
        self._rules.clear()

    async def collect(self, base: str) -> None:
        """Make the messages of what has happened since the last time."""
        if not self.state.endpoints:
            self._next_event = inf
            return
        now = self.state.now()
        events, self._next_event = self._watch.look(now)
        for event in events:
            wanting = [item for item in self.state.endpoints.values() if _wants(item, event)]
            if wanting:
                payload = await event.payload(View(self.state, base, now))
                self._post(event, wanting, json.dumps(payload, separators=(",", ":")).encode(), now)

    def _post(self, event: Event, endpoints: list[Endpoint], body: bytes, now: float) -> None:
        message_id = "msg_" + "".join(self._random.choices(ID_CHARACTERS, k=27))
        for endpoint in endpoints:
            parcels = [Parcel(message_id, event.name, endpoint.id, body, event.at)]
            for rule, trigger in self._rules:
                if rule.matches(event.name) and trigger.fires():
                    parcels = self._altered(parcels, rule, now)
            self.waiting += parcels

    def _altered(self, parcels: list[Parcel], rule: WebhookRule, now: float) -> list[Parcel]:
        match rule.action:
            case "drop":
                for item in parcels:
                    self.deliveries.append(Delivery(item.id, item.event, item.endpoint, 0, None, now, "dropped"))
                return []
            case "duplicate":
                return [*parcels, *(replace(item) for item in parcels)]
            case "delay":
                return [replace(item, due=now + rule.seconds) for item in parcels]
            case "reorder":
                return [replace(item, due=now + rule.seconds, held=True) for item in parcels]

    def take_due(self) -> list[Parcel]:
        """Take out what is to be sent now, in order."""
        now = self.state.now()
        self.waiting = [item for item in self.waiting if item.endpoint in self.state.endpoints]
        due = sorted((item for item in self.waiting if item.due <= now), key=lambda item: item.due)
        self.waiting = [item for item in self.waiting if item.due > now]
        return due

    def settle(self, parcel: Parcel, status: int, note: str, at: float, *, again: bool = True) -> Delivery:
        """Note how a try went; without a 2xx the message comes again, later each time."""
        delivery = Delivery(parcel.id, parcel.event, parcel.endpoint, parcel.attempt, status or None, at, note)
        self.deliveries.append(delivery)
        if again and not 200 <= status < 300 and parcel.attempt < self.settings.tries:
            pause = self.settings.backoff * 2 ** (parcel.attempt - 1)
            self.waiting.append(replace(parcel, due=self.state.now() + pause, held=False))
        for item in self.waiting:
            if item.held and item.endpoint == parcel.endpoint:
                item.due, item.held = self.state.now(), False
        return delivery

    def pause(self) -> float:
        """Return the seconds until something is due, as things stand."""
        return min([self._next_event, *(item.due for item in self.waiting)]) - self.state.now()


def _wants(endpoint: Endpoint, event: Event) -> bool:
    return event.name in endpoint.events and endpoint.created <= event.at


async def send(sandbox: Sandbox, outbox: Outbox, parcel: Parcel) -> Delivery | None:
    """Try to deliver one message; None when its endpoint is gone."""
    endpoint = outbox.state.endpoints.get(parcel.endpoint)
    if endpoint is None:
        return None
    parcel.attempt += 1
    at = outbox.state.now()
    headers = {
        "content-type": "application/json",
        "user-agent": "videogen-sandbox",
        "webhook-id": parcel.id,
        "webhook-timestamp": str(int(at)),
        "webhook-signature": signature(endpoint.secret, parcel.id, int(at), parcel.body),
    }
    app = sandbox.webhook_app
    if app is None and not on_this_machine(endpoint.url):
        return outbox.settle(parcel, 0, "not sent: the host is not this machine", at, again=False)
    status, note = await deliver(app, endpoint.url, headers, parcel.body, outbox.settings.ack)
    return outbox.settle(parcel, status, note, at)


async def deliver_due(sandbox: Sandbox) -> list[Delivery]:
    """Send, one after another, what is due now; return what was tried."""
    outbox = sandbox.outbox
    await outbox.collect(sandbox.base)
    tried: list[Delivery] = []
    while due := outbox.take_due():
        tried += [tried_one for parcel in due if (tried_one := await send(sandbox, outbox, parcel))]
    return tried


@asynccontextmanager
async def delivering(sandbox: Sandbox) -> AsyncGenerator[None]:
    """Deliver while inside; what is being sent at the end is broken off."""
    failure: BaseException | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(_pump, sandbox)
        try:
            yield
        except anyio.get_cancelled_exc_class():
            raise
        except BaseException as error:
            # Out of the group it would come wrapped in another exception.
            failure = error
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure


async def _pump(sandbox: Sandbox) -> None:
    waker = Waker()
    sandbox.running.wakers.append(waker)
    try:
        async with anyio.create_task_group() as group:
            while True:
                outbox = sandbox.outbox
                await outbox.collect(sandbox.base)
                for parcel in outbox.take_due():
                    # `start` returns when sending begins: so messages leave in order on any event loop.
                    await group.start(_send_apart, sandbox, outbox, parcel, waker)
                await waker.wait(outbox.pause())
    finally:
        sandbox.running.wakers.remove(waker)


async def _send_apart(
    sandbox: Sandbox,
    outbox: Outbox,
    parcel: Parcel,
    waker: Waker,
    *,
    task_status: TaskStatus[None],
) -> None:
    task_status.started()
    await send(sandbox, outbox, parcel)
    waker.wake()
