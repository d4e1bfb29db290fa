"""A collector of OpenTelemetry signals (OTLP over HTTP, protobuf) on the loopback, for any number of processes."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from google.protobuf.message import Message
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


class Seen(NamedTuple):
    """One span, and the service that sent it. Ids are hexadecimal, `parent` "" for a root."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    kind: int
    failed: bool
    attributes: dict[str, Any]
    raw: Span


class Point(NamedTuple):
    """One point of a metric: of a sum or gauge its value, of a histogram its sum and count."""

    name: str
    unit: str
    value: float
    count: int
    attributes: dict[str, Any]


class Collector(ThreadingHTTPServer):
    """Keeps what is posted to it; `raw` is every body as it came, for those who look for what must not be there."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.spans: list[Seen] = []
        self.points: list[Point] = []
        self.raw: list[bytes] = []

    def named(self, name: str) -> list[Seen]:
        """The spans of a name, in the order in which they came."""
        return [span for span in self.spans if span.name == name]

    def parent_of(self, span: Seen) -> Seen | None:
        """The span that this one is below, if it was sent."""
        return next((each for each in self.spans if each.id == span.parent and each.trace == span.trace), None)

    def lineage(self, span: Seen) -> list[str]:
        """The names of the spans above it, the next one first."""
        names, found = [], self.parent_of(span)
        while found:
            names.append(found.name)
            found = self.parent_of(found)
        return names


@contextmanager
def collecting() -> Iterator[Collector]:
    with Collector() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.05,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


class _Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.raw.append(body)
        if self.path == "/v1/traces":
            self.server.spans += _spans(ExportTraceServiceRequest.FromString(body))
        elif self.path == "/v1/metrics":
            self.server.points += _points(ExportMetricsServiceRequest.FromString(body))
        self.send_response(200 if self.path in ("/v1/traces", "/v1/metrics") else 404)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


def _spans(request: ExportTraceServiceRequest) -> list[Seen]:
    return [
        Seen(
            _attributes(each.resource).get("service.name", ""),
            span.name,
            span.trace_id.hex(),
            span.span_id.hex(),
            span.parent_span_id.hex(),
            span.kind,
            span.status.code == Status.STATUS_CODE_ERROR,
            _attributes(span),
            span,
        )
        for each in request.resource_spans
        for scope in each.scope_spans
        for span in scope.spans
    ]


def _points(request: ExportMetricsServiceRequest) -> list[Point]:
    return [
        point
        for each in request.resource_metrics
        for scope in each.scope_metrics
        for metric in scope.metrics
        for point in _of(metric)
    ]


def _of(metric: Metric) -> list[Point]:
    data: Any = getattr(metric, str(metric.WhichOneof("data")))
    if metric.WhichOneof("data") == "histogram":
        return [Point(metric.name, metric.unit, p.sum, p.count, _attributes(p)) for p in data.data_points]
    return [Point(metric.name, metric.unit, p.as_double or p.as_int, 1, _attributes(p)) for p in data.data_points]


def _attributes(holder: Message) -> dict[str, Any]:
    pairs: Any = holder.attributes  # type: ignore[attr-defined]
    return {pair.key: getattr(pair.value, str(pair.value.WhichOneof("value"))) for pair in pairs}
