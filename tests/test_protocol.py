"""What an answer, or the lack of one, means: by table and by property."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime, formatdate
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aiovideogen import (
    ApiStatusError,
    AuthenticationError,
    ConflictError,
    InsufficientCreditsError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from aiovideogen._protocol import (
    RETRY_AFTER_CAP,
    Answer,
    Failure,
    decide,
    error_from,
    excerpt,
    retry_after,
    retry_delay,
)

if TYPE_CHECKING:
    from aiovideogen._operation import Effect

EXAMPLES = Path(__file__).parent / "data" / "api" / "examples"
EFFECTS: tuple[Effect, ...] = ("read", "repeatable", "once")


def answer(status: int, body: object = b"", **headers: str) -> Answer:
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())


def error_of(operation: str, of: Answer) -> ApiStatusError:
    return error_from(operation, of, retry_after(of.headers, NOW))


def coded(status: int, code: str | None) -> Answer:
    return answer(status, {"message": "m", "code": code})


@pytest.mark.parametrize(
    ("outcome", "read", "once"),
    [
        (Failure(False, "refused"), "again", "again"),
        (Failure(True, "read timed out"), "again", "unknown"),
        (coded(429, "rate_limited"), "again", "again"),
        (coded(429, None), "again", "again"),
        (answer(429, b"<html>"), "again", "again"),
        (coded(429, "insufficient_credits"), "final", "final"),
        (answer(429, {"code": "insufficient_credits"}), "final", "final"),
        (coded(429, "quota_of_2027"), "final", "final"),
        (coded(402, "insufficient_credits"), "final", "final"),
        (answer(408), "again", "unknown"),
        (answer(425), "again", "final"),
        (answer(500), "again", "unknown"),
        (answer(503), "again", "unknown"),
        (answer(524, b"<html>"), "again", "unknown"),
        (answer(999), "again", "unknown"),
        (answer(101), "final", "final"),
        (answer(302), "final", "final"),
        (answer(400), "final", "final"),
        (answer(401), "final", "final"),
        (answer(403, b"<html>"), "final", "final"),
        (answer(404), "final", "final"),
        (answer(409), "final", "final"),
        (answer(499), "final", "final"),
    ],
)
def test_a_request_is_sent_again_only_where_that_is_safe(outcome: Answer | Failure, read: str, once: str) -> None:
    assert decide("read", outcome) == decide("repeatable", outcome) == read
    assert decide("once", outcome) == once


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_without_a_word_of_the_server_delays_grow_and_stay_short(attempt: int, draw: float) -> None:
    delay = retry_delay(attempt, None, draw)
    assert delay is not None
    assert 0 <= delay <= min(8.0, 0.5 * 2 ** min(attempt, 20))


def test_the_server_decides_the_delay_up_to_a_minute() -> None:
    assert retry_delay(1, 0.0, 0.5) == 0.0
    assert retry_delay(1, 60.0, 0.5) == 60.0
    assert retry_delay(1, RETRY_AFTER_CAP + 0.1, 0.5) is None


NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7.5 ", 7.5),
        ("0", 0.0),
        ("-5", 0.0),
        ("1e9", 1e9),
        ("inf", None),
        ("nan", None),
        ("", None),
        ("soon", None),
        (formatdate(NOW + 30, usegmt=True), 30.0),
        (formatdate(NOW - 30, usegmt=True), 0.0),
        (format_datetime(datetime.fromtimestamp(NOW + 30, UTC)).replace("+0000", "-0000"), 30.0),
        ("Mon, 99 Foo 2026 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": header}, NOW) == seconds


def test_a_date_to_come_again_counts_from_the_servers_own() -> None:
    said = formatdate(NOW - 86_400, usegmt=True)
    then = formatdate(NOW - 86_400 + 7, usegmt=True)
    assert retry_after({"retry-after": then, "date": said}, NOW) == 7.0
    assert retry_after({"retry-after": then, "date": "today"}, NOW) == 0.0


def test_no_retry_after_asks_for_nothing() -> None:
    assert retry_after({}, NOW) is None


@given(st.text(st.characters(max_codepoint=255)))
@example("Thu, 1 Jan 1970 00:00:00 +9999999")
@example("1 Jan 00 0:0:0 ")
def test_any_retry_after_gives_seconds_or_nothing(header: str) -> None:
    seconds = retry_after({"retry-after": header}, NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (100, None, ServerError),
        (302, None, ServerError),
        (400, "invalid_request", InvalidRequestError),
        (401, None, AuthenticationError),
        (401, "invalid_api_key", AuthenticationError),
        (402, None, InsufficientCreditsError),
        (403, "not_authorized", PermissionDeniedError),
        (404, "not_found", NotFoundError),
        (409, None, ConflictError),
        (410, None, NotFoundError),
        (418, "teapot", InvalidRequestError),
        (422, "invalid_parameters", InvalidRequestError),
        (429, "rate_limited", RateLimitError),
        (429, None, RateLimitError),
        (429, "insufficient_credits", InsufficientCreditsError),
        (403, "insufficient_credits", InsufficientCreditsError),
        (499, None, InvalidRequestError),
        (500, None, ServerError),
        (500, "insufficient_credits", ServerError),
        (520, None, ServerError),
        (524, None, ServerError),
        (599, None, ServerError),
        (999, None, ServerError),
    ],
)
def test_the_class_follows_the_status_and_the_code_refines_it(
    status: int, code: str | None, kind: type[ApiStatusError]
) -> None:
    error = error_of("getMe", coded(status, code))
    assert type(error) is kind
    assert (error.status, error.code, error.operation) == (status, code, "getMe")
    assert error.documented
    assert type(error_of("getMe", answer(status, b"<html>"))) is not InsufficientCreditsError or status == 402


def test_out_of_credits_is_no_rate_limit() -> None:
    assert not issubclass(InsufficientCreditsError, RateLimitError)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("error.401.invalid_api_key", "check the API key"),
        ("error.403.purchase_add_on", "it needs: purchase add on"),
        ("error.403.upgrade_plan", "it needs: upgrade plan"),
        ("error.404.not_found", "check the id"),
        ("error.409.conflict", "look at its state"),
        ("error.429.insufficient_credits", "buy credits"),
        ("error.429.rate_limited", "wait 7 s"),
    ],
)
def test_the_apis_own_errors_say_what_to_do(name: str, text: str) -> None:
    data = json.loads((EXAMPLES / f"{name}.json").read_text())
    status = int(name.split(".")[1])
    error = error_of("getMe", answer(status, data, **{"retry-after": "7", "x-request-id": "req_1"}))
    assert text in str(error)
    assert data["message"].rstrip(".") in str(error)
    assert error.requirement == data.get("requirement")
    assert (error.request_id, error.retry_after) == ("req_1", 7.0)


def test_the_keys_of_a_requirements_details_are_left_as_they_are() -> None:
    requirement = {"type": "purchase_add_on", "details": {"add_onId": "x"}}
    error = error_of("getMe", answer(403, {"message": "m", "requirement": requirement}))
    assert error.requirement == requirement


NASTY = "line one\nline two\u2028three\x1b[31m https://s.test/a?X-Signature=SECRET Bearer tok3nSECRET sk_live_SECRET99"


@pytest.mark.parametrize(
    "body",
    [
        {"message": NASTY},
        {"message": NASTY, "code": NASTY},
        {"message": "m", "code": "c", "requirement": {"type": NASTY, "details": {}}},
        {"message": "m", "internalErrorCode": 7, "requirement": [NASTY], "code": {}},
        {"message": 7, "detail": NASTY},
        {"code": "c"},
        NASTY.encode(),
        NASTY.replace("/", "\\/").encode(),
        b"<html>" * 10_000,
        b"",
        b"\xff\xfe\x00",
        b'{"message": "trunc',
        b"[" * 100_000,
        b"null",
        b'{"message": "\\ud800"}',
    ],
)
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500, 524])
def test_any_body_becomes_one_short_line_without_secrets(status: int, body: object) -> None:
    error = error_of("getMe", answer(status, body))
    for text in (str(error), repr(error), error.message, error.body_excerpt or ""):
        assert text.isprintable()
        assert "SECRET" not in text
        assert len(text) < 1500
    assert str(error).startswith(f"getMe: {status}")
    assert error.body_excerpt is not None
    assert len(error.body_excerpt) <= 500


@given(st.integers(100, 999), st.binary(max_size=200), st.sampled_from(EFFECTS))
def test_any_status_with_any_body_is_a_typed_error(status: int, body: bytes, effect: Effect) -> None:
    assert decide(effect, answer(status, body)) in ("again", "unknown", "final")
    error = error_of("getMe", answer(status, body))
    assert str(error).isprintable()
    assert error.documented == (b"message" in body or b"code" in body) or not error.documented


def test_a_body_that_is_not_the_apis_is_told_apart() -> None:
    error = error_of("getMe", answer(403, b"<html>Attention Required</html>"))
    assert not error.documented
    assert "an answer that isn't the API's: <html>Attention Required</html>" in str(error)
    assert "empty" in str(error_of("getMe", answer(502)))


def test_an_excerpt_never_ends_inside_a_signature() -> None:
    body = b"x " * 240 + b"https://s.test/a?X-Signature=" + b"SECRET" * 1000
    assert "SECRET" not in excerpt(body)
    assert excerpt(body, 600).endswith("https://s.test/a?…")
