"""From the source archive to the wheel to a clean environment to a call: what is shipped is whole."""

from __future__ import annotations

import email
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

import aiovideogen
from tests.facts import PROJECT
from tests.packaging.conftest import PYPROJECT, closure, names_of, run

if TYPE_CHECKING:
    from email.message import Message

    from tests.packaging.conftest import Built

SOURCE = PROJECT / "src" / "aiovideogen"


def shipped() -> dict[str, bytes]:
    """Return what the package consists of, its links followed."""
    folders = {SOURCE: "", (SOURCE / "_generated").resolve(): "_generated/"}
    return {
        f"aiovideogen/{prefix}{path.relative_to(folder).as_posix()}": path.read_bytes()
        for folder, prefix in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def wheel(built: Built) -> dict[str, bytes]:
    with zipfile.ZipFile(built.wheel) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def metadata(wheel: dict[str, bytes]) -> Message:
    return email.message_from_bytes(wheel[f"aiovideogen-{aiovideogen.__version__}.dist-info/METADATA"])


def test_the_wheel_holds_the_package_and_nothing_else(wheel: dict[str, bytes]) -> None:
    package = {name: text for name, text in wheel.items() if name.startswith("aiovideogen/")}
    expected = shipped()
    assert package.keys() == expected.keys()
    assert [name for name, text in package.items() if text != expected[name]] == []
    assert {PurePosixPath(name).parts[0] for name in wheel.keys() - package.keys()} == {
        f"aiovideogen-{aiovideogen.__version__}.dist-info"
    }
    assert len([name for name in package if name.startswith("aiovideogen/_generated/models/")]) > 100
    assert {"aiovideogen/py.typed", "aiovideogen/openapi.yaml", "aiovideogen/_generated/client.py"} <= package.keys()


def test_the_wheel_has_no_links_and_no_strangers(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        kinds = {info.external_attr >> 28 for info in archive.infolist()}
        names = [name.lower() for name in archive.namelist()]
    assert kinds <= {0o10, 0}, "regular files, or not said"
    assert len(set(names)) == len(names)
    assert not [name for name in names if any(part in ("tests", "__pycache__", ".venv") for part in name.split("/"))]


def test_the_source_archive_holds_what_the_wheel_is_made_of(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        members = archive.getmembers()
    assert [member.name for member in members if not member.isfile() and not member.isdir()] == [], "no links"
    names = {member.name.partition("/")[2] for member in members}
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "openapi.yaml", "generated/client.py"} <= names
    assert {name.partition("/")[0] for name in names} <= {
        *("src", "generated", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "openapi.yaml"),
        *("PKG-INFO", ".gitignore"),
    }


def test_the_metadata(metadata: Message) -> None:
    assert metadata["Version"] == aiovideogen.__version__
    needs = metadata.get_all("Requires-Dist") or []
    of_extras = [one for one in needs if "extra ==" in one]
    assert names_of(one for one in needs if one not in of_extras) == {"httpx", "attrs", "anyio"}
    extras = PYPROJECT["optional-dependencies"]
    assert extras.keys() == {"sandbox", "opentelemetry"}
    assert names_of(of_extras) == names_of(one for extra in extras.values() for one in extra)
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"
    assert str(metadata.get_payload()).startswith("# aiovideogen")


# -- in a clean environment -----------------------------------------------------------------------------------------

LOOK = """
import importlib.metadata, json, pathlib, sys
import aiovideogen
from aiovideogen import models

home = pathlib.Path(aiovideogen.__file__).parent
print(json.dumps({
    "home": str(home),
    "version": [aiovideogen.__version__, importlib.metadata.version("aiovideogen")],
    "files": sum((home / name).is_file() for name in ("py.typed", "openapi.yaml", "_generated/models/__init__.py")),
    "models": len([getattr(models, name) for name in models.__all__]),
    "installed": sorted({one.metadata["Name"].lower().replace("_", "-") for one in importlib.metadata.distributions()}),
}))
"""

CALL = """
import asyncio
from aiovideogen import VideoGen

async def main():
    async with VideoGen() as vg:
        image = await vg.wait_for(vg.tools.generate_image(prompt="A quiet harbour"), timeout=30)
        print(image.status, await vg.files.download(image, "harbour.png"))

asyncio.run(main())
"""


def test_it_is_whole_where_it_is_installed(clean_python: Path, elsewhere: dict[str, Any]) -> None:
    seen = json.loads(run([clean_python, "-I", "-W", "error", "-c", LOOK], **elsewhere).stdout)
    assert Path(seen["home"]).is_relative_to(clean_python.parent.parent)
    assert seen["version"] == [aiovideogen.__version__] * 2
    assert seen["files"] == 3
    assert seen["models"] > 150
    own = {"aiovideogen", "attrs", "anyio"} | closure(["httpx"])
    assert {*seen["installed"]} - {"pip", "setuptools"} == own, "httpx's own, attrs and anyio"


def test_it_works_where_it_is_installed(clean_python: Path, elsewhere: dict[str, Any], served: Any) -> None:
    elsewhere["env"] |= {"VIDEOGEN_BASE_URL": served.url, "VIDEOGEN_API_KEY": served.key}
    done = run([clean_python, "-I", "-W", "error", "-c", CALL], **elsewhere)
    assert done.stdout.split() == ["succeeded", "harbour.png"]
    assert (elsewhere["cwd"] / "harbour.png").read_bytes().startswith(b"\x89PNG")


def test_the_sandbox_says_what_it_needs(clean_python: Path, elsewhere: dict[str, Any]) -> None:
    command = [clean_python, "-I", "-m", "aiovideogen.sandbox"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **elsewhere)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == 'Install it with: pip install "aiovideogen[sandbox]"'
    assert "Traceback" not in done.stderr
