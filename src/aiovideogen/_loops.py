"""Event loops, of asyncio and trio (layer 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import anyio.lowlevel

__all__ = ["runs"]


def runs(loop: anyio.lowlevel.EventLoopToken) -> bool:
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
