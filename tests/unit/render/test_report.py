from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from xml.etree import ElementTree

import pytest

from shared.domain.certificate import Certificate
from shared.domain.findings import findings
from shared.domain.report import Funnel, Hour, Report, Slice, rate
from shared.domain.summary import sentences
from shared.render.charts import funnel_chart, hours_chart, variants_chart
from shared.render.report import TEMPLATES, page

NOW = datetime(2027, 3, 5, 17, tzinfo=UTC)
FUNNEL = Funnel(
    planned=519,
    held={"no_consent": 107},
    failed=3,
    unknown=0,
    remaining=0,
    sent=409,
    opened=188,
    opened_by_machines=71,
    clicked=52,
    clicked_by_machines=4,
    unsubscribed=2,
)
VARIANTS = [
    Slice(name=name, sent=200, opened=rate(90, 200), clicked=rate(clicked, 200), unsubscribed=rate(1, 200))
    for name, clicked in (("A", 20), ("B", 32))
]
HOURS = [Hour(at=NOW + timedelta(hours=n), sent=n, opened=2 * n, clicked=0) for n in range(48)]


def made(**changes: Any) -> Report:
    proof = Certificate(
        campaign="c",
        name="Spring <b>",
        planned=519,
        sent_once=409,
        sent_twice=0,
        failed=3,
        held={"no_consent": 107},
        unknown=0,
        remaining=0,
        recounted_at=NOW,
    )
    found = findings(FUNNEL, VARIANTS, {}, HOURS)
    given: dict[str, Any] = {
        "campaign": "c",
        "name": "Spring <b>",
        "made_at": NOW,
        "final": True,
        "timezone": "Europe/Berlin",
        "simulated": False,
        "sentences": sentences(proof, FUNNEL, found, final=True, simulated=False),
        "certificate": proof,
        "funnel": FUNNEL,
        "opened": rate(188, 409),
        "clicked": rate(52, 409),
        "unsubscribed": rate(2, 409),
        "variants": VARIANTS,
        "segments": {"country": VARIANTS},
        "hours": HOURS,
        "findings": found,
    }
    return Report(**(given | changes))


def texts(svg: str) -> set[str]:
    return {each.text for each in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text") if each.text}


def test_charts_are_drawings_that_say_their_numbers() -> None:
    assert {"planned", "519", "opened by people", "188", "clicked", "52"} <= texts(funnel_chart(FUNNEL))
    assert {"A", "B", "opened", "clicked", "0%"} <= texts(variants_chart(VARIANTS))


def test_what_never_happened_has_no_row_in_the_chart_of_hours() -> None:
    shown = texts(hours_chart(HOURS, "Europe/Berlin"))
    assert {"sent", "opened", "hours in Europe/Berlin"} <= shown
    assert "clicked" not in shown


def test_hours_are_drawn_as_the_senders_clock_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    hour = Hour(at=datetime.fromisoformat("2027-03-28T09:00:00+02:00"), sent=3, opened=0, clicked=0)
    later = Hour(at=datetime.fromisoformat("2027-03-28T11:00:00+02:00"), sent=3, opened=0, clicked=0)
    assert "Sun 28 09:00" in texts(hours_chart([hour, later], "Europe/Berlin"))


def test_charts_take_their_colours_from_the_page() -> None:
    for svg in (funnel_chart(FUNNEL), hours_chart(HOURS, "UTC"), variants_chart(VARIANTS)):
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
        assert colours <= {"none", "currentColor", "var(--accent, currentColor)", "transparent"}


def test_drawings_on_one_page_share_no_id() -> None:
    ids = re.findall(r'\bid="([^"]+)"', page(made()))
    assert len(ids) > 1
    assert len(ids) == len(set(ids))


def test_the_page_opens_with_the_three_sentences_and_loads_nothing() -> None:
    report = made()
    shown = page(report)
    places = [shown.index(escape(sentence)) for sentence in report.sentences]
    assert places == sorted(places)
    assert places[-1] < shown.index("<svg")
    assert not re.findall(r"(?:src|href)=|url\((?!#)|@import", shown)
    assert "Friday 5 March 2027, 18:00" in shown


def test_names_are_escaped_and_simulated_people_labelled() -> None:
    assert "Spring <b>" not in page(made())
    assert "simulated people" not in page(made())
    assert "simulated people" in page(made(simulated=True))


def test_a_report_in_the_making_says_so() -> None:
    assert "not final" in page(made(final=False))
    assert "not final" not in page(made())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_on_its_ground(scheme: str) -> None:
    light, dark = (dict(re.findall(r"--(\w[\w-]*): (#\w+);", part)) for part in _palette().split("@media", 1))
    colours = light if scheme == "light" else light | dark
    pairs = [(text, ground) for text in ("ink", "soft", "unknown", "failed") for ground in ("paper", "card")]
    for text, ground in [*pairs, ("on-accent", "accent"), ("paper", "ink")]:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for mark in ("sent", "held", "unknown", "failed"):
        assert _contrast(colours[mark], colours["card"]) >= 2.5, mark


def _palette() -> str:
    return (TEMPLATES / "palette.css").read_text()


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
