"""Waits, on virtual time, against the sandbox in process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiovideogen.sandbox import JobScript

if TYPE_CHECKING:
    from tests.conftest import InProcess

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


async def test_an_hour_long_job_is_waited_for(inside: InProcess) -> None:
    inside.sandbox.script_job(JobScript(seconds=3600))
    began = anyio.current_time()
    done = await inside.vg.wait_for(inside.vg.tools.generate_image(prompt="x"), timeout=4000)
    assert done.status == "succeeded"
    assert 3600 <= anyio.current_time() - began <= 3640
