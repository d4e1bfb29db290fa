"""Service gaps: what is watched at competitors, who of them shows it, and whether we offer it (S1.5)."""

from __future__ import annotations

from shared.agents.propose import offers
from shared.agents.watch.books import listing, shown
from shared.domain.scope import Scope
from shared.domain.watch import Gap, WatchShown, mentions
from shared.ports import Ports

_OFFERS = 100


def gaps(ports: Ports, scope: Scope) -> list[Gap]:
    """Each word once, what the fewest show first. A competitor whose source was never read is not counted."""
    every = (shown(ports, scope, each.id) for each in listing(ports, scope) if each.about == "competitor")
    rivals = [each for each in every if each.read and each.terms]
    ours = (
        {each.name: _said(ports, scope, each.id) for each in offers.listing(ports, scope, _OFFERS)[0]} if rivals else {}
    )
    terms = {term.casefold(): term for each in rivals for term in each.terms}
    found = [_gap(term, rivals, ours) for term in terms.values()]
    return sorted(found, key=lambda each: (len(each.shown_by) / each.of, each.term.casefold()))


def _gap(term: str, rivals: list[WatchShown], ours: dict[str, list[str]]) -> Gap:
    asked = [each for each in rivals if term.casefold() in map(str.casefold, each.terms)]
    return Gap(
        term=term,
        shown_by=[each.name for each in asked if _shows(each, term)],
        of=len(asked),
        ours=[name for name, texts in ours.items() if any(mentions(each, term) for each in texts)],
    )


def _shows(rival: WatchShown, term: str) -> bool:
    return any(each.title.casefold() == term.casefold() and each.mark != "gone" for each in rival.items)


def _said(ports: Ports, scope: Scope, offer: str) -> list[str]:
    """What an offer says that a client gets, text by text."""
    terms = offers.get(ports, scope, offer).terms
    items = terms.items.values()
    return [terms.name, terms.text, *(text for each in items for text in (each.name, each.text, *each.includes))]
