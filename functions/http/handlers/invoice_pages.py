"""The pages of invoices: all of them, one with what can be done about it, the form of a draft; and their forms."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from functions.http.handlers.billing import stirred
from functions.http.handlers.html import html, see
from functions.http.handlers.invoices import sent
from functions.http.handlers.money import in_words
from shared.access.call import Answer, Call, Paging
from shared.access.problem import rejected
from shared.access.upload import uploaded
from shared.agents import deals
from shared.agents.books import bank, doubts, invoices, payments, plans, post
from shared.agents.books import terms as billing
from shared.domain.faults import Missing
from shared.domain.invoice import CancelRequest, Invoice, InvoiceRequest, MailDecision
from shared.domain.line_items import line_net
from shared.domain.payment import STATES, AssignRequest, Payment, PaymentRequest, RefundRequest
from shared.domain.segment import Filter
from shared.web.invoices import CHIPS, FACTS, Shown, draft_of_form, filled, shown

Form = TypeVar("Form", bound=BaseModel)
_AT_ONCE = 100


class InvoicesQuery(Paging):
    """Those that stand so, or of one deal."""

    show: str = ""
    deal: str = ""


def listing(call: Call, query: InvoicesQuery) -> Answer[str]:
    """Invoices and credit notes, newest first, by how they stand; agreed dates; a bank's file to bring in."""
    today = billing.today(call.ports)
    every = [Shown(each, each.standing(today)) for each in invoices.every(call.ports, call.scope, [])]
    every = [each for each in every if not query.deal or each.invoice.deal == query.deal]
    found = sorted(filter(shown(query.show), every), key=lambda each: each.invoice.created_at, reverse=True)
    counts = {name: sum(map(shown(name), every)) for name, _ in CHIPS}
    agreed, _ = plans.listing(call.ports, call.scope, _AT_ONCE)
    said = {"chips": CHIPS, "counts": counts, "show": query.show, "deal": query.deal, "plans": agreed}
    terms = billing.read(call.ports, call.scope)
    return html(call, "invoices", here="money", items=found[:_AT_ONCE], n=len(found), terms=terms, sum=in_words, **said)


def show(call: Call) -> Answer[str]:
    """One invoice: what it says, how it stands, what was paid, what happened, and what can be done."""
    found = invoices.get(call.ports, call.scope, call.path["id"])
    came, _ = payments.listing(call.ports, call.scope, _AT_ONCE, invoice=found.id)
    facts = call.ports.journal.read(call.scope, f"invoice/{found.id}")
    near = {name: _near(call, id) for name, id in (("cancels", found.cancels), ("cancelled_by", found.cancelled_by))}
    near |= {"replaces": _near(call, found.replaces), "instead": invoices.replacing(call.ports, call.scope, found.id)}
    others = _payable(call, found) if found.status == "cancelled" and found.payments else []
    said = {"standing": found.standing(billing.today(call.ports)), "near": near, "others": others, "states": STATES}
    link = post.link(call.ports, call.scope, found) if found.number else ""
    more = {"facts": facts[::-1], "words": FACTS, "payments": came, "link": link, "sum": in_words, "net": line_net}
    return html(call, "invoice", here="money", invoice=found, deal=_deal(call, found.deal), **said, **more)


def blank(call: Call) -> Answer[str]:
    """The form of a new draft."""
    running, _ = deals.listing(call.ports, call.scope, _AT_ONCE)
    terms, today = billing.required(call.ports, call.scope), billing.today(call.ports)
    return html(
        call, "invoice_form", here="money", form=filled(None, terms, today), deals=running, invoice=None, terms=terms
    )


def form(call: Call) -> Answer[str]:
    """The form of a draft that is there."""
    found = invoices.get(call.ports, call.scope, call.path["id"])
    running, _ = deals.listing(call.ports, call.scope, _AT_ONCE)
    terms = billing.required(call.ports, call.scope)
    given = filled(found, terms, billing.today(call.ports))
    return html(call, "invoice_form", here="money", form=given, deals=running, invoice=found, terms=terms)


def create(call: Call) -> Answer[str]:
    """Draft one."""
    wish = _checked(InvoiceRequest, draft_of_form(call.form))
    return _there(invoices.draft(call.ports, call.scope, call.principal, wish))


def edit(call: Call) -> Answer[str]:
    """Put another content into a draft."""
    wish = _checked(InvoiceRequest, draft_of_form(call.form))
    return _there(invoices.edit(call.ports, call.scope, call.principal, call.path["id"], wish))


def issue(call: Call) -> Answer[str]:
    """Only its number, to hand it over by other means."""
    return _moved(call, invoices.issue(call.ports, call.scope, call.principal, call.path["id"]))


def send(call: Call) -> Answer[str]:
    """Have it leave by mail."""
    return _moved(call, sent(call))


def discard(call: Call) -> Answer[str]:
    """Away with a draft."""
    invoices.discard(call.ports, call.scope, call.principal, call.path["id"])
    return see("/invoices")


def cancel(call: Call) -> Answer[str]:
    """Take it back by a credit note; with a draft in its place, go on there."""
    given = call.form
    wish = _checked(CancelRequest, {"why": given.get("why", ""), "replace": given.get("replace") == "yes"})
    found = invoices.cancel(call.ports, call.scope, call.principal, call.path["id"], wish)
    post.withdraw(call.ports, call.scope, found)
    instead = invoices.replacing(call.ports, call.scope, found.id)
    return _moved(call, instead if instead and wish.replace else found)


def decide(call: Call) -> Answer[str]:
    """Say what holds of a mail of which nobody knows whether it left."""
    said = _checked(MailDecision, call.form).decision
    return _moved(call, doubts.decide(call.ports, call.scope, call.principal, call.path["id"], said))


def owed(call: Call) -> Answer[str]:
    """What went back is owed again: reminders go on."""
    return _moved(call, doubts.owed_again(call.ports, call.scope, call.principal, call.path["id"]))


def check(call: Call) -> Answer[str]:
    """Ask the books what came for it."""
    found = invoices.get(call.ports, call.scope, call.path["id"])
    payments.ask_the_books(call.ports, call.scope, call.principal, found)
    return _moved(call, found)


def pay(call: Call) -> Answer[str]:
    """Record a payment of it."""
    found = invoices.get(call.ports, call.scope, call.path["id"])
    given = {name: text.strip() for name, text in call.form.items() if text.strip()}
    if "at" in given:
        with suppress(ValueError):  # what is no day is refused by its field
            given["at"] = billing.noon(call.ports, date.fromisoformat(given["at"])).isoformat()
    payments.take_manual(
        call.ports, call.scope, call.principal, _checked(PaymentRequest, given | {"invoice": found.id})
    )
    return _moved(call, found)


def assign(call: Call) -> Answer[str]:
    """Say which invoice a payment is for, by its number or id."""
    said = call.form.get("invoice", "").strip()
    target = invoices.named(call.ports, call.scope, said)
    given = {name: text.strip() for name, text in call.form.items() if text.strip()}
    wish = _checked(AssignRequest, {**given, "invoice": target.id if target else said})
    made = payments.assign(call.ports, call.scope, call.principal, call.path["id"], wish.invoice, wish.counts_as)
    return _moved(call, invoices.get(call.ports, call.scope, made.invoice))


def refund(call: Call) -> Answer[str]:
    """Say how much of a payment was given back in all."""
    amount = _checked(RefundRequest, call.form).amount
    return _back(call, payments.refund_by_hand(call.ports, call.scope, call.principal, call.path["id"], amount))


def give_back(call: Call) -> Answer[str]:
    """Say that a payment was given back."""
    return _back(call, payments.give_back(call.ports, call.scope, call.principal, call.path["id"]))


def _back(call: Call, made: Payment) -> Answer[str]:
    flows = stirred(call.ports, call.scope)
    there = f"/invoices/{made.invoice}" if made.invoice else "/money#waiting"
    return see(there, start=flows, ring=[each.instance_id for each in flows])


def bring_in(call: Call, body: bytes) -> Answer[str]:
    """Take the payments of a bank's file, and show what became of its rows."""
    file = uploaded(body, call.headers.get("content-type", ""), "file")
    made = bank.bring_in(call.ports, call.scope, call.principal, file.data)
    flows = stirred(call.ports, call.scope)
    answer = html(call, "bank", here="money", made=made, states=STATES)
    return Answer(
        answer.body, answer.status, answer.content_type, answer.headers, start=flows,
        ring=[each.instance_id for each in flows],
    )  # fmt: skip


def end(call: Call) -> Answer[str]:
    """Make no more invoices of agreed dates."""
    plans.end(call.ports, call.scope, call.principal, call.path["id"])
    return see("/invoices#plans")


def _there(found: Invoice) -> Answer[str]:
    return see(f"/invoices/{found.id}")


def _moved(call: Call, found: Invoice) -> Answer[str]:
    flows = stirred(call.ports, call.scope)
    return see(f"/invoices/{found.id}", start=flows, ring=[each.instance_id for each in flows])


def _near(call: Call, id: str) -> Invoice | None:
    try:
        return invoices.get(call.ports, call.scope, id) if id else None
    except Missing:
        return None


def _deal(call: Call, id: str) -> str:
    try:
        return deals.get(call.ports, call.scope, id).name if id else ""
    except Missing:
        return ""


def _payable(call: Call, found: Invoice) -> list[Invoice]:
    """To which what was paid for a cancelled invoice may be moved."""
    asked = [Filter("status", "in", ["issued", "sent"])]
    every = invoices.INVOICES.every(call.ports, call.scope, asked, [])
    of_them = [each for each in every if each.buyer.name == found.buyer.name and each.currency == found.currency]
    return [each for each in of_them if each.kind == "invoice"][:_AT_ONCE]


def _checked(model: type[Form], given: object) -> Form:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
