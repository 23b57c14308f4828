"""What the programs for the official clients share; of this project they know nothing else."""

from __future__ import annotations

import base64
import inspect
import json
import queue
import threading
import traceback
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Sequence

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
QUICK: Any = {"poll_interval_ms": 20, "timeout_ms": 20_000}


async def done(result: Any) -> Any:
    """Return a result of either client: the async one's has to be awaited."""
    return await result if inspect.isawaitable(result) else result


async def report(checks: Sequence[Callable[[Any], Awaitable[None]]], context: Any) -> None:
    """Run all checks, in order, and print what each found, as JSON."""
    found: dict[str, str] = {}
    for check in checks:
        try:
            await check(context)
            found[check.__name__] = "ok"
        except Exception:
            found[check.__name__] = traceback.format_exc()
    print(json.dumps(found))


@contextmanager
def receiver() -> Generator[tuple[str, queue.Queue[tuple[str, dict[str, str]]]]]:
    """Receive webhooks: yields the URL and a queue of raw bodies with their headers."""
    received: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            received.put((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook", received
        finally:
            server.shutdown()
