"""OpenTelemetry spans, one for each invocation, sent when OTEL_EXPORTER_OTLP_ENDPOINT says where to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from local.host.config import app_setting

_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_PACKAGE = "opentelemetry-exporter-otlp-proto-http"
_TRIGGERS = {"httpTrigger": "http", "timerTrigger": "timer", "serviceBusTrigger": "pubsub"}
_tracer: Any = None


def start_telemetry() -> str | None:
    """Send spans from now on, if the environment asks for it; returns why that cannot be done."""
    global _tracer
    if not app_setting(_ENDPOINT):
        return None
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        return f"{_ENDPOINT} is set, but no spans are sent: {error}; pip install {_PACKAGE}"
    provider = TracerProvider()  # its service is named by OTEL_SERVICE_NAME; it sends the rest when the host ends
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)  # spans of the app's own go the same way
    _tracer = provider.get_tracer("local.host")
    return None


def span(trigger: str, name: str, headers: Mapping[str, str]) -> AbstractContextManager[Any]:
    """Around a call of the function `name`, below the caller's span if the headers name one (W3C Trace Context)."""
    if _tracer is None:
        return nullcontext()
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = TraceContextTextMapPropagator().extract(headers)
    attributes = {"faas.name": name, "faas.trigger": _TRIGGERS.get(trigger, "other")}
    started: AbstractContextManager[Any] = _tracer.start_as_current_span(
        name, context=parent, kind=SpanKind.SERVER, attributes=attributes
    )
    return started
