"""One API call as a handler sees it, the handler table, and pages with signed cursors."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ._http import Json, invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._records import Project
    from ._spec import Operation
    from ._state import State

T = TypeVar("T")


@dataclass(slots=True)
class View:
    """The records as they stand at one moment of the clock, for somebody who reaches `base`."""

    state: State
    base: str
    now: float


@dataclass(slots=True)
class Call(View):
    """A request that passed authentication and validation.

    `body` holds the documented fields, `raw` all that was sent.
    """

    operation: Operation
    path: dict[str, str]
    query: Json
    body: Json
    raw: Json


Handler: TypeAlias = Callable[[Call], Awaitable[object]]
HANDLERS: dict[str, Handler] = {}


def handles(*operation_ids: str) -> Callable[[Handler], Handler]:
    """Enter a handler into the table for these operations."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(operation_ids, handler))
        return handler

    return register


def page(call: Call, name: str, items: Iterable[T], key: Callable[[T], Any]) -> tuple[list[T], Json]:
    """Cut one page out of items that stand in descending order of `key`.

    The cursor holds the last key shown, so that what is created meanwhile shifts nothing.
    """
    limit: int = call.query.get("limit", 50)
    cursor: str | None = call.query.get("cursor")
    after = None if cursor is None else _read_cursor(call, cursor)
    rest = [item for item in items if after is None or list(key(item)) < after]
    shown = rest[:limit]
    more = len(rest) > limit
    following = _write_cursor(call, list(key(shown[-1]))) if more else None
    return shown, {name: [], "hasMore": more, "nextCursor": following}


def _scope(call: Call) -> str:
    return call.operation.id + "".join(call.path.values())


def _write_cursor(call: Call, after: list[Any]) -> str:
    text = json.dumps(after)
    signed = json.dumps([text, call.state.sign("cursor", _scope(call), text)])
    return base64.urlsafe_b64encode(signed.encode()).decode()


def _read_cursor(call: Call, cursor: str) -> list[Any]:
    # A cursor belongs to its endpoint: any other one is refused with 400.
    try:
        text, signature = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if call.state.verify(str(signature), "cursor", _scope(call), text):
            return json.loads(text)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        pass
    raise invalid("Query parameter cursor is not a cursor of this endpoint.")


def ratio_of(body: Json) -> tuple[int, int]:
    """Return the asked aspect ratio, 16:9 when omitted."""
    ratio: dict[str, int] = body.get("aspectRatio") or {"width": 16, "height": 9}
    return int(ratio["width"]), int(ratio["height"])


def project_url(project: Project) -> str:
    """Return where the web app shows a project; nothing serves it here."""
    return f"https://app.videogen.io/project/{project.id}"
