"""What leaves a process: listed names only, nothing that looks like a person, nothing of what was raised."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.telemetry import SILENT, work
from shared.telemetry.sdk import OpenTelemetry

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
