"""Lint and format, by the settings in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff_finds_nothing(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command.split(), "--no-cache", "."],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_looks_at_our_files_and_not_at_generated_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--show-files", "--no-cache", "."],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    seen = {Path(line).relative_to(PROJECT).as_posix() for line in done.stdout.splitlines()}
    assert {"src/aiovideogen/_client.py", "tests/test_lint.py", "generator-templates/prepare.py"} <= seen
    assert not {name for name in seen if "generated/" in name}
