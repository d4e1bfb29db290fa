"""What a lead brings into the thread of the deal that was made of it."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.qualify.books import get
from shared.domain.deal import Deal
from shared.domain.faults import Missing
from shared.domain.scope import Scope
from shared.domain.thread import Entry
from shared.ports import Ports

_DECIDED = {"qualify": "Lead qualified", "reject": "Lead rejected"}


def lead_of(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """Found, and what a person decided: each with the lead's page."""
    try:
        lead = get(ports, scope, deal.lead) if deal.lead else None
    except Missing:
        return
    if lead is None:
        return
    href, score = f"/leads/{lead.id}", lead.score
    says = f"{score.value:g} of 100 points: {score.reason}" if score else ""
    yield Entry(at=lead.created_at, what="lead", title="Lead found", text=says, by=lead.created_by, href=href)
    for each in lead.decisions:
        title = _DECIDED[each.decision]
        yield Entry(at=each.at, what="lead", title=title, text=each.reason, by=each.by, href=href)
