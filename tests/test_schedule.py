"""When to look again and what a look means, by table and by property."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen import (
    ApiStatusError,
    AuthenticationError,
    ConnectionFailedError,
    InsufficientCreditsError,
    InvalidIdError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseError,
    ServerError,
    VideoGenError,
    models,
)
from aiovideogen._generated.types import JOBS
from aiovideogen._schedule import (
    FIRST,
    LONGEST,
    SHARE_OF_AGE,
    SHORTEST,
    Budget,
    Phase,
    backoff,
    ends_wait,
    interval,
    pace,
    phase_of,
    phase_of_all,
    url_missing,
    urls_last,
)
from aiovideogen._targets import public_copy

TOOL = JOBS["ToolExecutionId"]
FILE = JOBS["FileId"]
RUN = JOBS["WorkflowRunId"]
PUBLIC = public_copy(models.FileId("x")).job


SECONDS = st.floats(0, 1e6)


@given(SECONDS, st.floats(0, 1))
def test_the_time_between_looks_is_bounded_and_a_part_of_the_age(age: float, draw: float) -> None:
    assert 0.9 * FIRST <= interval(age, draw) <= 1.1 * max(SHORTEST, min(LONGEST, SHARE_OF_AGE * age))
    assert interval(age, draw, pushed=True) >= 5 * interval(age, draw) or age > 100


@given(SECONDS, SECONDS)
def test_older_jobs_are_never_looked_at_more_often(younger: float, older: float) -> None:
    younger, older = sorted((younger, older))
    assert interval(younger, 0.5) <= interval(older, 0.5)


@pytest.mark.parametrize(
    ("age", "pushed", "seconds"),
    [(0, False, 0.2), (1, False, 0.4), (10, False, 0.7), (60, False, 1.5), (600, False, 15), (36_000, False, 20),
     (0, True, 5), (60, True, 15), (36_000, True, 60)],
)  # fmt: skip
def test_young_jobs_are_looked_at_often_and_old_ones_rarely(age: float, pushed: bool, seconds: float) -> None:
    assert interval(age, 0.5, pushed=pushed) == pytest.approx(seconds)


def test_looks_that_fail_come_less_often_up_to_a_bound() -> None:
    pauses = [backoff(failures, 0.5) for failures in range(1, 30)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (pytest.approx(SHORTEST), LONGEST)


@given(st.floats(0, 5000), st.floats(0, 3600))
def test_requests_at_this_pace_never_use_up_the_allowance_before_its_time(remaining: float, seconds: float) -> None:
    while remaining >= 1 and seconds > 0:
        pause = pace(Budget(remaining, seconds, 5000))
        remaining, seconds = remaining - max(1.0, 60 / pause), seconds - max(60, pause)
    assert remaining > -30 or seconds <= 0


@pytest.mark.parametrize(
    ("remaining", "seconds", "least", "most"),
    [(5000, 3600, 0.25, 0.25), (2500, 3600, 0.8, 1.5), (500, 3600, 7, 7.3), (0, 1800, 1800, 1800), (0, 0, 0.25, 0.25)],
)
def test_what_is_left_decides_how_fast_it_goes(remaining: float, seconds: float, least: float, most: float) -> None:
    assert least <= pace(Budget(remaining, seconds, 5000)) <= most


NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("data", "lasts"),
    [
        ({}, True),
        ({"downloadUrl": "u", "downloadUrlExpiresAt": NOW + 3601}, True),
        ({"downloadUrl": "u", "downloadUrlExpiresAt": NOW + 3599}, False),
        ({"downloadUrl": "u", "downloadUrlExpiresAt": None}, False),
        ({"downloadUrl": None, "downloadUrlExpiresAt": None}, True),
        ({"downloadUrl": "u", "downloadUrlExpiresAt": "2026-11-01T00:00:00Z"}, False),
        ({"results": [{"file": {"downloadSource": {"url": "u", "expiresAt": NOW}}}]}, False),
        ({"results": ["text", 7, None]}, True),
        ({"results": [{"file": {"staticPublicPreviewSource": {"url": "u", "expiresAt": None}}}]}, True),
    ],
)
def test_a_listed_url_must_have_an_hour_left(data: Any, lasts: bool) -> None:
    assert urls_last(data, NOW) is lasts


def execution(status: object, **fields: Any) -> models.ExecutedTool:
    return models.ExecutedTool.from_dict({"toolExecutionId": "x", "status": status, "toolType": "T", **fields})


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("pending", "waiting"),
        ("running", "waiting"),
        ("succeeded", "succeeded"),
        ("SUCCEEDED", "succeeded"),
        ("failed", "failed"),
        ("cancelled", "cancelled"),
        ("canceled", "cancelled"),
        ("awaiting_approval", "approval"),
        ("new_in_2027", "waiting"),
        (None, "waiting"),
        ("", "waiting"),
    ],
)
def test_a_status_says_where_a_job_stands(status: object, phase: Phase) -> None:
    assert phase_of(TOOL, models.ExecutedTool.from_dict({"toolExecutionId": "x", "status": status})) == phase


def test_a_message_of_an_unknown_role_still_has_its_status() -> None:
    message = models.UnknownAssistantMessage.from_dict({"role": "tool", "status": "failed"})
    assert phase_of(JOBS["MessageId"], message) == "failed"
    assert phase_of(JOBS["MessageId"], models.UnknownAssistantMessage.from_dict({"role": "tool"})) == "waiting"


def file(**statuses: str | None) -> models.FileInfo:
    sources = {f"{name}Source": status and {"status": status} for name, status in statuses.items()}
    return models.FileInfo.from_dict({"fileId": "x", "scope": "GLOBAL", **sources})


@pytest.mark.parametrize(
    ("statuses", "phase"),
    [
        ({}, "waiting"),
        ({"download": None}, "waiting"),
        ({"download": "pending", "thumbnail": "skipped"}, "waiting"),
        ({"download": "skipped", "preview": "skipped", "thumbnail": "skipped", "hls": "skipped"}, "waiting"),
        ({"download": "failed", "preview": "pending"}, "failed"),
        ({"download": "failed", "thumbnail": "ready"}, "succeeded"),
        ({"hls": "ready"}, "succeeded"),
        ({"preview": "ready", "download": "pending"}, "succeeded"),
        ({"download": "new_in_2027"}, "waiting"),
    ],
)
def test_a_file_is_usable_when_any_rendition_is_and_failed_when_one_failed_and_none_is(
    statuses: dict[str, str | None], phase: Phase
) -> None:
    assert phase_of(FILE, file(**statuses)) == phase


@pytest.mark.parametrize(
    ("fields", "phase"),
    [
        ({}, "waiting"),
        ({"staticPublicPreviewSource": {"status": "pending"}}, "waiting"),
        ({"staticPublicPreviewSource": {"status": "ready", "url": "https://a.test/b"}, "type": "IMAGE"}, "succeeded"),
        ({"staticPublicPreviewSource": {"status": "ready", "url": "https://a.test/b"}, "type": "VIDEO"}, "waiting"),
        (
            {
                "staticPublicPreviewSource": {"status": "ready", "url": "https://a.test/b"},
                "type": "AUDIO",
                "publicPlaybackId": "vg_play_x",
            },
            "succeeded",
        ),
    ],
)
def test_a_public_copy_is_there_with_its_url_and_for_what_plays_its_playback_id(
    fields: dict[str, Any], phase: Phase
) -> None:
    info = models.FileInfo.from_dict({"fileId": "x", "scope": "GLOBAL", **fields})
    assert phase_of(PUBLIC, info) == phase
    assert not url_missing(PUBLIC, info)


@pytest.mark.parametrize(
    ("phases", "together"),
    [
        ([], "succeeded"),
        (["succeeded", "succeeded"], "succeeded"),
        (["succeeded", "waiting"], "waiting"),
        (["waiting", "failed", "cancelled"], "failed"),
        (["approval", "cancelled"], "cancelled"),
        (["approval", "waiting"], "approval"),
    ],
)
def test_several_jobs_stand_where_the_worst_of_them_does(phases: list[Phase], together: Phase) -> None:
    assert phase_of_all(phases) == together


def run(**fields: Any) -> models.WorkflowRun:
    return models.WorkflowRun.from_dict({"workflowRunId": "x", "projectId": "p", "status": "succeeded", **fields})


def test_a_url_is_missed_where_a_succeeded_job_should_have_one() -> None:
    assert not url_missing(TOOL, execution("succeeded", results=[]))
    assert not url_missing(TOOL, execution("succeeded", results=[{"fileId": "f", "downloadUrl": "u"}]))
    assert url_missing(TOOL, execution("succeeded", results=[{"fileId": "f", "downloadUrl": "u"}, {"fileId": "g"}]))
    assert not url_missing(RUN, run())
    assert url_missing(RUN, run(exportId="e"))
    assert not url_missing(RUN, run(exportId="e", downloadUrl="u"))
    export = models.ProjectExport.from_dict({"exportId": "e", "projectId": "p"})
    assert url_missing(JOBS["ExportId"], export)
    remix = models.RemixActionRun.from_dict({"remixActionId": "r", "projectId": "p"})
    assert not url_missing(JOBS["RemixActionId"], remix)


def status_error(kind: type[ApiStatusError], status: int, documented: bool = True) -> ApiStatusError:
    return kind("x", status=status, documented=documented)


@pytest.mark.parametrize(
    ("error", "young", "old"),
    [
        (status_error(InvalidRequestError, 400), True, True),
        (status_error(AuthenticationError, 401), True, True),
        (status_error(PermissionDeniedError, 403), True, True),
        (status_error(NotFoundError, 404), False, True),
        (status_error(NotFoundError, 410), True, True),
        (status_error(InsufficientCreditsError, 402), True, True),
        (status_error(InsufficientCreditsError, 429), True, True),
        (status_error(RateLimitError, 429), False, False),
        (status_error(InvalidRequestError, 408), False, False),
        (status_error(InvalidRequestError, 425), False, False),
        (status_error(ServerError, 500), False, False),
        (status_error(ServerError, 599), False, False),
        (status_error(InvalidRequestError, 400, documented=False), False, False),
        (status_error(PermissionDeniedError, 403, documented=False), False, False),
        (status_error(NotFoundError, 404, documented=False), False, False),
        (ConnectionFailedError("x"), False, False),
        (InvalidIdError("x"), True, True),
    ],
)
def test_only_what_the_api_itself_says_for_good_ends_a_wait(error: VideoGenError, young: bool, old: bool) -> None:
    assert ends_wait(error, 59.9) is young
    assert ends_wait(error, 60.0) is old


@pytest.mark.parametrize(
    ("body", "ends"),
    [
        (b'{"status": "succeeded"}', True),
        (b'{"status": "FAILED"}', True),
        (b'{"status": "canceled"}', True),
        (b'{"status": "running"}', False),
        (b'{"status": "awaiting_approval"}', False),
        (b'{"status": 7}', False),
        (b'["succeeded"]', False),
        (b'{"status": "succ', False),
        (b"<html>", False),
        (b"\xff", False),
        (b"[" * 100_000, False),
        (json.dumps({"toolExecution": {"status": "failed"}}).encode(), False),
    ],
)
def test_an_answer_that_cannot_be_read_ends_a_wait_only_when_it_says_that_the_job_is_over(
    body: bytes, ends: bool
) -> None:
    assert ends_wait(ResponseError("x", body=body), 0.0) is ends
