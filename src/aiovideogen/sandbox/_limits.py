"""Rate limits per API key and endpoint group, in fixed windows of the sandbox's clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Literal, TypeAlias

from ._http import ApiFault

if TYPE_CHECKING:
    from ._http import Json
    from ._spec import Operation

RateLimits: TypeAlias = bool | Mapping[str, int | None]
RateReset: TypeAlias = Literal["epoch", "seconds"]

# The documented groups and their requests an hour. What stands in none has no documented limit.
GROUPS: dict[str, int] = {
    "POST /v1/tools/*": 500,
    "GET /v1/tools/executions/{id}": 5_000,
    "POST /v1/tools/executions/{id}/cancel": 250,
    "GET /v1/files, GET /v1/files/{id}": 50_000,
    "POST /v1/files/{id}/hydrate": 2_500,
    "POST /v1/files/upload": 500,
    "POST /v1/files/search": 500,
    "GET /v1/resources/*": 2_500,
    "GET /v1/webhooks/endpoints": 500,
    "POST /v1/webhooks/endpoints": 10,
    "DELETE /v1/webhooks/endpoints/{id}": 10,
    "POST /v1/workflows/*": 500,
    "GET /v1/workflows/runs/{id}": 5_000,
    "POST /v1/workflows/runs/{id}/cancel": 250,
    "GET /v1/projects, GET /v1/projects/{id}": 2_500,
    "POST /v1/projects/{id}/export": 500,
    "GET /v1/projects/{id}/exports/{exportId}": 5_000,
    "POST /v1/projects/{id}/remix": 500,
    "GET /v1/projects/{id}/remix-actions": 5_000,
}


@dataclass(frozen=True, slots=True)
class RateSettings:
    """What limits apply: all documented ones, none, or some changed; and how they are shown.

    A mapping names groups, operations, or `*` for all that have a limit; None lifts a limit. An
    operation without a documented group gets one of its own.
    """

    limits: RateLimits = True
    scale: float = 1.0
    window: float = 3600.0
    reset: RateReset = "epoch"

    def __post_init__(self) -> None:
        if not (self.scale > 0 and self.window > 0):
            raise ValueError("rate_limit_scale and rate_window must be above 0")
        if self.reset not in ("epoch", "seconds"):
            raise ValueError("rate_reset must be epoch or seconds")


@dataclass(slots=True)
class _Window:
    number: int
    used: int = 0


class Limits:
    """Counts requests per key and group, and refuses those beyond the limit."""

    def __init__(self, operations: Mapping[str, Operation], settings: RateSettings) -> None:
        self.settings = settings
        self._groups = group_operations(operations)
        self._limits = self._chosen(operations)
        self._windows: dict[tuple[str, str], _Window] = {}

    def _chosen(self, operations: Mapping[str, Operation]) -> dict[str, int]:
        limits = self.settings.limits
        if isinstance(limits, bool):
            return _scaled(GROUPS, self.settings.scale) if limits else {}
        chosen: dict[str, int | None] = dict.fromkeys(GROUPS, limits["*"]) if "*" in limits else {**GROUPS}
        for name, per_hour in limits.items():
            if name in operations:
                chosen[self._groups.setdefault(name, name)] = per_hour
            elif name in GROUPS:
                chosen[name] = per_hour
            elif name != "*":
                raise ValueError(f"unknown rate limit group: {name}")
        return _scaled(chosen, self.settings.scale)

    def take(self, key: str, operation_id: str, now: float) -> dict[str, str]:
        """Count a request and return the headers of its answer, none without a limit.

        Raises ApiFault (429) with the same headers and Retry-After beyond the limit.
        """
        group = self._groups.get(operation_id, "")
        limit = self._limits.get(group)
        if limit is None:
            return {}
        window = self._current(key, group, now)
        refused = window.used >= limit
        window.used += not refused
        headers = self._headers(limit, limit - window.used, now)
        if refused:
            wait = {"retry-after": str(max(1, ceil(self._end(now) - now)))}
            raise ApiFault(429, "rate_limited", "Rate limit exceeded.", headers={**headers, **wait})
        return headers

    def _current(self, key: str, group: str, now: float) -> _Window:
        number = floor(now / self.settings.window)
        window = self._windows.get((key, group))
        if window is None or window.number != number:
            window = self._windows[key, group] = _Window(number)
        return window

    def _end(self, now: float) -> float:
        return (floor(now / self.settings.window) + 1) * self.settings.window

    def _headers(self, limit: int, remaining: int, now: float) -> dict[str, str]:
        end = self._end(now)
        return {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(remaining),
            "x-ratelimit-reset": str(ceil(end if self.settings.reset == "epoch" else end - now)),
        }

    def shown(self, key: str, now: float) -> Json:
        """Show every limit and how much of it a key has used in this window."""
        return {
            group: {"limit": limit, "used": self._current(key, group, now).used}
            for group, limit in self._limits.items()
        }


def _scaled(limits: Mapping[str, int | None], scale: float) -> dict[str, int]:
    # An explicit 0 stays: it refuses everything.
    return {name: limit and max(1, round(limit * scale)) for name, limit in limits.items() if limit is not None}


def group_operations(operations: Mapping[str, Operation]) -> dict[str, str]:
    """Return the documented group of each operation that has one."""
    members = {member: group for group in GROUPS for member in map(_anonymous, group.split(", "))}
    found: dict[str, str] = {}
    for operation in operations.values():
        call = _anonymous(f"{operation.method} {operation.path}")
        group = members.get(call) or members.get(f"{call.rpartition('/')[0]}/*")
        if group:
            found[operation.id] = group
    return found


def _anonymous(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)
