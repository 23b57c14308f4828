"""What the sandbox stands: 200 clients at once over real sockets, each with a connection of its own.

    python benchmarks/sandbox.py [--clients 200] [--calls 40]

The server runs in a process of its own, without rate limits. Each client starts jobs, reads their state, lists, uploads
and downloads, over a bare HTTP client, so that the server is what is measured. Any answer but the expected one ends the
run. Printed are the start of the command line until it says `ready` (at most 1.5 s), the throughput, and the time that
answers take, per kind of call.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
import h11

from aiovideogen.sandbox import Sandbox, serve

if TYPE_CHECKING:
    from anyio.abc import SocketStream

KEY = "sk_videogen_live_sandbox"
START_BUDGET = 1.5
PAYLOAD = os.urandom(32 * 1024)


class Client:
    """One connection that is kept open, and the seconds that its calls took."""

    def __init__(self, stream: SocketStream, host: str, taken: dict[str, list[float]]) -> None:
        self._stream = stream
        self._host = host
        self._taken = taken
        self._http = h11.Connection(h11.CLIENT)

    async def call(self, kind: str, expected: int, method: str, path: str, body: Any = None) -> bytes:
        """Send a request and return the answer's body; anything but the expected status ends the run."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {"host": self._host, "content-length": str(len(data)), "content-type": "application/json"}
        if not path.startswith("/_storage/"):
            headers["authorization"] = f"Bearer {KEY}"
        began = time.perf_counter()
        request = h11.Request(method=method, target=path, headers=[*headers.items()])
        pieces = [self._http.send(request), self._http.send(h11.Data(data)), self._http.send(h11.EndOfMessage())]
        await self._stream.send(b"".join(piece for piece in pieces if piece))
        status, answer = await self._answer()
        self._taken[kind].append(time.perf_counter() - began)
        if status != expected:
            raise RuntimeError(f"{method} {path}: {status}, expected {expected}: {answer[:300]!r}")
        return answer

    async def _answer(self) -> tuple[int, bytes]:
        status, parts = 0, bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._stream.receive())
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                parts += event.data
            elif isinstance(event, h11.EndOfMessage):
                self._http.start_next_cycle()
                return status, bytes(parts)

    async def work(self, calls: int) -> None:
        """Do what programs do, some six calls a round."""
        file = json.loads(await self.call("upload: start", 200, "POST", "/v1/files/upload", {"displayName": "a.bin"}))
        await self.call("upload: 32 KiB", 200, "PUT", target(file["uploadUrl"]), PAYLOAD)
        for _ in range(calls // 6):
            await self.round(file["fileId"])

    async def round(self, file_id: str) -> None:
        body = {"prompt": "A harbour"}
        started = json.loads(await self.call("start", 202, "POST", "/v1/tools/generate-sound-effect", body))
        path = f"/v1/tools/executions/{started['toolExecutionId']}"
        for _ in range(2):
            await self.call("status", 200, "GET", path)
        await self.call("list", 200, "GET", "/v1/tools/executions?limit=20")
        shown = json.loads(await self.call("hydrate", 200, "POST", f"/v1/files/{file_id}/hydrate"))
        if shown["downloadUrl"]:
            data = await self.call("download: 32 KiB", 200, "GET", target(shown["downloadUrl"]))
            if data != PAYLOAD:
                raise RuntimeError("a download differs from its upload")


def target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def load(url: str, clients: int, calls: int) -> tuple[float, dict[str, list[float]]]:
    """Return the seconds that all clients together took, and those of each call by kind."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    parts = urlsplit(url)
    gate = anyio.Event()
    began = time.perf_counter()

    async def one() -> None:
        async with await anyio.connect_tcp(str(parts.hostname), parts.port or 80) as stream:
            await gate.wait()
            await Client(stream, parts.netloc, taken).work(calls)

    async with anyio.create_task_group() as group:
        for _ in range(clients):
            group.start_soon(one)
        await anyio.wait_all_tasks_blocked()
        began = time.perf_counter()
        gate.set()
    return time.perf_counter() - began, taken


def start_seconds() -> float:
    """Return how long the command line takes until it serves."""
    command = [sys.executable, "-m", "aiovideogen.sandbox", "--port", "0"]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "ready":
            if process.poll() is not None:
                raise RuntimeError("the sandbox did not start")
        seconds = time.perf_counter() - began
        process.terminate()
    return seconds


def serve_until_told() -> None:
    """Be the server: print the URL, and stop when the standard input ends."""
    with serve(Sandbox(key=KEY, job_seconds=0.5, rate_limits=False)) as server:
        print(server.url, flush=True)
        sys.stdin.read()
        print(server.sandbox.billed, server.sandbox.leaks, flush=True)


def show(taken: dict[str, list[float]]) -> None:
    for kind, times in sorted(taken.items()):
        cuts = statistics.quantiles(times, n=100)
        print(f"{kind:18} {len(times):6} calls   p50 {1000 * cuts[49]:7.1f} ms   p99 {1000 * cuts[98]:7.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--calls", type=int, default=40, help="of each client")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve_until_told()
        return
    start = statistics.median(start_seconds() for _ in range(5))
    print(f"start until ready: {start:.2f} s (budget {START_BUDGET} s)")
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        seconds, taken = anyio.run(load, process.stdout.readline().strip(), args.clients, args.calls)
        process.stdin.close()
        billed, leaks = process.stdout.readline().split()
    calls = sum(map(len, taken.values()))
    print(f"{args.clients} clients, {calls} calls, no error: {calls / seconds:.0f} calls a second")
    show(taken)
    if (int(billed), int(leaks)) != (len(taken["start"]), 0):
        raise SystemExit(f"billed {billed}, accepted {len(taken['start'])}; leaks {leaks}")
    if start > START_BUDGET:
        raise SystemExit("the sandbox starts too slowly")


if __name__ == "__main__":
    main()
