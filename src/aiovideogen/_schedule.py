"""When to look at a job again, and what a look means (layer 2): pure decisions over plain values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, cast

from .errors import ApiStatusError, CallError, InsufficientCreditsError, ResponseError, VideoGenError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._accepted import Job

__all__ = ["Phase", "ends_wait", "interval", "phase_of", "phase_of_all", "status_of", "url_missing"]

Phase = Literal["waiting", "succeeded", "failed", "cancelled", "approval"]

SHORTEST = 0.5
LONGEST = 30.0
SHARE_OF_AGE = 0.025
"""Seconds between looks at one job: a fortieth of its age, within bounds."""

SECONDS_PER_READ = 3600 / 5000
"""The API allows 5,000 status reads an hour for all jobs of a kind together."""

NOT_FOUND_SECONDS = 60.0
"""How long after acceptance a 404 may only mean that the job isn't visible yet."""

URL_SECONDS = 60.0
"""How long a succeeded job's missing URL is waited for; rarely it is signed a moment later."""


def interval(age: float, waiting: int, draw: float) -> float:
    """Return the seconds until the next look at a job that is `age` seconds old.

    `waiting` jobs share the hourly allowance; `draw`, from 0 to 1, spreads their looks by a tenth either way.
    """
    own = min(LONGEST, max(SHORTEST, SHARE_OF_AGE * age))
    return max(own, SECONDS_PER_READ * (waiting - 1)) * (0.9 + 0.2 * draw)


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
    return _PHASES.get(status_of(snapshot), "waiting")


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


def phase_of_all(phases: Sequence[Phase]) -> Phase:
    """Say where several jobs stand together: the first bad news counts, good news when all have it."""
    for bad in ("failed", "cancelled", "approval"):
        if bad in phases:
            return bad
    return "succeeded" if all(phase == "succeeded" for phase in phases) else "waiting"


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
