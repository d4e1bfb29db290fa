"""How a workspace bills, over HTTP."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from functions.flows import books_flow
from shared.access.call import Answer, Call, Start
from shared.agents.books import terms as billing
from shared.agents.books import turn
from shared.domain.billing import Billing
from shared.domain.deal import Deal
from shared.domain.faults import Missing
from shared.domain.links import door
from shared.domain.scope import Scope
from shared.ports import Ports


class PaymentNotices(BaseModel):
    """Where payments are told: `address`, signed with `secret` by the Standard Webhooks specification; null: with the
    secret of `books`, as they say it."""

    model_config = ConfigDict(extra="forbid")

    books: str
    address: str
    secret: str | None


def terms(call: Call) -> Answer[Billing]:
    """Who sells, where money goes, how long clients have, how they are reminded."""
    found = billing.read(call.ports, call.scope)
    if found is None:
        raise Missing("billing", "terms")
    return Answer(found)


def set_terms(call: Call, body: Billing) -> Answer[Billing]:
    """Put these terms in the place of the old ones; what has a number keeps those of its day."""
    return Answer(billing.write(call.ports, call.scope, call.principal, body))


def notices(call: Call) -> Answer[PaymentNotices]:
    """Where others tell of payments, and with what they sign."""
    books = call.ports.books
    address = door(call.ports.public_url, call.scope, "payments", call.ports.keys.link)
    secret = books.secret(call.scope) if books else None
    return Answer(PaymentNotices(books=books.name if books else "none", address=address, secret=secret))


def stirred(ports: Ports, scope: Scope) -> list[Start]:
    """The flow of the books: it exists from now on, and its doorbell is to be rung as well."""
    return [books_flow(scope, turn.stir(ports, scope).attempt)]


def paid_already(ports: Ports, scope: Scope, deal: Deal) -> list[Start]:
    """The same where a deal was moved to signed: its first invoice may be paid."""
    return stirred(ports, scope) if deal.stage == "signed" else []
