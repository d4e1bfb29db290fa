"""Proposals over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.propose import agreed, answering, client, negotiating, proposals, prose, reading, sending
from shared.agents.propose.messages import of_proposal
from shared.domain.agreed import Agreed
from shared.domain.asked import Address
from shared.domain.negotiation import Negotiated
from shared.domain.proposal import (
    AnswerRequest,
    Change,
    Content,
    Message,
    Proposal,
    ProposalRequest,
    ProposalShown,
    Say,
)
from shared.domain.proposal_diff import changes
from shared.domain.proposal_text import RestsOn, TextRequest, TextWritten

Number = Annotated[int, Field(ge=1)]


class WhichProposals(Paging):
    """Of one deal, if one is named."""

    deal: str | None = None


class OneVersion(BaseModel):
    """The newest if none is named."""

    model_config = ConfigDict(extra="forbid")

    version: Number | None = None


class TwoVersions(BaseModel):
    """If they are not named, the last but one and the newest."""

    model_config = ConfigDict(extra="forbid")

    old: Number | None = None
    new: Number | None = None


class ContentChange(BaseModel):
    """The body of PUT …/content: what the proposal says now, the version that was changed, and to whom it goes."""

    model_config = ConfigDict(extra="forbid")

    content: Content
    seen: Number | None = None
    to: Address | None = None


class TakeRequest(BaseModel):
    """The body of POST …/alternatives: the id of one that is listed."""

    model_config = ConfigDict(extra="forbid")

    alternative: Annotated[str, Field(min_length=1, max_length=60)]


class Changes(BaseModel):
    """What differs, word by word; prices as a whole."""

    old: int
    new: int
    changes: list[Change]


def create(call: Call, body: ProposalRequest) -> Answer[ProposalShown]:
    """Begin a proposal for a deal: of an offer, or like an earlier one."""
    made = proposals.create(call.ports, call.scope, call.principal, body)
    return Answer(made, status=201, headers={"Location": f"/api/v1/proposals/{made.id}"})


def listing(call: Call, query: WhichProposals) -> Answer[Listing[Proposal]]:
    """Proposals, those that changed last first."""
    items, cursor = proposals.listing(call.ports, call.scope, query.limit, query.cursor, query.deal)
    return Answer(Listing(items=items, cursor=cursor))


def show(call: Call, query: OneVersion) -> Answer[ProposalShown]:
    """A proposal with what a version says and costs, and why it cannot be sent as it is."""
    return Answer(proposals.get(call.ports, call.scope, call.path["id"], query.version))


def edit(call: Call, body: ContentChange) -> Answer[ProposalShown]:
    """Keep this as the newest version; what waited for approval waits no more, what the client has stays."""
    made = proposals.edit(call.ports, call.scope, call.path["id"], call.principal, body.content, body.seen, body.to)
    return Answer(made)


def write(call: Call, body: TextRequest) -> Answer[TextWritten]:
    """Have its prose written from needs, offer and facts; what somebody has changed by hand stays as it is."""
    return Answer(prose.write(call.ports, call.scope, call.path["id"], call.principal, body))


def claims(call: Call, query: OneVersion) -> Answer[Listing[RestsOn]]:
    """What each sentence of its text rests on; nobody has said one that names no source."""
    found = proposals.PROPOSALS.load(call.ports, call.scope, call.path["id"])
    content = proposals.shown(call.ports, call.scope, found, query.version).content
    return Answer(Listing(items=prose.rests_on(call.ports, call.scope, found, content)))


def compare(call: Call, query: TwoVersions) -> Answer[Changes]:
    """What differs between two versions: words and prices."""
    return Answer(compared(call, query))


def pdf(call: Call, query: OneVersion) -> Answer[bytes]:
    """A version as PDF, as the client gets it."""
    found = proposals.PROPOSALS.load(call.ports, call.scope, call.path["id"])
    content = reading.pdf(call.ports, call.scope, found, query.version or found.version)
    named = {"Content-Disposition": 'inline; filename="proposal.pdf"'}
    return Answer(content, content_type="application/pdf", headers=named)


def scope_agreed(call: Call) -> Answer[Agreed]:
    """What the client accepted: the lines that a contract and its invoices are made of."""
    return Answer(agreed(call.ports, call.scope, call.path["id"]))


def submit(call: Call) -> Answer[Proposal]:
    """Put the newest version up for approval; approved, it leaves."""
    return Answer(sending.submit(call.ports, call.scope, call.path["id"], call.principal))


def withdraw(call: Call) -> Answer[Proposal]:
    """From now on it cannot be accepted."""
    return Answer(sending.withdraw(call.ports, call.scope, call.path["id"], call.principal))


def messages(call: Call) -> Answer[Listing[Message]]:
    """What the client asked and offered, the oldest first, with the answers."""
    found = proposals.PROPOSALS.load(call.ports, call.scope, call.path["id"])
    return Answer(Listing(items=of_proposal(call.ports, call.scope, found.id)))


def heard(call: Call, body: Say) -> Answer[Message]:
    """Write down what the client said elsewhere: on the telephone, by mail."""
    found = proposals.PROPOSALS.load(call.ports, call.scope, call.path["id"])
    version = found.current.version if found.current else found.version
    return Answer(client.keep(call.ports, call.scope, found, version, body, call.principal), status=201)


def answer(call: Call, body: AnswerRequest) -> Answer[Message]:
    """Answer the client by mail; words that name a price which the proposal does not have are refused."""
    id, message = call.path["id"], call.path["message"]
    return Answer(answering.answer(call.ports, call.scope, id, message, call.principal, body.text))


def alternatives(call: Call) -> Answer[Negotiated]:
    """What can be answered to a counter-offer, with the reason; none is below a floor, and nothing is sent."""
    return Answer(negotiating.answers(call.ports, call.scope, call.path["id"], call.path["message"]))


def take(call: Call, body: TakeRequest) -> Answer[ProposalShown]:
    """Make an alternative the newest version; the client sees it once it is approved."""
    id, message = call.path["id"], call.path["message"]
    return Answer(negotiating.take(call.ports, call.scope, id, message, body.alternative, call.principal))


def compared(call: Call, query: TwoVersions) -> Changes:
    """The two versions side by side."""
    new = proposals.get(call.ports, call.scope, call.path["id"], query.new)
    old = proposals.get(call.ports, call.scope, call.path["id"], query.old or max(1, new.shown - 1))
    found = changes(old.content, old.options, new.content, new.options)
    return Changes(old=old.shown, new=new.shown, changes=found)
