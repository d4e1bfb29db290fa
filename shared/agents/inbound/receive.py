"""What was written is kept first, exactly once, then carried on: whoever is killed in between is gone on from by the
sweep."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.agents import journeys
from shared.agents.inbound.settings import read
from shared.agents.inbound.take_in import INBOUND, note, take_in
from shared.agents.scopes import register
from shared.domain.address import person_of
from shared.domain.deal import CLOSED
from shared.domain.inbound import Inbound, InboundRequest, Way
from shared.domain.inbound_rules import cleaned, suspicions
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

_REPEATED = timedelta(days=1)
"""So long at least the same words once more are a second click."""


class Arrived(NamedTuple):
    """`again`: it was here before, and nothing was done."""

    inbound: Inbound
    again: bool


def receive(ports: Ports, scope: Scope, way: Way, said: InboundRequest, trap: str = "") -> Arrived:
    """Keep it, and make a lead of it unless a person has to look first. The same once more changes nothing:
    for a day, while it waits for a person, and while the deal that it belongs to is open; a system's number for
    ever."""
    settings, now = read(ports, scope), ports.clock.now()
    made = Inbound(
        id=said.id(scope) if said.reference else _id(ports, scope, said, now),
        way=way,
        state="received",
        why=suspicions(said.name, said.message, trap),
        at=now,
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


def _id(ports: Ports, scope: Scope, said: InboundRequest, now: datetime) -> str:
    id = said.id(scope)
    while (found := ports.documents.get(scope, Kind.INBOUND, id)) and _is_over(
        ports, scope, Inbound.model_validate(found.body), now
    ):
        id = hashlib.sha256(f"{id}|again".encode()).hexdigest()[:32]
    return id


def _is_over(ports: Ports, scope: Scope, before: Inbound, now: datetime) -> bool:
    """Is what was written then done with, so that the same words are something new?"""
    if now - before.at < _REPEATED or before.state in ("received", "quarantined"):
        return False
    deal = ports.documents.get(scope, Kind.DEAL, before.deal) if before.deal else None
    return deal is None or deal.body["stage"] in CLOSED


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
