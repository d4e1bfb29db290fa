"""What invoices bring into the thread of their deal: sent, paid, overdue, reminded of, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.agents.books import invoices, payments
from shared.agents.books import terms as billing
from shared.agents.books.plans import morning
from shared.agents.books.post import LEFT
from shared.domain.deal import Deal
from shared.domain.invoice import Invoice
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.thread import Entry
from shared.ports import Ports
from shared.render.invoice_words import money_text


def invoices_of(ports: Ports, scope: Scope, deal: Deal) -> Iterator[Entry]:
    """Of every document of the deal that has a number."""
    for found in invoices.INVOICES.every(ports, scope, [Filter("deal", "eq", deal.id)], []):
        if found.number and found.issued_on:
            at = found.sent_at or morning(ports, found.issued_on)
            yield from (_note(found, at) if found.kind == "credit_note" else _of(ports, scope, found, at))


def _of(ports: Ports, scope: Scope, found: Invoice, at: datetime) -> Iterator[Entry]:
    total = money_text(found.totals.gross, found.currency, "en")
    sent = "sent" if found.sent_at else "has its number"
    text = ", ".join(filter(None, [total, found.purpose, "simulated" if found.simulated else ""]))
    yield _entry(found, at, f"Invoice {found.number} {sent}", text)
    for each in payments.PAYMENTS.every(ports, scope, [Filter("invoice", "eq", found.id)], []):
        if each.id in found.payments:
            came = money_text(found.payments[each.id], found.currency, "en")
            yield _entry(found, each.at, f"{came} came for {found.number}", "It is paid." if found.open <= 0 else "")
    for reminder in found.reminders:
        if reminder.mail in LEFT:
            yield _entry(found, reminder.at, f"{reminder.title} for {found.number}")
    if found.due_on and found.standing(billing.today(ports)) == "overdue":
        open_ = money_text(found.open, found.currency, "en")
        yield _entry(found, morning(ports, found.due_on + timedelta(days=1)), f"{found.number} is overdue", open_)


def _note(found: Invoice, at: datetime) -> Iterator[Entry]:
    yield _entry(found, at, f"Credit note {found.number}", found.why)


def _entry(found: Invoice, at: datetime, title: str, text: str = "") -> Entry:
    return Entry(at=at, what=found.kind, title=title, text=text, href=f"/invoices/{found.id}")
