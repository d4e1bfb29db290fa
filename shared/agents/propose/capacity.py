"""What is free of an offer's capacity: counted of what clients have accepted, not guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from shared.agents import deals
from shared.domain.agreed import Agreed
from shared.domain.capacity import Capacity
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.offer import OfferTerms
from shared.domain.proposal import Proposal
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports

_MONTH = timedelta(days=30)


def capacity(ports: Ports, scope: Scope, offer: str, terms: OfferTerms) -> Capacity | None:
    """Of the offer now; None if it names no hours a month. Work for deals that were lost since is free again."""
    if terms.hours_a_month is None:
        return None
    since = ports.clock.now() - _MONTH
    taken = Decimal(0)
    for each in _agreed(ports, scope, offer):
        taken += each.hours_monthly + (each.hours if each.accepted_at >= since else 0)
    return Capacity(a_month=terms.hours_a_month, taken=taken, free=max(terms.hours_a_month - taken, Decimal(0)))


def _agreed(ports: Ports, scope: Scope, offer: str) -> Iterator[Agreed]:
    cursor: str | None = None
    asked = [Filter("status", "eq", "accepted")]
    while True:
        page = ports.documents.find(scope, Kind.PROPOSAL, asked, limit=100, cursor=cursor)
        for document in page.documents:
            found = Proposal.model_validate(document.body)
            if found.offer == offer and found.accepted and not _lost(ports, scope, found.deal):
                yield found.accepted
        if (cursor := page.cursor) is None:
            return


def _lost(ports: Ports, scope: Scope, deal: str) -> bool:
    try:
        return deals.get(ports, scope, deal).stage == "lost"
    except Missing:  # it was erased
        return False
