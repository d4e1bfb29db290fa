"""What was invoiced, came in and is missing; and the same as a table for the accountant."""

from __future__ import annotations

import csv
import io

from shared.agents.books import invoices, payments
from shared.agents.books import terms as billing
from shared.domain.payment import WAITING
from shared.domain.scope import Scope
from shared.domain.takings import Takings, takings
from shared.ports import Ports

_HEAD = (
    "number", "issued_on", "due_on", "client", "country", "vat_id", "currency", "vat_rate", "net", "tax", "gross",
    "standing", "cancels",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(ports: Ports, scope: Scope) -> Takings:
    """Of all documents of the workspace, as of today."""
    lost: list[str] = []
    documents, came = invoices.every(ports, scope, lost), payments.every(ports, scope, lost)
    found = takings(documents, came, WAITING, billing.today(ports))
    return found.model_copy(update={"unreadable": tuple(lost)})


def accountant(ports: Ports, scope: Scope) -> bytes:
    """RFC 4180 with a heading, UTF-8: a row for each document and rate of VAT, by number; no cell is a formula."""
    numbers = {each.id: each for each in invoices.every(ports, scope) if each.number}
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(_HEAD)
    for found in sorted(numbers.values(), key=lambda each: each.number):
        standing = found.standing(billing.today(ports))
        cancels = numbers[found.cancels].number if found.cancels in numbers else ""
        for vat in found.totals.vat:
            buyer = found.buyer
            words = [_plain(each) for each in (buyer.name, buyer.country, buyer.vat_id or "")]
            sums = (vat.rate, vat.net, vat.tax, vat.net + vat.tax)
            days = (found.issued_on, found.due_on if found.kind == "invoice" else "")
            writer.writerow(
                [found.number, *days, *words, found.currency, *(f"{each:f}" for each in sums), standing, cancels]
            )
    return made.getvalue().encode()


def _plain(text: str) -> str:
    """A spreadsheet reads what begins like a formula as one."""
    return f"'{text}" if text.startswith(_FORMULA) else text
