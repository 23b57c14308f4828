"""A download whose process is killed, again and again: the next one goes on from what is on disk."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiovideogen

if TYPE_CHECKING:
    from collections.abc import Generator

BODY = random.Random(11).randbytes(64 << 20)
KILLS = 10
PIECE = 4096
SOURCE = Path(aiovideogen.__file__).resolve().parent.parent

DOWNLOAD = """
import sys, anyio
from aiovideogen import VideoGen
async def main():
    async with VideoGen(api_key="k", base_url="http://127.0.0.1:1") as vg:
        print("ready", flush=True)
        await vg.files.download(sys.argv[1], sys.argv[2])
anyio.run(main, backend=sys.argv[3])
"""


class Killing:
    """A server of one file that counts the ranges, and kills its reader at a random moment.

    That is some time after the reader has brought so many bytes to disk: what is in sockets by then may be more.
    """

    def __init__(self, part: Path) -> None:
        self.starts: list[int] = []
        self.part = part
        self.kill_at: int | None = None
        self.pieces_later = 0
        self.victim = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/clip.bin?X-Signature=1"

    def serve(self) -> None:
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            with wire:
                self.answer(wire)

    def answer(self, wire: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += wire.recv(65536)
        found = re.search(rb'range: bytes=(\d+)-\r\nif-range: "v1"', asked)
        start = int(found[1]) if found else 0
        self.starts.append(start)
        head = f"HTTP/1.1 {206 if found else 200} OK\r\ncontent-length: {len(BODY) - start}\r\n"
        head += f'content-range: bytes {start}-{len(BODY) - 1}/{len(BODY)}\r\netag: "v1"\r\n\r\n'
        wire.sendall(head.encode())
        later = self.pieces_later
        for at in range(start, len(BODY), PIECE):
            wire.sendall(BODY[at : at + PIECE])
            if self.kill_at is not None and self.part.exists() and self.part.stat().st_size >= self.kill_at:
                later -= 1
                if later < 0:
                    os.kill(self.victim, signal.SIGKILL)
                    return


@contextmanager
def killing(part: Path) -> Generator[Killing]:
    server = Killing(part)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join()


def test_a_download_that_is_killed_ten_times_fetches_nothing_twice_that_was_on_disk(tmp_path: Path) -> None:
    target, part = tmp_path / "clip.bin", tmp_path / "clip.bin.part"
    draw = random.Random()
    on_disk = [0]
    ended = 0
    with killing(part) as server:
        for kill in range(KILLS + 1):
            server.kill_at = on_disk[-1] + draw.randrange(1, 2 << 20) if kill < KILLS else None
            server.pieces_later = draw.randrange(300)
            backend = ("asyncio", "trio")[kill % 2]
            command = [sys.executable, "-c", DOWNLOAD, server.url, str(target), backend]
            environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
            with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
                server.victim = process.pid
                assert process.stdout is not None
                assert process.stdout.readline() == b"ready\n"
                ended = process.wait(60)
            if kill < KILLS:
                assert ended == -signal.SIGKILL
                assert not target.exists()
                assert part.read_bytes() == BODY[: part.stat().st_size]
                on_disk.append(part.stat().st_size)
    assert ended == 0
    assert server.starts == on_disk
    assert on_disk == sorted(on_disk)
    assert on_disk[-1] > 0
    assert target.read_bytes() == BODY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.bin"]
