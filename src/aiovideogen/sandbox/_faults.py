"""Faults on demand: what `fail_next` asked for, in the order it was asked."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ._http import Answer, Json, api_error, json_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

Drop = Literal["no", "before", "after"]

# Status -> the code and message that the API gives with it.
USUAL: dict[int, tuple[str | None, str]] = {
    400: ("invalid_request", "The request is invalid."),
    401: ("invalid_api_key", "API key is invalid or has been revoked."),
    403: ("not_authorized", "You are not allowed to do this."),
    404: ("not_found", "Not found."),
    409: (None, "Conflict."),
    429: ("rate_limited", "Too many requests."),
}


@dataclass(slots=True)
class Fault:
    """One scripted fault and how often it is still due."""

    times: int
    skip: int
    status: int
    headers: Mapping[str, str]
    body: Json | bytes | str | None
    drop: Drop

    def answer(self) -> Answer:
        """Build the answer that replaces the handler's."""
        if self.body is None:
            code, message = USUAL.get(self.status, (None, "The sandbox failed as told."))
            return json_answer(self.status, api_error(message, code), self.headers)
        if isinstance(self.body, dict):
            return json_answer(self.status, self.body, self.headers)
        data = self.body.encode() if isinstance(self.body, str) else self.body
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Answer(self.status, {"content-type": "text/html", **headers}, data)


class Faults:
    """Queues of faults, one per operation."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, operation_id: str, fault: Fault) -> None:
        """Queue a fault behind those asked for before."""
        if fault.times < 1 or fault.skip < 0 or fault.drop not in ("no", "before", "after"):
            raise ValueError("times must be at least 1, skip not negative, drop a known word")
        if not 200 <= fault.status <= 599:
            raise ValueError("status must be from 200 to 599")
        self._queues[operation_id].append(fault)

    def next(self, operation_id: str) -> Fault | None:
        """Return the fault that is due for this request, None for an ordinary answer."""
        queue = self._queues.get(operation_id)
        if not queue:
            return None
        fault = queue[0]
        if fault.skip:
            fault.skip -= 1
            return None
        fault.times -= 1
        if not fault.times:
            queue.popleft()
        return fault
