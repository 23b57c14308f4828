"""Ids are opaque text with a kind; only what is plainly of another kind is refused, and only when sending."""

from __future__ import annotations

import copy
import json
import pickle
import sqlite3

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aiovideogen
from aiovideogen import FileId, InvalidIdError, ResourceId, ToolExecutionId, VideoGenError, VoiceId

KINDS = sorted(
    (kind for kind in vars(aiovideogen).values() if isinstance(kind, type) and issubclass(kind, ResourceId)),
    key=lambda kind: kind.__name__,
)
REAL_KINDS = [kind for kind in KINDS if kind.__name__ not in ("JobId", "ResourceId")]


@pytest.mark.parametrize("kind", REAL_KINDS)
def test_an_id_is_the_text_it_is(kind: type[ResourceId]) -> None:
    one = kind("vg_some_0aZ")
    assert one == "vg_some_0aZ"
    assert hash(one) == hash("vg_some_0aZ")
    assert str(one) == f"{one}" == "vg_some_0aZ"
    assert type(str(one)) is str
    assert repr(one) == f"{kind.__name__}('vg_some_0aZ')"
    assert json.dumps({"id": one}) == '{"id": "vg_some_0aZ"}'


@pytest.mark.parametrize("kind", REAL_KINDS)
def test_an_id_survives_pickle_and_copies_with_its_kind(kind: type[ResourceId]) -> None:
    one = kind("x")
    for twin in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert twin == one
        assert type(twin) is kind


def test_an_id_is_a_parameter_of_a_database() -> None:
    with sqlite3.connect(":memory:") as database:
        assert database.execute("select ? || ''", (FileId("vg_file_x"),)).fetchone() == ("vg_file_x",)
    database.close()


def test_an_id_is_a_field_of_a_pydantic_model() -> None:
    class Saved(pydantic.BaseModel):
        file: FileId
        job: ToolExecutionId | None = None

    saved = Saved.model_validate_json('{"file": "vg_file_x"}')
    assert type(saved.file) is FileId
    assert saved.model_dump_json() == '{"file":"vg_file_x","job":null}'
    with pytest.raises(pydantic.ValidationError):
        Saved.model_validate({"file": 7})


@pytest.mark.parametrize("kind", [kind for kind in REAL_KINDS if kind.prefixes])
def test_every_other_kind_refuses_a_known_prefix(kind: type[ResourceId]) -> None:
    for prefix in kind.prefixes:
        assert kind.check(prefix + "x", "here") == prefix + "x"
        for other in REAL_KINDS:
            if other is not kind:
                with pytest.raises(
                    InvalidIdError, match=rf"^here: .* is of kind {kind.__name__}, not {other.__name__}$"
                ):
                    other.check(prefix + "x", "here")


@pytest.mark.parametrize("kind", REAL_KINDS)
def test_an_unknown_prefix_is_no_reason_to_refuse(kind: type[ResourceId]) -> None:
    for text in ("vg_new_2027", "42", "import_x", "a/b?c#d%2e", "ä", "x" * 512):
        assert kind.check(text, "here") == text


@pytest.mark.parametrize("text", ["", " ", ".", "..", "...", "a\nb", "\x00", "\ud800", "x" * 513])
def test_what_cannot_be_an_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdError, match=r"^here: .* can't be an id$") as caught:
        FileId.check(text, "here")
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, 7, b"vg_file_x", ["vg_file_x"]])
def test_what_is_no_text_is_refused_by_its_type(value: object) -> None:
    with pytest.raises(InvalidIdError, match=f"^here: expected FileId, got {type(value).__name__}$"):
        FileId.check(value, "here")


def test_an_invalid_id_is_a_value_error_and_one_of_ours() -> None:
    assert issubclass(InvalidIdError, ValueError)
    assert issubclass(InvalidIdError, VideoGenError)


@pytest.mark.parametrize(
    "secret", ["vg_key_0123456789abcdef", "https://storage.test/a?X-Signature=0123456789abcdef\x7f"]
)
def test_a_key_or_signed_url_given_as_an_id_is_not_echoed(secret: str) -> None:
    with pytest.raises(InvalidIdError) as caught:
        FileId.check(secret, "here")
    assert "0123456789abcdef" not in str(caught.value)


@given(st.text())
def test_any_text_is_either_sent_as_it_is_or_refused_with_an_error_of_ours(text: str) -> None:
    refusal = ""
    try:
        assert VoiceId.check(text, "here") is text
    except InvalidIdError as error:
        refusal = str(error)
    assert refusal.isprintable()
