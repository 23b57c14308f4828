"""One big file up and down: memory, the event loop's worst block and speed, beside plain httpx and the official SDK.

    python benchmarks/transfers.py [--mib 2048] [--rounds 3] [--folder FOLDER] [--official PYTHON] [--official-mib 512]

Each client runs in a process of its own, has made a call before, and downloads to a new name; the rounds take turns.
The speed is the best round's, since all else on the machine can only slow a round down, the memory the worst one's,
the block of the event loop the median. The server is a bare one in another process, which throws uploads away and
sends downloads by sendfile: the sandbox checks and hashes what it stores, and would be what is measured. Plain httpx
reads and writes in threads, a mebibyte at a time, and brings the file to disk (fsync) as ours does. The official SDK
holds the whole file in memory several times over, so that its size can be set on its own. A ticker on the event loop
measures how late it wakes up.

Budgets, each way: 32 MiB of extra memory at its peak; no block of the event loop longer than 100 ms or 1.1 × that of
plain httpx, whichever is larger; 0.9 × the speed of plain httpx.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, cast

MEMORY_BUDGET, BLOCK_BUDGET, BLOCK_SHARE, SPEED_SHARE = 32.0, 100.0, 1.1, 0.9
CHUNK = 1 << 20
KEY = "sk_videogen_live_sandbox"

MEASURED = """
import asyncio, json, os, re, sys, time
url, key, folder, direction, size = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])
source, target = os.path.join(folder, "source.bin"), os.path.join(folder, "target.bin")
def memory(what):
    return int(re.search(what + r":\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
async def tick(late):
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append(time.perf_counter() - began - 0.005)
async def measure(work):
    if os.path.exists(target):
        os.unlink(target)
    late = []
    ticker = asyncio.create_task(tick(late))
    await asyncio.sleep(0.1)
    late.clear()
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak counts from here
    before, began = memory("VmRSS"), time.perf_counter()
    await work()
    seconds = time.perf_counter() - began
    await asyncio.sleep(0.01)
    ticker.cancel()
    if direction == "download":
        assert os.path.getsize(target) == size
    print(json.dumps({"seconds": seconds, "memory": memory("VmHWM") - before, "block": 1000 * max(late)}))
"""

HTTPX = (
    MEASURED
    + """
import anyio, httpx
async def chunks():
    async with await anyio.open_file(source, "rb") as file:
        while chunk := await file.read(1 << 20):
            yield chunk
async def main():
    async with httpx.AsyncClient(timeout=60) as client:
        async def up():
            created = (await client.post(url + "/v1/files/upload", json={"displayName": "a"})).json()
            headers = {"content-length": str(size)}
            (await client.put(created["uploadUrl"], content=chunks(), headers=headers)).raise_for_status()
            (await client.post(url + "/v1/files/vg_file_1/hydrate")).raise_for_status()
        async def down():
            found = (await client.post(url + "/v1/files/vg_file_1/hydrate")).json()
            headers = {"accept-encoding": "identity"}
            async with client.stream("GET", found["downloadUrl"], headers=headers) as answer:
                async with await anyio.open_file(target, "wb") as file:
                    async for chunk in answer.aiter_raw(1 << 20):
                        await file.write(chunk)
                    await file.flush()
                    await anyio.to_thread.run_sync(os.fsync, file.fileno())
        await client.post(url + "/v1/files/vg_file_1/hydrate")
        await measure(up if direction == "upload" else down)
asyncio.run(main())
"""
)

OURS = (
    MEASURED
    + """
from aiovideogen import FileId, VideoGen
async def main():
    async with VideoGen(base_url=url, api_key=key) as vg:
        up = lambda: vg.files.upload(source, wait=False)  # readiness is the server's time
        down = lambda: vg.files.download(FileId("vg_file_1"), target)
        await vg.files.hydrate_file(FileId("vg_file_1"))
        await measure(up if direction == "upload" else down)
asyncio.run(main())
"""
)

OFFICIAL = (
    MEASURED
    + """
from videogen import AsyncVideoGen
from videogen.async_download_file import async_download_file
from videogen.async_upload_file import async_upload_file
async def main():
    async with AsyncVideoGen(api_key=key, base_url=url) as vg:
        async def up():
            with open(source, "rb") as file:
                await async_upload_file(vg, file, display_name="a")
        async def down():
            await async_download_file(vg, "vg_file_1", output_path=target)
        await measure(up if direction == "upload" else down)
asyncio.run(main())
"""
)


# -- the server -----------------------------------------------------------------------------------------------------


class Connection:
    """One connection of the bare server: as little as a PUT and a GET of a big file need."""

    def __init__(self, wire: socket.socket, source: Path) -> None:
        self._wire = wire
        self._read = io.BufferedReader(cast("io.RawIOBase", wire.makefile("rb", buffering=0)), 1 << 16)
        self._source = source
        self._buffer = memoryview(bytearray(CHUNK))

    def serve(self) -> None:
        with self._wire, self._read:
            while line := self._read.readline():
                method, path, _ = line.decode().split()
                headers: dict[str, str] = {}
                while (field := self._read.readline().decode()).strip():
                    name, _, value = field.partition(":")
                    headers[name.lower()] = value.strip()
                self._answer(method, path, headers)

    def _answer(self, method: str, path: str, headers: dict[str, str]) -> None:
        left = int(headers.get("content-length", 0))
        while left:
            left -= self._read.readinto(self._buffer[:left])
        base = f"http://{headers['host']}"
        if path == "/get":
            self._send_file()
        elif method == "PUT":
            self._send(b"")
        elif path == "/v1/files/upload":
            self._send(json.dumps({"fileId": "vg_file_1", "uploadUrl": f"{base}/put"}).encode())
        else:
            ready = {"status": "ready", "url": f"{base}/get"}
            shown = {"fileId": "vg_file_1", "scope": "GLOBAL", "downloadUrl": f"{base}/get", "downloadSource": ready}
            self._send(json.dumps({**shown, "downloadUrlExpiresAt": None}).encode())

    def _send(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self._wire.sendall(head.encode() + body)

    def _send_file(self) -> None:
        size = self._source.stat().st_size
        self._wire.sendall(f'HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: {size}\r\n\r\n'.encode())
        with self._source.open("rb") as file:
            self._wire.sendfile(file)


def serve(source: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    while True:
        wire, _ = listener.accept()
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=Connection(wire, source).serve, daemon=True).start()


# -- the measuring --------------------------------------------------------------------------------------------------


def run(python: str, program: str, *args: object) -> dict[str, float]:
    done = subprocess.run([python, "-c", program, *map(str, args)], check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def make_source(path: Path, size: int) -> None:
    """Write a file that is no hole, so that reading it costs what it does."""
    block = os.urandom(CHUNK)
    with path.open("wb") as file:
        for _ in range(size // CHUNK):
            file.write(block)


def measure(args: argparse.Namespace, folder: Path, mib: int, clients: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the figures of each direction and client, over a file of so many MiB."""
    make_source(folder / "source.bin", mib << 20)
    command = [sys.executable, __file__, "--serve", str(folder / "source.bin")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        try:
            rounds = [
                {
                    (direction, name): run(*client, url, KEY, folder, direction, mib << 20)
                    for direction in ("upload", "download")
                    for name, client in clients.items()
                }
                for _ in range(args.rounds)
            ]
        finally:
            server.terminate()
    found: dict[str, dict[str, Any]] = {"upload": {}, "download": {}}
    for direction, name in rounds[0]:
        taken = [one[direction, name] for one in rounds]
        found[direction][name] = {
            "speed": mib / min(one["seconds"] for one in taken),
            "memory": max(one["memory"] for one in taken),
            "block": statistics.median(one["block"] for one in taken),
        }
    return found


def show(direction: str, name: str, mib: int, figures: dict[str, float]) -> None:
    print(
        f"{direction:9} {name:20} {mib:5} MiB  {figures['speed']:7.0f} MiB/s   "
        f"{figures['memory']:7.1f} MiB extra memory   {figures['block']:7.1f} ms worst block"
    )


def missed(direction: str, ours: dict[str, float], plain: dict[str, float]) -> list[str]:
    """Return the budgets that ours does not keep."""
    block = max(BLOCK_BUDGET, BLOCK_SHARE * plain["block"])
    kept = {
        f"{ours['memory']:.1f} MiB of memory, budget {MEMORY_BUDGET:g}": ours["memory"] <= MEMORY_BUDGET,
        f"a block of {ours['block']:.0f} ms, budget {block:.0f}": ours["block"] <= block,
        f"{ours['speed'] / plain['speed']:.2f} × httpx's speed, budget {SPEED_SHARE}": ours["speed"]
        >= SPEED_SHARE * plain["speed"],
    }
    return [f"{direction}: {text}" for text, holds in kept.items() if not holds]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mib", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files go; a temporary folder by default")
    parser.add_argument("--official", help="a Python that has the official SDK")
    parser.add_argument("--official-mib", type=int, default=512, help="it takes three times that of memory")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        found = measure(
            args, folder, args.mib, {"httpx": (sys.executable, HTTPX), "aiovideogen": (sys.executable, OURS)}
        )
        official = {}
        if args.official:
            official = measure(args, folder, args.official_mib, {"videogen (official)": (args.official, OFFICIAL)})
    problems: list[str] = []
    for direction, clients in found.items():
        for client, figures in clients.items():
            show(direction, client, args.mib, figures)
        for client, figures in official.get(direction, {}).items():
            show(direction, client, args.official_mib, figures)
        ours, plain = clients["aiovideogen"], clients["httpx"]
        print(f"{direction:9} {ours['speed'] / plain['speed']:.2f} × the speed of plain httpx")
        problems += missed(direction, ours, plain)
    if problems:
        raise SystemExit("\n".join(problems))


if __name__ == "__main__":
    main()
