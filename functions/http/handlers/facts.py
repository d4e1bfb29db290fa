"""Facts that people vouch for, over HTTP, and the answers to sentences that nobody has said."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import doorbells
from functions.http.handlers.as_seen import as_seen
from functions.http.handlers.html import see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents import campaigns, confirmed
from shared.agents.campaigns.claims import answer_claim
from shared.domain import client_view
from shared.domain.campaign import Campaign
from shared.domain.fact import ClaimRequest, ConfirmedFact, FactRequest


def listing(call: Call, query: Paging) -> Answer[Listing[ConfirmedFact]]:
    """Facts that people vouch for, newest first, also those that no longer hold."""
    items, cursor = confirmed.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def confirm(call: Call, body: FactRequest) -> Answer[ConfirmedFact]:
    """Vouch for a fact: what is written from now on may say it, until it lapses or is withdrawn."""
    return Answer(confirmed.confirm(call.ports, call.scope, call.principal, body), status=201)


def withdraw(call: Call) -> Answer[ConfirmedFact]:
    """Vouch for it no longer: nothing that is written from now on may rest on it."""
    return Answer(confirmed.withdraw(call.ports, call.scope, call.principal, call.path["id"]))


def answer(call: Call, body: ClaimRequest) -> Answer[Campaign]:
    """Confirm, cite or have rephrased one sentence of the drafts that no source carries."""
    done = answer_claim(call.ports, call.scope, call.path["id"], call.principal, body)
    return Answer(as_seen(call, done, client_view.campaign), ring=doorbells(call.scope, done))


def form(call: Call) -> Answer[str]:
    """The same, from the page."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    try:
        given = ClaimRequest.model_validate({name: value for name, value in call.form.items() if value.strip()})
    except ValidationError as error:
        raise rejected(error, "form") from None
    done = answer_claim(call.ports, call.scope, found.id, call.principal, given)
    return see(f"/campaigns/{done.id}#mail", ring=doorbells(call.scope, done))
