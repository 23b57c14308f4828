"""Job life cycles as pure functions of a job record and the time."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from ._http import Json, api_error

TERMINAL = frozenset({"succeeded", "failed", "cancelled"})
PENDING_SHARE = 0.1
# Work that does not succeed stops short of its end.
UNFINISHED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class JobScript:
    """How one job shall go: outcome, pace, attempts, and how late its URLs come.

    `status` may be any string; one that is not terminal is reached after `seconds` and stays until
    the job is cancelled. `error` is an ApiError, used when it fails.
    """

    status: str = "succeeded"
    seconds: float | None = None
    error: Json | None = None
    attempts: int = 1
    null_url_seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.null_url_seconds < 0 or (self.seconds or 0) < 0:
            raise ValueError("attempts must be at least 1, and seconds not negative")


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work: begins when accepted, or when the job `after` it waits for has ended.

    A job whose `needs` did not succeed never runs: it is cancelled when that one ends.
    """

    id: str
    type: str
    accepted: float
    seconds: float
    script: JobScript
    after: Job | None = None
    needs: Job | None = None
    cancelled: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a job shows at one moment."""

    status: str
    progress: float
    attempt: int
    error: Json | None = None

    @property
    def terminal(self) -> bool:
        return self.status in TERMINAL

    def fields(self) -> Json:
        """The four fields that every job's snapshot carries."""
        return {
            "status": self.status,
            "progressPercentage": self.progress,
            "attemptIndex": self.attempt,
            "error": self.error,
        }


def span(job: Job) -> tuple[float, float]:
    """Return when a job begins and ends; an end that is not foreseen is infinite."""
    chain = [job]
    while (before := chain[-1].after) is not None:
        chain.append(before)
    start = end = -inf
    for link in reversed(chain):
        start = max(link.accepted, end)
        end = _stop(link, start)
    return start, end


def _stop(job: Job, start: float) -> float:
    if job.needs is not None and outcome(job.needs) != "succeeded":
        planned = max(job.accepted, span(job.needs)[1])
    else:
        planned = _planned(job, start)
    return planned if job.cancelled is None else min(planned, job.cancelled)


def _planned(job: Job, start: float) -> float:
    return start + job.seconds if job.script.status in TERMINAL else inf


def outcome(job: Job) -> str:
    """Return the status a job ends with, or stays at for ever."""
    if job.needs is not None and outcome(job.needs) != "succeeded":
        return "cancelled"
    if job.cancelled is not None and job.cancelled < _planned(job, span(job)[0]):
        return "cancelled"
    return job.script.status


def look(job: Job, now: float) -> Look:
    """Return what the API shows of a job at `now`."""
    start, end = span(job)
    attempt, progress, running = _progress(job, min(now, end) - start)
    if now >= end:
        final = outcome(job)
        error = _error(job) if final == "failed" else None
        return Look(final, 100.0 if final == "succeeded" else progress, attempt, error)
    if now - start >= job.seconds:
        return Look(job.script.status, progress, attempt)
    return Look("running" if running else "pending", progress, attempt)


def _progress(job: Job, elapsed: float) -> tuple[int, float, bool]:
    if elapsed <= 0:
        return 0, 0.0, False
    share = min(elapsed / job.seconds, 1 - 1e-9) if job.seconds else 1 - 1e-9
    attempt, within = divmod(share * job.script.attempts, 1)
    waiting = PENDING_SHARE if attempt == 0 else 0.0
    done = max(0.0, (within - waiting) / (1 - waiting)) * 100
    if job.script.status != "succeeded":
        done *= UNFINISHED_SHARE
    return int(attempt), min(round(done, 1), 99.0), within >= waiting


def _error(job: Job) -> Json:
    return {**api_error("The sandbox was told to fail this job."), **(job.script.error or {})}


def succeeded(job: Job, now: float) -> bool:
    """Say whether a job has succeeded by `now`."""
    return outcome(job) == "succeeded" and now >= span(job)[1]


def has_urls(job: Job, now: float) -> bool:
    """Say whether the URLs of a succeeded job are there yet."""
    return succeeded(job, now) and now >= span(job)[1] + job.script.null_url_seconds


def cancel(job: Job, now: float) -> None:
    """Cancel a job unless it has ended."""
    if job.cancelled is None and now < span(job)[1]:
        job.cancelled = now
