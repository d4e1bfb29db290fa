"""The report as one self-contained HTML page: it loads nothing, so it can be mailed, kept, printed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.domain.certificate import Certificate
from shared.domain.figures import between, percent
from shared.domain.report import Report
from shared.domain.revenue import told
from shared.render.charts import funnel_chart, hours_chart, variants_chart

TEMPLATES = Path(__file__).parent / "templates"


def page(report: Report, pdf: str | None = None) -> str:
    """It opens with the three sentences, then shows what they rest on; `pdf`: where the same is as PDF."""
    made_at = report.made_at.astimezone(ZoneInfo(report.timezone))
    stages = report.funnel.model_dump(include={"planned", "sent", "opened", "clicked", "unsubscribed"})
    return (
        _templates()
        .get_template("report.html")
        .render(
            report=report,
            pdf=pdf,
            made_at=f"{made_at:%A %-d %B %Y, %H:%M}",
            certificate=list(_parts(report.certificate)),
            funnel_text=", ".join(f"{n} {stage}" for stage, n in stages.items()),
            funnel=funnel_chart(report.funnel),
            hours=hours_chart(report.hours, report.timezone) if report.hours else "",
            variants=variants_chart(report.variants) if report.funnel.opened else "",
        )
    )


def _parts(certificate: Certificate) -> Iterator[tuple[str, int]]:
    yield "Sent once", certificate.sent_once
    yield "Sent twice", certificate.sent_twice
    for reason, n in certificate.held.items():
        yield f"Held: {reason.replace('_', ' ')}", n
    yield "Failed", certificate.failed
    yield "Unknown", certificate.unknown
    yield "Remaining", certificate.remaining


@cache
def _templates() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    made.filters |= {"percent": percent, "between": between, "number": "{:,}".format, "sum_of": told}
    return made
