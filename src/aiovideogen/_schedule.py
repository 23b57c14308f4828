"""When to look at a job again, and what a look means (layer 2): pure decisions over plain values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from .errors import ApiStatusError, CallError, InsufficientCreditsError, ResponseError, VideoGenError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._accepted import Job

__all__ = [
    "Budget",
    "Phase",
    "backoff",
    "ends_wait",
    "interval",
    "is_known",
    "pace",
    "phase_of",
    "phase_of_all",
    "phase_of_status",
    "status_of",
    "url_missing",
    "urls_last",
]

Phase = Literal["waiting", "succeeded", "failed", "cancelled", "approval"]

FIRST, SHORTEST, LONGEST, SHARE_OF_AGE = 0.2, 0.7, 20.0, 0.025
"""Seconds between looks at one job: a fortieth of its age, within bounds; the very first come sooner."""

NET_SHORTEST, NET_LONGEST, NET_SHARE_OF_AGE = 5.0, 60.0, 0.25
"""The same where webhooks tell of the end, and looks are only there for those that are lost."""

WINDOW_SECONDS = 3600.0

FASTEST = 0.25
"""Seconds between requests, however many jobs there are: sooner would cost more than it tells."""

KEPT = 0.5
"""The part of the hour's allowance that is spent evenly, whatever happens."""

SPENDING_SECONDS = 300.0
"""How quickly what is left beyond that may be spent."""

NOT_FOUND_SECONDS = 60.0
"""How long after acceptance a 404 may only mean that the job isn't visible yet."""

FRESH_SECONDS = 3600.0
"""What a listed URL must have left to be handed on: as long as the API itself has before it signs one anew."""

URL_SECONDS = 60.0
"""How long a succeeded job's missing URL is waited for; rarely it is signed a moment later."""


class Budget(NamedTuple):
    """How many status reads are left, and for how many seconds they must last."""

    remaining: float
    seconds: float
    limit: float
    """Reads in a whole window."""


def interval(age: float, draw: float, *, pushed: bool = False) -> float:
    """Return the seconds until the next look at a job that is `age` seconds old.

    `draw`, from 0 to 1, spreads the looks by a tenth either way. `pushed` says that webhooks tell of the end.
    """
    if pushed:
        own = min(NET_LONGEST, max(NET_SHORTEST, NET_SHARE_OF_AGE * age))
    else:
        own = min(LONGEST, max(min(SHORTEST, FIRST + FIRST * age), SHARE_OF_AGE * age))
    return own * (0.9 + 0.2 * draw)


def backoff(failures: int, draw: float) -> float:
    """Return the seconds before another look after so many that failed, one after the other."""
    return min(LONGEST, SHORTEST * 1.6 ** min(failures - 1, 20)) * (0.9 + 0.2 * draw)


def pace(budget: Budget) -> float:
    """Return the seconds from one request to the next, so that the allowance lasts until its window turns.

    Half of it is spent evenly. What is left of the other half may go faster, the more of it there is: a thousand jobs
    that are started at once are looked at often while they are young, and a day full of jobs stays within the limit.
    """
    if budget.remaining < 1:
        return max(FASTEST, budget.seconds)
    even = budget.remaining / max(1.0, budget.seconds)
    spare = budget.remaining - KEPT * budget.limit * budget.seconds / WINDOW_SECONDS
    return max(FASTEST, 1 / (even + max(0.0, spare) / SPENDING_SECONDS))


_PHASES: dict[str, Phase] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "awaiting_approval": "approval",
}

KNOWN_STATUSES = frozenset({*_PHASES, "pending", "running"})


def phase_of(job: Job, snapshot: Any) -> Phase:
    """Say where a job stands; an unknown status is a job that still runs."""
    if job.done == "sources":
        return _phase_of_file(snapshot)
    if job.done == "public":
        return "succeeded" if _is_public(snapshot) else "waiting"
    return phase_of_status(status_of(snapshot))


def phase_of_status(status: object) -> Phase:
    """Say where a job of this status stands; an unknown one still runs."""
    return _PHASES.get(status.lower(), "waiting") if isinstance(status, str) else "waiting"


def is_known(status: object) -> bool:
    """Say whether a status is one of those that the API is known to use."""
    return isinstance(status, str) and status.lower() in KNOWN_STATUSES


def status_of(snapshot: Any) -> str:
    """Return a job's status in lower case; empty where it has none."""
    own: object = getattr(snapshot, "status", None)
    if own is None:  # a variant of a union that isn't known keeps all it has there
        own = snapshot.additional_properties.get("status")
    return own.lower() if isinstance(own, str) else ""


def _phase_of_file(file: Any) -> Phase:
    """A file is usable when any rendition is ready, and failed only when one failed and none is ready."""
    sources = (file.download_source, file.preview_source, file.thumbnail_source, file.hls_source)
    states = {source.status for source in sources if source is not None}
    if "ready" in states:
        return "succeeded"
    return "failed" if "failed" in states else "waiting"


def _is_public(file: Any) -> bool:
    """The public copy has its URL, and what can be played has its playback id; images never get one."""
    source = file.static_public_preview_source
    if source is None or source.url is None:
        return False
    return file.type not in ("VIDEO", "AUDIO") or file.public_playback_id is not None


def phase_of_all(phases: Iterable[Phase]) -> Phase:
    """Say where several jobs stand together: the first bad news counts, good news when all have it."""
    distinct = {*phases}
    for bad in ("failed", "cancelled", "approval"):
        if bad in distinct:
            return bad
    return "waiting" if "waiting" in distinct else "succeeded"


def url_missing(job: Job, snapshot: Any) -> bool:
    """Say whether a succeeded job lacks a URL that it should have."""
    if job.done != "status":
        return False
    results = getattr(snapshot, "results", None)
    if results is not None:
        return any(result.download_url is None for result in results)
    # A run has URLs only with autoExport, which shows in its export id; an export always names itself.
    expected = hasattr(snapshot, "download_url") and getattr(snapshot, "export_id", True) is not None
    return expected and snapshot.download_url is None


def urls_last(data: dict[str, Any] | list[Any], now: float) -> bool:
    """Say whether every URL in a job's JSON holds for another hour, as far as it says: lists don't sign them anew."""
    if isinstance(data, list):
        return all(urls_last(cast("Any", one), now) for one in data if isinstance(one, (dict, list)))
    for key, value in data.items():
        if key.lower().endswith("expiresat") and value is not None and not _is_later(value, now + FRESH_SECONDS):
            return False
        if key.endswith("Url") and value is not None and key + "ExpiresAt" in data and data[key + "ExpiresAt"] is None:
            return False
        if isinstance(value, (dict, list)) and not urls_last(cast("dict[str, Any]", value), now):
            return False
    return True


def _is_later(value: object, moment: float) -> bool:
    return type(value) in (int, float) and cast("float", value) >= moment


def ends_wait(error: VideoGenError, age: float) -> bool:
    """Say whether a failed look ends the wait; what may pass does not."""
    if isinstance(error, ResponseError):
        return _is_terminal(error.body)
    if not isinstance(error, ApiStatusError):
        return not isinstance(error, CallError)
    if not error.documented or error.status in (408, 425) or error.status >= 500:
        return False
    if isinstance(error, InsufficientCreditsError):
        return True
    return error.status != 429 and not (error.status == 404 and age < NOT_FOUND_SECONDS)


def _is_terminal(body: bytes) -> bool:
    """Say whether a snapshot that can't be read as a whole says at least that the job is over."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return False
    status = cast("dict[str, Any]", data).get("status") if isinstance(data, dict) else None
    return isinstance(status, str) and _PHASES.get(status.lower()) in ("succeeded", "failed", "cancelled")
