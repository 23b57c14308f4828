"""What the package offers: the list equals the namespace, and every name is documented and pickles."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import pickle
import re
import tomllib
import types
from typing import TYPE_CHECKING, Any

import pytest

import aiovideogen
from aiovideogen import (
    UNSET,
    Accepted,
    ApiStatusError,
    FileId,
    JobId,
    Page,
    ResourceId,
    ToolExecutionId,
    VideoGen,
    VideoGenError,
    errors,
    models,
    sandbox,
)
from tests.facts import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULES = [aiovideogen, errors, models, sandbox]
PUBLIC: dict[str, Any] = {name: getattr(aiovideogen, name) for name in aiovideogen.__all__}
CLASSES = {name: value for name, value in PUBLIC.items() if isinstance(value, type)}
ERRORS = {name: kind for name, kind in CLASSES.items() if issubclass(kind, VideoGenError)}


def test_the_list_of_names_is_sorted_and_equals_the_namespace() -> None:
    assert len(set(aiovideogen.__all__)) == len(aiovideogen.__all__)
    # As ruff sorts: constants, classes, the rest.
    ordered = sorted(aiovideogen.__all__, key=lambda name: (name.startswith("_"), not name.isupper(), name))
    assert aiovideogen.__all__ == ordered
    assert all(hasattr(aiovideogen, name) for name in ordered), "some are imported when they are first used"
    values: Mapping[str, Any] = vars(aiovideogen)
    public = {name for name, value in values.items() if name[0] != "_" and not isinstance(value, types.ModuleType)}
    assert public - {"annotations", "TYPE_CHECKING"} == {*aiovideogen.__all__} - {"__version__"}


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="module 'aiovideogen' has no attribute 'Image'"):
        _ = aiovideogen.Image  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]


def test_every_module_that_is_named_in_public_can_be_seen() -> None:
    """A module without an underscore is public, and says what in it is."""
    package = PROJECT / "src" / "aiovideogen"
    found = {path.stem for path in package.glob("*") if path.suffix in (".py", "") and path.stem[0] != "_"}
    assert found >= {"errors", "models", "sandbox"}
    for name in found - {"models"}:
        module = importlib.import_module(f"aiovideogen.{name}")
        assert module.__doc__
        assert [*module.__all__] == sorted(module.__all__)
        assert [one for one in module.__all__ if not hasattr(module, one)] == []


def test_every_id_of_the_spec_is_public() -> None:
    generated = importlib.import_module("aiovideogen._generated.types")
    ids = {name for name, value in vars(generated).items() if isinstance(value, type) and issubclass(value, ResourceId)}
    assert ids <= {*aiovideogen.__all__}


def test_the_version_stands_in_one_place() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["dynamic"] == ["version"]
    assert settings["tool"]["hatch"]["version"]["path"] == "src/aiovideogen/_version.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", aiovideogen.__version__)


# -- documentation --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_is_documented_with_all_its_members(name: str) -> None:
    kind = CLASSES[name]
    ours = [base for base in kind.__mro__ if base.__module__.startswith("aiovideogen")]
    members = {key for base in ours for key in vars(base) if not key.startswith("_")}
    called = {key for key in members if callable(getattr(kind, key)) or isinstance(getattr(kind, key), property)}
    bare = [] if kind.__dict__.get("__doc__") else [name]
    bare += [f"{name}.{key}" for key in sorted(called) if not inspect.getdoc(getattr(kind, key))]
    assert bare == []


def test_public_constants_are_documented() -> None:
    """A text stands under each, where editors look for it."""
    text = (PROJECT / "src" / "aiovideogen" / "_model.py").read_text(encoding="utf-8")
    body = ast.parse(text).body
    after = next(body[index + 1] for index, node in enumerate(body) if _assigns(node, "UNSET"))
    assert isinstance(after, ast.Expr)
    assert isinstance(after.value, ast.Constant)
    constants = {name for name, value in PUBLIC.items() if not isinstance(value, type)}
    assert constants == {"UNSET", "__version__"}


def _assigns(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name


# -- errors ---------------------------------------------------------------------------------------------------------


def drawn_errors() -> dict[str, str | None]:
    """Return the tree in the docstring of `errors`: each class and the one it hangs from."""
    parents: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│ ]*)(?:[├└]── )?(\w+Error)\b", line):
            depth = (found.start(2) - 4) // 4
            above[depth:] = [found[2]]
            assert found[2] not in parents
            parents[found[2]] = above[depth - 1] if depth else None
    return parents


def test_the_tree_of_errors_names_every_class() -> None:
    values: Mapping[str, Any] = vars(errors)
    defined = {
        name
        for name, value in values.items()
        if isinstance(value, type) and value.__module__ == errors.__name__ and not name.startswith("_")
    }
    assert drawn_errors().keys() == defined
    assert {*errors.__all__} == defined
    assert ERRORS.keys() == defined, "all are at the root too"


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    for name, parent in drawn_errors().items():
        kind: type = getattr(errors, name)
        above = [base.__name__ for base in kind.__mro__[1:] if base.__name__ in ERRORS]
        assert above[:1] == ([parent] if parent else []), name
        (line,) = (line for line in (errors.__doc__ or "").splitlines() if re.search(rf"── {name}\b|^ +{name}$", line))
        builtin = {base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"}
        builtin -= {"Exception", "BaseException", "object", "OSError"}
        assert set(re.findall(r"\(also (\w+)\)", line)) == builtin, name


def test_every_error_is_caught_by_the_root() -> None:
    assert all(issubclass(kind, VideoGenError) for name, kind in CLASSES.items() if name.endswith("Error"))


# -- pickle and copy ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_is_found_where_it_says(name: str) -> None:
    kind = CLASSES[name]
    assert getattr(importlib.import_module(kind.__module__), kind.__qualname__) is kind
    assert pickle.loads(pickle.dumps(kind)) is kind


def _again(value: Any) -> list[Any]:
    protocols = range(2, pickle.HIGHEST_PROTOCOL + 1)
    return [copy.copy(value), copy.deepcopy(value), *(pickle.loads(pickle.dumps(value, n)) for n in protocols)]


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_itself_again(name: str) -> None:
    kind = ERRORS[name]
    needed = {
        key: {"status": 400, "id": "vg_tool_1"}[key]
        for key, one in inspect.signature(kind.__init__).parameters.items()
        if one.kind is one.KEYWORD_ONLY and one.default is one.empty
    }
    error = kind("What went wrong.", **needed)
    for other in _again(error):
        assert type(other) is kind
        assert (str(other), other.args, vars(other)) == (str(error), error.args, vars(error))


def test_ids_unset_and_models_are_themselves_again() -> None:
    file = models.FileInfo.from_dict({"fileId": "vg_file_1", "scope": "GLOBAL", "new": 1})
    started = models.StartToolExecutionResponse(tool_execution_id=ToolExecutionId("vg_tool_1"))
    request = models.GenerateImageRequest(prompt="x")
    for value in (FileId("vg_file_1"), file, started, request):
        for other in _again(value):
            assert type(other) is type(value)
            assert other == value
            assert repr(other) == repr(value)
    assert all(other is UNSET for other in _again(UNSET))
    assert request.quality is UNSET
    assert all(other.to_dict() == {"prompt": "x"} for other in _again(request))
    assert all(other.to_dict() == file.to_dict() for other in _again(file))


def test_what_users_name_in_annotations_is_public() -> None:
    assert {VideoGen, Accepted, JobId, Page, ApiStatusError} <= {*CLASSES.values()}
