"""Counter-offers: what can be answered is computed and held for a person, who sends an answer or takes an alternative
into the next version, which goes the way of every version: approval, gate, mail."""

from __future__ import annotations

from decimal import Decimal

from shared.agents.propose import offers
from shared.agents.propose.messages import MESSAGES
from shared.agents.propose.priced import whole
from shared.agents.propose.proposals import PROPOSALS, edit
from shared.domain.faults import Conflict, Missing
from shared.domain.negotiation import Negotiated, negotiated
from shared.domain.proposal import Content, Message, Proposal, ProposalShown
from shared.domain.scope import Scope
from shared.ports import Ports


def answers(ports: Ports, scope: Scope, id: str, message: str) -> Negotiated:
    """What can be answered to a counter-offer now, by the newest terms. Raises Missing, Conflict if it is none."""
    found, counter = PROPOSALS.load(ports, scope, id), MESSAGES.load(ports, scope, message)
    if counter.proposal != id:
        raise Missing("message", message)
    return _negotiated(ports, scope, found, counter)


def take(ports: Ports, scope: Scope, id: str, message: str, alternative: str, by: str) -> ProposalShown:
    """Make an alternative the newest version; the client sees it once it is approved. Raises as `answers` and `edit`
    do, and Missing if there is no such alternative any more."""
    for each in answers(ports, scope, id, message).alternatives:
        if each.id == alternative:
            return edit(ports, scope, id, by, each.content)
    raise Missing("alternative", alternative)


def _negotiated(ports: Ports, scope: Scope, found: Proposal, counter: Message) -> Negotiated:
    named = found.of_version(counter.version)
    if counter.kind != "counter" or named is None:
        raise Conflict("message", "it is no counter-offer: it names no sum")
    stored = whole(ports, scope, named.digest).content
    content = Content.model_validate(stored.model_dump(include=set(Content.model_fields)))
    terms = offers.get(ports, scope, stored.offer).terms
    return negotiated(terms, content, counter.option, Decimal(counter.wanted))
