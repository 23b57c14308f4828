"""What an answer, or the lack of one, means (layer 2): pure decisions over plain values.

The rules rest on two facts of the API: it offers no idempotency key, so that a start sent twice bills twice, and
429 means two things, of which only one passes with time.
"""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from . import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._codecs import Unreadable
    from ._known import Before
    from ._operation import Effect, Request

__all__ = [
    "Answer",
    "Failure",
    "Sending",
    "Verdict",
    "decide",
    "error_from",
    "error_of",
    "excerpt",
    "next_delay",
    "reasons",
    "retry_after",
    "retry_delay",
    "unreadable",
]

EXCERPT_LENGTH = 500
"""Characters of an answer's body that an error shows."""

RETRY_AFTER_CAP = 60.0
"""Seconds: a server that asks for more is not waited for inside a call, but reported."""

FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0
"""Seconds between tries, doubled from the first and drawn from zero up to that (full jitter)."""


class Answer(NamedTuple):
    """An HTTP answer, whole. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")


class Failure(NamedTuple):
    """No answer: why, whether bytes of the request may have reached the server, and what to do about it."""

    sent: bool
    reason: str
    advice: str = "check the network and the base URL"


class Sending:
    """What is known of one request on its way.

    `sent` once bytes of it may have left, if any step was `seen`; `blind` when it is in the hands of something that
    may show no steps; `before` is what was known when it was sent, for a request that must not be repeated.
    """

    __slots__ = ("before", "blind", "seen", "sent")

    def __init__(self) -> None:
        self.sent = False
        self.seen = False
        self.blind = False
        self.before: Before | None = None

    @property
    def may_have_left(self) -> bool:
        return self.sent or (self.blind and not self.seen)


Verdict = Literal["again", "unknown", "final"]


def decide(effect: Effect, outcome: Answer | Failure) -> Verdict:
    """Say whether a request that ended so may be sent again.

    `again`: it surely had no effect, or may have it twice. `unknown`: it must not be sent twice, and may have been
    carried out. `final`: sending it again would change nothing.
    """
    if isinstance(outcome, Failure):
        return "again" if not outcome.sent or effect != "once" else "unknown"
    if outcome.status == 429:
        # Refused without effect; but only a rate limit passes: out of credits stays out of credits.
        return "again" if _code(outcome) in (None, "rate_limited") else "final"
    if outcome.status == 408 or outcome.status >= 500:
        return "again" if effect != "once" else "unknown"
    return "again" if outcome.status == 425 and effect != "once" else "final"


def retry_delay(attempt: int, asked: float | None, draw: float) -> float | None:
    """Return the seconds before the next try, or None when it isn't worth the wait.

    `attempt` counts from 1, `asked` is what the server said, `draw` is a random number from 0 to 1.
    """
    if asked is not None:
        return asked if asked <= RETRY_AFTER_CAP else None
    return draw * min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempt, 10))


def next_delay(
    verdict: Verdict, attempt: int, retries: int, asked: float | None, left: float, draw: float
) -> float | None:
    """Return the seconds before a request is sent again, or None when it isn't.

    `attempt` counts from 1, `asked` is what the server said, `left` are the seconds that the call still has: a pause
    that doesn't fit is not begun.
    """
    if verdict != "again" or attempt > retries:
        return None
    delay = retry_delay(attempt, asked, draw)
    return None if delay is None or delay >= left else delay


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for, given in seconds or as a date; None without one.

    A date is the server's, and so is the answer's Date: this machine's clock counts only where that is missing.
    """
    text = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(text)) if float(text) < float("inf") else None
    except ValueError:
        pass
    moment, said = _date(text), _date(headers.get("date", ""))
    return None if moment is None else max(0.0, moment - (now if said is None else said))


def _date(text: str) -> float | None:
    """Return the Unix seconds of an HTTP date, None when it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def error_of(
    request: Request, outcome: Answer | Failure, verdict: Verdict, wait: float | None, before: Before | None
) -> errors.CallError:
    """Return the error for an outcome that no further try will change."""
    operation = request.operation.id
    if isinstance(outcome, Answer) and verdict != "unknown":
        return error_from(operation, outcome, wait)
    if isinstance(outcome, Answer):
        return _unknown(request, f"{outcome.status} leaves open whether it was carried out and billed", before, outcome)
    if verdict == "unknown":
        text = f"the answer was lost ({outcome.reason}); it may have been carried out and billed"
        return _unknown(request, text, before)
    said = f"no {'answer' if outcome.sent else 'connection'} ({outcome.reason})"
    return errors.ConnectionFailedError(f"{operation}: {said}; {outcome.advice}", operation=operation)


def unreadable(request: Request, problem: Unreadable, answer: Answer, before: Before | None) -> errors.CallError:
    """Return the error for an answer of success that can't be read."""
    operation = request.operation
    model = operation.result.name if operation.result is not None else None
    where = f"the answer can't be read as {model}: {problem.path or 'the whole'}: {problem.reason}"
    if operation.effect == "once":
        return _unknown(request, f"{where}; it was carried out", before, answer)
    text = f"{operation.id}: {where}; quote the request id to support"
    return errors.ResponseError(
        text, model=model, path=problem.path, body=answer.body, operation=operation.id, **_about(answer)
    )


def _unknown(
    request: Request, said: str, before: Before | None, answer: Answer | None = None
) -> errors.OutcomeUnknownError:
    advice = "look at the newest items before sending it again: await vg.reconcile(error)"
    return errors.OutcomeUnknownError(
        f"{request.operation.id}: {said}; {advice}",
        operation=request.operation.id,
        params=request.params,
        **({} if before is None else before._asdict()),
        **({} if answer is None else _about(answer)),
    )


def _about(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "request_id": answer.request_id, "body_excerpt": excerpt(answer.body)}


def error_from(operation: str, answer: Answer, wait: float | None) -> errors.ApiStatusError:
    """Return the error that a status other than 2xx stands for, whatever its body holds.

    `wait` is what its Retry-After asks for, in seconds.
    """
    body = _error_body(answer)
    code = _text(body.get("code"))
    kind = _error_class(answer.status, code)
    said = _text(body.get("message")) or "" if body else f"an answer that isn't the API's: {_shown(answer.body)}"
    parts = [f"{operation}: {answer.status}", f"{code}:" if code else "", errors.one_line(said)[:EXCERPT_LENGTH]]
    requirement = body.get("requirement")
    text = " ".join(filter(None, parts)).rstrip(".: ") + "; " + _advice(kind, wait, requirement)
    return kind(
        text,
        status=answer.status,
        code=code,
        requirement=cast("Mapping[str, Any]", requirement) if isinstance(requirement, dict) else None,
        internal_error_code=_text(body.get("internalErrorCode")),
        retry_after=wait,
        documented=bool(body),
        operation=operation,
        request_id=answer.request_id,
        body_excerpt=excerpt(answer.body),
    )


def _error_body(answer: Answer) -> dict[str, Any]:
    """Return the API's error object, or an empty one when the body is something else."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    body = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    return body if isinstance(body.get("message"), str) or isinstance(body.get("code"), str) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _code(answer: Answer) -> str | None:
    return _text(_error_body(answer).get("code"))


_BY_STATUS: dict[int, type[errors.ApiStatusError]] = {
    401: errors.AuthenticationError,
    402: errors.InsufficientCreditsError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    410: errors.NotFoundError,
    429: errors.RateLimitError,
}


def _error_class(status: int, code: str | None) -> type[errors.ApiStatusError]:
    """Go by status first and refine by code, which may be absent."""
    if code == "insufficient_credits" and 400 <= status < 500:
        return errors.InsufficientCreditsError
    return _BY_STATUS.get(status) or (errors.InvalidRequestError if 400 <= status < 500 else errors.ServerError)


def _advice(kind: type[errors.ApiStatusError], wait: float | None, requirement: object) -> str:
    """Say what to do next."""
    if isinstance(requirement, dict) and "type" in requirement:
        return f"it needs: {errors.one_line(str(cast('dict[str, Any]', requirement)['type'])).replace('_', ' ')}"
    if kind is errors.RateLimitError and wait is not None:
        return f"wait {wait:g} s"
    return _ADVICE.get(kind, "change the request")


_ADVICE: dict[type[errors.ApiStatusError], str] = {
    errors.AuthenticationError: "check the API key (app.videogen.io/api)",
    errors.InsufficientCreditsError: "buy credits: waiting doesn't help",
    errors.PermissionDeniedError: "check the plan and that the thing is your team's",
    errors.NotFoundError: "check the id and that it is your team's",
    errors.ConflictError: "look at its state before trying again",
    errors.RateLimitError: "send fewer requests an hour",
    errors.ServerError: "try again later",
}


def excerpt(body: bytes, length: int = EXCERPT_LENGTH) -> str:
    """Return the beginning of a body as text on one line, without secrets."""
    return errors.one_line(body[: 4 * length].decode("utf-8", "replace"))[:length]


def _shown(body: bytes) -> str:
    return excerpt(body, 120) or "empty"


def reasons(error: BaseException | None) -> Iterator[str]:
    """Tell what an error says, and what those that led to it say: on trio only the innermost may say anything."""
    while isinstance(error, Exception):  # a cancellation by a timeout tells of nothing but itself
        yield str(error)
        error = error.__cause__ or error.__context__
