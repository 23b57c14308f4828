"""Spans and metrics of OpenTelemetry from what a client tells (layer 6): `VideoGen(telemetry=Instrumentation())`.

Needs the extra `opentelemetry`. Each attempt, wait and transfer becomes a span below the one that is current in the
task that made the call; a retry becomes an event of that one. Metrics carry operations, statuses and outcomes only:
ids are on spans alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from ._version import __version__
from .telemetry import Attempt, Retry, Transfer, Wait

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from opentelemetry.util.types import AttributeValue

    from .telemetry import Record

__all__ = ["Instrumentation"]

_NAME = "aiovideogen"

_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
_LONG = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]
"""Bounds of histograms in seconds: requests take less than a minute, jobs up to an hour."""

Attributes = dict[str, "AttributeValue"]


class Instrumentation:
    """Makes spans and metrics of what clients tell; one may serve any number of them.

    Args:
        tracer_provider: Where spans go; by default the global one.
        meter_provider: Where metrics go; by default the global one.
    """

    def __init__(
        self, *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
    ) -> None:
        self._tracer = trace.get_tracer(_NAME, __version__, tracer_provider)
        meter = metrics.get_meter(_NAME, __version__, meter_provider)
        self._attempts = meter.create_histogram(
            "videogen.client.attempt.duration",
            "s",
            "How long requests took.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self._retries = meter.create_counter("videogen.client.retries", "{retry}", "Requests that were sent again.")
        self._waits = meter.create_histogram(
            "videogen.client.wait.duration",
            "s",
            "How long jobs were waited for.",
            explicit_bucket_boundaries_advisory=_LONG,
        )
        self._transfers = meter.create_histogram(
            "videogen.client.transfer.duration",
            "s",
            "How long uploads and downloads took.",
            explicit_bucket_boundaries_advisory=_LONG,
        )
        self._bytes = meter.create_counter("videogen.client.transfer.io", "By", "Bytes of uploads and downloads.")

    def __call__(self, record: Record) -> None:
        """Take a record over."""
        if isinstance(record, Attempt):
            self._attempt(record)
        elif isinstance(record, Retry):
            self._retry(record)
        elif isinstance(record, Wait):
            self._wait(record)
        else:
            self._transfer(record)

    def _attempt(self, record: Attempt) -> None:
        common: Attributes = {"videogen.operation": record.operation}
        if record.status is not None:
            common["http.response.status_code"] = record.status
        kind = _error_type(record)
        if kind is not None:
            common["error.type"] = kind
        own: Attributes = {} if record.number == 1 else {"http.request.resend_count": record.number - 1}
        said = record.failure or (kind and f"status {record.status}")
        self._span(f"videogen {record.operation}", record, {**common, **own}, said, SpanKind.CLIENT)
        self._attempts.record(record.seconds, common)

    def _retry(self, record: Retry) -> None:
        common: Attributes = {"videogen.operation": record.operation}
        own: Attributes = {"videogen.retry.delay": record.delay, "videogen.retry.reason": record.reason}
        trace.get_current_span().add_event("videogen.retry", {**common, **own})
        self._retries.add(1, common)

    def _wait(self, record: Wait) -> None:
        common: Attributes = {"videogen.job.kind": record.kind, "videogen.outcome": record.outcome}
        said = None if record.outcome == "succeeded" else record.outcome
        self._span("videogen wait", record, {**common, "videogen.job.ids": record.ids}, said)
        self._waits.record(record.seconds, common)

    def _transfer(self, record: Transfer) -> None:
        common: Attributes = {"videogen.direction": record.direction, "videogen.outcome": record.outcome}
        own: Attributes = {"videogen.bytes": record.bytes}
        if record.file_id is not None:
            own["videogen.file.id"] = record.file_id
        said = None if record.outcome == "done" else record.outcome
        self._span(f"videogen {record.direction}", record, {**common, **own}, said)
        self._transfers.record(record.seconds, common)
        self._bytes.add(record.bytes, {"videogen.direction": record.direction})

    def _span(
        self,
        name: str,
        record: Attempt | Wait | Transfer,
        attributes: Attributes,
        failed: str | None,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> None:
        """Make the span of something that is over, below the caller's own."""
        began = _nanoseconds(record.started)
        span = self._tracer.start_span(name, kind=kind, attributes=attributes, start_time=began)
        if failed is not None:
            span.set_status(Status(StatusCode.ERROR, failed))
        span.end(_nanoseconds(record.started + record.seconds))


def _error_type(record: Attempt) -> str | None:
    """Name what went wrong in few words: the status, or the class of failure without its particulars."""
    if record.failure is not None:
        return record.failure.partition(":")[0].partition(" ")[0]
    return None if record.status is None or record.status < 400 else str(record.status)


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
