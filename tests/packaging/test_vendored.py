"""A copy inside another package runs as it is: nothing in it knows what it is called."""

from __future__ import annotations

import re
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.facts import PROJECT
from tests.packaging.conftest import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VENDORED = "their_app._vendor.aiovideogen"


@pytest.fixture(scope="module")
def their_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody's project, with the package copied into it as the README says."""
    folder = tmp_path_factory.mktemp("theirs")
    copied = folder.joinpath(*VENDORED.split("."))
    run(["make", "--no-print-directory", "vendor", f"DEST={copied}"], cwd=PROJECT)
    for package in (copied.parent, copied.parent.parent):
        (package / "__init__.py").touch()
    return folder


@pytest.fixture
def sandbox(their_project: Path, bare_python: Path, elsewhere: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The sandbox of the copy, as a process of its own; yields the variables that it prints."""
    elsewhere["cwd"] = their_project
    command = [bare_python, "-m", f"{VENDORED}.sandbox", "--port", "0", "--job-seconds", "0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **elsewhere) as process:
        try:
            assert process.stdout
            said = [process.stdout.readline().strip() for _ in range(3)]
            assert said[-1] == "ready"
            yield dict(line.split("=", 1) for line in said[:2])
            process.send_signal(signal.SIGTERM)
            _, complaints = process.communicate(timeout=20)
            assert (process.returncode, complaints) == (0, "")
        finally:
            process.kill()


def test_the_copy_is_whole_and_real(their_project: Path) -> None:
    copied = their_project.joinpath(*VENDORED.split("."))
    assert [path.name for path in copied.rglob("*") if path.is_symlink() or path.name == "__pycache__"] == []
    assert {"py.typed", "openapi.yaml", "_generated", "sandbox"} <= {path.name for path in copied.iterdir()}
    assert (copied / "openapi.yaml").read_bytes() == (PROJECT / "openapi.yaml").read_bytes()


def test_the_distribution_is_not_there(bare_python: Path, elsewhere: dict[str, Any]) -> None:
    code = "import importlib.util, httpx, attrs, anyio, av; print(importlib.util.find_spec('aiovideogen'))"
    assert run([bare_python, "-c", code], **elsewhere).stdout.strip() == "None"


def test_the_quickstart_runs_on_the_copy(
    their_project: Path, bare_python: Path, elsewhere: dict[str, Any], sandbox: dict[str, str], tmp_path: Path
) -> None:
    text = (PROJECT / "examples" / "quickstart.py").read_text(encoding="utf-8")
    adapted, changed = re.subn(r"^from aiovideogen\b", f"from {VENDORED}", text, flags=re.MULTILINE)
    assert changed
    (their_project / "quickstart.py").write_text(adapted, encoding="utf-8")
    elsewhere["env"] |= sandbox
    picture, made = PROJECT / "examples" / "harbour.png", tmp_path / "made"
    done = run([bare_python, "-W", "error", "quickstart.py", picture, made], **elsewhere)
    kinds = {path.suffix: path.read_bytes()[:12] for path in made.iterdir()}
    assert kinds[".png"].startswith(b"\x89PNG")
    assert kinds[".mp4"][4:8] == b"ftyp"
    assert "aiovideogen" not in {line.split()[0] for line in done.stdout.splitlines() if line.split()}
    assert done.stderr == ""


def test_nothing_of_the_copy_asks_for_itself_by_name(
    their_project: Path, bare_python: Path, elsewhere: dict[str, Any]
) -> None:
    """Every module, every model and every operation is imported, and nothing outside the copy has its name."""
    code = f"""
import importlib, pkgutil, sys
import {VENDORED} as package
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith((".pytest_plugin", ".opentelemetry")):  # which are for where those are
        importlib.import_module(module.name)
print(sorted(name for name in sys.modules if name.split(".")[0] == "aiovideogen"), len(sys.modules) > 300)
"""
    elsewhere["cwd"] = their_project
    assert run([bare_python, "-W", "error", "-c", code], **elsewhere).stdout.strip() == "[] True"
