"""The example that survives `kill -9`: killed at random moments, it starts nothing twice and loses nothing."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.facts import PROJECT

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

KILLS = 10 * int(os.environ.get("FUZZ", "1"))
PROMPTS = 20 * KILLS
"""At each kill up to eight starts are under way, whose outcomes are unknown: most are collected all the same."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT / "src"), "no_proxy": "*"}


@contextmanager
def sandbox() -> Generator[dict[str, str]]:
    """Run the sandbox in a process of its own; give the variables that it prints."""
    command = [sys.executable, "-m", "aiovideogen.sandbox", "--port", "0", "--job-seconds", "0.5", "--no-rate-limits"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip().partition("=") for _ in range(3)]
        try:
            yield {name: value for name, _, value in told[:2]}
        finally:
            process.terminate()


class World:
    """A sandbox, a folder, and the program between them."""

    def __init__(self, settings: dict[str, str], folder: Path) -> None:
        self.settings = settings
        self.database = folder / "jobs.db"
        self.prompts = folder / "prompts.txt"
        headers = {"authorization": f"Bearer {settings['VIDEOGEN_API_KEY']}"}
        self.http = httpx.Client(base_url=settings["VIDEOGEN_BASE_URL"], headers=headers, trust_env=False)

    def run(self) -> subprocess.Popen[str]:
        command = [sys.executable, str(PROJECT / "examples" / "collector.py"), str(self.database), str(self.prompts)]
        environment = {**ENVIRONMENT, **self.settings}
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def kill_one(self, seconds: float) -> None:
        """Run the program, and kill it so soon after it has begun to start jobs."""
        with self.run() as process:
            assert process.stdout is not None
            while (line := process.stdout.readline()) and "to collect" not in line:
                pass
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL

    def finish(self) -> str:
        with self.run() as process:
            output, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints
        return output

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(sql).fetchall()

    def fault(self, **rule: Any) -> None:
        self.http.post("/_sandbox/faults", json=rule).raise_for_status()

    def billed(self) -> int:
        return self.http.get("/_sandbox/state").raise_for_status().json()["billed"]

    def executions(self) -> list[str]:
        found: list[str] = []
        query: dict[str, Any] = {"limit": 200}
        while True:
            page = self.http.get("/v1/tools/executions", params=query).raise_for_status().json()
            found += [one["toolExecutionId"] for one in page["toolExecutions"]]
            if not page["hasMore"]:
                return found
            query["cursor"] = page["nextCursor"]


@pytest.fixture
def world(tmp_path: Path) -> Generator[World]:
    with sandbox() as settings:
        one = World(settings, tmp_path)
        yield one
        one.http.close()


def check(world: World, prompts: int) -> tuple[int, int]:
    """Hold the notes against what the server has; return how many were collected, and how many reported."""
    started = world.executions()
    collected = [one for (one,) in world.rows("SELECT id FROM jobs WHERE state = 'collected'")]
    reported = [one for (one,) in world.rows("SELECT id FROM unmatched")]
    assert world.billed() == len(started) <= prompts
    assert sorted(collected + reported) == sorted(started), "each once, here or there"
    states = dict(world.rows("SELECT state, count(*) FROM jobs GROUP BY state"))
    assert states.keys() <= {"collected", "unknown"}
    assert states.get("unknown", 0) >= len(reported)
    assert sum(states.values()) == prompts
    return len(collected), len(reported)


def test_killed_at_any_moment_it_starts_nothing_twice_and_loses_nothing(world: World) -> None:
    world.prompts.write_text("".join(f"Harbour {number}\n" for number in range(PROMPTS)))
    world.fault(operations="generateImage", action={"type": "delay", "seconds": 0.05, "after": True})
    for _ in range(KILLS):
        world.kill_one(random.uniform(0, 0.2))
    output = world.finish()
    collected, reported = check(world, PROMPTS)
    assert collected > reported > 0, output
    before = world.billed()
    assert "unmatched" not in world.finish(), "reported once"
    assert world.billed() == before


def test_a_lost_answer_is_reported_and_a_failed_job_noted(world: World) -> None:
    world.prompts.write_text("one\ntwo\nthree\n")
    world.fault(operation_id="generateImage", drop="after")
    world.http.post("/_sandbox/jobs", json=[{"status": "failed"}] * 3).raise_for_status()
    output = world.finish()
    (reported,) = [one for (one,) in world.rows("SELECT id FROM unmatched")]
    assert f"unmatched: {reported}" in output
    assert sorted(world.rows("SELECT state FROM jobs")) == [("failed",), ("failed",), ("unknown",)]
    assert all("failed" in error for (error,) in world.rows("SELECT error FROM jobs WHERE state = 'failed'"))
    assert world.billed() == 3


def test_a_job_whose_id_could_not_be_written_down_is_reported(world: World) -> None:
    world.prompts.write_text("")
    world.finish()
    full = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    world.rows(f"CREATE TRIGGER full BEFORE UPDATE ON jobs WHEN NEW.state = 'accepted' AND NEW.number = 1 {full}")
    world.prompts.write_text("one\ntwo\nthree\n")
    output = world.finish()
    assert check(world, 3) == (2, 1), output
    assert world.rows("SELECT number FROM jobs WHERE state = 'unknown'") == [(1,)]


def test_a_start_that_is_refused_is_noted_as_failed(world: World) -> None:
    world.prompts.write_text("one\ntwo\n")
    world.fault(operations="generateImage", action={"type": "status", "status": 400}, times=1)
    output = world.finish()
    assert world.billed() == 1
    assert sorted(world.rows("SELECT state FROM jobs")) == [("collected",), ("failed",)], output
