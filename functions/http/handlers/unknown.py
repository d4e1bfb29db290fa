"""Messages of which it is not known whether they left: the list and the decision, over HTTP and as a page."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import again_flows, journey_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents import campaigns, journeys, unknown
from shared.domain.campaign import Campaign
from shared.domain.inquiry import Decided, UnknownDecision, UnknownMessage


def listing(call: Call, query: Paging) -> Answer[Listing[UnknownMessage]]:
    """Messages that only a person can decide about, with what was asked about each and answered."""
    items, cursor = unknown.listing(call.ports, call.scope, call.path["id"], query.cursor, query.limit)
    return Answer(Listing(items=items, cursor=cursor))


def decide(call: Call, body: UnknownDecision) -> Answer[Decided]:
    """Treat them as sent (recommended), or send them again: then they may arrive twice."""
    done = unknown.decide(call.ports, call.scope, call.path["id"], call.principal, body)
    found = campaigns.get(call.ports, call.scope, done.campaign)
    return Answer(done, start=again_flows(call.scope, found), ring=_journey(call, found))


def page(call: Call, query: Paging) -> Answer[str]:
    """The list with its two choices, singly and for all."""
    found = campaigns.get(call.ports, call.scope, call.path["id"])
    items, cursor = unknown.listing(call.ports, call.scope, found.id, query.cursor, query.limit)
    n = campaigns.tally(call.ports, call.scope, found.id)["unknown"]
    return html(call, "unknown", here="campaigns", campaign=found, messages=items, cursor=cursor, n=n)


def form(call: Call) -> Answer[str]:
    """The choice made on the page."""
    given, found = call.form, campaigns.get(call.ports, call.scope, call.path["id"])
    keys = {"keys": [given["key"]]} if given.get("key") else {"all": True}
    try:
        wanted = UnknownDecision.model_validate({"decision": given.get("decision"), **keys})
    except ValidationError as error:
        raise rejected(error, "form") from None
    done = unknown.decide(call.ports, call.scope, found.id, call.principal, wanted)
    there = f"/campaigns/{found.id}/unknown" if done.still_unknown else f"/campaigns/{found.id}"
    after = campaigns.get(call.ports, call.scope, found.id)
    return see(there, start=again_flows(call.scope, after), ring=_journey(call, after))


def _journey(call: Call, campaign: Campaign) -> list[str]:
    """The flow that sends once more what a mail of a journey has to."""
    if campaign.journey is None or not campaign.again:
        return []
    return [journey_flow(call.scope, journeys.get(call.ports, call.scope, campaign.journey.id)).instance_id]
