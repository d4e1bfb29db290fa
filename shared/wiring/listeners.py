"""Who listens to what is told of the work."""

from __future__ import annotations

from shared.domain.faults import Misconfigured
from shared.telemetry import SILENT, Telemetry
from shared.wiring.home import Home


def telemetry(home: Home) -> Telemetry:
    """`SILENT`, and no SDK is loaded, where nobody does."""
    chosen = home.settings
    if not (chosen.otlp or chosen.insights):
        return SILENT
    from shared.telemetry.exporters import metric_exporters, span_exporters
    from shared.telemetry.sdk import OpenTelemetry

    try:
        spans, metrics = span_exporters(chosen.otlp, chosen.insights), metric_exporters(chosen.otlp, chosen.insights)
    except ValueError as error:
        raise Misconfigured("APPLICATIONINSIGHTS_CONNECTION_STRING", str(error)) from None
    return home.closing(OpenTelemetry(spans, metrics, "baton"))
