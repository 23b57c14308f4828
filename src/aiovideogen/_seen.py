"""What answers and events say of jobs (layer 4): JSON that is read no further than a look needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from ._codecs import Unreadable, named
from ._operation import camel
from ._protocol import RETRY_AFTER_CAP
from ._schedule import phase_of_status, status_of, url_missing
from .errors import ApiStatusError, NotFoundError, ResponseError, VideoGenError

if TYPE_CHECKING:
    from collections.abc import Callable
    from weakref import WeakMethod

    from ._accepted import Job
    from ._model import Model
    from ._operation import Operation
    from ._protocol import Answer
    from .webhooks import WebhookEvent

__all__ = ["asked_by", "json_of", "lacks_url", "not_listed", "page_of", "read_item", "told_by", "weakly"]


def told_by(event: WebhookEvent) -> Model | None:
    """Return the state that an event tells of a job; None where it leaves something out or can't be read."""
    try:
        snapshot = event.snapshot()
    except (ResponseError, Unreadable):
        return None
    # A tool that has succeeded has results: an event without them was cut on its way.
    cut = event.outcome == "succeeded" and getattr(snapshot, "results", None) == []
    return None if cut or phase_of_status(status_of(snapshot)) != event.outcome else snapshot


def json_of(body: bytes) -> Any:
    """Return a body's JSON, None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def page_of(operation: Operation, answer: Answer) -> dict[str, Any]:
    """Return a page as JSON; raises ResponseError where it is none."""
    data = json_of(answer.body)
    if isinstance(data, dict) and isinstance(
        cast("dict[str, Any]", data).get(camel(cast("str", operation.items))), list
    ):
        return cast("dict[str, Any]", data)
    raise ResponseError(
        f"{operation.id}: the answer is no page of a list",
        body=answer.body,
        operation=operation.id,
        status=answer.status,
        request_id=answer.request_id,
    )


def read_item(listing: Operation, item: dict[str, Any]) -> Any:
    """Read one job of a list; raises ResponseError."""
    page = named(cast("str", cast("Any", listing.result).name))
    field = next(field for field in page.__fields__ if field.name == listing.items)
    try:
        return field.codec.decode([item])[0]
    except Unreadable as error:
        text = f"{listing.id}: the job can't be read: {error.path.removeprefix('[0]')}: {error.reason}"
        body = json.dumps(item).encode()
        raise ResponseError(text, path=error.path, body=body, operation=listing.id) from None


def lacks_url(job: Job, read: Callable[[], Any]) -> bool:
    """Say whether a GET is needed, for a URL that is missing or for what is wrong with the job's JSON."""
    try:
        return url_missing(job, read())
    except ResponseError:
        return True


def asked_by(error: VideoGenError) -> float:
    """Return how long the server asked to wait, within what is waited for at once."""
    return min((error.retry_after if isinstance(error, ApiStatusError) else None) or 0.0, RETRY_AFTER_CAP)


def not_listed(operation: Operation, one: str) -> VideoGenError:
    text = f"{operation.id}: {one} is not in the list; check the id and that it is your team's"
    return NotFoundError(text, status=404, documented=True, operation=operation.id)


def weakly(hear: WeakMethod[Callable[[WebhookEvent], None]]) -> Callable[[WebhookEvent], None]:
    """Return a listener that doesn't keep alive a client which nobody closed."""

    def listen(event: WebhookEvent) -> None:
        told = hear()
        if told is not None:
            told(event)

    return listen
