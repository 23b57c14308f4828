"""Life cycles as pure functions of a job and the time."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen.sandbox import JobScript
from aiovideogen.sandbox._jobs import TERMINAL, Job, cancel, has_urls, look, outcome, span

SCRIPTS = st.builds(
    JobScript,
    status=st.sampled_from(["succeeded", "failed", "cancelled", "awaiting_approval", "resting"]),
    attempts=st.integers(1, 5),
)


def make(script: JobScript | None = None, accepted: float = 100.0, seconds: float = 10.0, **links: Any) -> Job:
    return Job("id", "TYPE", accepted, seconds, script or JobScript(), **links)


def test_a_job_goes_from_pending_over_running_to_succeeded() -> None:
    job = make()
    shown = [(look(job, 100 + t).status, look(job, 100 + t).progress) for t in (0, 0.99, 1, 5.5, 9.99, 10, 1000)]
    assert shown == [
        ("pending", 0.0),
        ("pending", 0.0),
        ("running", 0.0),
        ("running", 50.0),
        ("running", 99.0),
        ("succeeded", 100.0),
        ("succeeded", 100.0),
    ]


def test_a_job_of_no_length_is_done_at_once() -> None:
    assert look(make(seconds=0), 100).status == "succeeded"


@given(SCRIPTS, st.lists(st.floats(0, 30), min_size=2, max_size=20))
def test_progress_rises_within_an_attempt_and_terminal_states_stay(script: JobScript, times: list[float]) -> None:
    job = make(script)
    looks = [look(job, 100 + t) for t in sorted(times)]
    for before, after in pairwise(looks):
        assert 0 <= after.progress <= 100
        assert after.attempt in (before.attempt, *range(before.attempt, script.attempts))
        assert after.progress >= before.progress or after.attempt > before.attempt
        if before.terminal:
            assert after == before
        assert (after.progress == 100) == (after.status == "succeeded")
        assert (after.error is None) == (after.status != "failed")


def test_progress_falls_back_on_a_new_attempt() -> None:
    job = make(JobScript(attempts=2))
    assert (look(job, 104.9).attempt, look(job, 105.1).attempt) == (0, 1)
    assert look(job, 104.9).progress > 90 > look(job, 105.1).progress
    assert look(job, 105.0).status == "running"


def test_a_failure_carries_an_error_in_the_apis_shape() -> None:
    error = {"message": "Rejected by the content policy.", "code": "moderation"}
    shown = look(make(JobScript("failed", error=error)), 110)
    assert shown.status == "failed"
    assert shown.error == {**error, "requirement": None, "internalErrorCode": None}
    assert shown.progress < 100


def test_an_unknown_status_is_reached_and_stays_until_cancelled() -> None:
    job = make(JobScript("awaiting_approval"))
    assert look(job, 109).status == "running"
    assert look(job, 10_000).status == "awaiting_approval"
    assert span(job) == (100, inf)
    cancel(job, 20_000)
    assert look(job, 20_000).status == "cancelled"


def test_cancelling_asks_and_changes_nothing_that_has_ended() -> None:
    job, done = make(), make()
    cancel(job, 105)
    cancel(job, 107)
    assert (look(job, 104).status, look(job, 105).status) == ("running", "cancelled")
    assert span(job) == (100, 105)
    cancel(done, 110)
    assert outcome(done) == "succeeded"


def test_ordered_work_begins_when_the_job_before_it_ended() -> None:
    build = make()
    action = make(after=build, needs=build)
    export = make(after=action, needs=build)
    assert [span(job) for job in (build, action, export)] == [(100, 110), (110, 120), (120, 130)]
    assert look(action, 109).status == "pending"
    assert look(export, 125.5).progress == 50


def test_work_whose_ground_failed_is_cancelled_when_that_ends() -> None:
    build = make(JobScript("failed"))
    action = make(after=build, needs=build)
    later = make(after=action)
    assert look(action, 109).status == "pending"
    assert look(action, 110).status == "cancelled"
    assert span(later) == (110, 120)


def test_work_behind_a_parked_job_waits() -> None:
    build = make(JobScript("awaiting_approval"))
    action = make(after=build, needs=build)
    assert look(action, 1e9).status == "pending"
    cancel(build, 200)
    assert look(action, 200).status == "cancelled"


def test_a_long_queue_is_no_deep_recursion() -> None:
    job = make()
    for _ in range(3000):
        job = make(after=job)
    assert span(job) == (100 + 3000 * 10, 100 + 3001 * 10)


def test_urls_may_come_late() -> None:
    job = make(JobScript(null_url_seconds=5))
    assert [has_urls(job, t) for t in (109, 110, 114.9, 115)] == [False, False, False, True]


@pytest.mark.parametrize("script", [{"attempts": 0}, {"seconds": -1}, {"null_url_seconds": -1}])
def test_a_script_must_make_sense(script: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="attempts"):
        JobScript(**script)  # type: ignore[arg-type]


def test_terminal_statuses_are_the_documented_three() -> None:
    assert {"succeeded", "failed", "cancelled"} == TERMINAL
