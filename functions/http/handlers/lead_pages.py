"""The pages of leads: the list with its reasons, one lead with its facts, the decision."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import discovery_flow, import_flow
from functions.http.handlers.html import html, see
from functions.http.handlers.leads import LeadsQuery
from shared.access.call import Answer, Call, Paging
from shared.access.problem import rejected
from shared.agents import qualify
from shared.agents.qualify import lists, notices, people
from shared.domain.faults import Conflict
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
    try:
        mails, unready = notices.shown(call.ports, call.scope, lead.id), ""
    except Conflict as why:
        mails, unready = [], why.error.reason
    return html(call, "lead", here="leads", lead=lead, same=same, mails=mails, unready=unready)


def strangers(call: Call, query: Paging) -> Answer[str]:
    """Who has to be told that they were found, and until when."""
    items, cursor = notices.strangers(call.ports, call.scope, query.limit, query.cursor)
    return html(call, "lead_notices", here="leads", strangers=items, cursor=cursor, now=call.ports.clock.now())


def tell(call: Call) -> Answer[str]:
    """The mails that the page shows leave."""
    notices.tell(call.ports, call.scope, call.path["id"], call.principal)
    return see(f"/leads/{call.path['id']}#people")


def contacts(call: Call) -> Answer[str]:
    """Whoever has an address comes into the address book, with where they were found."""
    made = people.to_contacts(call.ports, call.scope, call.path["id"], call.principal)
    return see(f"/imports/{made.id}", start=[import_flow(call.scope, made)])


def decide(call: Call) -> Answer[str]:
    """A person takes it or leaves it."""
    given = {name: call.form.get(name, "") for name in ("decision", "reason")}
    try:
        request = DecisionRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    made = qualify.decide(call.ports, call.scope, call.path["id"], call.principal, request)
    return see(f"/leads/{made.id}")
