"""Payments over HTTP: recorded by a person, read from a bank's file, told by signed notices."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from functions.http.handlers.billing import stirred
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.limits import JSON_BYTES, check_json, check_size
from shared.access.problem import Refusal
from shared.agents.books import bank, payments
from shared.domain.faults import FieldError, Rejected
from shared.domain.links import verify
from shared.domain.payment import AssignRequest, Payment, PaymentRequest, RefundRequest
from shared.domain.scope import Scope
from shared.ports import Forged


class PaymentQuery(Paging):
    """Those of an invoice, or those that wait for a person."""

    invoice: str = ""
    waiting: bool = False


class Noticed(BaseModel):
    """What became of a notice: payment -> its state; empty: it tells of no payment."""

    model_config = ConfigDict(extra="forbid")

    payments: dict[str, str]


def listing(call: Call, query: PaymentQuery) -> Answer[Listing[Payment]]:
    """Payments, newest first, each with where it counts, or why it does not."""
    items, cursor = payments.listing(call.ports, call.scope, query.limit, query.cursor, query.invoice, query.waiting)
    return Answer(Listing(items=items, cursor=cursor))


def record(call: Call, body: PaymentRequest) -> Answer[Payment]:
    """Record what came on the account. The same `reference` is the same payment, however often it is sent."""
    made = payments.take_manual(call.ports, call.scope, call.principal, body)
    flows = stirred(call.ports, call.scope)
    return Answer(made, status=201, start=flows, ring=[each.instance_id for each in flows])


def bring_in(call: Call, body: bytes) -> Answer[bank.Imported]:
    """The same from a bank's CSV file; a row that was brought in before changes nothing."""
    made = bank.bring_in(call.ports, call.scope, call.principal, body)
    flows = stirred(call.ports, call.scope)
    return Answer(made, start=flows, ring=[each.instance_id for each in flows])


def assign(call: Call, body: AssignRequest) -> Answer[Payment]:
    """Say which invoice a payment is for and, if it came in another currency, as how much it counts."""
    id = call.path["id"]
    made = payments.assign(call.ports, call.scope, call.principal, id, body.invoice, body.counts_as)
    flows = stirred(call.ports, call.scope)
    return Answer(made, start=flows, ring=[each.instance_id for each in flows])


def give_back(call: Call) -> Answer[Payment]:
    """It was given back: it counts no more."""
    made = payments.give_back(call.ports, call.scope, call.principal, call.path["id"])
    flows = stirred(call.ports, call.scope)
    return Answer(made, start=flows, ring=[each.instance_id for each in flows])


def refund(call: Call, body: RefundRequest) -> Answer[Payment]:
    """So much of it was given back in all, by hand: the rest counts."""
    made = payments.refund_by_hand(call.ports, call.scope, call.principal, call.path["id"], body.amount)
    flows = stirred(call.ports, call.scope)
    return Answer(made, start=flows, ring=[each.instance_id for each in flows])


def notice(call: Call, body: bytes) -> Answer[Noticed]:
    """Take a signed notice of payments: repeated or out of order, each counts once."""
    link = verify(call.path["token"], "w", call.ports.keys.link)
    if link is None or link.person != "payments" or call.ports.books is None:
        raise Refusal(401, "not-signed", "token", "this address was not signed here")
    check_size(body, JSON_BYTES)
    check_json(body)
    try:
        told = call.ports.books.notice(link.scope, call.headers, body)
    except Forged as why:
        raise Refusal(401, "not-signed", str(why), "these bytes are not signed with this secret, now") from None
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise Rejected(FieldError("body", f"is no notice of a payment: {type(why).__name__}")) from None
    for each in told:
        payments.check(call.ports, each)
    scopes = [Scope(link.scope.tenant, each.workspace or link.scope.workspace) for each in told]
    name = call.ports.books.name
    taken = [payments.take(call.ports, scope, name, each) for scope, each in zip(scopes, told, strict=True)]
    flows = [flow for scope in dict.fromkeys(scopes) for flow in stirred(call.ports, scope)]
    states: dict[str, str] = {each.id: each.state for each in taken}
    return Answer(Noticed(payments=states), start=flows, ring=[each.instance_id for each in flows])
