"""Spans and metrics, by the SDK's own exporters in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from aiovideogen import ConnectionFailedError, NotFoundError, ToolExecutionId
from aiovideogen.opentelemetry import Instrumentation
from aiovideogen.telemetry import Transfer, Wait

from .conftest import Reply, Scripted

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.anyio

ME = Reply.json({"apiKeyId": "vg_key_1", "teamId": "vg_team_1", "email": "me@a.test"})
STARTED = 1_795_000_000.5


@pytest.fixture
def anyio_backend(virtual_backend: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return virtual_backend


class Observed:
    """An instrumentation, and what came out of it."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = provider.get_tracer("test")
        meters = MeterProvider(metric_readers=[self.reader], shutdown_on_exit=False)
        self.instrumentation = Instrumentation(tracer_provider=provider, meter_provider=meters)

    def spans(self) -> list[ReadableSpan]:
        return [*self.exporter.get_finished_spans()]

    def points(self, name: str) -> list[tuple[Mapping[str, Any], Any]]:
        """Return the attributes and the value of each point of a metric: a histogram's is its count and sum."""
        data = self.reader.get_metrics_data()
        assert data is not None
        found: list[tuple[Mapping[str, Any], Any]] = []
        for metric in data.resource_metrics[0].scope_metrics[0].metrics:
            for point in metric.data.data_points if metric.name == name else ():
                value = (
                    (point.count, point.sum) if isinstance(point, HistogramDataPoint) else getattr(point, "value", None)
                )
                found.append(({**(point.attributes or {})}, value))
        return found


@pytest.fixture
def observed() -> Observed:
    return Observed()


async def test_an_attempt_is_a_span_below_the_callers_own(observed: Observed) -> None:
    server = Scripted(Reply(200, ME.body, seconds=2))
    with observed.tracer.start_as_current_span("mine") as mine:
        await server.client(telemetry=observed.instrumentation).account.get_me()
    attempt, own = observed.spans()
    assert own.name == "mine"
    assert attempt.name == "videogen getMe"
    assert attempt.kind is SpanKind.CLIENT
    assert attempt.parent is not None
    assert attempt.parent.span_id == mine.get_span_context().span_id
    assert attempt.attributes == {"videogen.operation": "getMe", "http.response.status_code": 200}
    assert attempt.status.status_code is StatusCode.UNSET
    assert attempt.start_time
    assert attempt.end_time
    assert (attempt.end_time - attempt.start_time) / 1e9 == pytest.approx(2, abs=0.01)
    assert observed.points("videogen.client.attempt.duration") == [
        (attempt.attributes, (1, pytest.approx(2, abs=0.01)))
    ]


async def test_failed_attempts_and_retries_are_told_apart(observed: Observed) -> None:
    server = Scripted(Reply(503), Reply(raises=ConnectionResetError("vg_tool_1 is gone")), ME)
    with observed.tracer.start_as_current_span("mine"):
        await server.client(telemetry=observed.instrumentation).account.get_me()
    busy, lost, done, own = observed.spans()
    assert (busy.attributes or {})["error.type"] == "503"
    assert (busy.status.status_code, busy.status.description) == (StatusCode.ERROR, "status 503")
    assert lost.attributes == {
        "videogen.operation": "getMe",
        "error.type": "ConnectionResetError",
        "http.request.resend_count": 1,
    }
    assert lost.status.description == "ConnectionResetError: vg_tool_1 is gone"
    assert done.status.status_code is StatusCode.UNSET
    assert [(event.name, (event.attributes or {})["videogen.retry.reason"]) for event in own.events] == [
        ("videogen.retry", "503"),
        ("videogen.retry", "ConnectionResetError: vg_tool_1 is gone"),
    ]
    assert observed.points("videogen.client.retries") == [({"videogen.operation": "getMe"}, 2)]


async def test_metrics_have_few_series_however_many_ids_there_are(observed: Observed) -> None:
    vg = Scripted(Reply.json({"message": "m", "code": "not_found"}, 404)).client(telemetry=observed.instrumentation)
    for number in range(20):
        with pytest.raises(NotFoundError):
            await vg.tools.get_tool_execution_info(ToolExecutionId(f"vg_tool_{number}"))
    for seconds in (1, 2, 3):
        slow = Scripted(Reply(seconds=60)).client(telemetry=observed.instrumentation, total_timeout=seconds)
        with pytest.raises(ConnectionFailedError):
            await slow.account.get_me()
    series = [attributes for attributes, _ in observed.points("videogen.client.attempt.duration")]
    assert len(series) == 2
    assert {attributes["error.type"] for attributes in series} == {"404", "total_timeout"}


@pytest.mark.parametrize("outcome", ["succeeded", "timeout"])
def test_a_wait_is_a_span_with_its_ids(observed: Observed, outcome: Any) -> None:
    observed.instrumentation(Wait("ToolExecutionId", ("vg_tool_1", "vg_tool_2"), STARTED, 30.0, outcome))
    (span,) = observed.spans()
    few = {"videogen.job.kind": "ToolExecutionId", "videogen.outcome": outcome}
    assert span.name == "videogen wait"
    assert span.attributes == {**few, "videogen.job.ids": ("vg_tool_1", "vg_tool_2")}
    assert span.start_time == 1_795_000_000_500_000_000
    assert span.end_time == 1_795_000_030_500_000_000
    assert span.status.status_code is (StatusCode.UNSET if outcome == "succeeded" else StatusCode.ERROR)
    assert observed.points("videogen.client.wait.duration") == [(few, (1, 30.0))]


@pytest.mark.parametrize(("file_id", "outcome"), [("vg_file_1", "done"), (None, "error")])
def test_a_transfer_is_a_span_and_its_bytes_are_counted(observed: Observed, file_id: str | None, outcome: Any) -> None:
    observed.instrumentation(Transfer("upload", file_id, STARTED, 2.0, 4096, outcome))
    (span,) = observed.spans()
    few = {"videogen.direction": "upload", "videogen.outcome": outcome}
    own = {} if file_id is None else {"videogen.file.id": file_id}
    assert span.name == "videogen upload"
    assert span.attributes == {**few, **own, "videogen.bytes": 4096}
    assert span.status.status_code is (StatusCode.UNSET if outcome == "done" else StatusCode.ERROR)
    assert observed.points("videogen.client.transfer.duration") == [(few, (1, 2.0))]
    assert observed.points("videogen.client.transfer.io") == [({"videogen.direction": "upload"}, 4096)]


async def test_without_providers_of_its_own_it_uses_the_global_ones() -> None:
    assert (await Scripted(ME).client(telemetry=Instrumentation()).account.get_me()).email
