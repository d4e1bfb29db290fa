"""Invoices over HTTP."""

from __future__ import annotations

from typing import Literal

from functions.http.handlers.billing import stirred
from shared.access.call import Answer, Call, Listing, Paging
from shared.agents.books import doubts, invoices, paper, payments, post
from shared.domain.faults import Conflict, Unavailable
from shared.domain.invoice import CancelRequest, Invoice, InvoiceRequest, InvoiceShown, MailDecision


class InvoiceQuery(Paging):
    """Those of a deal, or that stand so."""

    deal: str = ""
    status: Literal["", "draft", "issued", "sent", "cancelled"] = ""


def listing(call: Call, query: InvoiceQuery) -> Answer[Listing[InvoiceShown]]:
    """Invoices and credit notes, newest first, each with its sums."""
    items, cursor = invoices.listing(call.ports, call.scope, query.limit, query.cursor, query.deal, query.status)
    return Answer(Listing(items=[_shown(call, each) for each in items], cursor=cursor))


def create(call: Call, body: InvoiceRequest) -> Answer[InvoiceShown]:
    """Draft an invoice: it has no number yet, and may be edited."""
    return Answer(_shown(call, invoices.draft(call.ports, call.scope, call.principal, body)), status=201)


def get(call: Call) -> Answer[InvoiceShown]:
    """One invoice or credit note."""
    return Answer(_shown(call, invoices.get(call.ports, call.scope, call.path["id"])))


def edit(call: Call, body: InvoiceRequest) -> Answer[InvoiceShown]:
    """Put another content into a draft. What has a number is never edited."""
    return Answer(_shown(call, invoices.edit(call.ports, call.scope, call.principal, call.path["id"], body)))


def discard(call: Call) -> Answer[None]:
    """Away with a draft."""
    invoices.discard(call.ports, call.scope, call.principal, call.path["id"])
    return Answer(None, status=204)


def pdf(call: Call) -> Answer[bytes]:
    """It as PDF; of what has a number, always the same bytes."""
    found = invoices.get(call.ports, call.scope, call.path["id"])
    return pdf_answer(paper.pdf(call.ports, call.scope, found), found)


def issue(call: Call) -> Answer[InvoiceShown]:
    """Give it its number and its day, to hand it over by other means."""
    found = invoices.issue(call.ports, call.scope, call.principal, call.path["id"])
    return _moved(call, found)


def send(call: Call) -> Answer[InvoiceShown]:
    """Have it leave by mail, with a number if it had none. It leaves once."""
    return _moved(call, sent(call))


def sent(call: Call) -> Invoice:
    """Have it leave; whatever becomes of this call, what has its number leaves as soon as it can."""
    stirred(call.ports, call.scope)
    try:
        return post.send(call.ports, call.scope, call.principal, call.path["id"])
    except (Conflict, Unavailable):
        stirred(call.ports, call.scope)
        raise


def cancel(call: Call, body: CancelRequest) -> Answer[InvoiceShown]:
    """Take it back by a credit note and, if wished, draft another in its place."""
    found = invoices.cancel(call.ports, call.scope, call.principal, call.path["id"], body)
    post.withdraw(call.ports, call.scope, found)
    return _moved(call, found)


def decide(call: Call, body: MailDecision) -> Answer[InvoiceShown]:
    """Say of a mail of which nobody knows whether it left: treat it as sent, or send it again."""
    return _moved(call, doubts.decide(call.ports, call.scope, call.principal, call.path["id"], body.decision))


def owed(call: Call) -> Answer[InvoiceShown]:
    """Money of it went back, and it is owed again: reminders go on."""
    return _moved(call, doubts.owed_again(call.ports, call.scope, call.principal, call.path["id"]))


def check(call: Call) -> Answer[InvoiceShown]:
    """Ask the books what came for it, in case a notice was lost."""
    found = invoices.get(call.ports, call.scope, call.path["id"])
    payments.ask_the_books(call.ports, call.scope, call.principal, found)
    return _moved(call, invoices.get(call.ports, call.scope, found.id))


def pdf_answer(content: bytes, found: Invoice) -> Answer[bytes]:
    """To be shown, and saved under its number."""
    named = {"Content-Disposition": f'inline; filename="{found.number or "draft"}.pdf"'}
    return Answer(content, content_type="application/pdf", headers=named)


def _shown(call: Call, found: Invoice) -> InvoiceShown:
    link = post.link(call.ports, call.scope, found) if found.number else None
    return invoices.shown(call.ports, found, link)


def _moved(call: Call, found: Invoice) -> Answer[InvoiceShown]:
    flows = stirred(call.ports, call.scope)
    return Answer(_shown(call, found), start=flows, ring=[each.instance_id for each in flows])
