"""What docs/testing.md shows is true: its files, written as they are printed, are a test suite that passes."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aiovideogen.receiver import Receiver

PROJECT = Path(__file__).resolve().parent.parent
TESTING = (PROJECT / "docs" / "testing.md").read_text(encoding="utf-8")
FILES: list[tuple[str, str]] = re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```", TESTING, re.MULTILINE | re.DOTALL)
TESTS = [name for name, _ in FILES if name.startswith("test_")]


def run_pytest(folder: Path, *arguments: str) -> str:
    """Run pytest in a folder, with warnings as errors; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIDEOGEN", "PYTEST"))}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # other plugins that happen to be installed stay out
    plugins = ["-p", "anyio", "-p", "aiovideogen", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, "-W", "error", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_examples_pass_as_they_are_printed(suite: Path) -> None:
    printed = run_pytest(suite)
    shown = sum(len(re.findall(r"^(?:async )?def test_", text, re.MULTILINE)) for _, text in FILES)
    assert f"{shown} passed" in printed
    assert len({name for name, _ in FILES}) == len(FILES)
    assert len(TESTS) >= 3


def test_the_async_examples_pass_on_both_event_loops(suite: Path) -> None:
    (suite / "pytest.ini").write_text("[pytest]\nvideogen_backends = asyncio trio\n", encoding="utf-8")
    printed = run_pytest(suite, "test_posters.py", "test_chaos.py", "test_receiver.py", "-v")
    names = set(re.findall(r"::(test_\w+)\[", printed))
    assert len(names) >= 7
    for name in names:
        assert {f"{name}[asyncio]", f"{name}[trio]"} <= set(re.findall(r"::(\S+) PASSED", printed))


def test_the_fixtures_that_are_listed_are_the_ones_there_are(tmp_path: Path) -> None:
    listed = set(re.findall(r"^\| `(videogen_\w+)`", TESTING, re.MULTILINE))
    printed = run_pytest(tmp_path, "--fixtures")
    assert listed == set(re.findall(r"^(videogen_\w+) -- ", printed, re.MULTILINE))


WEBHOOKS = (PROJECT / "docs" / "webhooks.md").read_text(encoding="utf-8")
PROGRAMS: list[str] = re.findall(r"^```python\n(.*?)^```", WEBHOOKS, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("index", range(len(PROGRAMS)))
def test_every_program_about_webhooks_runs(index: int, served: Any, tmp_path: Path) -> None:
    environment = {**os.environ, "VIDEOGEN_BASE_URL": served.url, "VIDEOGEN_API_KEY": served.key}
    command = [sys.executable, "-W", "error", "-c", PROGRAMS[index]]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(PROGRAMS) == 3


def test_what_the_page_about_webhooks_names_is_what_there_is() -> None:
    defaults = {name: one.default for name, one in inspect.signature(Receiver).parameters.items()}
    for name, shown in re.findall(r"`(\w+)` \((\d+)(?: MiB)?\)", WEBHOOKS):
        assert defaults[name] == int(shown) * (2**20 if name == "max_body" else 1)
