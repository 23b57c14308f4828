"""The example web app as a process of its own, as people run it, and its stream of events."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from aiovideogen.sandbox import Served

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 20.0
"""How long anything may take here before a test fails."""

Job = dict[str, Any]


def eventually(true: Callable[[], object]) -> None:
    """Return once something is true; fail when it doesn't become so."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


class WebApp:
    """Uvicorn with the app, which talks to a sandbox. It can be started again, on the same port and data."""

    def __init__(self, sandbox: Served, folder: Path, *, webhooks: bool = True) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = folder / "app-data"
        self.log = folder / "app.log"
        self._settings = {
            "VIDEOGEN_BASE_URL": sandbox.url,
            "VIDEOGEN_API_KEY": sandbox.key,
            "APP_DATA": str(self.data),
            **({"PUBLIC_URL": self.url} if webhooks else {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the app and return once it answers, and webhooks are registered."""
        command = [sys.executable, "-W", "error", "-m", "uvicorn", "--app-dir", "examples", "fastapi_app.app:app"]
        options = ["--port", str(self.port), "--timeout-graceful-shutdown", "5", "--no-access-log"]
        paths = [str(PROJECT / "src"), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, **self._settings, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([*command, *options], cwd=PROJECT, env=environment, stdout=log, stderr=log)
        eventually(self._answers)
        if "PUBLIC_URL" in self._settings:
            eventually(lambda: httpx.post(f"{self.url}/webhooks/videogen").status_code == 400)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text(encoding="utf-8")
        try:
            return httpx.get(self.url).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, *, kill: bool = False) -> int:
        """Stop the app, politely unless told otherwise; return its exit status."""
        assert self._process is not None
        if kill:
            self._process.kill()
        else:
            self._process.terminate()
        status = self._process.wait(SECONDS)
        self._process = None
        return status

    def close(self) -> None:
        """Stop the app if it runs."""
        if self._process is not None:
            self.stop(kill=True)

    def ask(self, prompt: str) -> Job:
        """Start a picture as the page does."""
        response = httpx.post(f"{self.url}/api/jobs", json={"prompt": prompt})
        assert response.status_code == 202, response.text
        return response.json()

    @contextmanager
    def events(self) -> Generator[Iterator[tuple[str, Any]]]:
        """Watch as the page does: pairs of an event's name and its data."""
        with httpx.stream("GET", f"{self.url}/api/events", timeout=SECONDS) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            yield _events(response.iter_lines())

    def until(self, id: str, *states: str) -> Job:
        """Return a job once it is in one of these states."""
        with self.events() as events:
            return next(job for job in jobs_of(events) if job["id"] == id and job["state"] in states)

    def ended(self, id: str) -> Job:
        """Return a job once it has ended, well or not."""
        return self.until(id, "ready", "failed", "unknown")


def jobs_of(events: Iterator[tuple[str, Any]]) -> Iterator[Job]:
    """Return every state of every job that is told."""
    for name, data in events:
        yield from data if name == "all" else [data]


def _events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)
