"""What is built once for all tests of packaging, and environments to put it into."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.facts import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

PYPROJECT: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def run(command: Iterable[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command, and show all that it said when it fails."""
    done = subprocess.run([*command], capture_output=True, text=True, check=False, timeout=300, **options)
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
    return done


def closure(names: Iterable[str]) -> set[str]:
    """Return distributions with all that they need, without extras, as they are installed here."""
    found: set[str] = set()
    todo = [*names]
    while todo:
        name = canonicalize_name(todo.pop())
        if name not in found:
            found.add(name)
            needs = map(Requirement, importlib.metadata.distribution(name).requires or ())
            todo += [need.name for need in needs if not need.marker or need.marker.evaluate({"extra": ""})]
    return found


def names_of(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


class Built:
    """The archives, and what is in the wheel."""

    def __init__(self, folder: Path) -> None:
        (self.sdist,) = folder.glob("*.tar.gz")
        (self.wheel,) = folder.glob("*.whl")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The source archive, and the wheel that is built from it and from nothing else."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, PROJECT])
    return Built(folder)


@pytest.fixture(scope="session")
def clean_python(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment into which the wheel alone was installed, from the package index."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    run([sys.executable, "-m", "venv", folder])
    python = folder / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", built.wheel])
    return python


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with what the package and its sandbox need, and without the package."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    run([sys.executable, "-m", "venv", "--without-pip", folder])
    (site,) = folder.glob("lib/python*/site-packages")
    needed = names_of([*PYPROJECT["dependencies"], *PYPROJECT["optional-dependencies"]["sandbox"]])
    for name in closure(needed):
        distribution = importlib.metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or () if file.parts[0] not in ("..", "__pycache__")}:
            (site / top).symlink_to(Path(str(distribution.locate_file(top))))
    return folder / "bin" / "python"


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, Any]:
    """Options for a process that finds nothing of this project by accident."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIDEOGEN", "COV"))}
    return {"cwd": tmp_path, "env": kept}
