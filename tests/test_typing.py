"""Types: strict in our own code and for users, complete in what the package offers, resolved in what is generated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.facts import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

Report = dict[str, Any]
SETTINGS: Report = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pyright"]
GENERATED_RULES = ("reportMissingImports", "reportAttributeAccessIssue", "reportUndefinedVariable")


class Pyright:
    """A run of pyright, started at once so that several go on side by side."""

    def __init__(self, *arguments: str) -> None:
        # `--verifytypes` takes no notice of `--pythonpath`: it asks the first Python on PATH where packages are.
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        ours = {"PATH": path, "PYTHONPATH": str(PROJECT / "src"), "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson", *arguments],
            env={**os.environ, **ours},
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def report(self) -> Report:
        output, complaints = self._process.communicate(timeout=300)
        assert output.startswith("{"), output + complaints
        return json.loads(output)

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("pyright")
    generated = os.path.relpath(PROJECT / "src" / "aiovideogen" / "_generated", folder)
    rules = dict.fromkeys(GENERATED_RULES, "error")
    settings = {"include": [generated], "typeCheckingMode": "off", "pythonVersion": SETTINGS["pythonVersion"], **rules}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    started = {
        "strict": Pyright("--project", str(PROJECT)),
        "complete": Pyright("--verifytypes", "aiovideogen", "--ignoreexternal"),
        "generated": Pyright("--project", str(folder)),
    }
    yield {name: _once(run.report) for name, run in started.items()}
    for run in started.values():
        run.stop()


def _once(report: Callable[[], Report]) -> Callable[[], Report]:
    known: list[Report] = []

    def again() -> Report:
        known.extend([] if known else [report()])
        return known[0]

    return again


def found(report: Report) -> str:
    """Return what pyright says, a line for each."""
    return "\n".join(
        f"{one['file'].removeprefix(f'{PROJECT}/')}:{one['range']['start']['line'] + 1}: {one['message']}"
        for one in report["generalDiagnostics"]
    )


def sources(folder: Path) -> int:
    return sum("__pycache__" not in path.parts for path in folder.rglob("*.py"))


Runs = dict[str, "Callable[[], Report]"]


def test_our_code_and_the_users_are_strict(runs: Runs) -> None:
    """Includes tests/typing, where each mistake of a user has to be found."""
    assert SETTINGS["typeCheckingMode"] == "strict"
    assert {"src", "tests", "examples", "benchmarks", "generator-templates"} <= {*SETTINGS["include"]}
    report = runs["strict"]()
    assert not found(report)
    folders = [PROJECT / name for name in SETTINGS["include"]]
    # `rglob` doesn't follow the link to what is generated, which is left out. `make test-browser` checks its own files.
    assert report["summary"]["filesAnalyzed"] == sum(map(sources, folders)) - sources(PROJECT / "tests" / "browser")
    assert report["summary"]["filesAnalyzed"] > 50


def test_the_users_file_is_held_to_its_mistakes() -> None:
    text = (PROJECT / "tests" / "typing" / "user.py").read_text(encoding="utf-8")
    assert text.startswith("# pyright: strict, reportUnnecessaryTypeIgnoreComment=true\n")
    assert text.count("# pyright: ignore[") > 30
    assert "type: ignore" not in text
    assert "cast(" not in text


def test_every_public_type_is_known(runs: Runs) -> None:
    report = runs["complete"]()["typeCompleteness"]
    # The causes: what is unknown only because of them is left out.
    incomplete = [
        f"{symbol['name']}: {one['message'].splitlines()[0]}"
        for symbol in report["symbols"]
        for one in symbol["diagnostics"]
        if one["severity"] == "error" and "partially unknown" not in one["message"]
    ]
    assert not incomplete, "\n".join(incomplete)
    assert report["completenessScore"] == 1
    assert report["exportedSymbolCounts"]["withKnownType"] > 200


def test_generated_imports_resolve(runs: Runs) -> None:
    """To the measure above, what comes from an import that doesn't resolve counts as somebody else's."""
    report = runs["generated"]()
    assert not found(report)
    assert report["summary"]["filesAnalyzed"] == sources(PROJECT / "generated")
