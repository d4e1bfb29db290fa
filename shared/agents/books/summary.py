"""The figures of the money page, each the sum of documents that can be opened; and tables for the accountant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared.agents.books import costs, invoices, payments, sales
from shared.agents.books import terms as billing
from shared.domain.invoice import Invoice
from shared.domain.payment import WAITING, Payment
from shared.domain.scope import Scope
from shared.domain.takings import Chosen, Entry, Takings, takings
from shared.ports import Ports

_HEAD = (
    "number", "issued_on", "due_on", "client", "country", "vat_id", "currency", "vat_rate", "net", "tax", "gross",
    "standing", "cancels",
)  # fmt: skip
_ENTRY = ("what", "on", "client", "document", "name", "currency", "amount", "net")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(ports: Ports, scope: Scope) -> Takings:
    """Of all documents of the workspace, as of today."""
    lost: list[str] = []
    came = [*payments.every(ports, scope, lost)]
    made = [*_entries(ports, scope, came, lost)]
    more = {
        "waiting": tuple(each for each in came if each.state in WAITING),
        "unreadable": tuple(lost),
        "unknown": tuple(costs.unknown(ports, scope)),
    }
    return takings(made).model_copy(update=more)


def opened(ports: Ports, scope: Scope, chosen: Chosen) -> list[Entry]:
    """The documents that a figure is the sum of, newest first."""
    every = _entries(ports, scope, [*payments.every(ports, scope, [])], [])
    return sorted(filter(chosen.holds, every), key=lambda each: (each.on, each.name), reverse=True)


def listed(entries: Iterable[Entry]) -> bytes:
    """Entries as CSV (RFC 4180 with a heading, UTF-8); no cell is a formula."""
    return _written(
        _ENTRY,
        (
            (each.what, each.on, _plain(each.client), each.id, _plain(each.name), each.currency, f"{each.amount:f}",
             "" if each.net is None else f"{each.net:f}")
            for each in entries
        ),
    )  # fmt: skip


def accountant(ports: Ports, scope: Scope) -> bytes:
    """The same of invoices: a row for each document and rate of VAT, by number."""
    numbers = {each.id: each for each in invoices.every(ports, scope, []) if each.number}
    return _written(_HEAD, _rows(numbers, billing.today(ports)))


def _rows(numbers: dict[str, Invoice], today: date) -> Iterator[tuple[object, ...]]:
    for found in sorted(numbers.values(), key=lambda each: each.number):
        cancels = numbers[found.cancels].number if found.cancels in numbers else ""
        buyer = found.buyer
        words = [_plain(each) for each in (buyer.name, buyer.country, buyer.vat_id or "")]
        days = (found.issued_on, found.due_on if found.kind == "invoice" else "")
        for vat in found.totals.vat:
            sums = (f"{each:f}" for each in (vat.rate, vat.net, vat.tax, vat.net + vat.tax))
            yield (found.number, *days, *words, found.currency, *sums, found.standing(today), cancels)


def _written(head: Iterable[str], rows: Iterable[tuple[object, ...]]) -> bytes:
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow(head)
    writer.writerows(rows)
    return made.getvalue().encode()


def _entries(ports: Ports, scope: Scope, came: list[Payment], lost: list[str]) -> Iterator[Entry]:
    client = sales.clients(ports, scope)
    yield from sales.entries(ports, scope, client, lost)
    by_id = {each.id: each for each in came}
    for found in invoices.every(ports, scope, lost):
        if found.number:
            yield from _billed(found, client(found.deal, found.buyer.name), by_id, ports)
    yield from costs.entries(ports, scope)


def _billed(found: Invoice, client: str, came: dict[str, Payment], ports: Ports) -> Iterator[Entry]:
    """What one document asks for, what came for it and on which day, and what is still missing."""
    assert found.issued_on is not None, "it has a number"
    zone, today = ZoneInfo(ports.timezone), billing.today(ports)

    def entry(what: str, amount: Decimal, on: date, **more: object) -> Entry:
        said = {"kind": found.kind, "id": found.id, "href": f"/invoices/{found.id}", "name": found.number, **more}
        return Entry.model_validate(
            {"what": what, "client": client, "on": on, "currency": found.currency, "amount": amount, **said}
        )

    yield entry("invoiced", found.totals.gross, found.issued_on, net=found.totals.net)
    for id, amount in found.payments.items():
        at = came[id].at.astimezone(zone).date() if id in came else found.issued_on
        yield entry("paid", amount, at, kind="payment", id=id)
    if found.open:
        yield entry("open", found.open, found.due_on or found.issued_on)
    if found.due_on and found.standing(today) == "overdue":
        yield entry("overdue", found.open, found.due_on)


def _plain(text: str) -> str:
    """A spreadsheet reads what begins like a formula as one."""
    return f"'{text}" if text.startswith(_FORMULA) else text
