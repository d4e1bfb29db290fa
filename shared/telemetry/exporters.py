"""Where telemetry goes: to a collector by OTLP, to Application Insights, or to both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.metrics.export import MetricExporter
from opentelemetry.sdk.trace.export import SpanExporter

if TYPE_CHECKING:
    import requests


def span_exporters(otlp: str | None, insights: str | None) -> list[SpanExporter]:
    """`otlp`: whether the SDK's own variables say where; `insights`: a connection string."""
    made: list[SpanExporter] = []
    if otlp:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        made.append(OTLPSpanExporter(session=_session()))
    if insights:
        from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter

        made.append(AzureMonitorTraceExporter(**_azure(insights)))
    return made


def metric_exporters(otlp: str | None, insights: str | None) -> list[MetricExporter]:
    """As `span_exporters`."""
    made: list[MetricExporter] = []
    if otlp:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

        made.append(OTLPMetricExporter(session=_session()))
    if insights:
        from azure.monitor.opentelemetry.exporter import AzureMonitorMetricExporter

        made.append(AzureMonitorMetricExporter(**_azure(insights)))
    return made


def _session() -> requests.Session:
    """Of an answer the status counts, and its body is not read: a collector could send one without end."""
    import requests

    made = requests.Session()
    made.stream = True
    made.hooks["response"].append(lambda answer, **_: answer.close())
    return made


def _azure(connection_string: str) -> dict[str, Any]:
    """Nothing is kept on the instance's disk for later. The identity is the one that
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING names; the exporter reads it by itself."""
    return {"connection_string": connection_string, "disable_offline_storage": True}
