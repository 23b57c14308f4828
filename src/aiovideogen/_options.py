"""How long a call may take, and how often it is tried (layer 2): plain values, checked."""

from __future__ import annotations

from typing import Any, Self, cast

import attrs

from ._model import UNSET, Unset
from .errors import ConfigurationError

__all__ = ["Options", "Timeouts"]


def _seconds(name: str, value: object) -> float | None:
    """Return a number of seconds above zero, or None for no limit; raises ConfigurationError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise ConfigurationError(f"{name}: expected seconds above 0, or None for no limit")
    return float(value)


def _checked(_: object, field: attrs.Attribute[Any], value: object) -> None:
    _seconds(field.name, value)


@attrs.frozen(kw_only=True)
class Timeouts:
    """How long each step of a request may take, in seconds; None is no limit.

    Raises ConfigurationError for what is no number above 0.
    """

    connect: float | None = attrs.field(default=10.0, validator=_checked)
    """Until there is a connection, TLS included. Nothing was sent: the call is tried again."""
    read: float | None = attrs.field(default=60.0, validator=_checked)
    """Without a byte of the answer. A start may have been carried out: see OutcomeUnknownError."""
    write: float | None = attrs.field(default=60.0, validator=_checked)
    """Without a byte of the request going out."""
    pool: float | None = attrs.field(default=60.0, validator=_checked)
    """Until a connection of an `http_client` of your own is free; this client's own are always enough."""

    @classmethod
    def of(cls, timeout: float | Timeouts | None) -> Timeouts:
        """Return the timeouts that a number stands for: for each step, connecting never longer than 10 s."""
        if isinstance(timeout, Timeouts):
            return timeout
        limit = _seconds("timeout", timeout)
        connect = 10.0 if limit is None else min(limit, 10.0)
        return cls(connect=connect, read=limit, write=limit, pool=limit)


@attrs.frozen
class Options:
    """What a client's calls go by, and what `with_options` changes."""

    timeout: dict[str, float | None]
    """The steps' limits in seconds, by name."""
    retries: int
    total: float | None
    """Seconds for the whole call: attempts, pauses and waiting for the rate limit."""

    @classmethod
    def of(cls, timeout: float | Timeouts | None, retries: int, total_timeout: float | None) -> Self:
        """Return checked options; raises ConfigurationError."""
        if isinstance(retries, bool) or not isinstance(cast("object", retries), int) or retries < 0:
            raise ConfigurationError("retries: expected a number from 0")
        return cls(attrs.asdict(Timeouts.of(timeout)), retries, _seconds("total_timeout", total_timeout))

    def changed(
        self, timeout: float | Timeouts | Unset | None, retries: int | Unset, total_timeout: float | Unset | None
    ) -> Self:
        """Return these with what was given; raises ConfigurationError."""
        return type(self).of(
            Timeouts(**self.timeout) if timeout is UNSET else timeout,
            self.retries if retries is UNSET else retries,
            self.total if total_timeout is UNSET else total_timeout,
        )
