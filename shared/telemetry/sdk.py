"""Telemetry by the OpenTelemetry SDK. Imported only where something listens; the providers are this application's own,
so that what libraries tell the global ones does not leave with it."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from threading import Thread
from time import monotonic, perf_counter
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.redaction import blank
from shared.telemetry import Attributes, Kind, Span
from shared.telemetry.names import ATTRIBUTES, INHERITED, METRICS, Metric

_KINDS = {"internal": SpanKind.INTERNAL, "client": SpanKind.CLIENT, "producer": SpanKind.PRODUCER}
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86_400, 604_800)
_LONGEST = 200
_CLOSING = 5.0
"""Seconds."""
_W3C = TraceContextTextMapPropagator()
_NONE: Mapping[str, Any] = {}
_above: ContextVar[Mapping[str, Any]] = ContextVar("above", default=_NONE)
"""What the spans around have told of themselves."""


class OpenTelemetry:
    """Sends to every exporter. Metrics leave each minute (OTEL_METRIC_EXPORT_INTERVAL), spans in batches, the rest when
    the process ends."""

    listens = True

    def __init__(self, spans: Iterable[SpanExporter], metrics: Iterable[MetricExporter], service: str) -> None:
        resource = Resource.create({"service.name": service})
        self._tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
        for exporter in spans:
            self._tracers.add_span_processor(_Redacted(exporter))
        readers = [PeriodicExportingMetricReader(each) for each in metrics]
        views = [View(instrument_name=each.name, attribute_keys=set(each.attributes)) for each in METRICS]
        self._meters = MeterProvider(readers, resource=resource, views=views, shutdown_on_exit=False)
        self._closed = False
        atexit.register(self.close)
        self._tracer = self._tracers.get_tracer("baton")
        self._instruments = {each.name: self._instrument(each) for each in METRICS}

    @contextmanager
    def span(
        self, name: str, attributes: Attributes, kind: Kind = "internal", parent: str = "", current: bool = True
    ) -> Iterator[Span]:
        told = {**_above.get(), **_safe(attributes)}
        around = _W3C.extract({"traceparent": parent}) if parent else None
        started = self._tracer.start_span(name, around, _KINDS[kind], told)
        opened = _Open(started)
        try:
            with _below(started, told) if current else nullcontext():
                yield opened
        except Exception as error:
            opened.fail(type(error).__name__)
            raise
        finally:
            started.end()

    def traceparent(self) -> str:
        carried: dict[str, str] = {}
        _W3C.inject(carried)
        return carried.get("traceparent", "")

    def add(self, metric: str, value: float, attributes: Attributes) -> None:
        self._instruments[metric].add(value, _safe(attributes))

    def record(self, metric: str, value: float, attributes: Attributes) -> None:
        instrument = self._instruments[metric]
        (instrument.set if hasattr(instrument, "set") else instrument.record)(value, _safe(attributes))

    def seconds(self) -> float:
        return perf_counter()

    def close(self) -> None:
        """Send what is left, for a few seconds at most: a collector that does not answer keeps no process from ending.
        A second time does nothing."""
        atexit.unregister(self.close)
        leaving = [] if self._closed else [self._tracers.shutdown, self._meters.shutdown]
        self._closed, until = True, monotonic() + _CLOSING
        threads = [Thread(target=each, daemon=True) for each in leaving]
        for each in threads:
            each.start()
        for each in threads:
            each.join(max(0.0, until - monotonic()))

    def _instrument(self, metric: Metric) -> Any:
        meter, about = self._meters.get_meter("baton"), {"unit": metric.unit, "description": metric.about}
        if metric.name in _OBSERVED:
            make = meter.create_observable_counter if metric.instrument == "counter" else meter.create_observable_gauge
            return make(metric.name, [_OBSERVED[metric.name]], **about)
        if metric.instrument == "histogram":
            bounds = _SECONDS if metric.unit == "s" else None
            return meter.create_histogram(metric.name, explicit_bucket_boundaries_advisory=bounds, **about)
        if metric.instrument == "gauge":
            return meter.create_gauge(metric.name, **about)
        return (meter.create_counter if metric.instrument == "counter" else meter.create_up_down_counter)(
            metric.name, **about
        )


@contextmanager
def _below(span: trace.Span, told: Mapping[str, Any]) -> Iterator[None]:
    """What is opened here lies below the span and inherits from it."""
    above = _above.set({key: value for key, value in told.items() if key in INHERITED})
    token = contexts.attach(trace.set_span_in_context(span))
    try:
        yield
    finally:
        contexts.detach(token)
        _above.reset(above)


class _Open:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def set(self, attributes: Attributes) -> None:
        self._span.set_attributes(_safe(attributes))

    def fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))


class _Redacted(BatchSpanProcessor):
    """The last line: whatever came to a span by another way leaves with allowed attributes only, without events,
    links and words of errors."""

    def on_end(self, span: ReadableSpan) -> None:
        super().on_end(
            ReadableSpan(
                blank(span.name),
                span.context,
                span.parent,
                span.resource,
                _safe(span.attributes or {}),
                kind=span.kind,
                status=Status(span.status.status_code),
                start_time=span.start_time,
                end_time=span.end_time,
                instrumentation_scope=span.instrumentation_scope,
            )
        )


def _safe(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: blank(value[:_LONGEST]) if isinstance(value, str) else value
        for name, value in attributes.items()
        if name in ATTRIBUTES and value is not None
    }


def _cpu(_: CallbackOptions) -> Iterable[Observation]:
    took = os.times()
    yield Observation(took.user, {"cpu.mode": "user"})
    yield Observation(took.system, {"cpu.mode": "system"})


def _memory(_: CallbackOptions) -> Iterable[Observation]:
    """Where Linux tells it; elsewhere the metric has no points."""
    told = Path("/proc/self/statm")
    if told.exists():
        yield Observation(int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))


_OBSERVED = {"process.cpu.time": _cpu, "process.memory.usage": _memory}
