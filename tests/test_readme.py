"""The README is true: its programs run, its first screen is a screen, what it names exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("index", range(len(PROGRAMS)))
def test_every_program_runs(index: int, served: Any, tmp_path: Path) -> None:
    language, program = PROGRAMS[index]
    assert language == "python"
    environment = {**os.environ, "VIDEOGEN_BASE_URL": served.url, "VIDEOGEN_API_KEY": served.key}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_first_screen_fits_one_page() -> None:
    first = README.partition("\n## ")[0]
    assert len(first.splitlines()) <= 50
    assert "make demo" in first
    assert "make test" in first


def test_what_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert [link for link in links if not link.startswith("https://") and not (PROJECT / link).exists()] == []
