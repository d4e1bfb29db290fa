"""A deal that is signed comes to deposit when the first invoice of it that stands is paid."""

from __future__ import annotations

from contextlib import suppress

from shared.agents import deals
from shared.agents.books import invoices
from shared.agents.deals.books import DEALS
from shared.domain.deal import Deal
from shared.domain.faults import Conflict
from shared.domain.invoice import Invoice
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports

BY = "books"


def move_on(ports: Ports, scope: Scope) -> None:
    """Each such deal, once: whoever moves it back is not moved on again. What decides are the documents as they stand,
    so that it may be asked again at any time."""
    for deal in DEALS.every(ports, scope, [Filter("stage", "eq", "signed")], []):
        if any(each.to == "deposit" and each.by == BY for each in deal.history):
            continue
        first = _first(ports, scope, deal)
        if first and first.open <= 0:
            with suppress(Conflict):  # somebody else has just moved it
                deals.move(ports, scope, deal.id, "deposit", BY, f"{first.number} is paid", seen="signed")


def _first(ports: Ports, scope: Scope, deal: Deal) -> Invoice | None:
    asked = [Filter("deal", "eq", deal.id), Filter("status", "in", ["issued", "sent"])]
    found = invoices.INVOICES.every(ports, scope, asked, [])
    return min(
        (each for each in found if each.kind == "invoice"), key=lambda each: (each.issued_on, each.number), default=None
    )
