"""The report of a campaign as PDF to send: the brand's look, three sentences, figures with how sure they are, money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.brand import SERIF, Brand
from shared.domain.figures import between, percent
from shared.domain.gate import HELD
from shared.domain.report import Rate, Report, Slice
from shared.domain.revenue import Share, told
from shared.render.charts import funnel_chart, hours_chart, variants_chart
from shared.render.typesetting import Folders, drawn_with, picture_data, typeset

_INK = "#1c1b19"
_SCREEN = "ui-sans-serif, system-ui, sans-serif"
_HEADS = ("What went out", "What came back", "What to do next")


def report_pdf(report: Report, brand: Brand, logo: bytes | None = None, fonts: Folders = ()) -> bytes:
    """A4, the same bytes for the same arguments."""
    body = drawn_with(brand.fonts.body, fonts)
    return typeset("report", {**_data(report, brand, body[0]), **_look(brand, logo, fonts)}, "pdf", fonts=fonts)


def _look(brand: Brand, logo: bytes | None, fonts: Folders) -> dict[str, Any]:
    return {
        "primary": brand.colours.primary,
        "heading": drawn_with(brand.fonts.heading, fonts),
        "body": drawn_with(brand.fonts.body, fonts),
        "logo": picture_data(logo) if logo else None,
        "brand": brand.name or "",
    }


def _data(report: Report, brand: Brand, family: str) -> dict[str, Any]:
    made_at = report.made_at.astimezone(ZoneInfo(report.timezone))
    state = "Report" if report.final else "Report, not final: reactions are still counted"
    sent = report.funnel.sent
    return {
        "kind": f"{state} · simulated people" if report.simulated else state,
        "title": report.name,
        "sentences": [{"head": head, "text": text} for head, text in zip(_HEADS, report.sentences, strict=True)],
        "figures": [{"label": label, "n": n, "note": note} for label, n, note in _figures(report)],
        "charts": [
            {"title": title, "svg": _printed(svg, brand.colours.primary, family)} for title, svg in _charts(report)
        ]
        if sent
        else [],
        "certificate": [*_certificate(report)],
        "planned": f"{report.certificate.planned:,}",
        "tables": [*_tables(report)],
        "money": _money(report),
        "footer": f"Counted row by row on {made_at:%A %-d %B %Y at %H:%M} ({report.timezone}). "
        "Intervals hold with 95 % confidence. Groups of fewer than five people are not shown.",
    }


def _figures(report: Report) -> Iterator[tuple[str, str, str]]:
    yield "sent once", f"{report.certificate.sent_once:,}", f"of {report.certificate.planned:,} planned"
    yield "opened", percent(report.opened.value), f"{report.opened.count:,} people, {between(report.opened)}"
    yield "clicked", percent(report.clicked.value), f"{report.clicked.count:,} people, {between(report.clicked)}"
    if report.revenue and report.revenue.total:
        rows = sum(each.rows for each in report.revenue.total)
        yield "brought in", told(report.revenue.total), f"{rows:,} order{'s' * (rows != 1)} and refunds"
    else:
        yield "unsubscribed", f"{report.unsubscribed.count:,}", between(report.unsubscribed)


def _charts(report: Report) -> Iterator[tuple[str, str]]:
    yield "From planned to clicked", funnel_chart(report.funnel)
    if report.hours:
        yield "Hour by hour", hours_chart(report.hours, report.timezone)
    if len(report.variants) > 1 and report.funnel.opened:
        yield "Variants, with how sure that is", variants_chart(report.variants)


def _printed(svg: str, primary: str, family: str) -> str:
    """A drawing for the screen in the colours and letters of print."""
    coloured = svg.replace("var(--accent, currentColor)", primary).replace("currentColor", _INK)
    return coloured.replace(_SCREEN, family or SERIF)


def _certificate(report: Report) -> Iterator[tuple[str, str]]:
    found = report.certificate
    yield "Sent once", f"{found.sent_once:,}"
    yield "Sent twice", f"{found.sent_twice:,}"
    for code, n in sorted(found.held.items(), key=lambda each: (-each[1], each[0])):
        yield f"Held: {HELD.get(code, code.replace('_', ' '))}", f"{n:,}"
    yield "Failed", f"{found.failed:,}"
    yield "Unknown", f"{found.unknown:,}"
    if found.remaining:
        yield "Remaining", f"{found.remaining:,}"


def _tables(report: Report) -> Iterator[dict[str, Any]]:
    if len(report.variants) > 1:
        yield _table("Variant", report.variants)
    for dimension, slices in report.segments.items():
        yield _table(dimension.capitalize(), slices)


def _table(head: str, slices: Sequence[Slice]) -> dict[str, Any]:
    rows = [(each.name, f"{each.sent:,}", _spread(each.opened), _spread(each.clicked)) for each in slices]
    return {"head": (head, "Sent", "Opened", "Clicked"), "rows": rows}


def _spread(rate: Rate) -> str:
    return f"{percent(rate.value)} ({between(rate)})"


def _money(report: Report) -> dict[str, Any] | None:
    found = report.revenue
    if found is None or not found.total:
        return None
    shares = [("Variant", found.variants)] if len(found.variants) > 1 else []
    named = [*shares, *((name.capitalize(), each) for name, each in found.segments.items())]
    return {
        "rows": [
            ("After a click", told(found.clicked)),
            ("After a message that had arrived", told(found.delivered)),
        ],
        "total": told(found.total),
        "tables": [{"head": (name, "Brought in"), "rows": [*map(_share, each)]} for name, each in named],
    }


def _share(share: Share) -> tuple[str, str]:
    return share.name, told(share.values)
