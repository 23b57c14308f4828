"""Webhooks that leave by themselves when they come due: on time that jumps, on both event loops."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from aiovideogen.sandbox import JobScript, Sandbox
from aiovideogen.sandbox.faults import WebhookRule

from .conftest import Api, Clock
from .receivers import Receiver

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio

ENDPOINTS = "/v1/webhooks/endpoints"
IMAGES = "/v1/tools/generate-image"


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


@pytest.fixture
async def looped() -> AsyncGenerator[Api]:
    """A sandbox whose clock is the event loop's."""
    began = time.time() - anyio.current_time()
    api = Api(Sandbox(job_seconds=60.0, clock=lambda: began + anyio.current_time(), webhook_app=Receiver()), Clock())
    async with api.http:
        await api.post(ENDPOINTS, url="https://127.0.0.1/", events=["tool_execution.succeeded", "file.download_ready"])
        yield api


def receiver(api: Api) -> Receiver:
    app: Any = api.sandbox.webhook_app
    return app


async def test_messages_leave_when_they_come_due(looped: Api) -> None:
    receiver(looped).statuses = [500, 500, 200]
    async with looped.sandbox.delivering():
        await looped.post(IMAGES, prompt="x")
        await anyio.sleep(59.9)
        assert receiver(looped).got == []
        await anyio.sleep(1000)
    times = [item.at - looped.sandbox.deliveries[0].at for item in looped.sandbox.deliveries]
    assert times == pytest.approx([0, 5, 15], abs=0.1)
    assert [item.status for item in looped.sandbox.deliveries] == [500, 500, 200]


async def test_a_receiver_that_hangs_holds_up_no_other_message(looped: Api) -> None:
    receiver(looped).statuses = [0, 200]
    async with looped.sandbox.delivering():
        looped.sandbox.script_job(JobScript(seconds=59))
        await looped.post(IMAGES, prompt="x")
        await looped.post(IMAGES, prompt="x")
        await anyio.sleep(61)
        assert [item.status for item in looped.sandbox.deliveries] == [200]
        # It has 15 seconds to acknowledge.
        await anyio.sleep(14)
        assert [item.status for item in looped.sandbox.deliveries] == [200, None]
        await anyio.sleep(10)
    assert [item.status for item in looped.sandbox.deliveries] == [200, None, 200]


async def test_messages_due_together_leave_in_order(looped: Api) -> None:
    async with looped.sandbox.delivering():
        started = [(await looped.post(IMAGES, prompt="x"))["toolExecutionId"] for _ in range(20)]
        await anyio.sleep(100)
    assert [got.event["toolExecutionId"] for got in receiver(looped).got] == started


async def test_a_jump_of_the_clock_a_cancel_and_a_reset_are_noticed(looped: Api) -> None:
    async with looped.sandbox.delivering():
        await looped.post(IMAGES, prompt="x")
        looped.sandbox.jump_clock(60)
        await anyio.sleep(0.1)
        assert receiver(looped).names == ["tool_execution.succeeded"]
        looped.sandbox.reset()
        await looped.post(ENDPOINTS, url="https://127.0.0.1/", events=["tool_execution.cancelled"])
        started = await looped.post(IMAGES, prompt="x")
        await anyio.sleep(1)
        await looped.post(f"/v1/tools/executions/{started['toolExecutionId']}/cancel")
        await anyio.sleep(0.1)
        assert receiver(looped).names == ["tool_execution.succeeded", "tool_execution.cancelled"]


async def test_faults_strike_here_too(looped: Api) -> None:
    looped.sandbox.add_webhook_fault(WebhookRule(action="duplicate"))
    looped.sandbox.add_webhook_fault(WebhookRule(action="delay", seconds=30))
    async with looped.sandbox.delivering():
        await looped.post(IMAGES, prompt="x")
        await anyio.sleep(89)
        assert receiver(looped).got == []
        await anyio.sleep(2)
        assert len(receiver(looped).got) == 2


async def test_a_body_that_fails_raises_what_it_raised(looped: Api) -> None:
    async def fail() -> None:
        async with looped.sandbox.delivering():
            await anyio.sleep(1)
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await fail()


async def test_it_ends_at_once_with_a_message_under_way(looped: Api) -> None:
    receiver(looped).statuses = [0]
    async with looped.sandbox.delivering():
        await looped.post(IMAGES, prompt="x")
        await anyio.sleep(61)
        began = anyio.current_time()
    assert anyio.current_time() - began < 0.1
    assert looped.sandbox.deliveries == []


async def test_it_can_be_cancelled(looped: Api) -> None:
    with anyio.move_on_after(5) as scope:
        async with looped.sandbox.delivering():
            await anyio.sleep(100)
    assert scope.cancelled_caught
    assert looped.sandbox.running.wakers == []
