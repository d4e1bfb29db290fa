"""Invoices as their pages show them: filters, words of their history, and the form of a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from shared.domain.billing import Billing
from shared.domain.invoice import Invoice, Standing

CHIPS: tuple[tuple[str, str], ...] = (
    ("", "All"),
    ("waits", "Wait for a word"),
    ("draft", "Drafts"),
    ("open", "Open"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
    ("cancelled", "Cancelled"),
    ("credit_note", "Credit notes"),
)
FACTS: Mapping[str, str] = {
    "drafted": "Drafted",
    "edited": "Changed",
    "issued": "Got its number",
    "cancelled": "Taken back by a credit note",
    "mailed": "Mail",
    "waits": "Could not leave yet",
    "reminded": "Reminder",
    "assigned": "A payment was assigned",
    "unknown_sent": "Its mail is treated as sent",
    "unknown_again": "Its mail is to leave again",
    "refused_sent": "A reminder was refused and told by other means",
    "refused_again": "A reminder that was refused is to leave again",
    "owed_again": "Owed again after money went back",
}
LINES = 6
"""So many empty lines has a form more than are filled in; there is no script that adds one."""
_OPEN = ("issued", "sent", "partly_paid", "overdue")


class Shown(NamedTuple):
    """An invoice with how it stands today."""

    invoice: Invoice
    standing: Standing


def shown(wish: str) -> Callable[[Shown], bool]:
    """Whether one belongs to what is asked for; an unknown wish is for all."""
    if wish == "waits":
        return lambda each: bool(each.invoice.waits)
    if wish == "open":
        return lambda each: each.standing in _OPEN
    if wish == "paid":
        return lambda each: each.standing in ("paid", "overpaid")
    if any(wish == name for name, _ in CHIPS if name):
        return lambda each: each.standing == wish
    return lambda each: True


def filled(found: Invoice | None, terms: Billing, today: date) -> dict[str, Any]:
    """What stands in the form: a draft, or nothing but what is usual."""
    if found is None:
        line = {"title": "", "quantity": "1", "unit_net": "", "vat_rate": "19" if terms.seller.country == "DE" else ""}
        return {
            "buyer": {"name": "", "address": "", "country": terms.seller.country, "vat_id": "", "email": ""},
            "lines": [line] * LINES, "supply_from": today,
            "supply_to": "", "currency": terms.currency, "payment_days": terms.payment_days,
            "language": terms.language, "note": "", "purpose": "", "deal": "",
        }  # fmt: skip
    said = found.model_dump(mode="json")
    empty = {"title": "", "quantity": "1", "unit_net": "", "vat_rate": said["lines"][-1]["vat_rate"]}
    blank = {name: "" if value is None else value for name, value in said.items()}
    return {**blank, "lines": [*said["lines"], *[empty] * LINES]}


def draft_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """The body of an invoice; a line without a title is none, a field that was left empty says nothing."""
    given = {name: text.strip().replace("\r\n", "\n") for name, text in form.items() if text.strip()}
    numbers = sorted({int(name.split(".")[1]) for name in given if _is_line(name)})
    lines = [_line(given, n) for n in numbers if f"line.{n}.title" in given]
    buyer = {name.removeprefix("buyer."): text for name, text in given.items() if name.startswith("buyer.")}
    plain = ("supply_from", "supply_to", "currency", "payment_days", "language", "note", "purpose", "deal")
    return {"buyer": buyer, "lines": lines, **{name: given[name] for name in plain if name in given}}


def _is_line(name: str) -> bool:
    parts = name.split(".")
    return len(parts) == 3 and parts[0] == "line" and parts[1].isdecimal() and len(parts[1]) < 5


def _line(given: Mapping[str, str], n: int) -> dict[str, str]:
    names = ("title", "quantity", "unit_net", "vat_rate", "billing")
    return {name: given[f"line.{n}.{name}"] for name in names if f"line.{n}.{name}" in given}
