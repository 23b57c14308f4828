"""A server on your own machine that answers as the VideoGen API does, for tests and demos.

`Sandbox` is an ASGI app; `serve` puts it on a real socket; `python -m aiovideogen.sandbox` is both. `in_process` puts
it behind an httpx client without a socket, and `VirtualTime` lets its jobs take no time; `pytest_plugin` has both as
fixtures. But for that plugin, it imports nothing from the rest of the package; it needs the extra `sandbox`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._app import Sandbox as Sandbox
    from ._http import ConnectionDropped as ConnectionDropped
    from ._http import ConnectionRefused as ConnectionRefused
    from ._in_process import InProcess as InProcess
    from ._in_process import in_process as in_process
    from ._jobs import JobScript as JobScript
    from ._server import Served as Served
    from ._server import serve as serve
    from ._virtual import VirtualTime as VirtualTime
    from .faults import FaultRule as FaultRule

__all__ = [
    "ConnectionDropped",
    "ConnectionRefused",
    "FaultRule",
    "InProcess",
    "JobScript",
    "Sandbox",
    "Served",
    "VirtualTime",
    "in_process",
    "serve",
]

_HOMES = {
    "ConnectionDropped": "_http",
    "ConnectionRefused": "_http",
    "FaultRule": "faults",
    "InProcess": "_in_process",
    "JobScript": "_jobs",
    "Sandbox": "_app",
    "Served": "_server",
    "VirtualTime": "_virtual",
    "in_process": "_in_process",
    "serve": "_server",
}


def __getattr__(name: str) -> object:
    """Import what a name stands for at its first use: pytest loads this package for its plugin in every project."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
