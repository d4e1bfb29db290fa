"""What was measured of a client's web site, as sentences for them: each rests on one fact and says no more than it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shared.domain.lead import Lead, LeadFact
from shared.domain.offer import Language

_FALSE: dict[str, dict[Language, str]] = {
    "https": {"en": "Your website has no valid certificate.", "de": "Ihre Website hat kein gültiges Zertifikat."},
    "mobile": {"en": "Your pages are not made for telephones.", "de": "Ihre Seiten sind nicht für Telefone gemacht."},
    "has_description": {
        "en": "Search engines find no description of your pages.",
        "de": "Suchmaschinen finden keine Beschreibung Ihrer Seiten.",
    },
    "spf": {
        "en": "Your domain does not say who sends its mail.",
        "de": "Ihre Domain sagt nicht, wer ihre Mails verschickt.",
    },
}
_MEASURED: dict[str, tuple[float, dict[Language, str]]] = {
    "first_byte_ms": (
        800,
        {"en": "Your website takes {n} ms to answer.", "de": "Ihre Website braucht {n} ms, bis sie antwortet."},
    ),
    "page_kb": (1000, {"en": "Your home page weighs {n} kB.", "de": "Ihre Startseite wiegt {n} kB."}),
}
"""From this value on it is worth telling."""


class Seen(NamedTuple):
    """`source`: where and when it was seen."""

    source: str
    text: str


def seen_of(lead: Lead, language: Language) -> Iterator[Seen]:
    """What speaks for a need, fact by fact. What is not known is not told."""
    for name, says in _FALSE.items():
        fact = lead.fact(name)
        if fact and fact.value is False:
            yield Seen(_source(fact), says[language])
    for name, (least, said) in _MEASURED.items():
        fact = lead.fact(name)
        if fact and isinstance(fact.value, int | float) and not isinstance(fact.value, bool) and fact.value >= least:
            yield Seen(_source(fact), said[language].format(n=round(fact.value)))


def _source(fact: LeadFact) -> str:
    return f"{fact.source}, {fact.at.date()} ({fact.name})"
