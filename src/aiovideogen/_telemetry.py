"""What a client tells of its work, for metrics and traces (layer 2): plain records, each of something that is over.

A record names operations, ids, seconds and bytes; never a URL, a header or a body, so that nothing secret can leave
by it. It is handed over in the task whose work it describes, so that a tracer finds the caller's own span there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

import attrs

__all__ = ["Attempt", "Ending", "Record", "Retry", "Telemetry", "Transfer", "Wait", "tell"]

logger = logging.getLogger("aiovideogen")


@attrs.frozen
class Attempt:
    """One request to the API and what came of it."""

    operation: str
    number: int
    """Which try of the call this was, from 1."""
    started: float
    """Unix seconds."""
    seconds: float
    status: int | None
    """The HTTP status, None when no answer came."""
    failure: str | None = None
    """Why no answer came."""


@attrs.frozen
class Retry:
    """A call that will be sent again."""

    operation: str
    number: int
    """Which try ended, from 1."""
    delay: float
    """Seconds until the next."""
    reason: str


Ending = Literal["succeeded", "failed", "cancelled", "approval", "timeout", "error", "abandoned"]


@attrs.frozen
class Wait:
    """A wait that ended."""

    kind: str
    """The name of the id's class, such as `ToolExecutionId`."""
    ids: tuple[str, ...]
    started: float
    """Unix seconds."""
    seconds: float
    outcome: Ending
    """`cancelled` is the job's own end, `abandoned` means that the waiting task was cancelled."""


@attrs.frozen
class Transfer:
    """An upload or a download that ended."""

    direction: Literal["upload", "download"]
    file_id: str | None
    started: float
    """Unix seconds."""
    seconds: float
    bytes: int
    """Bytes that went over the network, repeated ones included."""
    outcome: Literal["done", "error", "abandoned"]


Record = Attempt | Retry | Wait | Transfer

Telemetry = Callable[[Record], object]
"""Called with each record; it must not block. What it raises is logged, and disturbs nothing."""


def tell(telemetry: Telemetry | None, record: Record) -> None:
    """Hand over a record, if anyone asked for it."""
    if telemetry is None:
        return
    try:
        telemetry(record)
    except Exception:
        logger.exception("telemetry: the callable failed on %s", type(record).__name__)
