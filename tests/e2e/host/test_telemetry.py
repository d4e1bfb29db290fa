"""OpenTelemetry spans, received by a collector on the loopback."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.host import telemetry
from tests.e2e.host.process import running, wait_for
from tests.servers.otlp_collector import Collector, collecting

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
CALLER = {"traceparent": f"00-{TRACE}-{PARENT}-01"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as made:
        yield made


def test_each_invocation_is_a_span_below_its_caller(tmp_path: Path, collector: Collector) -> None:
    with running("patterns", tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as host:
        host.http.post("/api/run/chain", json={"amount": 2}, headers=CALLER)
        host.http.post("/api/run/chain", json={"amount": -1})
        assert host.stop() == 0
    calls = collector.named("run")
    assert (calls[0].trace, calls[0].parent) == (TRACE, PARENT)
    assert calls[0].attributes == {"faas.name": "run", "faas.trigger": "http"}
    failed = [span for span in collector.spans if span.failed]
    assert sorted(span.name for span in failed) == ["orchestration:chain", "price"]
    assert {span.trace for span in failed} == {calls[1].trace}


def test_one_trace_goes_from_the_request_through_orchestrations_to_the_message_and_survives_a_kill(
    tmp_path: Path, collector: Collector
) -> None:
    """Each span once, although the host was killed and the orchestration replayed; the functions are told their own."""
    notes = tmp_path / "notes"
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "TRACE_NOTES": str(notes), "OTEL_BSP_SCHEDULE_DELAY": "50"}
    with running("traced", tmp_path / "state", **env) as host:
        host.http.post("/api/begin/one", headers=CALLER)
        # The request's span ends after its orchestration has begun: killed before it left, it would be missing.
        wait_for(lambda: (collector.named("work") and collector.named("begin")) or None)
        host.kill()
    with running("traced", tmp_path / "state", **env) as host:
        host.manage("POST", "instances/one/raiseEvent/go", json=1)
        host.until("one", "Completed")
        wait_for(lambda: "hear" in notes.read_text() or None)
        assert host.stop() == 0
    edges = {
        "begin": None,
        "work": "orchestration:parent",
        "later": "orchestration:parent",
        "orchestration:parent": "begin",
        "orchestration:child": "orchestration:parent",
        "tell": "orchestration:child",
        "hear": "tell",
    }
    ours = [span for span in collector.spans if span.trace == TRACE]
    assert sorted(span.name for span in ours) == sorted(edges)
    above = {span.name: parent.name if (parent := collector.parent_of(span)) else None for span in ours}
    assert above == edges
    assert collector.named("begin")[0].parent == PARENT
    told = dict(line.split() for line in notes.read_text().splitlines())
    assert told == {name: f"00-{TRACE}-{collector.named(name)[0].id}-01" for name in told}
    assert told.keys() == {"begin", "work", "later", "tell", "hear"}
    assert {span.attributes["durabletask.task.status"] for span in ours if ":" in span.name} == {"Completed"}


def test_without_a_collector_the_caller_is_told_of_and_nothing_is_kept(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with running("traced", tmp_path / "state", TRACE_NOTES=str(notes), OTEL_EXPORTER_OTLP_ENDPOINT="") as host:
        host.http.post("/api/begin/one", headers=CALLER)
        host.manage("POST", "instances/one/raiseEvent/go", json=1)
        host.until("one", "Completed")
        wait_for(lambda: "hear" in notes.read_text() or None)
        assert host.stop() == 0
    assert re.findall(r"^(\w+) (\S*)$", notes.read_text(), re.MULTILINE)[0] == ("begin", CALLER["traceparent"])
    assert "work \n" in notes.read_text()
    assert TRACE.encode() not in (tmp_path / "state" / "host.db").read_bytes()


def test_a_missing_package_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    assert "pip install opentelemetry-exporter-otlp-proto-http" in (telemetry.start_telemetry() or "")


def test_without_an_endpoint_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert telemetry.start_telemetry() is None
