"""Agreed dates of invoices over HTTP."""

from __future__ import annotations

from functions.http.handlers.billing import stirred
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.books import plans
from shared.domain.invoice_plan import Plan, PlanRequest


def listing(call: Call, query: Paging) -> Answer[Listing[Plan]]:
    """Plans, newest first, each with what it has made."""
    items, cursor = plans.listing(call.ports, call.scope, query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def create(call: Call, body: PlanRequest) -> Answer[Plan]:
    """Agree on dates: deposit, milestones and months become invoices on their days."""
    made = plans.agree(call.ports, call.scope, call.principal, body)
    flows = stirred(call.ports, call.scope)
    return Answer(made, status=201, start=flows, ring=[each.instance_id for each in flows])


def get(call: Call) -> Answer[Plan]:
    """One plan."""
    return Answer(plans.PLANS.load(call.ports, call.scope, call.path["id"]))


def end(call: Call) -> Answer[Plan]:
    """Make no more invoices of it; those that are made stay."""
    return Answer(plans.end(call.ports, call.scope, call.principal, call.path["id"]))
