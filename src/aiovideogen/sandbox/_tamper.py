"""Change a JSON answer so that it is not what the document says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._http import Answer, Json
    from ._state import State

_SIGNED = re.compile(r"(?P<base>.*)(?P<path>/_storage/[^?]*)\?X-Expires=\d+&X-Signature=.*", re.DOTALL)


def edit(answer: Answer, change: Callable[[Any], Any]) -> None:
    """Replace an answer's JSON by what `change` makes of it; any other answer stays."""
    content = answer.content
    if not isinstance(content, bytes) or not answer.headers.get("content-type", "").startswith("application/json"):
        return
    try:
        document = json.loads(content)
    except ValueError:  # another fault has spoiled it
        return
    answer.content = json.dumps(change(document), separators=(",", ":")).encode()


def edit_field(name: str, every: bool, change: Callable[[Json], None]) -> Callable[[Any], Any]:
    """Call `change` with each object that has the field, or with the outermost first one alone."""

    def walk(node: Any) -> bool:
        found = False
        if isinstance(node, dict) and name in node:
            change(cast("Json", node))
            found = True
        for child in _children(node):
            if found and not every:
                return True
            found = walk(child) or found
        return found

    def edited(document: Any) -> Any:
        walk(document)
        return document

    return edited


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(cast("Json", node).values())
    return list(cast("list[Any]", node)) if isinstance(node, list) else []


def expire_urls(state: State, expires: int, *, silent: bool) -> Callable[[Any], Any]:
    """Sign every URL to storage anew, to expire at `expires`, and say so beside it unless `silent`."""

    def expired(node: Any, name: str = "") -> Any:
        if isinstance(node, dict):
            return {key: expired(value, key) for key, value in cast("Json", node).items()}
        if isinstance(node, list):
            return [expired(item) for item in cast("list[Any]", node)]
        if name.lower().endswith("expiresat") and node is not None and not silent:
            return min(node, expires)
        return _resigned(state, node, expires) if isinstance(node, str) else node

    return expired


def _resigned(state: State, text: str, expires: int) -> str:
    found = _SIGNED.fullmatch(text)
    if not found:
        return text
    method = "PUT" if found["path"].startswith("/_storage/uploads/") else "GET"
    signature = state.sign(method, found["path"], expires)
    return f"{found['base']}{found['path']}?X-Expires={expires}&X-Signature={signature}"
