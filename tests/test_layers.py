"""Who imports whom: the layers as `aiovideogen.__init__` draws them, read from the sources."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import aiovideogen
from tests.facts import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = PROJECT / "src" / "aiovideogen"
CORE = sorted(path for path in PACKAGE.glob("*.py"))
SANDBOX = sorted((PACKAGE / "sandbox").glob("*.py"))
MAX_LINES = 400
EXTRAS = {"opentelemetry.py": {"opentelemetry"}}
"""What a module of the topmost layer needs beside the core's own: an extra of its name."""


def drawn() -> dict[str, int]:
    """Return the layer of each module by the docstring's drawing, which may wrap lines and add remarks."""
    drawing = re.sub(r"\([^)]*\)|:.*", "", (aiovideogen.__doc__ or "").partition("lower ones:\n")[2])
    layers: dict[str, int] = {}
    number = -1
    for line in drawing.splitlines():
        found = re.fullmatch(r"(\d)?\s+(\S.*)", line)
        if found is None:
            continue
        number = int(found[1]) if found[1] else number
        layers |= dict.fromkeys(re.findall(r"\w+", found[2]), number)
    return layers


LAYERS = drawn()


class Imports(ast.NodeVisitor):
    """The imports of a module that happen when it runs, also those inside functions: `(level, module, names)`."""

    def __init__(self, path: Path) -> None:
        self.found: list[tuple[int, str, tuple[str, ...]]] = []
        self.visit(ast.parse(path.read_text(encoding="utf-8")))

    def visit_If(self, node: ast.If) -> None:
        checking = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for child in node.orelse if checking else [node.test, *node.body, *node.orelse]:
            self.visit(child)

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [(0, alias.name, ()) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.found.append((node.level, node.module or "", tuple(alias.name for alias in node.names)))


def own(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module of its top folder imports."""
    for level, module, names in Imports(path).found:
        if level:
            yield from [module.partition(".")[0]] if module else names


def foreign(path: Path) -> set[str]:
    """Return the top-level packages that a module imports."""
    return {module.partition(".")[0] for level, module, _ in Imports(path).found if not level}


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(PACKAGE).as_posix() for path in paths]


def test_the_drawing_names_every_module_once() -> None:
    modules = {path.stem for path in CORE} - {"__init__"}
    packages = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert LAYERS.keys() == modules | packages
    assert sorted(set(LAYERS.values())) == [*range(max(LAYERS.values()) + 1)]


@pytest.mark.parametrize("path", CORE, ids=names(CORE))
def test_a_module_imports_only_from_its_own_and_lower_layers(path: Path) -> None:
    mine = LAYERS.get(path.stem, LAYERS["_client"])
    assert [f"{name} is of layer {LAYERS[name]}" for name in own(path) if LAYERS[name] > mine] == []


def test_generated_code_imports_from_layer_0_and_itself() -> None:
    """Also under TYPE_CHECKING: it knows nothing of what stands on it."""
    folder = (PACKAGE / "_generated").resolve()
    outside: set[str] = set()
    for path in folder.rglob("*.py"):
        depth = len(path.relative_to(folder).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level > depth:
                assert node.level == depth + 1, f"{path} leaves the package"
                outside.add(node.module or "")
    assert {LAYERS[name] for name in outside} == {0}


def test_only_the_transport_knows_httpx() -> None:
    knowing = {path.name for path in CORE if foreign(path) & {"httpx", "httpcore", "h11"}}
    assert knowing == {"_transport.py"}


@pytest.mark.parametrize("path", CORE, ids=names(CORE))
def test_the_core_needs_httpx_attrs_and_anyio_only(path: Path) -> None:
    extra = EXTRAS.get(path.name, set[str]())
    assert foreign(path) - {*sys.stdlib_module_names} <= {"httpx", "attrs", "anyio"} | extra
    assert not extra or LAYERS[path.stem] == LAYERS["sandbox"], "what needs an extra is optional"


@pytest.mark.parametrize("path", CORE, ids=names(CORE))
def test_the_core_imports_no_event_loop(path: Path) -> None:
    """Not even for types: whatever runs on asyncio runs on trio."""
    assert not re.search(r"^\s*(import|from) (asyncio|trio)\b", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_sandbox_imports_an_event_loop_only_to_drive_one() -> None:
    """A virtual clock has to be each loop's own; it is imported once a loop runs, so that trio needn't be there."""
    assert {path.name: loops for path in SANDBOX if (loops := foreign(path) & {"asyncio", "trio"})} == {
        "_virtual.py": {"asyncio", "trio"},
        "_in_process.py": {"trio"},
    }
    for path in SANDBOX:
        at_once = {name for node in ast.parse(path.read_text(encoding="utf-8")).body for name in _named_by(node)}
        assert not at_once & {"asyncio", "trio"}, path.name


def _named_by(node: ast.stmt) -> set[str]:
    """Return the top-level packages that a statement imports by itself."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) and not node.level else set()


@pytest.mark.parametrize("path", SANDBOX, ids=names(SANDBOX))
def test_the_sandbox_knows_nothing_of_the_core(path: Path) -> None:
    """An error in how the core reads the spec can't hide in the server that tests it.

    Only the fixtures for users' tests make a client, of the public class.
    """
    siblings = {one.stem for one in SANDBOX}
    of_package = {
        name for level, module, names in Imports(path).found if level > 1 for name in (module, *names) if name
    }
    assert of_package == ({"VideoGen"} if path.name == "pytest_plugin.py" else set())
    beside = {
        name for level, module, names in Imports(path).found if level == 1 for name in ([module] if module else names)
    }
    assert {name.partition(".")[0] for name in beside if name[0] == "_"} <= siblings
    assert not foreign(path) & {"aiovideogen", "attrs"}


def test_only_what_sends_in_the_sandbox_knows_httpx() -> None:
    """The server itself runs without it: a transport in process, the webhooks and the fixtures don't."""
    knowing = {path.name for path in SANDBOX if "httpx" in foreign(path)}
    assert knowing == {"_in_process.py", "_sending.py", "pytest_plugin.py"}


@pytest.mark.parametrize("path", [*CORE, *SANDBOX], ids=names([*CORE, *SANDBOX]))
def test_imports_of_the_package_are_relative(path: Path) -> None:
    """So that a vendored copy runs under any parent; also where the type checker alone looks."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    absolute = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    assert not [module for module in absolute if module.partition(".")[0] == "aiovideogen"]
    assert "aiovideogen" not in foreign(path)


@pytest.mark.parametrize("path", CORE, ids=names(CORE))
def test_modules_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_nothing_is_written_twice_as_sync_and_async() -> None:
    """Neither `close` beside `aclose`, nor `read_sync` beside `read`, nor `AsyncClient` beside `Client`."""
    twins: list[str] = []
    for path in [*CORE, *SANDBOX]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for place in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]:
            plain = {node.name for node in place.body if isinstance(node, ast.FunctionDef)}
            awaited = {node.name for node in place.body if isinstance(node, ast.AsyncFunctionDef)}
            classes = {node.name for node in place.body if isinstance(node, ast.ClassDef)}
            bare = {name: re.sub(r"^(_*)(a|async_)(?=[a-z])|_async$", r"\1", name) for name in awaited}
            twins += [name for name in awaited if bare[name] != name and bare[name] in plain]
            twins += [name for name in plain if re.search(r"^_*sync_|_sync$", name)]
            twins += [name for name in classes if re.match(r"_*(Async|Sync)[A-Z]", name)]
    assert twins == []


# -- what an import costs -------------------------------------------------------------------------------------------


def imported_by(code: str) -> set[str]:
    """Return what is in `sys.modules` after `code`, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps([*sys.modules]))"],
        env={**os.environ, "PYTHONPATH": str(PROJECT / "src")},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def models_in(modules: set[str]) -> set[str]:
    """Return the modules of models among `modules`; those of ids only name a class that is there already."""
    home = "aiovideogen._generated.models."
    return {name.removeprefix(home) for name in modules if name.startswith(home) and not name.endswith("_id")}


def test_importing_the_package_imports_neither_httpx_nor_a_model() -> None:
    modules = imported_by("import aiovideogen; aiovideogen.VideoGen, aiovideogen.FileId, aiovideogen.ServerError")
    assert not modules & {"httpx", "httpcore", "anyio", "asyncio", "ssl", "yaml", "starlette"}
    assert models_in(modules) == set()
    assert not [name for name in modules if name.startswith(("aiovideogen._generated.api.", "aiovideogen.sandbox"))]


def test_using_a_model_imports_that_model_only() -> None:
    code = "from aiovideogen import models; models.ApiError.from_dict({'message': 'x'})"
    assert models_in(imported_by(code)) == {"api_error"}
    nested = "from aiovideogen.models import FileInfo; FileInfo.from_dict({'fileId': 'f', 'downloadSource': {}})"
    assert models_in(imported_by(nested)) == {"file_info", "file_source"}


def test_a_client_imports_no_group_before_its_use() -> None:
    code = "import aiovideogen; vg = aiovideogen.VideoGen(api_key='k')"
    assert not [name for name in imported_by(code) if name.startswith("aiovideogen._generated.api.")]
    used = {name for name in imported_by(f"{code}; vg.text") if name.startswith("aiovideogen._generated.api.")}
    assert used == {"aiovideogen._generated.api.text"}
