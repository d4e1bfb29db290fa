"""The pages of leads: the list with its reasons, one lead with its facts, the decision."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import discovery_flow
from functions.http.handlers.html import html, see
from functions.http.handlers.leads import LeadsQuery
from shared.access.call import Answer, Call
from shared.access.problem import rejected
from shared.agents import qualify
from shared.agents.qualify import lists
from shared.domain.lead import DecisionRequest


def listing(call: Call, query: LeadsQuery) -> Answer[str]:
    """Leads, the best score first, each with its reason; and a field for more of them."""
    items, cursor = qualify.listing(call.ports, call.scope, query.filters(), query.limit, query.cursor)
    known, _ = lists.listing(call.ports, call.scope, 5, None)
    return html(call, "leads", here="leads", leads=items, cursor=cursor, lists=known, query=query)


def paste(call: Call) -> Answer[str]:
    """What was pasted is looked at and scored; the page shows how far it is."""
    text = call.form.get("websites", "")
    name = " ".join(call.form.get("name", "").split())[:100] or "pasted"
    made = lists.take(call.ports, call.scope, call.principal, text.encode(), name, "a pasted list")
    return see(f"/leads?list={made.id}", start=[discovery_flow(call.scope, made)])


def show(call: Call) -> Answer[str]:
    """One lead: the score factor by factor, every fact with its source."""
    lead = qualify.get(call.ports, call.scope, call.path["id"])
    same = qualify.recomputed(call.ports, call.scope, lead) == lead.score
    return html(call, "lead", here="leads", lead=lead, same=same)


def decide(call: Call) -> Answer[str]:
    """A person takes it or leaves it."""
    given = {name: call.form.get(name, "") for name in ("decision", "reason")}
    try:
        request = DecisionRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = qualify.decide(call.ports, call.scope, call.path["id"], call.principal, request)
    return see(f"/leads/{made.id}")
