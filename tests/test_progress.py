"""How fast bytes go: the rate that is told, and when a transfer is too slow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen import Progress
from aiovideogen._progress import MIN_RATE, WINDOW_SECONDS, Meter, Pace


@pytest.mark.parametrize(
    ("done", "total", "fraction"), [(0, 10, 0.0), (5, 10, 0.5), (10, 10, 1.0), (0, 0, 1.0), (7, None, None)]
)
def test_how_much_is_done(done: int, total: int | None, fraction: float | None) -> None:
    assert Progress(done, total, 0.0).fraction == fraction


def test_the_rate_is_that_of_the_last_seconds() -> None:
    meter = Meter(100.0)
    assert meter.rate(100.0) == 0.0
    for tenth in range(100):
        meter.came(100, 100.0 + (tenth + 1) / 10)
    assert meter.rate(110.0) == pytest.approx(1000, rel=0.02)
    for tenth in range(100):
        meter.came(10, 110.0 + (tenth + 1) / 10)
    assert meter.rate(120.0) == pytest.approx(100, rel=0.02)
    assert meter.rate(1120.0) < 1


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 10)), max_size=200))
def test_the_rate_is_never_more_than_ever_came_in_a_moment(steps: list[tuple[int, float]]) -> None:
    meter, now, came = Meter(0.0), 0.0, 0
    for count, seconds in steps:
        now, came = now + seconds, came + count
        meter.came(count, now)
        assert meter.rate(now + 1) >= 0
        assert meter.rate(now + 1) <= came


def test_a_transfer_is_too_slow_when_its_window_ends_before_enough_came() -> None:
    pace = Pace(1000.0)
    assert pace.left() == WINDOW_SECONDS
    pace.came(29_999, 20.0)
    assert pace.left() == WINDOW_SECONDS - 20
    pace.came(1, 5.0)
    assert pace.left() == WINDOW_SECONDS
    pace.came(0, WINDOW_SECONDS)
    assert pace.left() == 0
    assert pace.complaint == "slower than 1000 bytes/s for 30 s"


def test_no_rate_asks_for_nothing() -> None:
    pace = Pace(0)
    pace.came(0, 1e9)
    assert pace.left() == float("inf")


@given(st.floats(1, 1e9), st.lists(st.floats(0.01, 5), max_size=100))
def test_what_is_fast_enough_throughout_is_never_too_slow(rate: float, seconds: list[float]) -> None:
    pace = Pace(rate)
    for one in seconds:
        pace.came(int(rate * one * 1.3) + 1, one)
        assert pace.left() > 0


def test_a_stalled_transfer_is_seen_within_the_window() -> None:
    pace = Pace(MIN_RATE)
    spent = 0.0
    while pace.left() > 0:
        pace.came(100, 1.0)
        spent += 1
    assert spent == WINDOW_SECONDS
