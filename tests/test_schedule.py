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
    LONGEST,
    SECONDS_PER_READ,
    SHORTEST,
    Phase,
    ends_wait,
    interval,
    phase_of,
    phase_of_all,
    url_missing,
)
from aiovideogen._targets import public_copy

TOOL = JOBS["ToolExecutionId"]
FILE = JOBS["FileId"]
RUN = JOBS["WorkflowRunId"]
PUBLIC = public_copy(models.FileId("x")).job


@given(st.floats(0, 1e9), st.integers(0, 100_000), st.floats(0, 1))
def test_looks_are_never_closer_than_half_a_second_nor_than_the_hourly_allowance(
    age: float, waiting: int, draw: float
) -> None:
    pause = interval(age, waiting, draw)
    assert pause >= 0.9 * max(SHORTEST, SECONDS_PER_READ * (waiting - 1))
    assert pause <= 1.1 * max(LONGEST, SECONDS_PER_READ * waiting)


def test_young_jobs_are_looked_at_often_and_old_ones_rarely() -> None:
    assert interval(0, 1, 0.5) == 0.5
    assert interval(60, 1, 0.5) == 1.5
    assert interval(36_000, 1, 0.5) == 30.0


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
