"""How many requests are left: pure decisions, by table and by property."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen._limits import TURN_SECONDS, WINDOW_SECONDS, Limit, RateLimit, clock_offset

NOW = 1_795_000_000.0


def told(limit: int, remaining: int, reset: float, *, date: float | None = None) -> dict[str, str]:
    headers = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(reset),
    }
    return headers if date is None else {**headers, "date": formatdate(date, usegmt=True)}


def used(limit: Limit, times: int) -> None:
    for _ in range(times):
        limit.sent(NOW)
        limit.ended()


def test_until_an_answer_says_more_the_documented_number_is_counted_down() -> None:
    limit = Limit("webhooks.create", 10)
    used(limit, 9)
    assert limit.pause(NOW) == 0
    used(limit, 1)
    assert limit.pause(NOW) == pytest.approx(WINDOW_SECONDS + TURN_SECONDS)
    assert limit.pause(NOW + WINDOW_SECONDS) == 0
    assert limit.shown() == RateLimit("webhooks.create", 10, 10, None)


def test_without_a_known_number_nothing_waits() -> None:
    limit = Limit("getMe", None)
    used(limit, 100_000)
    assert limit.pause(NOW) == 0
    assert limit.shown() == RateLimit("getMe", None, None, None)


@pytest.mark.parametrize("reset", [60, NOW + 60])
def test_what_an_answer_says_wins_given_as_seconds_or_as_a_moment(reset: float) -> None:
    limit = Limit("tools.start", 500)
    used(limit, 1)
    limit.learn(told(100, 0, reset), NOW)
    assert limit.pause(NOW) == pytest.approx(60 + TURN_SECONDS)
    assert limit.shown() == RateLimit("tools.start", 100, 0, NOW + 60)
    assert limit.pause(NOW + 61) == 0


def test_a_server_with_another_clock_is_understood_by_its_date() -> None:
    limit = Limit("tools.start", 500)
    limit.learn(told(100, 0, NOW + 7200 + 60, date=NOW + 7200), NOW)
    assert limit.pause(NOW) == pytest.approx(60 + TURN_SECONDS)


@pytest.mark.parametrize("date", ["", "soon", "Mon, 99 Nov 2026 12:00:00 GMT"])
def test_a_date_that_is_none_says_nothing(date: str) -> None:
    assert clock_offset({"date": date}, NOW) == 0


def test_the_second_that_a_date_rounds_off_is_no_difference() -> None:
    assert clock_offset({"date": formatdate(NOW, usegmt=True)}, NOW + 0.9) == 0


def test_requests_under_way_are_taken_off_what_is_left() -> None:
    limit = Limit("tools.start", 500)
    for _ in range(3):
        limit.sent(NOW)
    limit.ended()
    limit.learn(told(500, 2, 60), NOW)  # the server has seen one; two more are on their way
    assert limit.pause(NOW) == pytest.approx(60 + TURN_SECONDS)


def test_answers_out_of_order_give_nothing_back() -> None:
    limit = Limit("tools.start", 500)
    used(limit, 1)
    limit.learn(told(500, 3, 60), NOW)
    limit.learn(told(500, 5, 60), NOW)
    shown = limit.shown()
    assert shown.remaining == 3


def test_a_later_window_gives_all_of_its_own() -> None:
    limit = Limit("tools.start", 500)
    limit.learn(told(500, 0, NOW + 60), NOW)
    limit.learn(told(500, 499, NOW + 3660), NOW + 59.9)
    assert limit.pause(NOW + 59.9) == 0


def test_a_late_answer_of_the_window_before_says_nothing_of_this_one() -> None:
    limit = Limit("tools.start", 500)
    limit.learn(told(500, 300, NOW + 3600), NOW)
    limit.learn(told(500, 0, NOW - 20), NOW)
    assert limit.pause(NOW) == 0
    assert limit.shown() == RateLimit("tools.start", 500, 300, NOW + 3600)


def test_a_window_that_is_said_to_have_turned_and_refuses_turns_within_a_second() -> None:
    limit = Limit("tools.start", 500)
    limit.learn(told(500, 0, 0), NOW)
    assert limit.pause(NOW) == pytest.approx(1 + TURN_SECONDS)
    assert limit.pause(NOW + 1.1) == 0


def test_into_a_window_of_which_nothing_is_known_only_a_few_are_sent_at_first() -> None:
    limit = Limit("tools.start", 500)
    for _ in range(8):
        assert limit.pause(NOW) == 0
        limit.sent(NOW)
    assert limit.pause(NOW) > 0
    assert limit.will_learn
    limit.learn(told(500, 492, 3600), NOW)
    assert limit.pause(NOW) == 0


def test_a_refusal_holds_everything_back_for_as_long_as_it_asks() -> None:
    limit = Limit("getMe", None)
    limit.hold(7, NOW)
    limit.hold(3, NOW)
    assert limit.pause(NOW) == pytest.approx(7)
    assert limit.pause(NOW + 7) == 0


@pytest.mark.parametrize("value", ["", "many", "nan", "-1", "1e99", "inf"])
def test_numbers_that_make_no_sense_are_left_out(value: str) -> None:
    limit = Limit("tools.start", 500)
    limit.learn({"x-ratelimit-remaining": value, "x-ratelimit-reset": value, "x-ratelimit-limit": value}, NOW)
    assert limit.shown() == RateLimit("tools.start", 500, 500, None)


@given(st.lists(st.sampled_from(["send", "answer", "wait"]), max_size=200), st.integers(1, 20))
def test_the_server_is_never_asked_more_often_than_it_allows(steps: list[str], allowed: int) -> None:
    """Against a server of fixed windows that tells what is left, no request is one too many."""
    now, window, served, under_way = NOW, NOW + 60, 0, 0
    limit = Limit("tools.start", None)
    limit.sent(now)
    limit.ended()
    limit.learn(told(allowed, allowed - 1, window), now)
    served = 1
    for step in steps:
        if now >= window:
            window, served = window + 60 * (1 + (now - window) // 60), 0
        if step == "send" and limit.pause(now) == 0:
            limit.sent(now)
            under_way += 1
            served += 1
            assert served <= allowed
        elif step == "answer" and under_way:
            under_way -= 1
            limit.ended()
            limit.learn(told(allowed, allowed - served, window), now)
        elif step == "wait":
            now += max(1.0, limit.pause(now))
