"""Webhooks: all events, signatures, redelivery, and what faults do to messages, on a clock moved by hand."""

from __future__ import annotations

import io
import wave
from typing import Any

import pytest

from aiovideogen.sandbox import JobScript, Sandbox
from aiovideogen.sandbox.faults import WebhookRule

from .answers import DOCUMENT, OPERATIONS, problems
from .conftest import Api, Clock
from .receivers import Receiver, verify

pytestmark = pytest.mark.anyio

HOOKS: dict[str, Any] = {name: item["post"] for name, item in DOCUMENT["webhooks"].items()}
ENDPOINTS = "/v1/webhooks/endpoints"
IMAGES = "/v1/tools/generate-image"
CLIPS = "/v1/workflows/prompt-to-video-clip"
ENDS = [JobScript(), JobScript("failed", error={"message": "no", "code": "moderation"}), JobScript("cancelled")]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def receiver(sandbox: Sandbox) -> Receiver:
    receiver = Receiver()
    sandbox.route_webhooks(receiver)
    return receiver


@pytest.fixture
async def hooked(api: Api, receiver: Receiver) -> Hooked:
    made = await api.post(ENDPOINTS, url="https://127.0.0.1/hook", events=list(HOOKS))
    return Hooked(api, receiver, made["signingSecret"])


class Hooked:
    """A sandbox with one endpoint that asked for everything."""

    def __init__(self, api: Api, receiver: Receiver, secret: str) -> None:
        self.api = api
        self.sandbox = api.sandbox
        self.receiver = receiver
        self.secret = secret

    async def deliver(self, seconds: float = 100) -> list[str]:
        """Let time pass, deliver, and return the names of what came in, each verified."""
        self.api.clock.move(seconds)
        before = len(self.receiver.got)
        tried = await self.sandbox.deliver_due()
        new = self.receiver.got[before:]
        assert [item.id for item in tried] == [got.id for got in new]
        for got in new:
            verify(got, self.secret, self.api.clock.now)
            schema: str = HOOKS[got.name]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            assert problems(schema.rpartition("/")[2], got.event) == [], got.name
        return [got.name for got in new]


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    return out.getvalue()


async def test_all_events_are_delivered_as_documented(hooked: Hooked) -> None:
    api = hooked.api
    for path in (IMAGES, CLIPS, "/v1/assistants"):
        for script in ENDS:
            api.sandbox.script_job(script)
            await api.post(path, **{"message" if "assist" in path else "prompt": "x"})
    project = next(iter(api.sandbox.state.projects))
    api.clock.move(100)
    for script in ENDS:
        api.sandbox.script_job(script)
        await api.post(f"/v1/projects/{project}/export")
    await api.upload("sound.wav", sound())
    await api.upload("clip.mp4", PNG, type="VIDEO")
    await api.upload("noise.bin", bytes(range(256)))
    names = await hooked.deliver()
    assert set(names) == set(HOOKS)
    assert len(HOOKS) == 18
    ids = [got.id for got in hooked.receiver.got]
    assert len(set(ids)) == len(ids)
    times = [got.event["occurredAt"] for got in hooked.receiver.got]
    assert times == sorted(times)
    assert await hooked.deliver() == []


async def payload(hooked: Hooked, name: str) -> Any:
    await hooked.deliver()
    return next(got.event for got in hooked.receiver.got if got.name == name)


async def test_a_tools_payload(hooked: Hooked) -> None:
    began = hooked.api.clock.now
    started = await hooked.api.post(IMAGES, prompt="x", numResults=2)
    event = await payload(hooked, "tool_execution.succeeded")
    assert event.keys() == {"event", "toolExecutionId", "occurredAt", "toolType", "results"}
    assert (event["toolExecutionId"], event["occurredAt"]) == (started["toolExecutionId"], began + 10)
    assert len(event["results"]) == 2
    assert "fileAnalysisMetadata" not in event["results"][0]["file"]
    assert (await hooked.api.fetch(event["results"][0]["downloadUrl"])).content.startswith(PNG)


async def test_what_failed_says_why_and_what_was_cancelled_says_nothing(hooked: Hooked) -> None:
    hooked.sandbox.script_job(*ENDS[1:])
    await hooked.api.post(IMAGES, prompt="x")
    await hooked.api.post(IMAGES, prompt="x")
    failed = await payload(hooked, "tool_execution.failed")
    assert (failed["error"]["code"], "results" in failed) == ("moderation", False)
    cancelled = await payload(hooked, "tool_execution.cancelled")
    assert cancelled.keys() == {"event", "toolExecutionId", "occurredAt", "toolType"}


async def test_a_run_is_told_when_its_export_is_done_and_its_parts_are_not(hooked: Hooked) -> None:
    began = hooked.api.clock.now
    script: dict[str, Any] = {"script": "x", "visualStyle": {"type": "STOCK"}, "remixActions": [{"type": "ADD_ZOOM"}]}
    await hooked.api.post("/v1/workflows/script-to-video", **script, autoExport=True)
    assert await hooked.deliver(29) == []
    event = await payload(hooked, "workflow_run.succeeded")
    assert event["occurredAt"] == began + 30
    assert (event["error"], event["exportId"][:8]) == (None, "vg_expo_")
    assert event["downloadUrlExpiresAt"] == hooked.api.clock.now + 7 * 86400
    assert hooked.receiver.names == ["workflow_run.succeeded"]


async def test_a_runs_export_that_failed_fails_the_run(hooked: Hooked) -> None:
    hooked.sandbox.script_job(JobScript("failed"))
    await hooked.api.post("/v1/workflows/script-to-video", script="x", visualStyle={"type": "STOCK"}, autoExport=True)
    event = await payload(hooked, "workflow_run.failed")
    assert event["error"]["message"]
    assert event["downloadUrl"] is event["exportId"] is None
    assert hooked.receiver.names == ["workflow_run.failed"]


async def test_a_cancelled_run_is_told_at_once(hooked: Hooked) -> None:
    run = await hooked.api.post(CLIPS, prompt="x")
    assert await hooked.deliver(2) == []
    await hooked.api.post(f"/v1/workflows/runs/{run['workflowRunId']}/cancel")
    assert await hooked.deliver(0) == ["workflow_run.cancelled"]


async def test_a_run_that_an_assistant_started_is_told_too(hooked: Hooked) -> None:
    await hooked.api.post("/v1/assistants", message="x", autoGenerate=True)
    event = await payload(hooked, "assistant_message.succeeded")
    assert event["message"]["generation"]["workflowRunId"]
    assert hooked.receiver.names == ["assistant_message.succeeded", "workflow_run.succeeded"]
    hooked.sandbox.script_job(JobScript("failed"))
    await hooked.api.post("/v1/assistants", message="x", autoGenerate=True)
    assert await hooked.deliver() == ["assistant_message.failed"]


async def test_a_job_that_waits_for_a_person_sends_nothing(hooked: Hooked) -> None:
    hooked.sandbox.script_job(JobScript("awaiting_approval"))
    started = await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver(10_000) == []
    await hooked.api.post(f"/v1/tools/executions/{started['toolExecutionId']}/cancel")
    assert await hooked.deliver(0) == ["tool_execution.cancelled"]


async def test_file_events_are_for_uploads_alone(hooked: Hooked) -> None:
    await hooked.api.tool("generate-image", prompt="x")
    await hooked.api.post("/v1/files/import-url", url="https://127.0.0.1/a.png")
    assert await hooked.deliver() == ["tool_execution.succeeded"]
    kept = await hooked.api.upload("x.txt", b"some text")
    assert await hooked.deliver() == ["file.upload.completed", "file.download_ready", "file.analysis_completed"]
    event = hooked.receiver.got[-1].event
    assert (event["fileId"], "fileAnalysisMetadata" in event["file"], "error" in event) == (kept, False, False)
    await hooked.api.upload("x.txt", b"some text", isTemporary=True)
    assert await hooked.deliver() == ["file.upload.completed", "file.download_ready"]


async def test_bytes_that_nothing_can_decode_fail_analysis_and_stay_usable(hooked: Hooked) -> None:
    file_id = await hooked.api.upload("broken.png", PNG + b"nonsense")
    event = await payload(hooked, "file.analysis_failed")
    assert event["error"]["message"]
    assert (await hooked.api.fetch(event["file"]["downloadUrl"])).content == PNG + b"nonsense"
    info = await hooked.api.get(f"/v1/files/{file_id}")
    assert info["fileAnalysisMetadata"]["analysisLoadingState"] == "REJECTED"
    assert (await hooked.api.post("/v1/files/search", query="broken"))["results"] == []


async def test_publishing_tells_when_the_streams_are_ready(hooked: Hooked) -> None:
    file_id = await hooked.api.upload("sound.wav", sound())
    assert (await hooked.deliver()).count("file.playback_ready") == 1
    await hooked.api.post(f"/v1/files/{file_id}/enable-public-preview")
    assert await hooked.deliver() == ["file.playback_ready"]
    assert hooked.receiver.got[-1].event["file"]["publicPlaybackId"].startswith("vg_play_")


async def test_an_endpoint_gets_what_it_asked_for_from_then_on(api: Api, receiver: Receiver) -> None:
    await api.tool("generate-image", prompt="x")
    for leaf, events in (("a", ["tool_execution.failed"]), ("b", ["tool_execution.succeeded"] * 2)):
        await api.post(ENDPOINTS, url=f"https://127.0.0.1/{leaf}?q=1", events=events)
    await api.post(ENDPOINTS, url="https://127.0.0.1/c", events=["tool_execution.succeeded"])
    await api.tool("generate-image", prompt="x")
    await api.sandbox.deliver_due()
    assert [got.path for got in receiver.got] == ["/b", "/c"]
    # One event is one message, to whomever it goes.
    assert len({got.id for got in receiver.got}) == 1


async def test_a_deleted_endpoint_gets_nothing_more(hooked: Hooked) -> None:
    hooked.receiver.statuses = [500]
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver() == ["tool_execution.succeeded"]
    await hooked.api.post(IMAGES, prompt="x")
    (endpoint,) = hooked.sandbox.state.endpoints
    await hooked.api.request("DELETE", f"{ENDPOINTS}/{endpoint}")
    assert await hooked.deliver() == []


async def test_a_message_comes_again_later_each_time_until_it_is_acknowledged(hooked: Hooked) -> None:
    hooked.receiver.statuses = [500, 302, 404, 299]
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver() == ["tool_execution.succeeded"]
    for pause in (5, 10, 20):
        assert await hooked.deliver(pause - 0.5) == []
        assert await hooked.deliver(0.5) == ["tool_execution.succeeded"]
    assert await hooked.deliver(10_000) == []
    first, *again = hooked.receiver.got
    for got in again:
        assert (got.id, got.body) == (first.id, first.body)
        assert got.headers["webhook-signature"] != first.headers["webhook-signature"]
    shown = [(item.attempt, item.status) for item in hooked.sandbox.deliveries]
    assert shown == [(1, 500), (2, 302), (3, 404), (4, 299)]


async def test_tries_are_bounded(clock: Clock) -> None:
    receiver = Receiver([500])
    api = Api(Sandbox(clock=clock, webhook_app=receiver, webhook_tries=3, webhook_backoff=1), clock)
    async with api.http:
        await api.post(ENDPOINTS, url="https://127.0.0.1/", events=["tool_execution.succeeded"])
        await api.post(IMAGES, prompt="x")
        for _ in range(10):
            clock.move(1000)
            await api.sandbox.deliver_due()
    assert len(receiver.got) == 3


async def test_a_receiver_that_hangs_or_breaks_has_not_acknowledged(clock: Clock) -> None:
    receiver = Receiver([0, -1, 200])
    api = Api(Sandbox(clock=clock, webhook_app=receiver, webhook_ack=0.05), clock)
    async with api.http:
        await api.post(ENDPOINTS, url="https://127.0.0.1/", events=["tool_execution.succeeded"])
        await api.post(IMAGES, prompt="x")
        for _ in range(4):
            clock.move(1000)
            await api.sandbox.deliver_due()
    hung, broke, done = api.sandbox.deliveries
    assert (hung.status, hung.note) == (None, "no answer within 0.05 s")
    assert (broke.status, broke.note) == (500, "RuntimeError: the receiver broke")
    assert (done.status, done.note) == (200, "")


@pytest.mark.parametrize("host", ["192.0.2.1", "hooks.example.com", "127.0.0.1.example.com"])
async def test_nothing_is_sent_off_this_machine(api: Api, host: str) -> None:
    await api.post(ENDPOINTS, url=f"https://{host}/hook", events=["tool_execution.succeeded"])
    await api.post(IMAGES, prompt="x")
    for _ in range(3):
        api.clock.move(1000)
        await api.sandbox.deliver_due()
    (only,) = api.sandbox.deliveries
    assert (only.status, "not this machine" in only.note) == (None, True)


async def test_a_dropped_message_never_comes(hooked: Hooked) -> None:
    hooked.sandbox.add_webhook_fault(WebhookRule("tool_execution.succeeded", nth=1))
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver() == []
    assert [(item.attempt, item.note) for item in hooked.sandbox.deliveries] == [(0, "dropped")]
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver(10_000) == ["tool_execution.succeeded"]


async def test_a_duplicate_has_the_same_id_though_the_first_was_acknowledged(hooked: Hooked) -> None:
    hooked.sandbox.add_webhook_fault(WebhookRule(action="duplicate"))
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver() == ["tool_execution.succeeded"] * 2
    one, other = hooked.receiver.got
    assert (one.id, one.body) == (other.id, other.body)


async def test_a_delayed_message_comes_later(hooked: Hooked) -> None:
    hooked.sandbox.add_webhook_fault(WebhookRule(["tool_execution.succeeded"], "delay", 40))
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver() == []
    assert await hooked.deliver(39) == []
    assert await hooked.deliver(1) == ["tool_execution.succeeded"]


async def test_reordered_messages_change_places(hooked: Hooked) -> None:
    hooked.sandbox.add_webhook_fault(WebhookRule("file.upload.completed", "reorder", times=1))
    await hooked.api.upload("x.txt", b"x")
    assert await hooked.deliver(-9.8) == ["file.download_ready", "file.upload.completed"]
    # With nothing behind it a message is held only for so long.
    hooked.sandbox.add_webhook_fault(WebhookRule("tool_execution.succeeded", "reorder", 7))
    await hooked.deliver()
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver() == []
    assert await hooked.deliver(7) == ["tool_execution.succeeded"]


async def test_chance_strikes_the_same_messages_again(clock: Clock) -> None:
    async def come(seed: int) -> list[int]:
        receiver = Receiver()
        api = Api(Sandbox(clock=clock, seed=1, webhook_app=receiver, rate_limits=False), clock)
        api.sandbox.add_webhook_fault(WebhookRule(probability=0.5, seed=seed))
        async with api.http:
            await api.post(ENDPOINTS, url="https://127.0.0.1/", events=list(HOOKS))
            for number in range(30):
                await api.post(IMAGES, prompt="x", numResults=number + 1)
            clock.move(100)
            await api.sandbox.deliver_due()
        return [len(got.event["results"]) for got in receiver.got]

    first = await come(5)
    assert first == await come(5)
    assert 5 < len(first) < 25
    assert first != await come(6)


async def test_a_restart_keeps_messages_or_loses_them(hooked: Hooked) -> None:
    hooked.receiver.statuses = [500]
    await hooked.api.post(IMAGES, prompt="x")
    await hooked.deliver()
    hooked.sandbox.restart()
    assert await hooked.deliver() == ["tool_execution.succeeded"]
    hooked.sandbox.restart(lose_state=True)
    assert await hooked.deliver() == []
    assert len(hooked.sandbox.deliveries) == 2


async def test_faults_are_taken_back(hooked: Hooked) -> None:
    hooked.sandbox.add_webhook_fault(WebhookRule())
    hooked.sandbox.clear_webhook_faults()
    await hooked.api.post(IMAGES, prompt="x")
    assert await hooked.deliver() == ["tool_execution.succeeded"]


@pytest.mark.parametrize("options", [{"action": "eat"}, {"seconds": -1}, {"times": 0}])
def test_rules_for_messages_must_make_sense(options: Any) -> None:
    with pytest.raises(ValueError, match="must"):
        WebhookRule(**options)


@pytest.mark.parametrize("options", [{"webhook_ack": 0}, {"webhook_tries": 0}, {"webhook_backoff": -1}])
def test_redelivery_must_make_sense(options: Any) -> None:
    with pytest.raises(ValueError, match="webhook"):
        Sandbox(**options)


def test_the_documents_webhooks_have_operations_of_their_own() -> None:
    assert not {item["operationId"] for item in HOOKS.values()} & OPERATIONS.keys()
