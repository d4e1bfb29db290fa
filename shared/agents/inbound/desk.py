"""What came in, as the agency sees it, and what a person says to it."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents import deals
from shared.agents.inbound.take_in import INBOUND, STREAM, take_in
from shared.domain.deal import Deal, DealChange
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.inbound import Inbound, InboundDecision, State
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.thread import Entry
from shared.ports import Order, Ports

_NEWEST = Order("at", descending=True)
_WAYS = {"form": "They wrote by the form", "system": "They wrote by the form", "mail": "They wrote a mail"}
_KNOWN = "They say that they are from a lead that was known before; whether they are, a person says (Inbound)."
_MOST = 200


def get(ports: Ports, scope: Scope, id: str) -> Inbound:
    """As it stands. Raises Missing."""
    return INBOUND.load(ports, scope, id)


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None, state: State | None = None
) -> tuple[list[Inbound], str | None]:
    """What came in, the newest first. Raises Rejected for a wrong cursor."""
    asked = [Filter("state", "eq", state)] if state else []
    try:
        page = ports.documents.find(scope, Kind.INBOUND, asked, _NEWEST, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Inbound.model_validate(each.body) for each in page.documents], page.cursor


def decide(ports: Ports, scope: Scope, id: str, by: str, asked: InboundDecision) -> Inbound:
    """A person says that it is meant seriously (what was put aside becomes a lead now), that it is not, or that they
    are from the known lead that they named. Raises Missing; Conflict if a deal was made of what is to be dropped (that
    is moved to lost where it stands), if no such lead was named, or if somebody else of the agency has it."""
    if asked.decision == "link":
        return _link(ports, scope, id, by)
    found, now = get(ports, scope, id), ports.clock.now()
    if asked.decision == "drop" and found.state == "taken_in":
        raise Conflict("decision", "a deal was made of it; move the deal to lost, and say why")
    if asked.decision == "take" and found.state == "dropped":
        raise Conflict("decision", "somebody dropped it already")

    def put(each: Inbound) -> None:
        if asked.decision == "drop" and each.state in ("quarantined", "received"):
            each.state, each.confirmation = "dropped", "none"
        elif each.state == "quarantined":
            each.state = "received"
        if each.open:
            each.open, each.decided_by, each.decided_at = False, by, now

    after = INBOUND.change(ports, scope, id, put)
    ports.journal.append(scope, STREAM, now, by, asked.decision, {"inbound": id})
    return take_in(ports, scope, id) if after.state == "received" else after


def _link(ports: Ports, scope: Scope, id: str, by: str) -> Inbound:
    """Its deal is with that lead from now on."""
    found, now = get(ports, scope, id), ports.clock.now()
    if not found.known_lead:
        raise Conflict("decision", "they named no lead that was known before, or somebody linked it already")
    deals.change(ports, scope, found.deal, by, DealChange(lead=found.known_lead))

    def put(each: Inbound) -> None:
        each.lead, each.known_lead, each.open = found.known_lead, "", False
        each.decided_by, each.decided_at = by, now

    ports.journal.append(scope, STREAM, now, by, "link", {"inbound": id, "lead": found.known_lead})
    return INBOUND.change(ports, scope, id, put)


def entries(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """What was written, in the thread of its deal, word for word."""
    page = ports.documents.find(scope, Kind.INBOUND, [Filter("deal", "eq", deal.id)], limit=_MOST)
    for document in page.documents:
        found = Inbound.model_validate(document.body)
        text = "\n".join(filter(None, [found.subject, found.text, found.left_out, found.known_lead and _KNOWN]))
        yield Entry(
            at=found.at, what="message", title=_WAYS[found.way], text=text, by=found.name, href=f"/inbound#{found.id}"
        )
