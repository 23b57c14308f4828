"""One value of the API's JSON: read as far as it makes sense, written only when it is right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen import FileId, ToolExecutionId
from aiovideogen._codecs import (
    ANY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    OBJECT,
    SECRET,
    TEXT,
    TIME,
    Codec,
    Unreadable,
    WrongId,
    id_of,
    id_or_text,
    list_of,
    ref,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
CODECS: dict[str, Codec] = {
    "text": TEXT,
    "secret": SECRET,
    "boolean": BOOLEAN,
    "number": NUMBER,
    "integer": INTEGER,
    "time": TIME,
    "object": OBJECT,
    "any": ANY,
    "id": id_of("FileId"),
    "id or text": id_or_text("VoiceId"),
    "list": list_of(id_of("FileId")),
    "model": ref("AspectRatio"),
    "union": ref("AssistantMessage"),
}


@pytest.mark.parametrize(
    ("codec", "value", "read"),
    [
        (NUMBER, 7, 7),
        (NUMBER, 7.5, 7.5),
        (NUMBER, "7", 7),
        (NUMBER, "7.50", 7.5),
        (NUMBER, " 1e3 ", 1000),
        (INTEGER, 7, 7),
        (INTEGER, 7.0, 7),
        (INTEGER, "7", 7),
        (INTEGER, "7.0", 7),
        (INTEGER, "9007199254740993", 9007199254740993),
        (TIME, 1745409600, 1745409600),
        (TIME, 1745409600.25, 1745409600.25),
        (TIME, "1745409600", 1745409600),
        (TIME, "1745409600.25", 1745409600.25),
        (TIME, "2025-04-23T12:00:00Z", 1745409600),
        (TIME, "2025-04-23T12:00:00.999Z", 1745409600),
        (TIME, "2025-04-23T14:00:00+02:00", 1745409600),
        (TIME, "2025-04-23T12:00:00", 1745409600),
        (TIME, "2025-04-23", 1745366400),
    ],
)
def test_numbers_and_times_are_read_in_the_forms_servers_have_used(codec: Codec, value: object, read: float) -> None:
    assert codec.decode(value) == read
    assert type(codec.decode(value)) is type(read)


@pytest.mark.parametrize(
    ("codec", "value", "reason"),
    [
        (TEXT, 7, "expected text, got a number"),
        (TEXT, None, "expected text, got null"),
        (BOOLEAN, 1, "expected a boolean, got a number"),
        (BOOLEAN, "true", "expected a boolean, got text"),
        (NUMBER, True, "expected a number, got a boolean"),
        (NUMBER, "seven", "expected a number, got text"),
        (NUMBER, "", "expected a number, got text"),
        (NUMBER, "inf", "expected a number, got text"),
        (NUMBER, float("nan"), "expected a number, got a number out of range"),
        (NUMBER, float("inf"), "expected a number, got a number out of range"),
        (NUMBER, 10**400, "expected a number, got a number out of range"),
        (NUMBER, [], "expected a number, got a list"),
        (INTEGER, 7.5, "expected a whole number, got a fraction"),
        (INTEGER, "7.5", "expected a whole number, got a fraction"),
        (INTEGER, "1e400", "expected a number, got text"),
        (INTEGER, "9" * 5000, "expected a number, got text"),
        (INTEGER, True, "expected a number, got a boolean"),
        (TIME, "yesterday", "expected Unix seconds, got text"),
        (TIME, {}, "expected a number, got an object"),
        (OBJECT, [], "expected an object, got a list"),
        (id_of("FileId"), 7, "expected text, got a number"),
        (list_of(TEXT), "abc", "expected a list, got text"),
        (list_of(TEXT), {}, "expected a list, got an object"),
        (ref("AspectRatio"), "16:9", "expected an object, got text"),
    ],
)
def test_what_makes_no_sense_is_unreadable_with_the_reason_but_not_the_value(
    codec: Codec, value: object, reason: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        codec.decode(value)
    assert caught.value.reason == reason


def test_an_id_is_read_as_its_kind_whatever_its_prefix() -> None:
    assert type(id_of("FileId").decode("vg_tool_x")) is FileId
    assert id_or_text("VoiceId").decode("Amelia") == "Amelia"


def test_an_error_inside_a_list_names_the_index() -> None:
    with pytest.raises(Unreadable) as caught:
        list_of(list_of(TEXT)).decode([[], ["a", 7]])
    assert caught.value.path == "[1][1]"
    with pytest.raises(Unreadable) as caught:
        list_of(TEXT).encode(["a", "b", 7], True)
    assert caught.value.path == "[2]"


@pytest.mark.parametrize(
    ("codec", "value", "reason"),
    [
        (TEXT, 7, "expected text, got a number"),
        (SECRET, b"x", "expected text, got bytes"),
        (BOOLEAN, 1, "expected a boolean, got a number"),
        (NUMBER, True, "expected a number, got a boolean"),
        (NUMBER, "7", "expected a number, got text"),
        (NUMBER, float("nan"), "expected a number, got a number out of range"),
        (NUMBER, 10**400, "expected a number, got a number out of range"),
        (INTEGER, 7.0, "expected a whole number, got a number"),
        (INTEGER, True, "expected a whole number, got a boolean"),
        (TIME, "2025-04-23", "expected a number, got text"),
        (OBJECT, [], "expected an object, got a list"),
        (list_of(TEXT), "abc", "expected a list, got text"),
        (list_of(TEXT), b"abc", "expected a list, got bytes"),
        (list_of(TEXT), {"a": 1}, "expected a list, got an object"),
        (list_of(TEXT), 7, "expected a list, got a number"),
        (ref("AspectRatio"), {"width": 16}, "expected AspectRatio, got an object"),
        (ref("RemixAction"), {"type": "ADD_ZOOM"}, "expected RemixAction, got an object"),
    ],
)
def test_the_wrong_type_is_not_sent(codec: Codec, value: object, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        codec.encode(value, True)
    assert caught.value.reason == reason
    assert not isinstance(caught.value, WrongId)


@pytest.mark.parametrize(
    ("codec", "value", "written"),
    [
        (list_of(TEXT), ("a", "b"), ["a", "b"]),
        (list_of(id_of("FileId")), [FileId("x")], ["x"]),
        (id_of("FileId"), "any text", "any text"),
        (id_or_text("VoiceId"), "Amelia", "Amelia"),
        (ANY, {"a": [1]}, {"a": [1]}),
    ],
)
def test_what_is_right_is_written_plainly(codec: Codec, value: object, written: Any) -> None:
    assert codec.encode(value, True) == written
    assert type(codec.encode(value, True)) is type(written)


@pytest.mark.parametrize("codec", [id_of("FileId"), id_or_text("VoiceId")])
def test_another_kinds_id_is_not_sent(codec: Codec) -> None:
    with pytest.raises(WrongId, match="is of kind ToolExecutionId, not"):
        codec.encode(ToolExecutionId("vg_tool_x"), True)
    assert codec.encode("vg_tool_x", False) == "vg_tool_x"


@given(st.sampled_from(sorted(CODECS)), json_values)
def test_any_json_is_read_or_unreadable_and_reading_what_was_written_gives_the_same(name: str, value: object) -> None:
    codec = CODECS[name]
    try:
        read = codec.decode(value)
    except Unreadable:
        return
    if name != "any":
        assert codec.decode(codec.encode(read, False)) == read


def test_lists_of_plain_values_are_read_value_by_value() -> None:
    assert list_of(BOOLEAN).decode([True, False]) == [True, False]
    assert list_of(TEXT).decode(["a", ""]) == ["a", ""]
