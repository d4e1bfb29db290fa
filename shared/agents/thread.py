"""The thread of an engagement: every room that keeps something under a deal's id brings its entries in here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shared.agents import deals, inbound
from shared.agents.books.entries import invoices_of
from shared.agents.deals import entries
from shared.agents.propose.contract_entries import contracts_of
from shared.agents.propose.entries import proposals_of
from shared.agents.qualify.entries import lead_of
from shared.domain.deal import Deal
from shared.domain.scope import Scope
from shared.domain.thread import Entry
from shared.ports import Ports

Source = Callable[[Ports, Scope, Deal], Iterable[Entry]]
SOURCES: tuple[Source, ...] = (
    lead_of,
    inbound.entries,
    entries.mails,
    entries.dialogue,
    proposals_of,
    contracts_of,
    invoices_of,
    entries.moves_and_notes,
)
"""What contributes: a room that keeps documents with a deal's id adds one function. Of one moment, what moved the deal
comes before the move."""


def thread(ports: Ports, scope: Scope, id: str) -> list[Entry]:
    """Everything that happened in one engagement, the newest first. Raises Missing."""
    deal = deals.get(ports, scope, id)
    every = [entry for source in SOURCES for entry in source(ports, scope, deal)]
    return sorted(every, key=lambda entry: entry.at)[::-1]
