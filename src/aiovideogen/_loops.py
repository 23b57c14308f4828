"""Event loops, of asyncio and trio (layer 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio.lowlevel

if TYPE_CHECKING:
    from anyio.lowlevel import EventLoopToken

__all__ = ["entered", "running"]


def entered(last: EventLoopToken | None) -> EventLoopToken:
    """Return the event loop that runs here; raises RuntimeError where another, the `last` one, runs still."""
    loop = anyio.lowlevel.current_token()
    if last is not None and loop != last and _runs(last):
        raise RuntimeError("this VideoGen is in use by another running event loop; make one for each loop")
    return loop


def running() -> EventLoopToken | None:
    """Return the event loop that runs here; None in a thread that runs none."""
    try:
        return anyio.lowlevel.current_token()
    except RuntimeError:
        return None


def _runs(loop: EventLoopToken) -> bool:
    """Say whether an event loop still runs: asyncio's tells, and trio's refuses new work when it is over."""
    native: Any = loop.native_token
    if hasattr(native, "is_running"):
        return bool(native.is_running())
    try:
        native.run_sync_soon(_nothing)
    except RuntimeError:
        return False
    return True


def _nothing() -> None:
    pass
