"""How many requests an hour are left, and how long the next one waits (layer 2): pure decisions over plain values.

The API limits requests per key and endpoint group. Its answers say how many are left and when the window turns, if
they say anything; until then the documented number and our own count stand in for them. Whether windows are fixed or
slide is not documented, so what the answers say always wins.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TURN_SECONDS", "Limit", "RateLimit", "clock_offset"]

WINDOW_SECONDS = 3600.0

EPOCH_FROM = 1e8
"""X-RateLimit-Reset below this counts seconds to go, from it on Unix seconds: which of the two is not documented."""

TURN_SECONDS = 0.05
"""Waited beyond the turn of a window, since neither clock is exact."""

ROUNDED_SECONDS = 1.0
"""How much sooner than the window turns X-RateLimit-Reset may say, in whole seconds."""

PROBES = 8
"""Requests into a window that nothing has answered in yet: as many as are sent at once."""


class RateLimit(NamedTuple):
    """What is known of one endpoint group's limit: `vg.rate_limits` has one for each group used so far."""

    group: str
    limit: int | None
    """Requests in a window; None when neither documented nor said by an answer."""
    remaining: int | None
    """Requests left in it, those under way taken off; None when not known."""
    resets_at: float | None
    """When the window turns, in Unix seconds by this machine's clock; None when not known."""


class Limit:
    """The limit of one endpoint group, as far as it is known. All times are Unix seconds by this machine's clock."""

    def __init__(self, group: str, documented: int | None) -> None:
        self.group = group
        self._limit = documented
        self._remaining = documented
        self._resets_at: float | None = None
        self._blocked_until = 0.0
        self._under_way = 0
        self._told = False
        self._answered = False

    def pause(self, now: float) -> float:
        """Return the seconds that the next request has to wait."""
        self._turn(now)
        if now < self._blocked_until:
            return self._blocked_until - now
        if self._remaining is None or self._resets_at is None:
            return 0.0
        if not self._answered and self._under_way >= PROBES:
            return ROUNDED_SECONDS  # the first answer tells whether there is room for more
        if self._remaining > 0:
            return 0.0
        return max(0.0, self._resets_at - now) + TURN_SECONDS

    @property
    def will_learn(self) -> bool:
        """Whether the window is only guessed, and an answer under way may tell."""
        return not self._told and self._under_way > 0

    def sent(self, now: float) -> None:
        """Count a request that goes out."""
        self._under_way += 1
        if self._resets_at is None and self._limit is not None:
            self._resets_at = now + WINDOW_SECONDS
        if self._remaining is not None:
            self._remaining -= 1

    def ended(self, *, sent: bool = True) -> None:
        """Count a request that has its answer, or will have none; one that was never `sent` takes nothing off."""
        self._under_way -= 1
        if self._remaining is not None and not sent:
            self._remaining += 1

    def learn(self, headers: Mapping[str, str], now: float) -> None:
        """Take over what an answer says."""
        self._answered = True
        remaining, reset = _number(headers, "x-ratelimit-remaining"), _number(headers, "x-ratelimit-reset")
        limit = _number(headers, "x-ratelimit-limit")
        self._limit = self._limit if limit is None else int(limit)
        if remaining is None:
            return
        resets_at = None if reset is None else _moment(reset, now, clock_offset(headers, now))
        if resets_at is not None and resets_at <= now:
            if self._told and self._resets_at is not None and self._resets_at > now:
                return  # a late answer, of the window before
            if remaining < 1:
                resets_at = now + ROUNDED_SECONDS  # it has not turned yet, whatever the rounded time says
        if not self._told or self._is_later_window(resets_at):
            # Those still under way may not be in the server's count yet.
            self._remaining = int(remaining) - self._under_way
        else:
            self._remaining = min(int(remaining), int(remaining) if self._remaining is None else self._remaining)
        self._told = True
        self._resets_at = self._resets_at if resets_at is None else resets_at

    def hold(self, seconds: float, now: float) -> None:
        """Hold everything back for as long as a refusal asked for."""
        self._blocked_until = max(self._blocked_until, now + seconds)

    def shown(self) -> RateLimit:
        """Return what is known, for people to look at."""
        remaining = None if self._remaining is None else max(0, self._remaining)
        return RateLimit(self.group, self._limit, remaining, self._resets_at)

    def _turn(self, now: float) -> None:
        """Begin a new window when the known one is over."""
        if self._resets_at is not None and now >= self._resets_at:
            self._resets_at = None
            self._told = self._answered = False
            self._remaining = None if self._limit is None else self._limit - self._under_way

    def _is_later_window(self, resets_at: float | None) -> bool:
        return resets_at is not None and (self._resets_at is None or resets_at > self._resets_at + 1.0)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        value = float(headers.get(name, ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None


def _moment(reset: float, now: float, offset: float) -> float:
    """Return when a window turns: X-RateLimit-Reset counts seconds to go, or from the epoch by the server's clock."""
    return now + reset if reset < EPOCH_FROM else reset - offset


def clock_offset(headers: Mapping[str, str], now: float) -> float:
    """Return how many seconds the server's clock is ahead of this machine's, by its Date header; 0 without one."""
    try:
        ahead = parsedate_to_datetime(headers.get("date", "")).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return ahead if abs(ahead) > 1.0 else 0.0
