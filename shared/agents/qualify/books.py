"""The documents of leads: added, merged, decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from shared.agents.qualify import claims
from shared.agents.qualify.weighing import STREAM, weighed
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.lead import (
    Decision,
    DecisionRequest,
    Lead,
    LeadFact,
    LeadPerson,
    LeadRequest,
    lead_id,
    merged,
)
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.website import host_of
from shared.ports import Order, Ports, Stale

LEADS = Records(Kind.LEAD, Lead)
_GIVEN = ("name", "website", "country", "city", "industry")


def add(
    ports: Ports,
    scope: Scope,
    by: str,
    request: LeadRequest,
    on: str | None = None,
    more: Mapping[str, str] | None = None,
) -> Lead:
    """Take a company in; one that is known already keeps what it has, and gaps are filled. `on`: the list that it came
    on; `more`: facts of the source's own, as `given.revenue`. A lead that was known by its name alone, and of which a
    web site is told now, becomes that site's. Raises Rejected."""
    new = fresh(ports.clock.now(), by, request, on, more or {})
    register(ports, scope)
    named = lead_id(None, request.name, request.country) if request.website and request.name else None
    kept = keep(ports, scope, new)
    if named and (old := _only_named(ports, scope, named)):
        kept = absorb(ports, scope, kept.id, old)
    return kept


def met(ports: Ports, scope: Scope, request: LeadRequest) -> Lead | None:
    """The lead that this company is, by its web site, or by its name as long as nobody told of a site."""
    ids = [lead_id(request.website, request.name, request.country), lead_id(None, request.name or "", request.country)]
    for id in ids if request.name else ids[:1]:
        if ports.documents.get(scope, Kind.LEAD, id):
            return get(ports, scope, id)
    return None


def add_unknown(ports: Ports, scope: Scope, by: str, request: LeadRequest) -> Lead | None:
    """Take a company in that nobody has met; None: somebody has, and nothing of that lead is changed."""
    if met(ports, scope, request):
        return None
    new = fresh(ports.clock.now(), by, request, None, {})
    register(ports, scope)
    try:
        ports.documents.put(scope, Kind.LEAD, new.id, new.model_dump(mode="json"))
    except Stale:  # somebody else met it in this moment
        return None
    return new


def fresh(now: datetime, by: str, request: LeadRequest, on: str | None, more: Mapping[str, str]) -> Lead:
    """The lead as it is told, before it meets what is known."""
    source, licence = request.source, request.licence or ""
    given = {name: value for name in _GIVEN if (value := getattr(request, name))}
    facts = [
        LeadFact(name=name, value=value, source=source, at=now, licence=licence, method="given")
        for name, value in {**given, **more}.items()
    ]
    people = [
        LeadPerson.model_validate({**each.model_dump(exclude_none=True), "source": source, "at": now})
        for each in request.people
        if each.name or each.email
    ]
    return Lead(
        id=lead_id(request.website, request.name, request.country),
        name=request.name or host_of(request.website or ""),
        **{name: value for name, value in given.items() if name != "name"},
        lists=[on] if on else [],
        people=people,
        facts=facts,
        created_at=now,
        created_by=by,
        changed_at=now,
    )


def keep(ports: Ports, scope: Scope, new: Lead) -> Lead:
    """Store a lead, or put what it says to the one that is there; merged ones are followed."""
    while True:
        found = ports.documents.get(scope, Kind.LEAD, new.id)
        if found and (into := found.body.get("merged_into")):
            new = new.model_copy(update={"id": into})
            continue
        known = Lead.model_validate(found.body) if found else None
        now = together(ports, scope, known, new)
        if now == known:
            return now
        try:
            ports.documents.put(scope, Kind.LEAD, new.id, now.model_dump(mode="json"), found.rev if found else None)
        except Stale:
            continue
        return now


def together(ports: Ports, scope: Scope, known: Lead | None, new: Lead) -> Lead:
    """What is known and what is told anew, weighed where that changes a fact; the same if it says nothing new."""
    if known is None:
        return new
    now = merged(known, new)
    if now == known:
        return known
    now = now.model_copy(update={"changed_at": new.changed_at})
    return weighed(ports, scope, now) if now.facts != known.facts else now


def absorb(ports: Ports, scope: Scope, id: str, other: Lead) -> Lead:
    """Put everything that is known of `other` to the lead `id`; `other` says from now on where it went. Whoever has
    the one has both then; where somebody else has either, it is taken, and what was decided here rests. Raises
    Missing."""
    taken = _is_anothers(ports, scope, LEADS.load(ports, scope, id), other)

    def both(lead: Lead) -> None:
        together = merged(lead, other)
        stage = "found" if taken and together.stage == "qualified" else together.stage
        absorbed = list(dict.fromkeys([*together.absorbed, other.id]))
        together = together.model_copy(update={"taken": taken, "stage": stage, "absorbed": absorbed})
        _become(lead, weighed(ports, scope, together))

    made = LEADS.change(ports, scope, id, both)
    LEADS.change(ports, scope, other.id, partial(_went_into, id))
    _note(ports, scope, "system", "merged", {"lead": other.id, "into": id, "taken": taken})
    return made


def _is_anothers(ports: Ports, scope: Scope, lead: Lead, other: Lead) -> bool:
    """Two become one: is that one somebody else's? If one of them is this workspace's, both are from now on. Where
    somebody else has the other, whoever has the site, or a deal, keeps it; what is known by its name alone is given
    up."""
    ids = [*lead.known_as, *other.known_as]
    if not any(claims.has(ports, scope, each) for each in ids):
        return bool(claims.taken(ports, scope, ids))
    try:
        claims.claim(ports, scope, *ids)
    except Conflict:
        if claims.has(ports, scope, lead.id):
            return False
        if "converted" not in (lead.stage, other.stage):
            claims.release(ports, scope, *ids)
        return True
    return False


def _went_into(id: str, lead: Lead) -> None:
    """Only that is left to say of it: who was found there is kept once."""
    lead.merged_into, lead.people, lead.score = id, [], None


def _become(lead: Lead, another: Lead) -> None:
    for name in Lead.model_fields:
        setattr(lead, name, getattr(another, name))


def get(ports: Ports, scope: Scope, id: str) -> Lead:
    """As it stands; of one that was merged, that into which it was. Raises Missing."""
    found = LEADS.load(ports, scope, id)
    return get(ports, scope, found.merged_into) if found.merged_into else found


def listing(
    ports: Ports, scope: Scope, filters: Sequence[Filter] = (), limit: int = 50, cursor: str | None = None
) -> tuple[list[Lead], str | None]:
    """Leads, the best score first, and the cursor of the next page. Raises Rejected for a wrong one."""
    best = Order("score.value", descending=True)
    try:
        page = ports.documents.find(scope, Kind.LEAD, filters, best, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    found = (Lead.model_validate(each.body) for each in page.documents)
    return [each for each in found if not each.merged_into], page.cursor


def decide(ports: Ports, scope: Scope, id: str, by: str, request: DecisionRequest) -> Lead:
    """A person takes it or leaves it; the newest word holds. What is taken is no other workspace's to take. Raises
    Missing, and Conflict once a deal was made, or if somebody else of the agency has it."""
    now, known = ports.clock.now(), get(ports, scope, id)
    if known.stage != "converted" and request.decision == "qualify":
        claims.claim(ports, scope, *known.known_as)

    def note(lead: Lead) -> None:
        if lead.stage == "converted":
            raise Conflict("stage", "a deal was made of it already; decide about that")
        lead.stage = "qualified" if request.decision == "qualify" else "rejected"
        lead.decisions = [*lead.decisions, Decision(**request.model_dump(), by=by, at=now)]
        lead.changed_at = now

    made = LEADS.change(ports, scope, known.id, note)
    if request.decision == "reject":
        claims.release(ports, scope, *made.known_as)
    _note(ports, scope, by, request.decision, {"lead": made.id, "criteria": made.score and made.score.criteria})
    return made


def converted(ports: Ports, scope: Scope, id: str, by: str, deal: str) -> Lead:
    """A deal was made of it: it is this workspace's. Raises Missing, and Conflict if another one was before, or if
    somebody else of the agency has it."""
    known = get(ports, scope, id)
    if known.deal in (None, deal):
        claims.claim(ports, scope, *known.known_as)

    def note(lead: Lead) -> None:
        if lead.deal not in (None, deal):
            raise Conflict("deal", f"it has a deal already: {lead.deal}")
        lead.stage, lead.deal = "converted", deal

    made = LEADS.change(ports, scope, known.id, note)
    _note(ports, scope, by, "converted", {"lead": made.id, "deal": deal})
    return made


def _only_named(ports: Ports, scope: Scope, id: str) -> Lead | None:
    found = ports.documents.get(scope, Kind.LEAD, id)
    return Lead.model_validate(found.body) if found and not found.body.get("merged_into") else None


def _note(ports: Ports, scope: Scope, by: str, what: str, data: dict[str, Any]) -> None:
    ports.journal.append(scope, STREAM, ports.clock.now(), by, what, data)
