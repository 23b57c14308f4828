"""The errors: a class per reaction, one line of text, pickled and copied whole, without secrets."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
import traceback
from typing import Any

import pytest

import aiovideogen
from aiovideogen import (
    ApprovalRequiredError,
    ConfigurationError,
    FileTransferError,
    InsufficientCreditsError,
    InvalidIdError,
    JobCancelledError,
    JobFailedError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseError,
    ServerError,
    ToolExecutionId,
    VideoGenError,
    WaitTimeoutError,
    errors,
    models,
)

SECRETS = "https://s.test/a?X-Signature=SECRET and Bearer tok3nSECRET and sk_videogen_live_SECRET and whsec_SECRET99"

SNAPSHOT = models.ExecutedTool.from_dict({"toolExecutionId": "vg_tool_1", "status": "failed", "new": 1})
API_ERROR = models.ApiError(message="refused", code="moderation")


def every_error(text: str) -> list[VideoGenError]:
    """Return one of each class, its fields set."""
    ours: list[VideoGenError] = []
    for name in errors.__all__:
        kind = getattr(errors, name)
        known: dict[str, Any] = {
            "operation": "getMe",
            "status": 418,
            "code": "teapot",
            "requirement": {"type": "upgrade_plan", "details": {}},
            "internal_error_code": "E1",
            "retry_after": 7.5,
            "documented": True,
            "request_id": "req_1",
            "body_excerpt": "excerpt",
            "model": "ExecutedTool",
            "path": ".results[0]",
            "body": b'{"status": "succeeded"}',
            "file_id": "vg_file_1",
            "id": ToolExecutionId("vg_tool_1"),
            "snapshot": SNAPSHOT,
            "resume": "await vg.wait_for(…)",
            "error": API_ERROR,
        }
        wanted = inspect.signature(kind.__init__).parameters
        ours.append(kind(text, **{name: value for name, value in known.items() if name in wanted}))
    return ours


EVERY = every_error("what happened; what to do")


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_every_error_pickles_and_copies_with_all_it_carries(error: VideoGenError) -> None:
    error.add_note("a note")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error) == error.message
        assert vars(twin) == vars(error)


@pytest.mark.parametrize(
    "error", every_error(f"line one\nline two\r\x1b[2J\u2028{SECRETS}"), ids=lambda e: type(e).__name__
)
def test_every_error_is_one_line_without_secrets(error: VideoGenError) -> None:
    lines = "".join(traceback.format_exception(error))
    for text in (str(error), repr(error), error.message, str(error.args), lines.strip(), repr(pickle.dumps(error))):
        assert "SECRET" not in text
        assert len(text.splitlines()) == 1


def test_a_pickled_response_error_has_the_body_without_signatures() -> None:
    error = ResponseError("x", body=b'{"url": "https://s.test/a?X-Signature=SECRET", "n": 1}')
    assert b"SECRET" in error.body
    twin = pickle.loads(pickle.dumps(error))
    assert twin.body == b'{"url": "https://s.test/a?\xe2\x80\xa6", "n": 1}'


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(
        r"^    (?:│   |    )*(?:├── |└── )?(\w+Error)\b(?: +\(also (\w+)\))?", str(errors.__doc__), re.MULTILINE
    )
    assert {name for name, _ in drawn} == set(errors.__all__)
    for name, also in drawn:
        kind = getattr(errors, name)
        assert issubclass(kind, VideoGenError)
        assert not also or issubclass(kind, getattr(__import__("builtins"), also))
    api = re.search(r"ApiStatusError.*?(?=├── ConnectionFailedError)", str(errors.__doc__), re.DOTALL)
    assert api is not None
    for name in re.findall(r"\w+Error", api[0]):
        assert issubclass(getattr(errors, name), errors.ApiStatusError)


def test_every_error_is_public_at_the_root() -> None:
    for name in errors.__all__:
        assert getattr(aiovideogen, name) is getattr(errors, name)
        assert name in aiovideogen.__all__


def test_the_classes_that_ask_for_different_reactions_are_apart() -> None:
    assert not issubclass(InsufficientCreditsError, RateLimitError)
    assert not issubclass(OutcomeUnknownError, ServerError)
    assert not issubclass(ApprovalRequiredError, JobFailedError)
    assert not issubclass(JobCancelledError, JobFailedError)
    assert issubclass(WaitTimeoutError, TimeoutError)
    assert issubclass(InvalidIdError, ValueError)
    assert issubclass(ConfigurationError, ValueError)


def test_a_transfer_error_may_stand_alone() -> None:
    assert vars(FileTransferError("x")) == {
        "message": "x",
        "operation": None,
        "status": None,
        "request_id": None,
        "body_excerpt": None,
        "id": None,
        "snapshot": None,
        "resume": "",
        "file_id": None,
    }


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("see https://a.test/b?c=d#e, then", "see https://a.test/b?… then"),
        ('{"a":"https:\\/\\/a.test\\/b?c=d"}', '{"a":"https:\\/\\/a.test\\/b?…"}'),
        ("HTTPS://A.TEST/?x <http://b.test?y>", "HTTPS://A.TEST/?… <http://b.test?…>"),
        ("no query: https://a.test/b", "no query: https://a.test/b"),
        ("Authorization: Bearer abc123def456", "Authorization: Bearer …"),
        ("Send your API key as a bearer token.", "Send your API key as a bearer token."),
        ("key sk_videogen_live_0aZ-_ and vg_key_0123", "key sk_… and vg_key_…"),
        ("a task_id and a risk_level", "a task_id and a risk_level"),
        ("really? yes", "really? yes"),
    ],
)
def test_secrets_are_cut_and_the_rest_is_left(text: str, clean: str) -> None:
    assert errors.one_line(text) == clean
