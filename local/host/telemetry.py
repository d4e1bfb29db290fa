"""OpenTelemetry spans, one for each invocation and each orchestration, sent when OTEL_EXPORTER_OTLP_ENDPOINT says where
to. An orchestration's span is sent once, when its end is committed: replays and turns have none of their own."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from local.host.bus_model import Delivery, Message, Outgoing
from local.host.config import app_setting
from local.host.rows import Record
from local.host.traces import TRACEPARENT, span_id

_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_PACKAGE = "opentelemetry-exporter-otlp-proto-http"
_TRIGGERS = {"httpTrigger": "http", "timerTrigger": "timer", "serviceBusTrigger": "pubsub"}
_IN_MESSAGES = ("traceparent", "Diagnostic-Id")
"""Application properties that hold a traceparent: W3C's name, and that of Azure's SDKs."""
_NOWHERE = nullcontext()
_tracer: Any = None
_provider: Any = None
_processor: Any = None


def start_telemetry() -> str | None:
    """Send spans from now on, if the environment asks for it; returns why that cannot be done."""
    global _tracer, _provider, _processor
    if not app_setting(_ENDPOINT):
        return None
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        return f"{_ENDPOINT} is set, but no spans are sent: {error}; pip install {_PACKAGE}"
    service = app_setting("OTEL_SERVICE_NAME") or "local.host"
    _provider = TracerProvider(resource=Resource.create({"service.name": service}))  # sends the rest when the host ends
    _processor = BatchSpanProcessor(OTLPSpanExporter())
    _provider.add_span_processor(_processor)
    trace.set_tracer_provider(_provider)  # spans of the app's own go the same way
    _tracer = _provider.get_tracer("local.host")
    return None


def span(trigger: str, name: str, headers: Mapping[str, str]) -> AbstractContextManager[Any]:
    """Around a call of the function `name`, below the caller's span if the headers name one (W3C Trace Context)."""
    if _tracer is None:
        return nullcontext()
    from opentelemetry.trace import SpanKind

    attributes = {"faas.name": name, "faas.trigger": _TRIGGERS.get(trigger, "other")}
    started: AbstractContextManager[Any] = _tracer.start_as_current_span(
        name, context=_context(headers), kind=SpanKind.SERVER, attributes=attributes
    )
    return started


def carrier(headers: Mapping[str, str]) -> Mapping[str, str]:
    """What a function is told of its place in the trace: its own invocation's span, as Azure's host tells it, else
    what the caller said."""
    if _tracer is None:
        return headers
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    told: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(told)
    return told or headers


def stamped(sent: Sequence[Outgoing]) -> list[Outgoing]:
    """Messages with the present span among their properties, unless their sender named one."""
    parent = carrier({}).get("traceparent")
    if parent is None:
        return list(sent)
    return [each._replace(message=_told(each.message, parent)) for each in sent]


def _told(message: Message, parent: str) -> Message:
    return replace(message, properties={**dict.fromkeys(_IN_MESSAGES, parent), **message.properties})


def sender_of(taken: Sequence[Delivery]) -> Mapping[str, str]:
    """The span of whoever sent the one message; many in one call have no sender in common."""
    found = [taken[0].message.properties.get(name) for name in _IN_MESSAGES] if len(taken) == 1 else []
    named = [each for each in found if isinstance(each, str)]
    return {"traceparent": named[0]} if named else {}


def starter(headers: Mapping[str, str]) -> str | None:
    """The traceparent of whoever starts an orchestration, if spans are sent."""
    given = headers.get("traceparent", "") if _tracer else ""
    return given if TRACEPARENT.fullmatch(given) else None


def below(trace: str | None) -> AbstractContextManager[None]:
    """What is called is below the span of this traceparent."""
    return _NOWHERE if _tracer is None or trace is None else _below(trace)


@contextmanager
def _below(trace: str) -> Iterator[None]:
    from opentelemetry import context

    token = context.attach(_context({"traceparent": trace}))
    try:
        yield
    finally:
        context.detach(token)


def ended(records: Iterable[Record]) -> None:
    """Send the spans of orchestrations whose end is committed."""
    for record in records if _tracer else ():
        if record.trace is not None:
            _processor.on_end(_orchestration(record))


def _context(headers: Mapping[str, str]) -> Any:
    from opentelemetry.context import get_current
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract(headers, get_current())


def _orchestration(record: Record) -> Any:
    """It ends now and took as long as the host's clock says, which may be a virtual one."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags, get_current_span

    parent = get_current_span(_context({"traceparent": record.trace or ""})).get_span_context()
    took = datetime.fromisoformat(record.updated) - datetime.fromisoformat(record.created)
    now = time.time_ns()
    return ReadableSpan(
        f"orchestration:{record.name}",
        SpanContext(parent.trace_id, int(span_id(record), 16), is_remote=False, trace_flags=TraceFlags(1)),
        parent,
        resource=_provider.resource,
        attributes={
            "durabletask.type": "orchestration",
            "durabletask.task.name": record.name,
            "durabletask.task.instance_id": record.id,
            "durabletask.task.status": record.status,
        },
        kind=SpanKind.SERVER,
        status=Status(StatusCode.OK if record.status == "Completed" else StatusCode.ERROR),
        start_time=now - int(took.total_seconds() * 1e9),
        end_time=now,
        instrumentation_scope=InstrumentationScope("local.host"),
    )
