"""What the receiver takes: 2,000 deliveries a second for 10 s over real sockets, and what it does with too many.

    python benchmarks/webhooks.py [--rate 2000] [--seconds 10] [--http h11|httptools] [--loop asyncio|uvloop]

The receiver runs alone under uvicorn in one process, the load generator in another, over bare sockets: deliveries leave
at their times whether or not answers are slow, over connections that are kept open, and the time of an answer counts
from when its delivery was due. Each body is a tool's event of some 2.5 KB, signed beforehand.

First the steady load: none may be refused, 99 of 100 answers come within 250 ms, and the server's memory stays flat.
Then too much: handlers that take half a second, so that more is in work than the receiver's bound. What it refuses with
503 and Retry-After is sent again after that time, until all is in. Every id must have been handled exactly once.
httptools and uvloop are no part of this project: name them where they are installed.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from pathlib import Path
from typing import Any

import anyio
import uvicorn

from aiovideogen.receiver import Receiver
from aiovideogen.webhooks import ToolExecutionSucceeded, sign

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
P99_BUDGET = 0.25
GROWTH_BUDGET = 16 * 2**20
"""Bytes that the server may gain from the warm-up on: it remembers the newest 100,000 ids and 1,000 events."""
CONNECTIONS = 100
BOUND = 200
SLOW_RATE, SLOW_SECONDS, HANDLER_SECONDS = 800, 5, 0.5


def serve(http: Any, loop: Any) -> None:
    """Be the server: print the port; answer each line of input with what was handled since; stop when there is none."""
    handled: Counter[str] = Counter()
    receiver = Receiver(SECRET, concurrency=BOUND)

    @receiver.on(ToolExecutionSucceeded)
    async def note(event: ToolExecutionSucceeded) -> None:  # pyright: ignore[reportUnusedFunction]
        handled[event.id] += 1
        if event.id.startswith("slow"):
            await anyio.sleep(HANDLER_SECONDS)

    config = uvicorn.Config(
        receiver, http=http, loop=loop, lifespan="off", access_log=False, log_level="error", timeout_keep_alive=75
    )
    server = uvicorn.Server(config)

    def report() -> None:
        for _ in sys.stdin:
            print(len(handled), max(handled.values(), default=0), flush=True)
            handled.clear()
        server.should_exit = True

    # asyncio sets TCP_NODELAY only where the protocol is named: without it every answer takes 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(1024)
        print(sock.getsockname()[1], flush=True)
        threading.Thread(target=report, daemon=True).start()
        server.run([sock])


def body_of(number: int) -> bytes:
    """Return a payload as the API sends it: a tool's end with one result, its file in full."""
    url = f"https://storage.example/files/vg_file_{number}/download.png?X-Amz-Signature={'0123456789abcdef' * 4}"
    source = {"status": "ready", "url": url, "expiresAt": 1_800_000_000, "width": 1920, "height": 1080, "fileBytes": 1}
    signed = {"downloadUrl": url, "downloadUrlExpiresAt": 1_800_000_000, "thumbnailUrl": url}
    sources = {f"{name}Source": source for name in ("thumbnail", "preview", "download", "hls")}
    names = {"displayName": "A quiet harbour at dawn", "type": "IMAGE", "scope": "GLOBAL", "transcript": None}
    file = {"fileId": f"vg_file_{number}", **names, **signed, **sources, "isPublicPreviewEnabled": False}
    result = {"fileId": f"vg_file_{number}", "type": "IMAGE", **signed, "file": file}
    payload = {"event": "tool_execution.succeeded", "toolExecutionId": f"vg_tool_{number}", "occurredAt": 1}
    return json.dumps({**payload, "toolType": "GENERATE_IMAGE", "results": [result]}).encode()


def requests_of(count: int, prefix: str) -> list[bytes]:
    """Write and sign so many deliveries."""
    made: list[bytes] = []
    for number in range(count):
        body = body_of(number)
        headers = sign(body, SECRET, id=f"{prefix}_{number}", timestamp=int(time.time()))
        headers |= {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        made.append(f"POST /hooks HTTP/1.1\r\n{head}\r\n".encode() + body)
    return made


class Load:
    """Deliveries that leave when they are due, and what came of them."""

    def __init__(self, requests: list[bytes], rate: float) -> None:
        began = time.perf_counter() + 0.05
        self.due = [(began + number / rate, request) for number, request in enumerate(requests)]
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.idle: list[Connection] = []
        self.missing = len(requests)
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.over = asyncio.Event()

    async def run(self) -> None:
        """Send all, and again what was refused, until all is taken."""
        while not self.over.is_set():
            now = time.perf_counter()
            while self.due and self.due[0][0] <= now:
                self.waiting.append(heapq.heappop(self.due))
            self.send()
            await asyncio.sleep(0.001)

    def send(self) -> None:
        while self.idle and self.waiting:
            self.idle.pop().send(self.waiting.popleft())

    def answered(self, connection: Connection, sent: tuple[float, bytes], status: int, retry_after: float) -> None:
        due, request = sent
        now = time.perf_counter()
        self.statuses[status] += 1
        self.seconds.append(now - due)
        self.idle.append(connection)
        if status == 503 and retry_after:
            heapq.heappush(self.due, (now + retry_after, request))
        elif status != 204:
            raise SystemExit(f"answered {status}")
        else:
            self.missing -= 1
            if not self.missing:
                self.over.set()
        self.send()


class Connection(asyncio.Protocol):
    """A connection that is kept open, with one delivery at a time."""

    def __init__(self) -> None:
        self.load: Load | None = None
        self._sent = (0.0, b"")
        self._data = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.load is not None and not self.load.over.is_set():
            print("a connection was lost", file=sys.stderr)
            os._exit(1)

    def send(self, sent: tuple[float, bytes]) -> None:
        self._sent = sent
        self._transport.write(sent[1])

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, body = self._data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        if end and len(body) >= (int(length[1]) if length else 0) and self.load is not None:
            self._data = b""
            retry = re.search(rb"retry-after: (\d+)", head)
            self.load.answered(self, self._sent, int(head[9:12]), float(retry[1]) if retry else 0.0)


class Server:
    """The server's process."""

    def __init__(self, http: str, loop: str) -> None:
        command = [sys.executable, __file__, "--serve", "--http", http, "--loop", loop]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def memory(self) -> int:
        """Return the bytes that it holds."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def cpu(self) -> float:
        """Return the seconds that it has computed."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def handled(self) -> tuple[int, int]:
        """Return how many ids were handled since it was last asked, and how often one was at the most."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        ids, most = self._line().split()
        return int(ids), int(most)

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


async def run(server: Server, requests: list[bytes], rate: float, connections: int) -> Load:
    """Send deliveries at a rate over so many connections, until all are taken."""
    load = Load(requests, rate)
    opened = [
        await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", server.port)
        for _ in range(connections)
    ]
    for _, connection in opened:
        connection.load = load
        load.idle.append(connection)
    await load.run()
    for transport, _ in opened:
        transport.close()
    return load


def check(server: Server, load: Load, count: int) -> list[str]:
    """Return what is wrong about what was handled."""
    ids, most = server.handled()
    return [] if (ids, most, load.statuses[204]) == (count, 1, count) else [f"{ids} of {count} ids, one {most} times"]


def steady(server: Server, rate: int, seconds: int) -> list[str]:
    """Send what it must bear; return what is wrong."""
    asyncio.run(run(server, requests_of(2 * rate, "warm"), rate, CONNECTIONS))
    server.handled()
    requests = requests_of(rate * seconds, "msg")
    memory, cpu, began = server.memory(), server.cpu(), time.perf_counter()
    load = asyncio.run(run(server, requests, rate, CONNECTIONS))
    took = time.perf_counter() - began
    grown, used = server.memory() - memory, server.cpu() - cpu
    cuts = statistics.quantiles(load.seconds, n=100)
    p50, p99, longest = cuts[49], cuts[98], max(load.seconds)
    print(
        f"{len(requests)} deliveries of {len(requests[0])} bytes in {took:.1f} s: {len(requests) / took:.0f} a second"
    )
    print(f"answers: p50 {1000 * p50:.1f} ms, p99 {1000 * p99:.1f} ms, longest {1000 * longest:.1f} ms")
    print(
        f"server: {1e6 * used / len(requests):.0f} µs of CPU a delivery, {memory >> 20} MiB, {grown / 2**20:+.1f} MiB"
    )
    wrong = check(server, load, len(requests))
    wrong += [f"refused: {load.statuses[503]}"] if load.statuses[503] else []
    wrong += ["p99 is over its budget"] if p99 > P99_BUDGET else []
    return wrong + (["the memory is not flat"] if grown > GROWTH_BUDGET else [])


def overload(server: Server) -> list[str]:
    """Send more than may be in work at once; return what is wrong."""
    requests = requests_of(SLOW_RATE * SLOW_SECONDS, "slow")
    load = asyncio.run(run(server, requests, SLOW_RATE, 2 * BOUND + CONNECTIONS))
    print(f"over the bound of {BOUND}: {load.statuses[503]} times 503, then all {load.statuses[204]} taken")
    return check(server, load, len(requests)) + ([] if load.statuses[503] else ["nothing was refused"])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=int, default=2000, help="deliveries a second")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--http", default="h11", choices=("h11", "httptools"))
    parser.add_argument("--loop", default="asyncio", choices=("asyncio", "uvloop"))
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.http, args.loop)
        return
    server = Server(args.http, args.loop)
    print(f"uvicorn {uvicorn.__version__} with {args.http} and {args.loop}, Python {sys.version.split()[0]}")
    try:
        wrong = [*steady(server, args.rate, args.seconds), *overload(server)]
    finally:
        server.stop()
    if wrong:
        raise SystemExit("; ".join(wrong))


if __name__ == "__main__":
    main()
