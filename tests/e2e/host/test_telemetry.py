"""OpenTelemetry spans, received by a collector on the loopback."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from local.host import telemetry
from tests.e2e.host.process import running

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


class Collector(ThreadingHTTPServer):
    """Keeps the spans that are posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.spans: list[Span] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        request = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"])))
        self.server.spans += [s for r in request.resource_spans for scope in r.scope_spans for s in scope.spans]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_each_invocation_is_a_span_below_its_caller(tmp_path: Path, collector: Collector) -> None:
    with running("patterns", tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as host:
        host.http.post("/api/run/chain", json={"amount": 2}, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
        host.http.post("/api/run/chain", json={"amount": -1})
        assert host.stop() == 0
    calls = [span for span in collector.spans if span.name == "run"]
    assert (calls[0].trace_id.hex(), calls[0].parent_span_id.hex()) == (TRACE, PARENT)
    assert {a.key: a.value.string_value for a in calls[0].attributes} == {"faas.name": "run", "faas.trigger": "http"}
    failed = [span.name for span in collector.spans if span.status.code == Status.STATUS_CODE_ERROR]
    assert len(failed) == 1
    assert len(collector.spans) > len(calls) + len(failed)


def test_a_missing_package_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    assert "pip install opentelemetry-exporter-otlp-proto-http" in (telemetry.start_telemetry() or "")


def test_without_an_endpoint_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert telemetry.start_telemetry() is None
