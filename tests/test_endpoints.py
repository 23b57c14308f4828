"""Endpoints: found or made, their secrets saved, changed without a gap; against a sandbox on virtual time."""

from __future__ import annotations

import asyncio
import copy
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from aiovideogen import (
    InvalidRequestError,
    OutcomeUnknownError,
    RateLimitError,
    VideoGen,
    WebhookEndpointId,
)
from aiovideogen.endpoints import ensure_endpoint, retire_endpoints, rotate_endpoint
from aiovideogen.receiver import Receiver
from aiovideogen.sandbox import FaultRule
from aiovideogen.sandbox.faults import Delay

from .conftest import Reply, Scripted

if TYPE_CHECKING:
    from aiovideogen.models import WebhookEndpoint
    from aiovideogen.sandbox import Sandbox, VirtualTime

    from .conftest import InProcess

pytestmark = pytest.mark.anyio

URL = "https://127.0.0.1/hook"
EVENTS = ["tool_execution.succeeded", "tool_execution.failed"]
CREATE, DELETE = "createWebhookEndpoint", "deleteWebhookEndpoint"


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


class Saved:
    """A place for secrets, that may take its time or be out of order."""

    def __init__(self, seconds: float = 0, *, broken: bool = False) -> None:
        self.secrets: list[str] = []
        self.seconds = seconds
        self.broken = broken

    async def __call__(self, endpoint: WebhookEndpoint) -> None:
        await anyio.sleep(self.seconds)
        if self.broken:
            raise OSError("no space left")
        self.secrets.append(endpoint.signing_secret or "")


def ids(sandbox: Sandbox) -> list[str]:
    return [*sandbox.state.endpoints]


async def test_an_endpoint_is_made_once(inside: InProcess) -> None:
    saved = Saved()
    first = await ensure_endpoint(inside.vg, URL, EVENTS, save=saved, description="ours")
    assert (first.created, first.superseded, first.endpoint.description) == (True, (), "ours")
    assert first.secret is not None
    assert saved.secrets == [first.secret]
    second = await ensure_endpoint(inside.vg, URL, [*reversed(EVENTS)], save=saved, known=saved.secrets)
    assert (second.created, second.secret, second.superseded) == (False, None, ())
    assert second.endpoint.endpoint_id == first.endpoint.endpoint_id
    assert inside.sandbox.counts[CREATE] == 1
    assert len(saved.secrets) == 1


async def test_the_secret_is_in_no_text(inside: InProcess) -> None:
    ensured = await ensure_endpoint(inside.vg, URL, EVENTS, save=lambda endpoint: None)
    assert ensured.secret is not None
    assert ensured.secret not in f"{ensured} {ensured!r} {ensured.endpoint!r}"
    assert ensured.secret.removeprefix("whsec_") not in repr(ensured)


async def test_all_pages_are_looked_through(inside: InProcess) -> None:
    made = await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved())
    sandbox = inside.sandbox
    records = sandbox.state.endpoints
    record = next(iter(records.values()))
    for number in range(450):
        other = copy.copy(record)
        other.id, other.url, other.number = f"ep_{number}", f"{URL}/{number}", record.number + 1 + number
        records[other.id] = other
    found = await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved())
    assert (found.created, found.endpoint.endpoint_id) == (False, made.endpoint.endpoint_id)
    assert sandbox.counts["listWebhookEndpoints"] > 3


async def test_other_events_supersede_the_endpoint_that_goes_on_until_it_is_retired(inside: InProcess) -> None:
    saved = Saved()
    await ensure_endpoint(inside.vg, f"{URL}/other", EVENTS, save=saved)
    old = (await ensure_endpoint(inside.vg, URL, EVENTS, save=saved)).endpoint.endpoint_id
    new = await ensure_endpoint(inside.vg, URL, [*EVENTS, "file.download_ready"], save=saved, known=saved.secrets)
    assert new.created
    assert [one.endpoint_id for one in new.superseded] == [old]
    assert len(ids(inside.sandbox)) == len(saved.secrets) == 3
    again = await ensure_endpoint(inside.vg, URL, [*EVENTS, "file.download_ready"], save=saved, known=saved.secrets)
    assert (again.created, [one.endpoint_id for one in again.superseded]) == (False, [old])
    began = anyio.current_time()
    await retire_endpoints(inside.vg, again.superseded, after=3600)
    assert anyio.current_time() - began >= 3600
    assert old not in ids(inside.sandbox)
    await retire_endpoints(inside.vg, again.superseded)


async def test_an_endpoint_whose_secret_isnt_known_is_superseded(inside: InProcess) -> None:
    lost = await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved())
    saved = Saved()
    found = await ensure_endpoint(inside.vg, URL, EVENTS, save=saved, known=[])
    assert (found.created, len(found.superseded)) == (True, 1)
    assert found.superseded[0].endpoint_id == lost.endpoint.endpoint_id
    assert saved.secrets == [found.secret]


async def test_of_two_that_fit_the_newest_is_taken(inside: InProcess) -> None:
    saved = Saved()
    first = await ensure_endpoint(inside.vg, URL, EVENTS, save=saved)
    await anyio.sleep(10)
    second = await rotate_endpoint(inside.vg, first.endpoint, save=saved)
    found = await ensure_endpoint(inside.vg, URL, EVENTS, save=saved, known=saved.secrets)
    assert found.endpoint.endpoint_id == second.endpoint.endpoint_id
    assert [one.endpoint_id for one in found.superseded] == [first.endpoint.endpoint_id]


async def test_a_secret_is_changed_without_losing_a_delivery(inside: InProcess, virtual: VirtualTime) -> None:
    saved = Saved()
    receiver = Receiver(clock=virtual.clock)
    inside.sandbox.route_webhooks(receiver)
    first = await ensure_endpoint(inside.vg, URL, EVENTS, save=saved)
    receiver.set_secrets(saved.secrets)
    started: list[str] = []
    async with inside.sandbox.delivering():

        async def work() -> None:
            started.append((await inside.vg.tools.generate_image(prompt="x")).id)
            await anyio.sleep(70)

        await work()
        second = await rotate_endpoint(inside.vg, first.endpoint, save=saved)
        assert len(saved.secrets) == 2
        assert second.endpoint.events == first.endpoint.events
        receiver.set_secrets(saved.secrets)
        await work()
        await retire_endpoints(inside.vg, second.superseded)
        receiver.set_secrets([second.secret or ""])
        await work()
    assert ids(inside.sandbox) == [second.endpoint.endpoint_id]
    assert {item.status for item in inside.sandbox.deliveries} == {204}
    assert {event.job_id for event in receiver.recent} == {*started}
    assert len(started) == 3


async def test_a_secret_that_cant_be_saved_is_not_left_behind(inside: InProcess) -> None:
    with pytest.raises(OSError, match="no space left"):
        await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved(broken=True))
    assert ids(inside.sandbox) == []
    with pytest.raises(TimeoutError):
        await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved(100))
    assert ids(inside.sandbox) == []


@pytest.mark.parametrize("hangs", [False, True])
async def test_an_endpoint_that_cant_be_taken_back_is_named(
    inside: InProcess, caplog: pytest.LogCaptureFixture, hangs: bool
) -> None:
    if hangs:
        inside.sandbox.add_fault(FaultRule(DELETE, Delay(100)))
    else:
        inside.sandbox.fail_next(DELETE, status=400)
    with pytest.raises(OSError, match="no space left"):
        await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved(broken=True))
    assert ids(inside.sandbox) == [caplog.messages[-1].partition(":")[0]]
    assert "its secret is lost, delete it" in caplog.messages[-1]


async def test_who_is_cancelled_meanwhile_still_saves_the_secret(inside: InProcess) -> None:
    inside.sandbox.add_fault(FaultRule(CREATE, Delay(2, after=True)))
    saved = Saved(2)
    began = anyio.current_time()
    with anyio.move_on_after(1) as scope:
        await ensure_endpoint(inside.vg, URL, EVENTS, save=saved)
        await anyio.lowlevel.checkpoint()
    assert scope.cancelled_caught
    assert anyio.current_time() - began == pytest.approx(4, abs=0.5)
    assert len(saved.secrets) == len(ids(inside.sandbox)) == 1


@pytest.mark.parametrize("seconds", [1, 3])
async def test_asyncios_own_cancel_still_saves_the_secret(
    seconds: float, anyio_backend_name: str, inside: InProcess
) -> None:
    if anyio_backend_name != "asyncio":
        pytest.skip("trio has scopes only")
    inside.sandbox.add_fault(FaultRule(CREATE, Delay(2, after=True)))
    saved = Saved(2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(seconds):
            await ensure_endpoint(inside.vg, URL, EVENTS, save=saved)
    assert len(saved.secrets) == len(ids(inside.sandbox)) == 1


async def test_what_goes_wrong_while_cancelled_is_in_the_log(
    inside: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    inside.sandbox.add_fault(FaultRule(CREATE, Delay(2, after=True)))
    with anyio.move_on_after(1) as scope:
        await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved(broken=True))
        await anyio.lowlevel.checkpoint()
    assert scope.cancelled_caught
    assert "no space left" in caplog.text
    assert ids(inside.sandbox) == []


async def test_a_limit_that_would_take_too_long_leaves_nothing_open(inside: InProcess) -> None:
    inside.sandbox.fail_next(CREATE, status=429, headers={"retry-after": "45"})
    with pytest.raises(RateLimitError):
        await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved())
    assert ids(inside.sandbox) == []


@pytest.mark.parametrize("known", ["whsec_abc", [None]])
async def test_known_secrets_are_a_list_of_text(known: Any, inside: InProcess) -> None:
    with pytest.raises(TypeError, match="known is a list of secrets"):
        await ensure_endpoint(inside.vg, URL, EVENTS, save=Saved(), known=known)
    assert inside.sandbox.counts == {}


async def test_one_that_cannot_be_retired_leaves_the_others_retired(inside: InProcess) -> None:
    made = [(await ensure_endpoint(inside.vg, f"{URL}/{n}", EVENTS, save=Saved())).endpoint for n in range(3)]
    inside.sandbox.fail_next(DELETE, status=400)
    with pytest.raises(InvalidRequestError):
        await retire_endpoints(inside.vg, made)
    assert ids(inside.sandbox) == [made[0].endpoint_id]


@pytest.mark.parametrize("drop", ["after", "late"])
async def test_a_lost_answer_says_how_to_go_on(inside: InProcess, drop: str) -> None:
    other = await ensure_endpoint(inside.vg, URL, ["file.download_ready"], save=Saved())
    if drop == "after":
        inside.sandbox.fail_next(CREATE, drop="after")
    else:
        inside.sandbox.add_fault(FaultRule(CREATE, Delay(100, after=True), times=1))
    saved = Saved()
    with pytest.raises(OutcomeUnknownError, match="list the endpoints, delete the new one") as caught:
        await ensure_endpoint(inside.vg, URL, EVENTS, save=saved)
    assert caught.value.operation == CREATE
    assert f"(not {other.endpoint.endpoint_id})" in caught.value.message
    assert URL in caught.value.message
    assert saved.secrets == []
    # As it says; or with the secrets that are known, by itself.
    new = await ensure_endpoint(inside.vg, URL, EVENTS, save=saved, known=saved.secrets)
    assert (new.created, len(new.superseded)) == (True, 2)
    await retire_endpoints(inside.vg, new.superseded)
    assert ids(inside.sandbox) == [new.endpoint.endpoint_id]


async def test_an_answer_without_a_secret_is_a_lost_one() -> None:
    listed = Reply.json({"endpoints": [], "hasMore": False, "nextCursor": None})
    made = {"endpointId": "ep_1", "url": URL, "events": EVENTS, "createdAt": 1}
    server = Scripted(listed, Reply.json(made, 201))
    async with server.client() as vg:
        with pytest.raises(OutcomeUnknownError, match="the answer has no secret; an endpoint at"):
            await ensure_endpoint(vg, URL, EVENTS, save=Saved())


async def test_an_endpoint_that_doesnt_show_its_secrets_end_isnt_known() -> None:
    there = {"endpointId": "ep_1", "url": URL, "events": EVENTS, "createdAt": 1}
    listed = Reply.json({"endpoints": [there], "hasMore": False, "nextCursor": None})
    made = {**there, "endpointId": "ep_2", "signingSecret": "whsec_" + "A" * 32}
    server = Scripted(listed, Reply.json(made, 201))
    async with server.client() as vg:
        ensured = await ensure_endpoint(vg, URL, EVENTS, save=Saved(), known=["whsec_" + "B" * 32])
    assert ensured.endpoint.endpoint_id == WebhookEndpointId("ep_2")


async def test_what_the_api_refuses_is_its_error(inside: InProcess) -> None:
    with pytest.raises(InvalidRequestError):
        await ensure_endpoint(inside.vg, "http://example.com/", EVENTS, save=Saved())
    with pytest.raises(InvalidRequestError):
        await ensure_endpoint(inside.vg, URL, [], save=Saved())
    with pytest.raises(TypeError, match="a list of names"):
        await ensure_endpoint(inside.vg, URL, "tool_execution.succeeded", save=Saved())
    assert ids(inside.sandbox) == []


async def test_beyond_ten_an_hour_it_says_so_at_once(inside: InProcess) -> None:
    vg: VideoGen = inside.vg
    for number in range(10):
        await ensure_endpoint(vg, f"{URL}/{number}", EVENTS, save=Saved())
    began = anyio.current_time()
    with pytest.raises(RateLimitError):
        await ensure_endpoint(vg, URL, EVENTS, save=Saved())
    assert anyio.current_time() - began < 60
