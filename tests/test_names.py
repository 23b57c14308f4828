"""Names for files: whatever a server calls them, they stay inside their folder and apart from each other."""

from __future__ import annotations

import ntpath
import os
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aiovideogen._names import beside, distinct, name_for, safe_name

if TYPE_CHECKING:
    from collections.abc import Callable

DEVICES = ["CON", "prn", "Aux", "NUL", "com1", "LPT9", "COM¹", "CONIN$", "conout$"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("harbour.png", "harbour.png"),
        ("A quiet harbour at dawn", "A quiet harbour at dawn"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("/etc/passwd", "_etc_passwd"),
        ("..\\..\\windows\\win.ini", "_.._windows_win.ini"),
        ("C:\\a.png", "C__a.png"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        (" . ", "file"),
        (".hidden", "hidden"),
        ("a\0b.png", "a_b.png"),
        ("a\nb\x1b[31m.png", "a_b_[31m.png"),
        ('a<b>c:d"e|f?g*h', "a_b_c_d_e_f_g_h"),
        ("dots... ", "dots"),
        ("a.png.", "a.png"),
        ("gpj.\u202eexe", "gpj._exe"),
        ("lone \ud800 half", "lone _ half"),
        ("cafe\u0301.png", "café.png"),
        ("a.part", "a.part_"),
        ("a.PART.json", "a.PART.json_"),
        ("no.extension at all", "no.extension at all"),
    ],
)
def test_a_name_is_made_safe(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("suffix", ["", ".png", ".tar.gz", " .txt"])
def test_what_windows_takes_for_a_device_is_no_longer_one(device: str, suffix: str) -> None:
    assert safe_name(device + suffix) == "_" + device + suffix
    assert safe_name(device, ".png") == f"_{device}.png"


def test_long_names_keep_their_extension_and_whole_characters() -> None:
    assert safe_name("a" * 300 + ".jpeg") == "a" * 195 + ".jpeg"
    assert safe_name("ü" * 300, ".png") == "ü" * 98 + ".png"
    assert safe_name("a" * 300 + "." + "b" * 300) == "a" * 200
    assert len(safe_name("🚢" * 300, ".mp4").encode()) <= 200


@pytest.mark.parametrize(
    ("display_name", "file_id", "url", "name"),
    [
        ("Harbour", "vg_file_1", "https://s.test/x/download.png?X-Signature=1", "Harbour.png"),
        ("Harbour.png", "vg_file_1", "https://s.test/download.png", "Harbour.png"),
        ("Harbour.PNG", "vg_file_1", "https://s.test/download.png", "Harbour.PNG"),
        ("Harbour.jpeg", "vg_file_1", "https://s.test/download.jpg", "Harbour.jpeg"),
        ("Harbour.mov", "vg_file_1", "https://s.test/download.mp4", "Harbour.mov.mp4"),
        ("Version 1.5", "vg_file_1", "https://s.test/download.mp4", "Version 1.5.mp4"),
        ("...", "vg_file_1", None, "vg_file_1"),
        (None, "vg_file_1", "https://s.test/download.webm", "vg_file_1.webm"),
        (None, "../x", None, "_x"),
        (None, None, "https://s.test/a/clip%20one.mp4?X=1", "clip one.mp4"),
        (None, None, "https://s.test/a/..%2F..%2Fetc%2Fpasswd", "_.._etc_passwd"),
        (None, None, "https://s.test/", "file"),
        (None, None, "https://[broken", "file"),
        (None, None, None, "file"),
    ],
)
def test_a_file_is_called_as_it_is_listed(
    display_name: str | None, file_id: str | None, url: str | None, name: str
) -> None:
    assert name_for(display_name, file_id, url) == name


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ([], []),
        (["a.png", "b.png"], ["a.png", "b.png"]),
        (["a.png", "a.png", "a.png"], ["a.png", "a (2).png", "a (3).png"]),
        (["a.png", "A.PNG"], ["a.png", "A (2).PNG"]),
        (["a.png", "a.png", "a (2).png"], ["a.png", "a (3).png", "a (2).png"]),
        (["a (2).png", "a (2).png", "a.png"], ["a (2).png", "a (2) (2).png", "a.png"]),
        (["STRASSE", "straße"], ["STRASSE", "straße (2)"]),
        (["caf\u00e9", "cafe\u0301"], ["caf\u00e9", "cafe\u0301 (2)"]),
        (["ﬁle", "file"], ["ﬁle", "file (2)"]),
    ],
)
def test_names_that_come_again_get_numbers(names: list[str], chosen: list[str]) -> None:
    assert distinct(names) == chosen


def test_thousands_of_one_name_take_no_time() -> None:
    assert distinct(["a.png"] * 20_000)[-1] == "a (20000).png"


def is_reserved(name: str) -> bool:
    """Say whether Windows takes a name for something else: from Python 3.13 on, another function says so."""
    check: Callable[[str], bool] | None = getattr(ntpath, "isreserved", None)
    return check(name) if check is not None else PureWindowsPath(name).is_reserved()


any_text = st.one_of(
    st.text(max_size=400),
    st.text(alphabet="./\\ :\0aA\u202e\ud800é", max_size=400),
    st.sampled_from(DEVICES).flatmap(lambda device: st.sampled_from([device, device + ".x", device.lower() + " .y"])),
)


@given(any_text, st.sampled_from(["", ".png", ".jpeg", "./../x", ".part"]))
@example("a" * 199 + "é", "")
@example("nul" + " " * 300, ".png")
def test_any_text_becomes_a_name_inside_the_folder(text: str, extension: str) -> None:
    name = safe_name(text, extension)
    assert 0 < len(name.encode()) <= 202
    assert PurePosixPath(name).parts == (name,)
    assert PureWindowsPath(name).parts == (name,)
    assert not is_reserved(name)
    assert name not in (".", "..")
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
    assert not name.endswith((".part", ".part.json"))
    assert safe_name(name) == name


@given(st.lists(st.sampled_from(["a", "A", "a (2)", "a (3)", "b.png", "B.png", "b (2).png", "ß", "ss"]), max_size=30))
def test_no_two_names_are_the_same(names: list[str]) -> None:
    chosen = distinct(names)
    assert len(chosen) == len(names)
    assert len({name.casefold() for name in chosen}) == len(names)
    for name, own in zip(names, chosen, strict=True):
        assert own == name or own.startswith(name.partition(".")[0])


@given(st.lists(any_text, max_size=10))
def test_whatever_the_names_are_their_unfinished_forms_are_apart_too(texts: list[str]) -> None:
    names = distinct([safe_name(text) for text in texts])
    every = [*names, *(part for name in names for part in beside(name))]
    assert len({name.casefold() for name in every}) == len(every)
    assert all(len(name.encode()) <= 255 for name in every)


@pytest.mark.parametrize("name", ["a.png", "a" * 245, "a" * 246, "a" * 255, "ü" * 127, os.fsdecode(b"\xff" * 255)])
def test_an_unfinished_form_has_a_name_that_fits(name: str) -> None:
    part, note = beside(name)
    assert max(len(os.fsencode(part)), len(os.fsencode(note))) <= 255
    assert (part, note) == (name + ".part", name + ".part.json") or "~" in part
    assert beside(name[:-1] + "b")[0] != part
