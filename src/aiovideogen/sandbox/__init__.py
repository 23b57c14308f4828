"""A server on your own machine that answers as the VideoGen API does, for tests and demos.

`Sandbox` is an ASGI app; `serve` puts it on a real socket; `python -m aiovideogen.sandbox` is both.
It imports nothing from the rest of the package, and needs the extra `sandbox`.
"""

from __future__ import annotations

from ._app import Sandbox as Sandbox
from ._http import ConnectionDropped as ConnectionDropped
from ._jobs import JobScript as JobScript
from ._server import Served as Served
from ._server import serve as serve

__all__ = ["ConnectionDropped", "JobScript", "Sandbox", "Served", "serve"]
