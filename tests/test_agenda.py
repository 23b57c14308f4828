"""Which looks are taken, and when: by table, by property, and by the simulation of thousands of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen._agenda import Agenda, Entry, Pacer
from aiovideogen._schedule import Budget
from benchmarks.poll_simulation import ALLOWANCE, simulate

if TYPE_CHECKING:
    from collections.abc import Sequence

PLENTY = Budget(5000, 3600, 5000)


def agenda(*, listed: bool = True, single: bool = True) -> Agenda:
    return Agenda(Pacer(), listed=listed, single=single)


def with_jobs(plan: Agenda, began: Sequence[float], now: float = 0.0) -> dict[str, Entry]:
    """Add jobs, oldest first, and return their entries by their ids `0`, `1`, …"""
    entries = {str(one): plan.meet(moment, now, 0.5) for one, moment in enumerate(began)}
    for one, entry in entries.items():
        plan.add(one, entry)
    return entries


def test_nothing_is_due_where_nobody_waits() -> None:
    assert agenda().next_at() == float("inf")


def test_a_job_is_looked_at_soon_after_its_start_and_one_of_unknown_age_at_once() -> None:
    plan = agenda()
    plan.add("new", plan.meet(100.0, 100.0, 0.5))
    assert plan.next_at() == pytest.approx(100.2)
    plan.add("bare", plan.meet(None, 100.0, 0.5))
    assert plan.next_at() == 100.0


def test_one_job_is_read_by_itself_and_two_by_the_list() -> None:
    plan = agenda()
    with_jobs(plan, [0.0])
    assert plan.take(1.0)[:3] == (0, 200, ())
    plan = agenda()
    with_jobs(plan, [0.0, 0.0])
    look = plan.take(1.0)
    assert (look.pages, set(look.sought), look.gets) == (1, {"0", "1"}, ())
    assert look.limit < 20, "a page holds little more than it is read for"


def test_a_page_is_read_only_where_it_spares_more_than_one_get() -> None:
    plan = agenda()
    entries = with_jobs(plan, [0.0] * 500)
    for one in range(1, 499):
        plan.remove(str(one))
    assert (plan.take(1.0).pages, len(plan.take(1.0).gets)) == (0, 1), "the two stand on the first page and the third"
    for one in range(400, 499):
        plan.add(str(one), entries[str(one)])
    look = plan.take(2.0)
    assert (look.pages, look.gets) == (1, ("0",))


def test_a_job_that_is_not_in_the_list_is_read_by_itself_until_it_shows_up() -> None:
    plan = agenda()
    with_jobs(plan, [0.0, 0.0, 0.0])
    assert plan.take(1.0).pages == 1
    plan.listed([("2", 0), ("1", 1)], 2, 3000, 1.0, 0.5)
    plan.missing("0", 1.0)
    assert plan.take(1.0) == (0, 200, (), ("0",))
    plan.listed([("2", 0), ("1", 1), ("0", 2)], 3, 4500, 2.0, 0.5)
    assert set(plan.take(3.0).sought) == {"0", "1", "2"}


def test_jobs_that_are_only_in_a_list_are_read_from_it_however_deep_they_stand() -> None:
    plan = agenda(single=False)
    with_jobs(plan, [0.0] * 450)
    for one in range(1, 450):
        plan.remove(str(one))
    look = plan.take(1.0)
    assert (look.pages, look.sought, look.gets) == (3, ("0",), ())
    plan.missing("0", 1.0)
    assert 1.0 < plan.next_at() < 2.0, "it may not be listed yet: the list is read again"


def test_jobs_without_a_list_take_turns() -> None:
    plan = agenda(listed=False)
    with_jobs(plan, [0.0] * 10)
    order: list[str] = []
    now = 1.0
    for _ in range(20):
        (one,) = plan.take(now).gets
        plan.asked(1, now, PLENTY)
        plan.got(one, now, 0.5)
        order.append(one)
        now = plan.next_at()
    assert sorted(order[:10]) == sorted(order[10:]) == [str(one) for one in range(10)]


def test_a_page_that_outgrows_a_megabyte_is_asked_for_with_fewer_items() -> None:
    plan = agenda()
    with_jobs(plan, [0.0] * 400)
    assert plan.take(1.0).limit == 200
    plan.listed([], 200, 4 << 20, 1.0, 0.5)
    assert (plan.take(2.0).limit, plan.take(2.0).pages) == (50, 8)
    plan.listed([], 50, 50 * 1500, 2.0, 0.5)
    assert plan.take(3.0).limit == 200
    plan.listed([], 0, 20, 3.0, 0.5)
    assert plan.take(4.0).limit == 200


def test_other_peoples_jobs_in_between_are_reckoned_with() -> None:
    plan = agenda()
    entries = with_jobs(plan, [0.0] * 200)
    plan.listed([(str(199 - one), one * 3) for one in range(67)], 200, 200_000, 1.0, 0.5)
    entries["150"].place = None
    with_jobs(plan, [1.0] * 0)
    later = {f"later{one}": plan.meet(1.0, 1.0, 0.5) for one in range(100)}
    for one, entry in later.items():
        plan.add(one, entry)
    assert plan.take(2.0).pages > 1, "a hundred more of ours push the others three hundred places down"


def test_a_list_that_fails_is_left_alone_for_a_while_and_one_that_is_refused_for_good() -> None:
    plan = agenda()
    with_jobs(plan, [0.0] * 5)
    plan.list_failed(1.0, 30.0, 0.5)
    assert plan.take(1.0).pages == 0
    assert plan.take(32.0).pages == 1
    plan.without_list()
    assert plan.take(33.0).pages == 0


def test_where_there_is_only_the_list_its_failure_is_waited_out() -> None:
    plan = agenda(single=False)
    with_jobs(plan, [0.0] * 5)
    plan.list_failed(1.0, 30.0, 0.5)
    assert plan.next_at() == 31.0


def test_a_look_that_failed_comes_again_later_and_later_and_as_the_server_asks() -> None:
    plan = agenda(listed=False)
    (entry,) = with_jobs(plan, [0.0]).values()
    pauses: list[float] = []
    for _ in range(10):
        plan.failed("0", 100.0, 0.0, 0.5)
        pauses.append(entry.due - 100.0)
    assert pauses == sorted(pauses)
    assert pauses[0] < 1 < pauses[-1] <= 20
    plan.failed("0", 100.0, 45.0, 0.5)
    assert entry.due == 145.0


def test_what_is_told_of_those_who_left_changes_nothing() -> None:
    plan = agenda()
    for tell in (lambda: plan.got("x", 1.0, 0.5), lambda: plan.missing("x", 1.0), lambda: plan.remove("x")):
        tell()
    plan.failed("x", 1.0, 0.0, 0.5)
    plan.listed([("x", 0)], 1, 100, 1.0, 0.5)
    assert len(plan) == 0


def test_where_each_end_needs_a_get_some_of_the_allowance_is_kept_for_them() -> None:
    fresh, stale = agenda(), agenda()
    for plan in (fresh, stale):
        with_jobs(plan, [0.0] * 1000)
    stale.stale = True
    for plan in (fresh, stale):
        plan.asked(1, 0.0, Budget(2600, 3600, 5000))
    assert stale.pacer.not_before > fresh.pacer.not_before


@given(
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(st.floats(0, 1000), st.booleans()), min_size=1, max_size=300),
    st.floats(0, 100),
)
def test_when_a_look_is_due_there_is_one_to_take(
    listed: bool, single: bool, jobs: list[tuple[float, bool]], later: float
) -> None:
    plan = agenda(listed=listed or not single, single=single)
    entries = with_jobs(plan, [began for began, _ in jobs], 1000.0)
    for entry, (_, lost) in zip(entries.values(), jobs, strict=True):
        entry.place = None if lost and single else entry.place
    look = plan.take(plan.next_at() + later)
    assert look.pages or look.gets
    assert 1 <= look.limit <= 200
    assert not set(look.sought) & set(look.gets)


def test_ten_thousand_jobs_stay_within_the_hours_reads_and_none_is_starved() -> None:
    figures = simulate(10_000, shortest=60, longest=600, foreign=0.05)
    assert figures.requests <= ALLOWANCE
    assert figures.mean <= 20
    assert figures.worst <= 60


@pytest.mark.parametrize(("stale", "requests"), [(False, 300), (True, 1250)])
def test_a_thousand_short_jobs_take_few_requests(stale: bool, requests: int) -> None:
    figures = simulate(1000, shortest=5, longest=40, stale=stale)
    assert figures.requests <= requests
    assert figures.mean <= 0.7
    assert figures.worst <= 2


@pytest.mark.parametrize("stale", [False, True])
def test_what_does_not_fit_into_an_hour_goes_on_in_the_next(stale: bool) -> None:
    figures = simulate(4000, shortest=600, longest=3000, stale=stale, foreign=0.3)
    assert figures.requests <= 2 * ALLOWANCE
    assert figures.worst <= 3600 + 600


def test_an_allowance_that_is_used_up_holds_looks_back_until_its_window_turns_however_many_were_taken() -> None:
    pacer = Pacer()
    for now in (0.0, 10.0):
        pacer.spend(5, now, Budget(0, 600 - now, 5000))
    assert pacer.not_before == 600
