"""Invoices: drafted, numbered without a gap, taken back by a credit note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import uuid_utils

from shared.agents.books import terms as billing
from shared.agents.records import Records
from shared.domain.billing import Billing
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.invoice import (
    CancelRequest,
    Invoice,
    InvoiceRequest,
    InvoiceShown,
    Series,
    credited,
    number_of,
    series_id,
    successor_id,
)
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale, Write

INVOICES = Records(Kind.INVOICE, Invoice)
_STATUSES = ["draft", "issued", "sent", "cancelled"]
_NUMBER = re.compile(r"\b([A-Z0-9]{1,8})[-/ ]?(20[0-9]{2})[-/ ]?([0-9]{4,9})\b")
"""As clients write it: INV-2027-0001, INV 2027 0001, inv20270001."""


def draft(ports: Ports, scope: Scope, by: str, request: InvoiceRequest, id: str = "", **more: Any) -> Invoice:
    """A new draft; one of this `id` that is there already is only shown. Raises Conflict without terms."""
    terms = billing.required(ports, scope)
    made = Invoice(
        id=id or uuid_utils.uuid7().hex,
        created_at=ports.clock.now(),
        created_by=by,
        **_said(request, terms),
        **more,
    )
    try:
        ports.documents.put(scope, Kind.INVOICE, made.id, made.model_dump(mode="json"))
    except Stale:
        return get(ports, scope, made.id)
    _note(ports, scope, made.id, by, "drafted", {})
    return made


def edit(ports: Ports, scope: Scope, by: str, id: str, request: InvoiceRequest) -> Invoice:
    """Another content of a draft. Raises Missing, and Conflict for what has a number."""
    get(ports, scope, id)
    said = _said(request, billing.required(ports, scope))

    def put(found: Invoice) -> None:
        _only_draft(found, "it is never edited; cancel it: a credit note takes it back, another comes in its place")
        for name, value in said.items():
            setattr(found, name, value)

    changed = INVOICES.change(ports, scope, id, put)
    _note(ports, scope, id, by, "edited", {})
    return changed


def discard(ports: Ports, scope: Scope, by: str, id: str) -> None:
    """Away with a draft. Raises Missing, and Conflict for what has a number, or is of a plan that goes on."""
    found = get(ports, scope, id)
    _only_draft(found, "it stays")
    if found.plan and goes_on(ports, scope, found.plan):
        raise Conflict("plan", "its dates are agreed; end the plan first")
    ports.documents.delete(scope, Kind.INVOICE, id)
    _note(ports, scope, id, by, "discarded", {})


def get(ports: Ports, scope: Scope, id: str) -> Invoice:
    """Raises Missing."""
    return with_rev(ports, scope, id)[0]


def named(ports: Ports, scope: Scope, said: str) -> Invoice | None:
    """The invoice of this id, or whose number stands in this text; None if there is none, or two
    that are here are named."""
    if said and re.fullmatch("[0-9a-z-]{1,80}", said):
        with suppress(Missing):
            return get(ports, scope, said)
    numbers = {f"{series}-{year}-{int(n):04}" for series, year, n in _NUMBER.findall(said.upper())}
    if not numbers:
        return None
    there = ports.documents.find(scope, Kind.INVOICE, [Filter("number", "in", sorted(numbers))], limit=2).documents
    return Invoice.model_validate(there[0].body) if len(there) == 1 else None


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None, deal: str = "", status: str = ""
) -> tuple[list[Invoice], str | None]:
    """Newest first, and the cursor of the next page. Raises Rejected for a wrong one."""
    filters = [Filter("status", "in", [status] if status else _STATUSES)]
    filters += [Filter("deal", "eq", deal)] if deal else []
    return INVOICES.page(ports, scope, filters, Order("created_at", descending=True), limit, cursor)


def every(ports: Ports, scope: Scope, unreadable: list[str] | None = None) -> Iterator[Invoice]:
    """All there are; the ids of those that cannot be read are added to `unreadable`."""
    return INVOICES.every(ports, scope, [Filter("status", "in", _STATUSES)], unreadable)


def replacing(ports: Ports, scope: Scope, id: str) -> Invoice | None:
    """What came in the place of a cancelled invoice, if anything did."""
    found, _ = INVOICES.page(ports, scope, [Filter("replaces", "eq", id)], limit=1)
    return found[0] if found else None


def issue(ports: Ports, scope: Scope, by: str, id: str, sending: bool = False) -> Invoice:
    """Give a draft its number and its day; what has one is only shown. The number, the invoice and that it is to leave
    by mail (`sending`) are one write.

    Raises Missing, Conflict without terms, Rejected if it lacks what the law asks for."""

    def writes(found: Invoice, rev: str, number: str, terms: Billing) -> list[Write]:
        _numbered(ports, found, number, terms)
        found.sending, found.next_at = sending, ports.clock.now().replace(microsecond=0)
        return [Write(id, found.model_dump(mode="json"), rev)]

    found = get(ports, scope, id)
    if found.number:
        return found
    _check(found, billing.required(ports, scope))
    issued = _with_number(ports, scope, id, lambda now: now.number, writes)
    _note(ports, scope, id, by, "issued", {"number": issued.number})
    return issued


def cancel(ports: Ports, scope: Scope, by: str, id: str, request: CancelRequest) -> Invoice:
    """Take an invoice back: the credit note with its number, the invoice and, if wished, the draft that replaces it are
    one write. What was cancelled is only shown. Raises Missing, Conflict for a draft or credit note."""
    found = get(ports, scope, id)
    if found.cancelled_by:
        return found
    if found.kind != "invoice" or not found.number:
        raise Conflict("invoice", f"a {found.status} {found.kind.replace('_', ' ')} is not cancelled by a credit note")

    def writes(found: Invoice, rev: str, number: str, terms: Billing) -> list[Write]:
        note = found.model_copy(
            deep=True,
            update=_anew(ports, by, f"{id}-credit")
            | {"kind": "credit_note", "lines": credited(found.lines), "cancels": id, "why": request.why},
        )
        _numbered(ports, note, number, terms)
        made = [Write(note.id, note.model_dump(mode="json"))]
        if request.replace:
            again = found.model_copy(deep=True, update=_anew(ports, by, successor_id(id)) | {"replaces": id})
            made.append(Write(again.id, again.model_dump(mode="json")))
        found.status, found.cancelled_by, found.next_at, found.why = "cancelled", note.id, None, request.why
        return [*made, Write(id, found.model_dump(mode="json"), rev)]

    done = _with_number(ports, scope, id, lambda now: now.cancelled_by, writes)
    _note(ports, scope, id, by, "cancelled", {"credit_note": done.cancelled_by})
    return done


def shown(ports: Ports, found: Invoice, link: str | None = None) -> InvoiceShown:
    """With its sums, as of today."""
    return InvoiceShown(
        invoice=found,
        standing=found.standing(billing.today(ports)),
        totals=found.totals,
        paid=found.paid,
        open=found.open,
        link=link,
    )


def _with_number(
    ports: Ports,
    scope: Scope,
    id: str,
    done: Callable[[Invoice], object],
    writes: Callable[[Invoice, str, str, Billing], Sequence[Write]],
) -> Invoice:
    """Take the next number and write what gets it, all or nothing; where somebody was quicker, look again."""
    while True:
        found, rev = with_rev(ports, scope, id)
        if done(found):
            return found
        terms, year = billing.required(ports, scope), billing.today(ports).year
        head = ports.documents.get(scope, Kind.SERIES, series_id(terms.series, year))
        n = Series.model_validate(head.body).next if head else 1
        step = Write(series_id(terms.series, year), Series(next=n + 1).model_dump(), head.rev if head else None)
        made = writes(found, rev, number_of(terms.series, year, n), terms)
        with suppress(Stale):
            ports.documents.batch(scope, Kind.INVOICE, [step, *made])


def _numbered(ports: Ports, found: Invoice, number: str, terms: Billing) -> None:
    day = billing.today(ports)
    found.number, found.status, found.terms, found.issued_on = number, "issued", terms, day
    found.due_on = day.fromordinal(day.toordinal() + (found.payment_days if found.kind == "invoice" else 0))


def _anew(ports: Ports, by: str, id: str) -> dict[str, Any]:
    """What of an invoice is not its successor's."""
    return {
        "id": id, "status": "draft", "number": "", "created_at": ports.clock.now(), "created_by": by, "terms": None,
        "issued_on": None, "due_on": None, "mail": None, "sending": False, "tries": 0, "sent_at": None,
        "simulated": False, "payments": {}, "refunded": False, "reminders": [], "next_at": None, "pay_url": None,
        "pay_reference": None, "pay_declined": "", "replaces": "", "plan": "",
    }  # fmt: skip


def _said(request: InvoiceRequest, terms: Billing) -> dict[str, Any]:
    said = {name: getattr(request, name) for name in type(request).model_fields}
    fallback = {"currency": terms.currency, "language": terms.language, "payment_days": terms.payment_days}
    return said | {name: value if said[name] is None else said[name] for name, value in fallback.items()}


def _check(found: Invoice, terms: Billing) -> None:
    """What Directive 2006/112/EC, article 226, asks for and a person must say."""
    wrong = []
    if found.totals.gross <= 0:
        wrong.append(FieldError("lines", "an invoice asks for more than nothing; a credit note gives back"))
    if any(line.vat_rate == 0 for line in found.lines) and not (found.note or terms.note):
        wrong.append(FieldError("note", "say why a line has no VAT: exempt, reverse charge, small business"))
    if wrong:
        raise Rejected(*wrong)


def goes_on(ports: Ports, scope: Scope, plan: str) -> bool:
    """Nobody has ended this plan."""
    document = ports.documents.get(scope, Kind.INVOICE_PLAN, plan)
    return document is not None and document.body["status"] != "ended"


def _only_draft(found: Invoice, otherwise: str) -> None:
    if found.status != "draft":
        raise Conflict("invoice", f"{found.number} has its number: {otherwise}")


def with_rev(ports: Ports, scope: Scope, id: str) -> tuple[Invoice, str]:
    """Raises Missing, also for what is kept beside the invoices."""
    document = ports.documents.get(scope, Kind.INVOICE, id)
    if document is None or "status" not in document.body:
        raise Missing("invoice", id)
    return Invoice.model_validate(document.body), document.rev


def _note(ports: Ports, scope: Scope, id: str, by: str, what: str, data: dict[str, str]) -> None:
    ports.journal.append(scope, f"invoice/{id}", ports.clock.now(), by, what, data)
