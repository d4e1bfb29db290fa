"""What strangers wrote, and what a workspace lets in."""

from __future__ import annotations

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents import inbound
from shared.domain.inbound import Inbound, InboundDecision, InboundDoor, InboundSettings, State


class InboundQuery(Paging):
    """Those in this state; without it, all."""

    state: State | None = None


def listing(call: Call, query: InboundQuery) -> Answer[Listing[Inbound]]:
    """What strangers wrote by the form, through a system or by mail, the newest first."""
    items, cursor = inbound.listing(call.ports, call.scope, query.limit, query.cursor, query.state)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call) -> Answer[Inbound]:
    """One of them: word for word, with the deal that was made of it, or why a person looks first."""
    return Answer(inbound.get(call.ports, call.scope, call.path["id"]))


def decide(call: Call, body: InboundDecision) -> Answer[Inbound]:
    """It is meant seriously (take: what was put aside becomes a lead), or it is not (drop)."""
    return Answer(inbound.decide(call.ports, call.scope, call.path["id"], call.principal, body))


def settings(call: Call) -> Answer[InboundDoor]:
    """What is let in, where the form is, and what to paste into a page of one's own."""
    return Answer(inbound.door_of(call.ports, call.scope))


def put_settings(call: Call, body: InboundSettings) -> Answer[InboundDoor]:
    """Open or close the form, say what stands on it, and which address strangers write to."""
    return Answer(inbound.write(call.ports, call.scope, call.principal, body))


def renew(call: Call) -> Answer[InboundDoor]:
    """A new link to the form; the old one leads nowhere from now on."""
    return Answer(inbound.renew(call.ports, call.scope, call.principal), status=201)
