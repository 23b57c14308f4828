"""Every error that this package raises (layer 0).

    VideoGenError
    ├── InvalidIdError               (also ValueError)   an id of another kind, found before sending
    ├── ConfigurationError           (also ValueError)   a key, base URL or option that can't be used
    ├── CallError                                        a call that did not end as it should
    │   ├── ApiStatusError                               the server answered with an error
    │   │   ├── InvalidRequestError                      400 and other 4xx: the request must change
    │   │   ├── AuthenticationError                      401, or no key: the key must change
    │   │   ├── PermissionDeniedError                    403: the plan or the rights must change
    │   │   ├── NotFoundError                            404, 410
    │   │   ├── ConflictError                            409
    │   │   ├── RateLimitError                           429: wait `retry_after` seconds
    │   │   ├── InsufficientCreditsError                 402, or 429 of that code: buy credits
    │   │   └── ServerError                              5xx
    │   ├── ConnectionFailedError                        no answer; the call had no effect or may be repeated
    │   ├── ResponseError                                an answer that can't be read
    │   ├── OutcomeUnknownError                          a billed call whose answer was lost: look before repeating
    │   └── FileTransferError                            an upload or a download that could not be finished
    ├── WebhookVerificationError                         a delivery that the given secrets did not sign
    └── JobError                                         something that was accepted did not end well
        ├── JobFailedError
        ├── JobCancelledError
        ├── ApprovalRequiredError                        stopped until a person approves: no failure
        └── WaitTimeoutError         (also TimeoutError) the wait ended, the job goes on

A class per reaction: catch what the program can do something about. Every error pickles and copies, and its
text is one line that ends with what to do next. No error holds a key, or the query of a signed URL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ApiStatusError",
    "ApprovalRequiredError",
    "AuthenticationError",
    "CallError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "FileTransferError",
    "InsufficientCreditsError",
    "InvalidIdError",
    "InvalidRequestError",
    "JobCancelledError",
    "JobError",
    "JobFailedError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseError",
    "ServerError",
    "VideoGenError",
    "WaitTimeoutError",
    "WebhookVerificationError",
]


E = TypeVar("E", bound="VideoGenError")

_QUERY = re.compile(r"(https?:(?:\\?/){2}[^\s?\"'<>]*)\?[^\s\"'<>]*", re.IGNORECASE)
_SECRET = re.compile(r"\b(bearer\s+(?=\S*\d)|sk_|vg_key_|whsec_)[\w.~+/=-]{4,}", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """Cut from a text what may be a key, and the query of every URL, which may be a signature."""
    return _SECRET.sub(r"\1…", _QUERY.sub(r"\1?…", text))


def one_line(text: str) -> str:
    """Return a text without secrets and on one line, fit for a log or a terminal."""
    line = " ".join(without_secrets(text).split())
    return line if line.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)


class VideoGenError(Exception):
    """Any error of this package; `message` is its text, one line without secrets."""

    def __init__(self, message: str) -> None:
        message = one_line(message)
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the attributes, whatever arguments the class takes."""
        return _rebuild, (type(self), self.args, self.__dict__)


def again(error: E) -> E:
    """Return an error anew, to be raised in another task: each has a traceback of its own."""
    return cast("E", _rebuild(type(error), error.args, error.__dict__))


def _rebuild(kind: type[VideoGenError], args: tuple[Any, ...], state: Mapping[str, Any]) -> VideoGenError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class InvalidIdError(VideoGenError, ValueError):
    """An id that can't be sent: no text, or plainly of another kind. Nothing was sent."""


class ConfigurationError(VideoGenError, ValueError):
    """A key, a base URL or an option that can't be used. Nothing was sent."""


class CallError(VideoGenError):
    """A call that did not end as it should: the base of what names an operation."""

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        body_excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        """The operationId of the call, None for a transfer."""
        self.status = status
        """The HTTP status, None when no answer came."""
        self.request_id = request_id
        """The server's x-request-id, to quote to support; None when the answer had none."""
        self.body_excerpt = body_excerpt
        """The beginning of the answer's body as text, bounded and without signed queries."""
        self.id: str | None = None
        """The id of the job that was waited for, or of the file that was to go up; None where there was neither."""
        self.snapshot: Any = None
        """The job's last state seen, None when none was."""
        self.resume = ""
        """The call that takes up the wait again, as text."""


class ApiStatusError(CallError):
    """The server answered with an error status."""

    status: int

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        requirement: Mapping[str, Any] | None = None,
        internal_error_code: str | None = None,
        retry_after: float | None = None,
        documented: bool = False,
        operation: str | None = None,
        request_id: str | None = None,
        body_excerpt: str | None = None,
    ) -> None:
        super().__init__(message, operation=operation, status=status, request_id=request_id, body_excerpt=body_excerpt)
        self.code = code
        """The API's error code, such as `invalid_id`; None when the body named none."""
        self.requirement = requirement
        """What would lift the refusal: `{"type": …, "details": {…}}`; None when the body named nothing."""
        self.internal_error_code = internal_error_code
        """An opaque code, to quote to support."""
        self.retry_after = retry_after
        """Seconds to wait before the next try, where the server said so."""
        self.documented = documented
        """Whether the body was the API's own error object, rather than a page of something in between."""


class InvalidRequestError(ApiStatusError):
    """The request can't be carried out as it is: change it."""


class AuthenticationError(ApiStatusError):
    """The key is missing (found before anything is sent), wrong or revoked."""


class PermissionDeniedError(ApiStatusError):
    """The key's team may not do this; `requirement` says what would change that."""


class NotFoundError(ApiStatusError):
    """There is no such thing, or it isn't your team's."""


class ConflictError(ApiStatusError):
    """The request contradicts the state of things."""


class RateLimitError(ApiStatusError):
    """Too many requests in too little time; `retry_after` says how long to wait, where the server did."""


class InsufficientCreditsError(ApiStatusError):
    """The account is out of credits. Waiting doesn't help, so this is no RateLimitError."""


class ServerError(ApiStatusError):
    """The server, or something in front of it, failed."""


class ConnectionFailedError(CallError):
    """No answer came, and nothing was lost by it: the call never left, or it may be repeated."""


class ResponseError(CallError):
    """An answer came that can't be read; `body` holds it as it was."""

    def __init__(
        self,
        message: str,
        *,
        model: str | None = None,
        path: str = "",
        body: bytes = b"",
        operation: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        body_excerpt: str | None = None,
    ) -> None:
        super().__init__(message, operation=operation, status=status, request_id=request_id, body_excerpt=body_excerpt)
        self.model = model
        """The model that could not be read."""
        self.path = path
        """Where in the answer's JSON, such as `.results[1].fileId`; empty for the whole."""
        self.body = body
        """The answer's body, as it came; a pickle or a copy of the error has it without the queries of URLs."""

    def __reduce__(self) -> tuple[Any, ...]:
        body = without_secrets(self.body.decode("utf-8", "replace")).encode()
        return _rebuild, (type(self), self.args, {**self.__dict__, "body": body})


class OutcomeUnknownError(CallError):
    """A call that must not be repeated was sent, and whether it was carried out isn't known.

    It may have been accepted and billed. `await vg.reconcile(error)` lists what it may have started; do that, or look
    yourself, before starting again. The error may be pickled and reconciled in another process.
    """

    def __init__(
        self,
        message: str,
        *,
        params: Mapping[str, str] | None = None,
        sent_at: float | None = None,
        mark: str | None = None,
        client: str | None = None,
        serial: int = 0,
        operation: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        body_excerpt: str | None = None,
    ) -> None:
        super().__init__(message, operation=operation, status=status, request_id=request_id, body_excerpt=body_excerpt)
        self.params: Mapping[str, str] = dict(params or {})
        """The values of the call's path, by JSON key, such as the project's id."""
        self.sent_at = sent_at
        """When it was sent, in Unix seconds by this machine's clock."""
        self.mark = mark
        """The newest id of its kind that the client had seen by then; empty where there was none, None if not known."""
        self.client = client
        """Which client sent it: a random name."""
        self.serial = serial
        """How many ids that client had seen by then."""


class FileTransferError(CallError):
    """An upload or a download could not be finished; `file_id` is set when the file has a record."""

    def __init__(self, message: str, *, file_id: str | None = None, status: int | None = None) -> None:
        super().__init__(message, status=status)
        self.file_id = file_id


class WebhookVerificationError(VideoGenError):
    """A delivery that can't be trusted: wrongly signed, too old, or not readable."""


class JobError(VideoGenError):
    """Something that was accepted did not end as it should. `id` is all that is needed to look at it again."""

    def __init__(self, message: str, *, id: str, snapshot: Any = None, resume: str = "") -> None:
        super().__init__(message)
        self.id = id
        """The id of the job."""
        self.snapshot = snapshot
        """The last state seen, None when none was."""
        self.resume = resume
        """The call that takes up the wait again, as text."""


class JobFailedError(JobError):
    """The job failed; `error` is what the API says about it."""

    def __init__(self, message: str, *, id: str, snapshot: Any = None, resume: str = "", error: Any = None) -> None:
        super().__init__(message, id=id, snapshot=snapshot, resume=resume)
        self.error = error
        """The API's error object, None when the job carried none."""


class JobCancelledError(JobError):
    """The job was cancelled on the server."""


class ApprovalRequiredError(JobError):
    """The job stands still until a person approves it in the web app. It has not failed."""


class WaitTimeoutError(JobError, TimeoutError):
    """The wait ended before the job did. The job goes on, and `resume` takes up the wait again."""
