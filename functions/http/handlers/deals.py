"""Deals over HTTP: begun, changed, moved, noted, listed."""

from __future__ import annotations

from pydantic import BaseModel

from functions.flows import journey_flow
from functions.http.handlers.billing import paid_already
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import deals
from shared.agents.thread import thread
from shared.domain.deal import (
    Deal,
    DealChange,
    DealRequest,
    MoveRequest,
    NoteOnDeal,
    OutreachRequest,
    OutreachToMany,
    Reached,
    Stage,
)
from shared.domain.faults import Missing
from shared.domain.needs import AskNeeds, Heard, Message, Record
from shared.domain.thread import Entry


class MessageText(BaseModel):
    """A message as it came: every quotation of it stands at its place in `text`."""

    message: Message
    text: str


class DealsQuery(Paging):
    """All, or those at one stage."""

    stage: Stage | None = None


def create(call: Call, body: DealRequest) -> Answer[Deal]:
    """Begin a deal, at whatever stage it stands."""
    made = deals.begin(call.ports, call.scope, call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/deals/{made.id}"})


def listing(call: Call, query: DealsQuery) -> Answer[Listing[Deal]]:
    """Deals, those that changed last first."""
    items, cursor = deals.listing(call.ports, call.scope, query.limit, query.cursor, query.stage)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[Deal]:
    """One deal, with every move and note."""
    return Answer(deals.get(call.ports, call.scope, call.path["id"]))


def timeline(call: Call) -> Answer[Listing[Entry]]:
    """Everything that happened in it, the newest first: moves, notes, mails, and what carries its id."""
    return Answer(Listing(items=thread(call.ports, call.scope, call.path["id"])))


def change(call: Call, body: DealChange) -> Answer[Deal]:
    """Change what is named; what is not stays."""
    return Answer(deals.change(call.ports, call.scope, call.path["id"], call.principal, body))


def move(call: Call, body: MoveRequest) -> Answer[Deal]:
    """Put it at a stage. To lose it, and to take back that it is won or lost, needs `why`."""
    id = call.path["id"]
    moved = deals.move(call.ports, call.scope, id, body.to, call.principal, body.why, body.from_)
    flows = paid_already(call.ports, call.scope, moved)
    return Answer(moved, start=flows, ring=[each.instance_id for each in flows])


def write_down(call: Call, body: NoteOnDeal) -> Answer[Deal]:
    """Write something down about it."""
    return Answer(deals.write_down(call.ports, call.scope, call.path["id"], call.principal, body.text))


def reach_out(call: Call, body: OutreachRequest) -> Answer[Deal]:
    """Let its contact into a sequence: a journey that begins with an event and stops with an answer."""
    begun = deals.reach_out(call.ports, call.scope, call.path["id"], call.principal, body.journey)
    return Answer(begun.deal, ring=[journey_flow(call.scope, begun.journey).instance_id])


def reach_many(call: Call, body: OutreachToMany) -> Answer[Reached]:
    """Let the contacts of deals at one stage into a sequence, those of the best score first, so many at a time."""
    made, journey = deals.reach_many(call.ports, call.scope, call.principal, body)
    return Answer(made, ring=[journey_flow(call.scope, journey).instance_id])


def needs(call: Call) -> Answer[Record]:
    """What they need: quoted with message and place, or marked as inferred; contradictions, and questions to ask."""
    return Answer(deals.needs_of(call.ports, call.scope, call.path["id"]))


def hear(call: Call, body: Heard) -> Answer[Record]:
    """Add a message of theirs; what it says is read by rules, and nothing in it is taken for an instruction."""
    return Answer(deals.hear(call.ports, call.scope, call.path["id"], call.principal, body))


def ask(call: Call, body: AskNeeds) -> Answer[Record]:
    """Mail the deal's contact what is still open, with a link to a form; nothing is asked that is answered."""
    return Answer(deals.ask(call.ports, call.scope, call.path["id"], call.principal, body), status=201)


def message(call: Call) -> Answer[MessageText]:
    """One message of theirs, whole and as it came, so that a quotation can be found again."""
    number = call.path["message"]
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        raise Missing("message", number)
    found, text = deals.text_of(call.ports, call.scope, call.path["id"], int(number))
    return Answer(MessageText(message=found, text=text))
