"""Fixtures for your own tests; pytest finds them by itself where aiovideogen is installed.

`docs/testing.md` shows how to use them. Nothing of the sandbox is imported before a test asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .. import VideoGen  # noqa: TID252 - a vendored copy has another parent
    from . import Sandbox, Served, VirtualTime

__all__ = [
    "videogen_backend",
    "videogen_client",
    "videogen_clock",
    "videogen_sandbox",
    "videogen_sandbox_options",
    "videogen_server",
]

BASE_URL = "http://127.0.0.1"
"""The host of a sandbox in process: nothing listens there, and nothing has to."""

SERVER_JOB_SECONDS = 0.1


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings."""
    parser.addini("videogen_backends", "event loops that `videogen_backend` stands for", "args", ["asyncio"])
    parser.addini("videogen_job_seconds", "virtual seconds that a job takes in `videogen_sandbox`", default="60")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses `videogen_backend` on each event loop that the settings name."""
    own = any("videogen_backend" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "videogen_backend" in metafunc.fixturenames and not own:
        metafunc.parametrize("videogen_backend", metafunc.config.getini("videogen_backends"), indirect=True)


@pytest.fixture
def videogen_clock() -> VirtualTime:
    """A clock that shows real time until an event loop uses it, and from then on passes all waiting at once."""
    from . import VirtualTime

    return VirtualTime()


@pytest.fixture
def videogen_backend(request: pytest.FixtureRequest, videogen_clock: VirtualTime) -> tuple[str, dict[str, Any]]:
    """An event loop on virtual time, for anyio's pytest plugin: let your fixture `anyio_backend` return it."""
    return videogen_clock.backend(request.param)


@pytest.fixture
def videogen_sandbox_options() -> dict[str, Any]:
    """Arguments of `Sandbox`; override this fixture to give your own."""
    return {}


@pytest.fixture
def videogen_sandbox(
    pytestconfig: pytest.Config, videogen_clock: VirtualTime, videogen_sandbox_options: dict[str, Any]
) -> Sandbox:
    """A sandbox in process, new for each test, whose clock is `videogen_clock`."""
    seconds = float(pytestconfig.getini("videogen_job_seconds"))
    return _sandbox({"job_seconds": seconds, "clock": videogen_clock.clock, **videogen_sandbox_options})


@pytest.fixture
def videogen_client(videogen_sandbox: Sandbox) -> VideoGen:
    """A client of `videogen_sandbox`, for any event loop; there is nothing to close."""
    import httpx

    from .. import VideoGen  # noqa: TID252
    from . import in_process

    http = httpx.AsyncClient(transport=in_process(videogen_sandbox))
    return VideoGen(api_key=videogen_sandbox.key, base_url=BASE_URL, http_client=http)


@pytest.fixture
def videogen_server(videogen_sandbox_options: dict[str, Any]) -> Iterator[Served]:
    """A sandbox over a real port and in real time, with quick jobs: `url`, `key`, `sandbox`."""
    from . import serve

    with serve(_sandbox({"job_seconds": SERVER_JOB_SECONDS, **videogen_sandbox_options})) as served:
        yield served


def _sandbox(options: dict[str, Any]) -> Sandbox:
    from . import Sandbox

    try:
        return Sandbox(**options)
    except ImportError as error:
        pytest.fail(f"{error}: the sandbox needs pip install 'aiovideogen[sandbox]'", pytrace=False)
