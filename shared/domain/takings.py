"""What was invoiced, came in and is missing, by client and month, exact to the coin: sums of documents and of nothing
else. No two currencies are added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from shared.domain.invoice import Invoice, Standing
from shared.domain.payment import Payment


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sums(_Frozen):
    """`net` and `tax` are `gross`; credit notes are in them, less than 0. `paid` is what counts for these documents,
    `open` what is still asked for, `overdue` what of it was due before today."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    paid: Decimal
    open: Decimal
    overdue: Decimal


class Entry(_Frozen):
    """One document with a number, as it stands."""

    id: str
    number: str
    client: str
    issued_on: date
    due_on: date | None
    currency: str
    standing: Standing
    sums: Sums


class Part(_Frozen):
    """All documents of one client, or of one month of issue, in one currency."""

    name: str
    currency: str
    documents: int
    sums: Sums


class Takings(_Frozen):
    """`clients` and `months` each add up to `total`, currency by currency, and so do `entries` (newest first).
    `waiting`: payments that count for nothing until a person says what they are for; they are in no sum."""

    total: tuple[Part, ...]
    clients: tuple[Part, ...]
    months: tuple[Part, ...]
    entries: tuple[Entry, ...]
    waiting: tuple[Payment, ...]
    unreadable: tuple[str, ...] = ()
    """Documents that cannot be read, by id: they are in no sum."""


def takings(invoices: Iterable[Invoice], payments: Iterable[Payment], waits: Sequence[str], today: date) -> Takings:
    """Of all documents that have a number."""
    entries = [entry(each, today) for each in invoices if each.number]
    entries.sort(key=lambda each: (each.issued_on, each.number), reverse=True)
    return Takings(
        total=_parts(entries, ["" for _ in entries]),
        clients=_parts(entries, [each.client for each in entries]),
        months=_parts(entries, [f"{each.issued_on:%Y-%m}" for each in entries])[::-1],
        entries=tuple(entries),
        waiting=tuple(each for each in payments if each.state in waits),
    )


def entry(found: Invoice, today: date) -> Entry:
    """As it stands on that day. What was paid for a cancelled invoice is owed back: its open sum is less than 0."""
    assert found.issued_on is not None, "it has a number"
    totals, standing = found.totals, found.standing(today)
    overdue = found.open if standing == "overdue" else Decimal(0)
    sums = Sums(
        net=totals.net, tax=totals.tax, gross=totals.gross, paid=found.paid, open=found.open, overdue=overdue
    )  # fmt: skip
    return Entry(
        id=found.id, number=found.number, client=found.buyer.name, issued_on=found.issued_on, due_on=found.due_on,
        currency=found.currency, standing=standing, sums=sums,
    )  # fmt: skip


def _parts(entries: Sequence[Entry], names: Sequence[str]) -> tuple[Part, ...]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for each, name in zip(entries, names, strict=True):
        groups.setdefault((name, each.currency), []).append(each)
    return tuple(
        Part(name=name, currency=currency, documents=len(found), sums=_summed(found))
        for (name, currency), found in sorted(groups.items())
    )


def _summed(entries: Sequence[Entry]) -> Sums:
    return Sums(**{name: sum((getattr(each.sums, name) for each in entries), Decimal(0)) for name in Sums.model_fields})
