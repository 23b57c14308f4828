"""How a download goes on: what is asked for, and what each answer means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen._resume import Held, Step, asks, judge, strong_etag

NOTHING = Held()
HALF = Held(50, '"1"', 100)
UNKNOWN = Held(50, '"1"', None)
WHOLE = Held(100, '"1"', 100)


@pytest.mark.parametrize(
    ("held", "headers"),
    [
        (NOTHING, {}),
        (Held(0, '"1"', 100), {}),
        (Held(50, None, 100), {}),
        (Held(150, '"1"', 100), {}),
        (HALF, {"range": "bytes=50-", "if-range": '"1"'}),
        (UNKNOWN, {"range": "bytes=50-", "if-range": '"1"'}),
        (WHOLE, {"if-none-match": '"1"'}),
    ],
)
def test_only_what_is_missing_is_asked_for(held: Held, headers: dict[str, str]) -> None:
    assert asks(held) == headers


def ranged(content_range: str, etag: str = '"1"', **more: str) -> dict[str, str]:
    return {"content-range": content_range, "etag": etag, **more}


ANOTHER = "the file is another by now"
RANGE = "storage answered 206 with another range than from 50"


@pytest.mark.parametrize(
    ("held", "status", "headers", "step"),
    [
        (NOTHING, 200, {"content-length": "100", "etag": '"1"'}, Step("take", "", 0, 100, 100, '"1"')),
        (NOTHING, 200, {"content-length": "100", "etag": 'W/"1"'}, Step("take", "", 0, 100, 100, None)),
        (NOTHING, 200, {"content-length": "many"}, Step("take")),
        (NOTHING, 200, {"content-length": "²"}, Step("take")),
        (NOTHING, 200, {"content-length": "9" * 30}, Step("take")),
        (NOTHING, 200, {"content-encoding": "identity"}, Step("take")),
        (NOTHING, 200, {"content-encoding": ""}, Step("take")),
        # A server that ignores Range, or has another version by now, sends the whole.
        (HALF, 200, {"content-length": "100", "etag": '"1"'}, Step("take", "", 0, 100, 100, '"1"')),
        (HALF, 200, {"content-length": "90", "etag": '"2"'}, Step("take", "", 0, 90, 90, '"2"')),
        (WHOLE, 200, {"content-length": "90", "etag": '"2"'}, Step("take", "", 0, 90, 90, '"2"')),
        (HALF, 206, ranged("bytes 50-99/100"), Step("take", "", 50, 100, 100, '"1"')),
        (HALF, 206, ranged("bytes 50-69/100"), Step("take", "", 50, 70, 100, '"1"')),
        (HALF, 206, ranged("bytes 50-99/*"), Step("take", "", 50, 100, 100, '"1"')),
        (UNKNOWN, 206, ranged("bytes 50-99/100"), Step("take", "", 50, 100, 100, '"1"')),
        # A part of what ends somewhere would pass for its end.
        (
            UNKNOWN,
            206,
            ranged("bytes 50-99/*"),
            Step("anew", "storage answered 206 without saying how long the file is"),
        ),
        (HALF, 206, ranged("bytes 50-99/100", '"2"'), Step("anew", ANOTHER)),
        (HALF, 206, ranged("bytes 50-99/100", 'W/"1"'), Step("anew", ANOTHER)),
        (HALF, 206, {"content-range": "bytes 50-99/100"}, Step("anew", ANOTHER)),
        (HALF, 206, ranged("bytes 50-109/110"), Step("anew", ANOTHER)),
        (HALF, 206, ranged("bytes 49-99/100"), Step("anew", RANGE)),
        (HALF, 206, ranged("bytes 50-49/100"), Step("anew", RANGE)),
        (HALF, 206, ranged("bytes */100"), Step("anew", RANGE)),
        (HALF, 206, ranged("items 50-99/100"), Step("anew", RANGE)),
        (HALF, 206, {"etag": '"1"'}, Step("anew", RANGE)),
        (NOTHING, 206, ranged("bytes 0-99/100"), Step("refuse", "storage answered 206")),
        (WHOLE, 206, ranged("bytes 0-99/100"), Step("refuse", "storage answered 206")),
        (WHOLE, 304, {}, Step("done")),
        (HALF, 304, {}, Step("refuse", "storage answered 304")),
        (NOTHING, 304, {}, Step("refuse", "storage answered 304")),
        (HALF, 416, {}, Step("anew", f"storage answered 416: {ANOTHER}")),
        (NOTHING, 416, {}, Step("refuse", "storage answered 416")),
        *[(HALF, status, {}, Step("sign", f"storage answered {status}")) for status in (401, 403, 404, 410)],
        *[(HALF, s, {}, Step("again", f"storage answered {s}")) for s in (408, 425, 429, 500, 502, 503, 504, 599)],
        *[(HALF, status, {}, Step("refuse", f"storage answered {status}")) for status in (204, 301, 400, 412, 451)],
    ],
)
def test_what_an_answer_means(held: Held, status: int, headers: dict[str, str], step: Step) -> None:
    assert judge(held, status, headers) == step


@pytest.mark.parametrize("status", [200, 206])
def test_an_encoding_that_was_not_asked_for_is_refused(status: int) -> None:
    step = judge(HALF, status, ranged("bytes 50-99/100", **{"content-encoding": "gzip"}))
    assert step == Step("refuse", f"storage answered {status} encoded as gzip, which was not asked for")


@pytest.mark.parametrize(
    ("etag", "strong"),
    [
        ('"1"', '"1"'),
        (' "a-b/c" ', '"a-b/c"'),
        ('W/"1"', None),
        ("1", None),
        ('""', None),
        ('"a"b"', None),
        ('"' + "a" * 501 + '"', None),
        ("*", None),
        (None, None),
    ],
)
def test_a_strong_etag(etag: str | None, strong: str | None) -> None:
    assert strong_etag({} if etag is None else {"etag": etag}) == strong


holds = st.builds(
    Held, st.integers(0, 200), st.sampled_from([None, '"1"', '"2"']), st.one_of(st.none(), st.integers(0, 200))
)
answers = st.fixed_dictionaries(
    {},
    optional={
        "etag": st.sampled_from(['"1"', '"2"', 'W/"1"', "junk"]),
        "content-length": st.one_of(st.integers(0, 300).map(str), st.text(max_size=5)),
        "content-range": st.one_of(
            st.tuples(st.integers(0, 200), st.integers(0, 200), st.sampled_from(["100", "200", "*", "x"])).map(
                lambda t: f"bytes {t[0]}-{t[1]}/{t[2]}"
            ),
            st.text(max_size=10),
        ),
    },
)


@given(holds, st.integers(100, 599), answers)
def test_bytes_are_only_ever_added_to_those_of_the_same_version(
    held: Held, status: int, headers: dict[str, str]
) -> None:
    step = judge(held, status, headers)
    if step.kind == "take" and step.at:
        assert step.at == held.have
        assert step.etag == held.etag == headers["etag"]
        assert "range" in asks(held)
        assert held.total in (None, step.total)
    if step.kind == "done":
        assert held.have == held.total
        assert asks(held) == {"if-none-match": held.etag}
    assert step.kind in ("take", "done") or step.reason
