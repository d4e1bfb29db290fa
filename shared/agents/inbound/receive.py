"""What was written is kept first, exactly once, then carried on: whoever is killed in between is gone on from by the
sweep."""

from __future__ import annotations

from typing import NamedTuple

from shared.agents import journeys
from shared.agents.inbound.settings import read
from shared.agents.inbound.take_in import INBOUND, note, take_in
from shared.agents.scopes import register
from shared.domain.address import person_of
from shared.domain.inbound import Inbound, InboundRequest, Way
from shared.domain.inbound_rules import cleaned, suspicions
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale


class Arrived(NamedTuple):
    """`again`: it was here before, and nothing was done."""

    inbound: Inbound
    again: bool


def receive(ports: Ports, scope: Scope, way: Way, said: InboundRequest, trap: str = "") -> Arrived:
    """Keep it, and make a lead of it unless a person has to look first. The same once more changes nothing."""
    settings = read(ports, scope)
    made = Inbound(
        id=said.id(scope),
        way=way,
        state="received",
        why=suspicions(said.name, said.message, trap),
        at=ports.clock.now(),
        person=person_of(said.email, ports.keys.address),
        name=cleaned(said.name) or said.email,
        email=said.email.lower(),
        company=cleaned(said.company),
        website=said.website,
        phone=cleaned(said.phone),
        text=cleaned(said.message),
        consent=settings.consent if said.consent else "",
        confirmation="due" if settings.confirm else "none",
    )
    return keep(ports, scope, made)


def keep(ports: Ports, scope: Scope, made: Inbound) -> Arrived:
    """Store it, once, and carry it on. Whoever is known already has answered by it, also if a person looks first."""
    if made.why:
        made = made.model_copy(update={"state": "quarantined", "confirmation": "none"})
    register(ports, scope)
    journeys.answered(ports, scope, made.email)  # First: whoever is killed here sends it again.
    try:
        ports.documents.put(scope, Kind.INBOUND, made.id, made.model_dump(mode="json"))
    except Stale:
        return Arrived(INBOUND.load(ports, scope, made.id), True)
    note(ports, scope, made.id, made.way, made.state)
    return Arrived(take_in(ports, scope, made.id) if made.state == "received" else made, False)
