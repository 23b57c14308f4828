"""The pytest plugin, as a project of its own sees it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

VIRTUAL = """
import pytest

@pytest.fixture
def anyio_backend(videogen_backend):
    return videogen_backend
"""

ASYNC = """
import sys, anyio, pytest
pytestmark = pytest.mark.anyio

async def test_waits(videogen_client, videogen_sandbox, videogen_clock, anyio_backend_name):
    print("runs on", anyio_backend_name)
    done = await videogen_client.wait_for(videogen_client.tools.generate_image(prompt="x"), timeout=7200)
    print("waited", round(videogen_clock.now))
    assert (done.status, videogen_sandbox.billed) == ("succeeded", 1)

async def test_each_test_has_its_own(videogen_client, videogen_sandbox, videogen_clock):
    assert (videogen_sandbox.billed, videogen_clock.now) == (0, 0)
    assert (await videogen_client.account.get_me()).email
"""


class Project:
    """A folder with tests, run by a pytest of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> tuple[dict[str, int], str]:
        """Return how many tests ended how, and what was printed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIDEOGEN", "PYTEST"))}
        # Named by their entry points, so that other plugins which happen to be installed stay out.
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        plugins = ["-p", "anyio", "-p", "aiovideogen", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-s", *plugins, "-W", "error", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        printed = done.stdout + done.stderr
        counts = re.findall(r"(\d+) (passed|failed|errors?|warnings?)", printed.splitlines()[-1])
        return {word.rstrip("s"): int(number) for number, word in counts}, printed


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_async_tests_run_on_virtual_time(project: Project) -> None:
    project.write(conftest=VIRTUAL, test_it=ASYNC)
    counts, printed = project.run()
    assert counts == {"passed": 2}, printed
    assert "runs on asyncio" in printed
    assert 60 <= int(re.findall(r"waited (\d+)", printed)[0]) <= 62


def test_settings_choose_the_event_loops_and_how_long_jobs_take(project: Project) -> None:
    settings = "[pytest]\naddopts = --strict-config --strict-markers\n"
    own = "videogen_backends = asyncio trio\nvideogen_job_seconds = 3600\n"
    project.write(conftest=VIRTUAL, test_it=ASYNC)
    (project.folder / "pytest.ini").write_text(settings + own, encoding="utf-8")
    counts, printed = project.run()
    assert counts == {"passed": 4}, printed
    assert {"runs on asyncio", "runs on trio"} <= set(re.findall(r"runs on \w+", printed))
    assert [3600 <= int(seconds) <= 3640 for seconds in re.findall(r"waited (\d+)", printed)] == [True, True]


def test_a_test_may_choose_its_event_loop(project: Project) -> None:
    chosen = (
        ASYNC + '\npytestmark = [pytestmark, pytest.mark.parametrize("videogen_backend", ["trio"], indirect=True)]\n'
    )
    project.write(conftest=VIRTUAL, test_it=chosen)
    counts, printed = project.run()
    assert counts == {"passed": 2}, printed
    assert "runs on trio" in printed


OPTIONS = """
import pytest

@pytest.fixture
def videogen_sandbox_options():
    return {"plan": "free", "job_seconds": 0.25, "seed": 7}

def test_options_reach_both_sandboxes(videogen_sandbox, videogen_server):
    assert (videogen_sandbox.plan, videogen_server.sandbox.plan) == ("free", "free")

def test_jobs_take_what_they_say(videogen_client, videogen_clock):
    async def main():
        return await videogen_client.wait_for(videogen_client.tools.generate_image(prompt="x"))

    for backend in ("asyncio", "trio"):
        began = videogen_clock.now
        assert videogen_clock.run(main, backend=backend).status == "succeeded"
        assert 0.25 <= videogen_clock.now - began < 3
"""

SERVER = """
import urllib.request
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_over_a_real_port(videogen_server, number):
    headers = {"Authorization": f"Bearer {videogen_server.key}", "User-Agent": "test"}
    request = urllib.request.Request(f"{videogen_server.url}/v1/me", headers=headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 200
    assert videogen_server.sandbox.counts == {"getMe": 1}

def test_without_an_event_loop_the_sandbox_shows_real_time(videogen_sandbox):
    import time
    assert abs(videogen_sandbox.now() - time.time()) < 5
"""


def test_options_and_sync_tests(project: Project) -> None:
    project.write(test_options=OPTIONS, test_server=SERVER)
    counts, printed = project.run()
    assert counts == {"passed": 5}, printed


PLAIN = """
import asyncio, sys, pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"

def test_nothing_heavy_is_there():
    heavy = {"httpx", "av", "PIL", "yaml", "jsonschema", "uvicorn", "aiovideogen.sandbox._app"}
    assert heavy.intersection(sys.modules) == set()

@pytest.mark.anyio
async def test_time_is_real():
    import time
    began = time.monotonic()
    await asyncio.sleep(0.01)
    assert time.monotonic() - began >= 0.009
"""

WITHOUT_EXTRA = """
import sys
for name in ("yaml", "jsonschema", "uvicorn", "PIL", "av"):
    sys.modules[name] = None
"""


def test_it_does_no_harm_where_it_is_not_used(project: Project) -> None:
    project.write(test_it=PLAIN)
    counts, printed = project.run("--strict-config", "--strict-markers")
    assert counts == {"passed": 2}, printed


def test_without_the_extra_it_says_what_to_install_and_to_none_but_its_users(project: Project) -> None:
    project.write(conftest=WITHOUT_EXTRA, test_it="def test_other(): pass\ndef test_own(videogen_sandbox): pass\n")
    counts, printed = project.run()
    assert counts == {"passed": 1, "error": 1}, printed
    assert "pip install 'aiovideogen[sandbox]'" in printed


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    code = "import json, sys, aiovideogen.sandbox.pytest_plugin; print(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"httpx", "anyio", "asyncio", "trio", "av", "PIL", "yaml", "uvicorn"}
    assert {name for name in loaded if name.startswith("aiovideogen.sandbox")} == {
        "aiovideogen.sandbox",
        "aiovideogen.sandbox.pytest_plugin",
    }
