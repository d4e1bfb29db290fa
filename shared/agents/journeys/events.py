"""What happened to somebody elsewhere, told by name: a booking, a purchase, anything a journey begins or stops with."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.agents.contacts import find_by_address
from shared.agents.journeys.books import listing
from shared.domain.event import Moment
from shared.domain.faults import FieldError, Rejected
from shared.domain.journey_state import Journey
from shared.domain.names import Kind
from shared.domain.policy import Slug
from shared.domain.scope import Scope
from shared.domain.texts import Line
from shared.ports import Ports, Stale

ANSWERED = "answered"
"""Told of whoever wrote by themselves, by whatever way."""


class EventTold(BaseModel):
    """The body of POST /api/v1/journeys/events: `contact` is an id or an address."""

    model_config = ConfigDict(extra="forbid")

    event: Slug
    contact: Line


class JourneyEvent(BaseModel):
    """The document: one event of one person, first and last."""

    model_config = ConfigDict(extra="forbid")

    contact: str
    event: str
    first_at: Moment
    last_at: Moment
    times: int = 1


def tell(ports: Ports, scope: Scope, told: EventTold) -> JourneyEvent:
    """Remember it: journeys that begin with it find it, and those that stop with it let this person go. Raises Rejected
    for somebody who is not in the address book."""
    contact = _contact(ports, scope, told.contact)
    while True:
        now = ports.clock.now()
        found = ports.documents.get(scope, Kind.JOURNEY_EVENT, f"{contact}.{told.event}")
        made = _once_more(JourneyEvent.model_validate(found.body), now) if found else _first(contact, told.event, now)
        body = made.model_dump(mode="json")
        try:
            ports.documents.put(
                scope, Kind.JOURNEY_EVENT, f"{contact}.{told.event}", body, found.rev if found else None
            )
            return made
        except Stale:
            continue


def answered(ports: Ports, scope: Scope, contact: str) -> None:
    """Somebody wrote, though not as an answer to a mail of a journey: a journey that stops with an answer stops with
    this, too. Of nobody who is in the address book nothing is remembered."""
    if not contact:
        return
    with suppress(Rejected):
        tell(ports, scope, EventTold(event=ANSWERED, contact=contact))


def listeners(ports: Ports, scope: Scope, event: str) -> list[Journey]:
    """Journeys under way that begin with it."""
    found, cursor = list[Journey](), None
    while True:
        items, cursor = listing(ports, scope, 100, cursor)
        found += [each for each in items if each.status == "running" and each.plan["enter"].get("event") == event]
        if cursor is None:
            return found


def _contact(ports: Ports, scope: Scope, given: str) -> str:
    known = find_by_address(ports, scope, given) if "@" in given else None
    if known:
        return known.id
    if ports.documents.get(scope, Kind.CONTACT, given) if "@" not in given and "/" not in given else None:
        return given
    raise Rejected(FieldError("contact", "nobody in the address book has this id or address"))


def _first(contact: str, event: str, now: datetime) -> JourneyEvent:
    return JourneyEvent(contact=contact, event=event, first_at=now, last_at=now)


def _once_more(before: JourneyEvent, now: datetime) -> JourneyEvent:
    return before.model_copy(update={"last_at": now, "times": before.times + 1})
