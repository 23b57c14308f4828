"""Faults for `Sandbox.add_fault`: a `FaultRule` says when, its action says what.

Several rules may fire on one request: their actions apply in the order the rules were added. Over
HTTP an action is an object with its `type`, the name in `ACTIONS`, and the action's own fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._http import Answer, ConnectionDropped, ConnectionRefused, Json, api_error, json_answer
from ._storage import GET, PUT, request_expired
from ._tamper import edit, edit_field, expire_urls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ._http import Request
    from ._state import State

Headers: TypeAlias = dict[str, str]

# Status or code -> the code and message that the API gives with it.
USUAL: dict[int | str, tuple[str | None, str]] = {
    400: ("invalid_request", "The request is invalid."),
    401: ("invalid_api_key", "API key is invalid or has been revoked."),
    403: ("not_authorized", "You are not allowed to do this."),
    404: ("not_found", "Not found."),
    409: (None, "Conflict."),
    429: ("rate_limited", "Rate limit exceeded."),
    "invalid_id": ("invalid_id", "The id is malformed."),
    "missing_api_key": ("missing_api_key", "Send your API key as a bearer token."),
    "insufficient_credits": ("insufficient_credits", "Out of credits."),
}
HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>Error {0}</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Moment:
    """What an action may use of the request that it fires on, and of the sandbox."""

    operation: str
    state: State
    sleep: Callable[[float], Awaitable[object]]
    jump: Callable[[float], None]
    restart: Callable[[float, bool], None]
    request: Request


class Action:
    """What a fault does: to the request on its way in, instead of it, or to its answer."""

    async def arrive(self, moment: Moment) -> None:
        """Act before the handler runs."""

    def replace(self, moment: Moment) -> Answer | None:
        """Return the answer to give instead of running the handler."""
        return None

    def change(self, answer: Answer, moment: Moment) -> None:
        """Change what the handler answered."""

    async def depart(self, moment: Moment) -> None:
        """Act when the handler has run and nothing has been sent."""


@dataclass(frozen=True, slots=True)
class Delay(Action):
    """Wait before the call takes effect, or `after` it did.

    It takes effect though its client does not wait; an upload doesn't.
    """

    seconds: float
    after: bool = False

    def __post_init__(self) -> None:
        _need(self.seconds >= 0, "seconds must not be negative")

    async def arrive(self, moment: Moment) -> None:
        if self.after:
            return
        if moment.operation != PUT:
            await moment.request.hold()
        await moment.sleep(self.seconds)

    async def depart(self, moment: Moment) -> None:
        if self.after:
            await moment.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class Refuse(Action):
    """Refuse the connection; a real server closes it without reading on."""

    async def arrive(self, moment: Moment) -> None:
        raise ConnectionRefused("refused as told")


@dataclass(frozen=True, slots=True)
class Drop(Action):
    """Close the connection without an answer, before the request took effect or after."""

    when: Literal["before", "after"] = "before"

    def __post_init__(self) -> None:
        _need(self.when in ("before", "after"), "when must be before or after")

    async def arrive(self, moment: Moment) -> None:
        if self.when == "before":
            await moment.request.drain()
            raise ConnectionDropped("dropped before it took effect")

    async def depart(self, moment: Moment) -> None:
        if self.when == "after":
            raise ConnectionDropped("dropped after it took effect")


@dataclass(frozen=True, slots=True)
class Reset(Action):
    """Break the answer's body off after so many bytes, or after a fraction of it."""

    after_bytes: int | None = None
    fraction: float = 0.5

    def __post_init__(self) -> None:
        _need((self.after_bytes or 0) >= 0 and 0 <= self.fraction < 1, "after_bytes or fraction is out of range")

    def change(self, answer: Answer, moment: Moment) -> None:
        asked = int(answer.length * self.fraction) if self.after_bytes is None else self.after_bytes
        answer.pace.stop_at = max(0, min(asked, answer.length - 1))


@dataclass(frozen=True, slots=True)
class Drip(Action):
    """Send the answer's body slowly."""

    bytes_per_second: float

    def __post_init__(self) -> None:
        _need(self.bytes_per_second > 0, "bytes_per_second must be above 0")

    def change(self, answer: Answer, moment: Moment) -> None:
        answer.pace.rate = self.bytes_per_second


@dataclass(frozen=True, slots=True)
class Chunked(Action):
    """Send the answer without Content-Length, in chunks."""

    size: int = 1024

    def __post_init__(self) -> None:
        _need(self.size > 0, "size must be above 0")

    def change(self, answer: Answer, moment: Moment) -> None:
        answer.pace.chunk = self.size


@dataclass(frozen=True, slots=True)
class Status(Action):
    """Answer with a status instead of running the handler: an ApiError, or any `body`.

    A text body is sent as HTML unless `headers` say otherwise. Without a body `code` picks the
    ApiError's, `requirement` and `details` what it names. With `after` the handler runs, and its
    answer is lost to this one.
    """

    status: int = 503
    body: Json | bytes | str | None = None
    headers: Headers | None = None
    code: str | None = None
    requirement: str | None = None
    details: Headers | None = None
    after: bool = False

    def __post_init__(self) -> None:
        _need(200 <= self.status <= 599, "status must be from 200 to 599")

    async def arrive(self, moment: Moment) -> None:
        if not self.after:
            await moment.request.drain()

    def replace(self, moment: Moment) -> Answer | None:
        return None if self.after else self.answer(moment)

    def change(self, answer: Answer, moment: Moment) -> None:
        if self.after:
            other = self.answer(moment)
            answer.status, answer.headers, answer.content = other.status, other.headers, other.content

    def answer(self, moment: Moment) -> Answer:
        """Return the answer that it gives."""
        headers = {name.lower(): value for name, value in (self.headers or {}).items()}
        if self.body is None or isinstance(self.body, dict):
            return json_answer(self.status, self._error() if self.body is None else self.body, headers)
        data = self.body.encode() if isinstance(self.body, str) else self.body
        return Answer(self.status, {"content-type": "text/html", **headers}, data)

    def _error(self) -> Json:
        usual = USUAL.get(self.code or self.status) or USUAL.get(self.status)
        code, message = usual or (None, "The sandbox failed as told.")
        internal = f"sandbox_{self.status}" if self.status >= 500 else None
        return api_error(message, self.code or code, self.requirement, self.details, internal=internal)


@dataclass(frozen=True, slots=True)
class Html(Action):
    """Answer with an HTML page, as a proxy in front of the API does."""

    status: int = 502

    def __post_init__(self) -> None:
        _need(200 <= self.status <= 599, "status must be from 200 to 599")

    async def arrive(self, moment: Moment) -> None:
        await moment.request.drain()

    def replace(self, moment: Moment) -> Answer:
        return Answer(self.status, {"content-type": "text/html"}, HTML.format(self.status).encode())


@dataclass(frozen=True, slots=True)
class Truncate(Action):
    """Send only a part of the body, as if that were all."""

    fraction: float = 0.5

    def __post_init__(self) -> None:
        _need(0 <= self.fraction < 1, "fraction must be from 0 to below 1")

    def change(self, answer: Answer, moment: Moment) -> None:
        if isinstance(answer.content, bytes):
            answer.content = answer.content[: int(len(answer.content) * self.fraction)]


@dataclass(frozen=True, slots=True)
class InvalidJson(Action):
    """Send a body that is not JSON under the headers of one that is."""

    text: str = '{"status": undefined,}'

    def change(self, answer: Answer, moment: Moment) -> None:
        answer.content = self.text.encode()


@dataclass(frozen=True, slots=True)
class UnknownValue(Action):
    """Give a field a value that no document lists, at every place or the outermost first."""

    field: str = "status"
    value: str = "resting"
    every: bool = True

    def change(self, answer: Answer, moment: Moment) -> None:
        edit(answer, edit_field(self.field, self.every, lambda node: node.update({self.field: self.value})))


@dataclass(frozen=True, slots=True)
class MissingField(Action):
    """Leave a field out, at every place or the outermost first."""

    field: str
    every: bool = True

    def change(self, answer: Answer, moment: Moment) -> None:
        edit(answer, edit_field(self.field, self.every, lambda node: node.pop(self.field)))


@dataclass(frozen=True, slots=True)
class NullField(Action):
    """Make a field null, at every place or the outermost first."""

    field: str
    every: bool = True

    def change(self, answer: Answer, moment: Moment) -> None:
        edit(answer, edit_field(self.field, self.every, lambda node: node.update({self.field: None})))


@dataclass(frozen=True, slots=True)
class ExpireUrls(Action):
    """Let the signed URLs of an answer expire so soon; a storage request is answered as expired.

    The times beside the URLs tell it, unless `silent`.
    """

    seconds: float = 0.0
    silent: bool = False

    def replace(self, moment: Moment) -> Answer | None:
        return request_expired() if moment.operation in (GET, PUT) else None

    def change(self, answer: Answer, moment: Moment) -> None:
        expires = int(moment.state.now() + self.seconds)
        edit(answer, expire_urls(moment.state, expires, silent=self.silent))


@dataclass(frozen=True, slots=True)
class ClockJump(Action):
    """Let the sandbox's clock jump, then serve the request."""

    seconds: float

    async def arrive(self, moment: Moment) -> None:
        moment.jump(self.seconds)


@dataclass(frozen=True, slots=True)
class Restart(Action):
    """Restart the server: drop all connections, refuse new ones for so long, keep or lose its state."""

    seconds: float = 0.0
    lose_state: bool = False

    def __post_init__(self) -> None:
        _need(self.seconds >= 0, "seconds must not be negative")

    async def arrive(self, moment: Moment) -> None:
        moment.restart(self.seconds, self.lose_state)
        raise ConnectionDropped("the server restarts")


_KINDS = (Delay, Refuse, Drop, Reset, Drip, Chunked, Status, Html, Truncate, InvalidJson, UnknownValue, MissingField)
_MORE = (NullField, ExpireUrls, ClockJump, Restart)
ACTIONS: dict[str, type[Any]] = {re.sub(r"\B(?=[A-Z])", "_", one.__name__).lower(): one for one in (*_KINDS, *_MORE)}
NAMES = {action: name for name, action in ACTIONS.items()}


def _need(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When something fires, of all that it matches: from `skip` on, at the `nth`, `times`, by chance.

    `nth` counts from 1 and counts what `skip` leaves out. Without a `seed` chance follows the
    sandbox's own.
    """

    nth: int | list[int] | None = None
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int | None = None

    def __post_init__(self) -> None:
        _need(self.times is None or self.times >= 1, "times must be at least 1")
        _need(self.skip >= 0, "skip must be 0 or more")
        _need(0 <= self.probability <= 1, "probability must be from 0 to 1")


@dataclass(frozen=True, slots=True)
class FaultRule(Rule):
    """An action on some requests.

    `operations` are operationIds, `storagePut` and `storageGet`, the effects `read`, `repeatable`
    and `once` (a PUT to storage is repeatable, a GET a read), `storage`, or `*`, or a list of them.
    """

    operations: str | list[str] = "*"
    action: Action = Status()

    @property
    def selectors(self) -> list[str]:
        return [self.operations] if isinstance(self.operations, str) else self.operations


@dataclass(frozen=True, slots=True)
class WebhookRule(Rule):
    """Something done to messages before their first delivery.

    `drop` loses a message for good, `duplicate` sends it twice, `delay` sends it `seconds` later,
    `reorder` holds it until the next one for the same endpoint has been sent, at most `seconds`.
    """

    events: str | list[str] = "*"
    action: Literal["drop", "duplicate", "delay", "reorder"] = "drop"
    seconds: float = 30.0

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        _need(self.action in ("drop", "duplicate", "delay", "reorder"), "action must be a known word")
        _need(self.seconds >= 0, "seconds must not be negative")

    def matches(self, event: str) -> bool:
        """Say whether it is about an event."""
        return self.events == "*" or event == self.events or event in self.events
