"""The official clients, unchanged from the package index, against the sandbox over a real socket."""

from __future__ import annotations

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aiovideogen.sandbox import Sandbox, serve
from benchmarks.official import CURRENT, FIRST, python_of

from .answers import OPERATIONS
from .official import client_0, client_2

if TYPE_CHECKING:
    from collections import Counter

FOLDER = Path(__file__).parent
# The first one imports a package that it doesn't ask for.
CLIENTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    CURRENT: (client_2, (CURRENT,)),
    FIRST: (client_0, (FIRST, "standardwebhooks==1.1.0")),
}
CASES = [
    (version, mode, check.__name__)
    for version, (program, _) in CLIENTS.items()
    for mode in ("sync", "async")
    for check in program.CHECKS
]


@cache
def report(version: str, mode: str) -> tuple[dict[str, str], Counter[str], int]:
    """Run a client's program; return what its checks found, the calls the sandbox counted, and the keys it leaked."""
    program, packages = CLIENTS[version]
    # Neither this project nor the machine's settings reach it.
    environment = {"PATH": os.environ["PATH"], "no_proxy": "*"}
    with serve(Sandbox(job_seconds=0.05, file_seconds=0.05)) as server:
        module = f"official.{program.__name__.rpartition('.')[2]}"
        command = [python_of(*packages), "-m", module, server.url, server.key, mode]
        done = subprocess.run(
            command, cwd=FOLDER, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), server.sandbox.counts, server.sandbox.leaks


@pytest.mark.parametrize(("version", "mode", "check"), CASES)
def test_what_an_official_client_does_works(version: str, mode: str, check: str) -> None:
    found = report(version, mode)[0][check]
    assert found == "ok", found


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("version", CLIENTS)
def test_the_key_stays_away_from_storage(version: str, mode: str) -> None:
    assert report(version, mode)[2] == 0


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_every_call_that_the_current_client_has_was_made(mode: str) -> None:
    place = Path(python_of(CURRENT)).parent.parent
    sources = "".join(path.read_text() for path in place.glob("lib/*/site-packages/videogen/resources/*.py"))
    names = set(re.findall(r"@sdk-operation (\w+)", sources))
    assert len(names) > 60
    assert names <= {*OPERATIONS}
    assert names <= {*report(CURRENT, mode)[1]}
