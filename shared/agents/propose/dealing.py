"""What a proposal does to its deal. A deal is moved forward only, and once for each thing that happened."""

from __future__ import annotations

from shared.agents import deals
from shared.agents.propose.proposals import PROPOSALS
from shared.domain.deal import STAGES, Stage
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.proposal import Proposal
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports


def tell(ports: Ports, scope: Scope, id: str) -> Proposal:
    """Move the deal to where its proposal has brought it, unless that was done. Repeatable."""
    found = PROPOSALS.load(ports, scope, id)
    wanted, why = _wanted(ports, scope, found)
    if wanted is None or found.told == (mark := f"{wanted}-{len(found.sendings)}"):
        return found
    try:
        stage = deals.get(ports, scope, found.deal).stage
        if stage == "lost" or STAGES.index(stage) < STAGES.index(wanted if wanted != "lost" else "contract"):
            deals.move(ports, scope, found.deal, wanted, f"proposal:{id}", why)
    except Missing:  # it was erased
        pass

    def mark_told(each: Proposal) -> None:
        each.told = mark
        each.pending = each.status == "sent" or each.approved is not None

    return PROPOSALS.change(ports, scope, id, mark_told)


def _wanted(ports: Ports, scope: Scope, found: Proposal) -> tuple[Stage | None, str]:
    number = found.current.version if found.current else found.version
    if found.accepted:
        return "contract", f"version {found.accepted.version} of the proposal was accepted"
    if found.declined:
        return "lost", f"the proposal was declined: {found.declined.reason}"
    if found.status == "sent":
        counter = [Filter("proposal", "eq", found.id), Filter("kind", "eq", "counter")]
        if ports.documents.find(scope, Kind.PROPOSAL_MESSAGE, counter, limit=1).documents:
            return "negotiating", "the client made a counter-offer"
        return "proposed", f"version {number} of the proposal was sent"
    return None, ""
