"""What leaves a process: listed names only, nothing that looks like a person, nothing of what was raised."""

from __future__ import annotations

import os
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.telemetry import SILENT, work
from shared.telemetry.exporters import span_exporters
from shared.telemetry.sdk import OpenTelemetry
from tests.e2e.host.process import wait_for

ROOT = Path(__file__).parents[3]
NOW = datetime(2027, 3, 1, tzinfo=UTC)
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Told:
    """A telemetry, and what it has sent by its end."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        self.telemetry = OpenTelemetry([self._kept], [], "test")

    def spans(self) -> list[ReadableSpan]:
        self.telemetry.close()
        return list(self._kept.get_finished_spans())


def test_what_is_not_listed_is_dropped_and_what_looks_like_a_person_is_blanked() -> None:
    told = Told()
    with told.telemetry.span(
        "step x", {"email": "ann@people.example", "baton.why": "ann@people.example said no"}
    ) as span:
        span.set({"first_name": "Ann", "baton.campaign": None, "baton.shard": 3})
    (sent,) = told.spans()
    assert dict(sent.attributes or {}) == {"baton.why": "[address] said no", "baton.shard": 3}


def test_what_came_to_a_span_by_another_way_does_not_leave_either() -> None:
    told = Told()
    with told.telemetry.span("step x", {}):
        present = trace.get_current_span()
        present.set_attribute("db.statement", "SELECT 'ann@people.example'")
        present.add_event("said", {"to": "ann@people.example"})
        present.update_name("step for ann@people.example")
    (sent,) = told.spans()
    assert (sent.name, dict(sent.attributes or {}), list(sent.events)) == ("step for [address]", {}, [])


def test_of_an_error_its_class_is_told_and_not_its_words() -> None:
    told = Told()
    with pytest.raises(ValueError, match="ann"), told.telemetry.span("step x", {}):
        raise ValueError("ann@people.example refuses")
    (sent,) = told.spans()
    assert dict(sent.attributes or {}) == {"error.type": "ValueError"}
    assert (sent.status.is_ok, sent.status.description) == (False, None)


def test_a_span_lies_below_the_invocation_and_hands_on_what_it_is_about() -> None:
    told = Told()
    order = {"instance": "local~main~campaign~7~1", "campaign": "7", "shard": 2}
    with work.step(told.telemetry, "distribute", order, PARENT, lambda: NOW) as said:
        assert told.telemetry.traceparent()[:36] == PARENT[:36]
        with told.telemetry.span("hand over smtp", {"baton.window": 5}, "client"):
            pass
        said["baton.outcome"] = "later"
    window, step = told.spans()
    assert step.parent
    assert f"{step.parent.span_id:016x}" == PARENT.split("-")[2]
    assert window.parent
    assert window.parent.span_id == step.context.span_id
    about = {"baton.flow": "campaign", "baton.instance": order["instance"], "baton.campaign": "7", "baton.shard": 2}
    assert dict(window.attributes or {}) == {**about, "baton.window": 5}


@given(st.emails(), st.text(max_size=20))
def test_no_address_leaves_in_any_attribute(address: str, before: str) -> None:
    told = Told()
    with told.telemetry.span("step x", {"baton.why": f"{before} {address}"}):
        pass
    (sent,) = told.spans()
    assert address not in str(dict(sent.attributes or {}))


def test_where_nobody_listens_nothing_happens() -> None:
    with SILENT.span("step x", {"baton.why": "x"}) as span:
        span.set({"baton.why": "y"})
        span.fail("X")
    SILENT.add("no such metric", 1, {})
    assert SILENT.traceparent() == ""


@pytest.mark.parametrize(
    ("name", "value", "loaded"),
    [
        ("X", "", []),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9", ["opentelemetry.sdk", "opentelemetry.exporter"]),
    ],
)
def test_an_sdk_is_loaded_only_where_something_listens(
    name: str, value: str, loaded: list[str], tmp_path: Path
) -> None:
    asked = """
import sys
from shared.wiring import ports, telemetry
ports(), telemetry()
told = ("opentelemetry.sdk", "opentelemetry.exporter", "azure.monitor")
print(*[each for each in told if each in sys.modules], flush=True)
import os; os._exit(0)
"""
    env = {"PATH": os.environ["PATH"], "BATON_HOME": str(tmp_path), name: value}
    ran = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (ran.stdout.split(), ran.returncode) == (loaded, 0), ran.stderr


@contextmanager
def liar(answer: Callable[[socket.socket, Event], None]) -> Iterator[tuple[str, Event]]:
    """A collector that takes a request and answers as it likes; until the event it may go on with that."""
    over = Event()

    class Liar(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1 << 16)
            with suppress(OSError):
                answer(self.request, over)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Liar) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", over
        finally:
            over.set()
            server.shutdown()


def _endless(wire: socket.socket, over: Event) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        wire.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def test_of_an_answer_without_end_the_status_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    with liar(_endless) as (url, _):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        (exporter,) = span_exporters("set", None)
        said: list[object] = []
        Thread(target=lambda: said.append(exporter.export([])), daemon=True).start()
        wait_for(lambda: said or None)
        assert said == [SpanExportResult.SUCCESS]
        exporter.shutdown()


def test_a_collector_that_never_answers_keeps_no_process_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.telemetry.sdk._CLOSING", 0.2)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    before = set(threading.enumerate())
    with liar(lambda _, over: over.wait(60) and None) as (url, over):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        telemetry = OpenTelemetry(span_exporters("set", None), [], "test")
        with telemetry.span("step x", {}):
            pass
        telemetry.close()
        assert not over.is_set()  # it still does not answer, and nobody waits for it
        telemetry.close()
    wait_for(lambda: set(threading.enumerate()) <= before or None)  # what still tries disturbs no other test
