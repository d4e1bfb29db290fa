"""Facts that people vouch for: what a copy may say beyond its brief."""

from __future__ import annotations

from shared.agents import knowledge
from shared.agents.records import Records
from shared.domain.claims import Source
from shared.domain.fact import HOLDS, ConfirmedFact, FactRequest, fact_id
from shared.domain.faults import FieldError, Rejected
from shared.domain.knowledge import citation_of
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Order, Ports, Stale

_FACTS = Records(Kind.FACT, ConfirmedFact)
STREAM = "knowledge"
"""The journal's stream of a workspace that says who has vouched for what, and who took it back (rule L7)."""
_MOST = 500
"""Facts that hold at once are read for every draft."""


def confirm(ports: Ports, scope: Scope, by: str, request: FactRequest) -> ConfirmedFact:
    """Keep that `by` vouches for it from now on; the same words again are the same fact, vouched for anew.

    Raises Rejected if it would already be over."""
    now = ports.clock.now()
    until = request.until or now + HOLDS
    if until <= now:
        raise Rejected(FieldError("until", f"{until.isoformat()} is over"))
    made = ConfirmedFact(id=fact_id(request.text), text=request.text, by=by, at=now, until=until, source=request.source)
    try:
        ports.documents.put(scope, Kind.FACT, made.id, made.model_dump(mode="json"), if_match=None)
    except Stale:
        ports.documents.put(scope, Kind.FACT, made.id, made.model_dump(mode="json"), if_match="*")
    ports.journal.append(scope, STREAM, now, by, "confirmed", {"fact": made.id, "until": until.isoformat()})
    return made


def withdraw(ports: Ports, scope: Scope, by: str, id: str) -> ConfirmedFact:
    """Nothing that is written from now on may rest on it. Raises Missing."""
    now = ports.clock.now()

    def take_back(fact: ConfirmedFact) -> None:
        fact.withdrawn_at = fact.withdrawn_at or now

    after = _FACTS.change(ports, scope, id, take_back)
    ports.journal.append(scope, STREAM, now, by, "withdrawn", {"fact": id})
    return after


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None
) -> tuple[list[ConfirmedFact], str | None]:
    """Every fact, newest first, also those that no longer hold; and the cursor of the next page. Raises Rejected."""
    try:
        page = ports.documents.find(scope, Kind.FACT, order=Order("at", descending=True), limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [ConfirmedFact.model_validate(document.body) for document in page.documents], page.cursor


def carrying(ports: Ports, scope: Scope) -> list[Source]:
    """The facts that hold now, the newest ones, as sources of claims: `confirmed:<id>`, or the passage that a person
    has named for it, as long as its document is there."""
    now = ports.clock.now()
    found, _ = listing(ports, scope, _MOST)
    named = ((fact, fact.source or "") for fact in found if fact.holds(now))
    return [
        Source(source if source.startswith("passage:") else f"confirmed:{fact.id}", fact.text)
        for fact, source in named
        if not source.startswith("passage:") or knowledge.quoted(ports, scope, citation_of(source))
    ]
