"""What a file is, by its first bytes and its name: stated only where there is no doubt."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiovideogen._guess import Guess, guess, must_have_content_type

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
LOTTIE = json.dumps({"v": "5.5.7", "fr": 60, "ip": 0, "op": 180, "w": 512, "h": 512, "layers": []}).encode()
ISO = b"\0\0\0\x18ftypisom\0\0\2\0"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n...", Guess("IMAGE", "image/png")),
        ("a.jpg", b"\x89PNG\r\n\x1a\n...", Guess("IMAGE", "image/png")),  # bytes outweigh the name
        (None, b"\xff\xd8\xff\xe0", Guess("IMAGE", "image/jpeg")),
        ("a", b"RIFF\0\0\0\0WEBP", Guess("IMAGE", "image/webp")),
        ("a", b"RIFF\0\0\0\0WAVEfmt ", Guess("AUDIO", "audio/wav")),
        ("a.avi", b"RIFF\0\0\0\0AVI LIST", Guess("VIDEO", "video/x-msvideo")),
        ("a", b"RIFF\0\0\0\0AVI LIST", Guess(None, None)),
        ("a", b"ID3\4", Guess("AUDIO", "audio/mpeg")),
        ("a", b"%PDF-1.7", Guess("PDF", "application/pdf")),
        ("a.mp4", ISO, Guess("VIDEO", "video/mp4")),
        ("a.MOV", ISO, Guess("VIDEO", "video/quicktime")),
        ("a.m4a", ISO, Guess("AUDIO", "audio/mp4")),
        ("a", ISO, Guess(None, None)),  # sound alone may be in it
        ("a", b"\0\0\0\x18ftypM4A ", Guess("AUDIO", "audio/mp4")),
        ("a", b"\0\0\0\x18ftypheic", Guess("IMAGE", "image/heic")),
        ("a.webm", b"\x1aE\xdf\xa3", Guess("VIDEO", "video/webm")),
        ("a.weba", b"\x1aE\xdf\xa3", Guess("AUDIO", "audio/webm")),
        ("a.png", b"\x1aE\xdf\xa3", Guess(None, None)),
        ("a.ogv", b"OggS", Guess("VIDEO", "video/ogg")),
        ("a.pptx", b"PK\3\4", Guess("SLIDESHOW", PPTX)),
        ("a.zip", b"PK\3\4", Guess(None, None)),
        ("a.gif", b"GIF89a", Guess(None, "image/gif")),
        ("a.svg", b"<svg/>", Guess(None, "image/svg+xml")),
        ("a.txt", b"Stay hydrated.", Guess(None, "text/plain")),
        ("a.txt", b"\0\1", Guess(None, None)),
        ("a.png", b"no picture at all", Guess(None, None)),
        ("a.json", b'{"a": 1}', Guess(None, "application/json")),
        ("a.json", LOTTIE, Guess("LOTTIE", "application/json")),
        (None, b"\xef\xbb\xbf \n" + LOTTIE, Guess("LOTTIE", "application/json")),
        ("a.lottie", b"PK\3\4", Guess("LOTTIE", "application/zip")),
        ("a.json", b"[" + LOTTIE, Guess(None, "application/json")),
        ("a", b"", Guess(None, None)),
        # A stream can't be looked at first: its name says what it is.
        ("a.png", None, Guess("IMAGE", "image/png")),
        ("a.mp4", None, Guess("VIDEO", "video/mp4")),
        ("a.lottie", None, Guess("LOTTIE", "application/zip")),
        ("a.txt", None, Guess(None, "text/plain")),
        ("a", None, Guess(None, None)),
        (None, None, Guess(None, None)),
    ],
)
def test_what_a_file_is(name: str | None, head: bytes | None, expected: Guess) -> None:
    assert guess(name, head) == expected


@given(st.one_of(st.none(), st.text(max_size=20)), st.one_of(st.none(), st.binary(max_size=64)))
def test_any_bytes_and_any_name_get_an_answer(name: str | None, head: bytes | None) -> None:
    found = guess(name, head)
    assert found.type in (None, "IMAGE", "VIDEO", "AUDIO", "PDF", "SLIDESHOW", "LOTTIE")
    assert found.type is None or found.content_type is not None


@pytest.mark.parametrize(
    ("url", "needed"),
    [
        ("https://s.test/put?X-Amz-SignedHeaders=host&X-Amz-Signature=1", False),
        ("https://s.test/put?X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Signature=1", True),
        ("https://s.test/put?x-amz-signedheaders=Content-Length;Content-Type;host", True),
        ("https://s.test/put?X-Signature=content-type", False),
        ("https://s.test/put", False),
    ],
)
def test_a_presigned_url_says_whether_it_needs_a_content_type(url: str, needed: bool) -> None:
    assert must_have_content_type(url) is needed
