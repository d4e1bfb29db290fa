"""A journey as people look at it: who stands where, and one person's way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from shared.agents import campaigns
from shared.agents.contacts import find_by_address
from shared.agents.contacts.book import get_contact
from shared.agents.journeys import mails
from shared.agents.journeys.books import get
from shared.agents.journeys.counts import counts
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.gate import HELD, WAITS
from shared.domain.journey_state import Journey
from shared.domain.journey_steps import Stands, described, stands, wire
from shared.domain.names import Kind
from shared.domain.position import LEFT, Passed, Position, position_id
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports

_LEFT: Mapping[str, str] = {
    "end": "they had come to its end",
    "stop": "the plan says stop there",
    "reply": "they answered",
    "booking": "they booked",
    "conversion": "they bought",
    "opt_out": "they do not want such messages any more",
    "bounce": "their address bounced",
    "deal_closed": "their deal was won or lost",
    "gone": "they are no longer in the address book",
    "changed": "their step was taken away, and nothing comes after it",
}


class Stood(BaseModel):
    """One step, and how many are there; of a mail, how many had it and why it cannot leave, if it cannot."""

    name: str
    kind: str
    says: str
    then: str | None
    otherwise: str | None
    depth: int
    people: int
    had: int | None = None
    campaign: str | None = None
    waits_for: str | None = None


class Drawn(BaseModel):
    """The journey with its counts."""

    journey: Journey
    steps: list[Stood]
    entered: int
    under_way: int
    left: dict[str, int]


class Walked(BaseModel):
    """One person's way. `says` is fit to paste into a reply; `mails` explain each message that they had."""

    journey: str
    title: str
    contact: str
    name: str | None
    position: Position
    says: list[str]
    mails: dict[str, str]


class Standing(BaseModel):
    """Somebody in a journey."""

    contact: str
    email: str | None
    stands: str
    entry: int
    entered_at: datetime
    next_at: datetime | None


def drawn(ports: Ports, scope: Scope, id: str) -> Drawn:
    """The journey, step by step, with how many stand where. Raises Missing."""
    found = get(ports, scope, id)
    steps, counted = stands(found.declared()), counts(ports, scope, id)
    waiting = mails.ready(ports, scope, found.mails)
    made = [_stood(each, found, counted, waiting) for each in wire(steps)]
    left = {name.removeprefix(f"{LEFT}."): n for name, n in counted.items() if name.startswith(f"{LEFT}.")}
    counted_as = {name: n for name, n in counted.items() if not name.startswith(("had.", f"{LEFT}.", "entered"))}
    return Drawn(
        journey=found,
        steps=made,
        entered=counted.get("entered", 0),
        under_way=sum(counted_as.values()),
        left=left,
    )


def people(
    ports: Ports, scope: Scope, id: str, step: str | None, limit: int, cursor: str | None
) -> tuple[list[Standing], str | None]:
    """Who is in it, or stands at a step. Raises Missing, Rejected for a wrong cursor."""
    get(ports, scope, id)
    asked = [Filter("journey", "eq", id), Filter("id", "prefix", f"{id}.")]
    try:
        at = [Filter("stands", "eq", step)] if step else []
        page = ports.documents.find(scope, Kind.POSITION, [*asked, *at], limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    ids = [each.body["contact"] for each in page.documents]
    book = ports.documents.find(scope, Kind.CONTACT, [Filter("id", "in", ids)], limit=max(1, len(ids))).documents
    emails = {each.id: each.body["email"] for each in book}
    items = [
        Standing.model_validate({**_of(each.body), "email": emails.get(each.body["contact"])})
        for each in page.documents
    ]
    return items, page.cursor


def walked(ports: Ports, scope: Scope, id: str, contact: str) -> Walked:
    """The way of one person, by id or address. Raises Missing."""
    found = get(ports, scope, id)
    known = find_by_address(ports, scope, contact) if "@" in contact else None
    document = ports.documents.get(scope, Kind.POSITION, position_id(id, known.id if known else contact))
    if document is None:
        raise Missing("contact", contact)
    position = Position.model_validate(document.body)
    steps = stands(found.declared())
    said = [_said(each, steps) for each in position.path]
    return Walked(
        journey=id,
        title=found.title,
        contact=position.contact,
        name=_name(ports, scope, position.contact),
        position=position,
        says=[*said, _now(position, steps)],
        mails={mail: _explained(ports, scope, campaign, position.contact) for mail, campaign in position.had.items()},
    )


def _of(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("contact", "stands", "entry", "entered_at", "next_at")}


def _stood(step: Mapping[str, Any], found: Journey, counted: Mapping[str, int], waiting: Mapping[str, str]) -> Stood:
    name = step["name"]
    mail = found.mails.get(name)
    had = counted.get(f"had.{name}", 0) if mail else None
    return Stood(
        **step, people=counted.get(name, 0), had=had, campaign=mail, waits_for=waiting.get(name) if mail else None
    )


def _name(ports: Ports, scope: Scope, contact: str) -> str | None:
    try:
        found = get_contact(ports, scope, contact)
    except Missing:
        return None
    return " ".join(filter(None, (found.first_name, found.last_name))) or found.email


def _explained(ports: Ports, scope: Scope, campaign: str, contact: str) -> str:
    try:
        return campaigns.explain(ports, scope, campaign, contact).sentence
    except Missing:
        return "The campaign of this mail is no longer on file."


def _said(passed: Passed, steps: Stands) -> str:
    at = f"{passed.moment:%-d %B %Y %H:%M} UTC"
    step = f"“{described(steps[passed.step])}”" if passed.step in steps else f"“{passed.step}”"
    match passed.what:
        case "entered":
            return f"{at}: came in" + (f", because of {passed.why}." if passed.why else ".")
        case "yes" | "no":
            return f"{at}: {step}: {passed.what}."
        case "sent":
            return f"{at}: {step}: it left."
        case "held":
            return f"{at}: {step}: it was held, because {HELD.get(passed.why, passed.why)}."
        case "failed":
            return f"{at}: {step}: it could not be delivered."
        case "unknown":
            return f"{at}: {step}: it is not known whether it left, so it is not sent again."
        case "waits":
            return f"{at}: {step}: waits" + (f": {_why_waits(passed.why)}." if passed.why else ".")
        case "tagged" | "untagged":
            return f"{at}: {passed.what} “{passed.why}”."
        case "passed_over":
            return f"{at}: {step} was passed over: {passed.why}."
        case _:
            return f"{at}: left at “{passed.step}”, because {_LEFT.get(passed.why, passed.why)}."


def _why_waits(code: str) -> str:
    own = {"cap": "the journey's own cap", "sender": "a sender was stopped, and what it did is being found out"}
    return own.get(code) or WAITS.get(code, code)


def _now(position: Position, steps: Stands) -> str:
    if position.next_at is None:
        return "They have left the journey."
    here = described(steps[position.stands]) if position.stands in steps else position.stands
    return f"Now they stand at “{here}” and go on {position.next_at:%-d %B %Y %H:%M} UTC at the earliest."
