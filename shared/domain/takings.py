"""What was quoted, signed, invoiced, paid and is overdue, and what it cost, by client and month: every figure is the
sum of entries, and every entry is one document. No two currencies are added; what is not known is missing, not 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from shared.domain.line_items import rounded
from shared.domain.payment import Payment

What = Literal[
    "quoted", "quoted_monthly", "signed", "signed_monthly", "invoiced", "paid", "open", "overdue", "cost"
]  # fmt: skip
WHATS: tuple[What, ...] = get_args(What)


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Frozen):
    """What one document says. `amount` is with tax; a cost has none. `net` is without, of what is quoted, signed and
    invoiced. `on`: the day by which it belongs to a month. `client` is empty for what is nobody's in particular."""

    what: What
    kind: Literal["proposal", "contract", "invoice", "credit_note", "payment", "models", "messages"]
    id: str
    href: str
    name: str
    client: str
    on: date
    currency: str
    amount: Decimal
    net: Decimal | None = None

    @property
    def month(self) -> str:
        return f"{self.on:%Y-%m}"


class Part(_Frozen):
    """All entries of one client, or of one month, in one currency: the sum of each figure. `net` is what was invoiced,
    without tax; `margin` that less the known costs, null where no cost is known of it."""

    name: str
    currency: str
    sums: dict[What, Decimal]
    net: Decimal
    margin: Decimal | None


class Takings(_Frozen):
    """`clients` and `months` each add up to `total`, currency by currency and figure by figure. `waiting`: payments
    that count for nothing until a person says what they are for; `unreadable`: documents that cannot be read, by id;
    both are in no sum. `unknown` says what is not known and so is missing from the costs."""

    total: tuple[Part, ...]
    clients: tuple[Part, ...]
    months: tuple[Part, ...]
    waiting: tuple[Payment, ...] = ()
    unreadable: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Chosen(_Frozen):
    """Which entries make up a figure; what is null is any."""

    what: What | None = None
    client: str | None = None
    month: str | None = None
    currency: str | None = None

    def holds(self, entry: Entry) -> bool:
        wanted = ((self.what, entry.what), (self.client, entry.client), (self.month, entry.month))
        return all(said is None or said == is_ for said, is_ in (*wanted, (self.currency, entry.currency)))


def takings(entries: Sequence[Entry]) -> Takings:
    """The figures of these entries."""
    return Takings(
        total=_parts(entries, ["" for _ in entries]),
        clients=_parts(entries, [each.client for each in entries], costed=False),
        months=_parts(entries, [each.month for each in entries])[::-1],
    )


def total_of(entries: Iterable[Entry]) -> dict[str, Decimal]:
    """Currency -> sum of the amounts."""
    sums: dict[str, Decimal] = {}
    for each in entries:
        sums[each.currency] = sums.get(each.currency, rounded(Decimal(0), each.currency)) + each.amount
    return dict(sorted(sums.items()))


def _parts(entries: Sequence[Entry], names: Sequence[str], costed: bool = True) -> tuple[Part, ...]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for each, name in zip(entries, names, strict=True):
        groups.setdefault((name, each.currency), []).append(each)
    return tuple(_part(name, currency, found, costed) for (name, currency), found in sorted(groups.items()))


def _part(name: str, currency: str, entries: Sequence[Entry], costed: bool) -> Part:
    nothing = rounded(Decimal(0), currency)
    sums: dict[What, Decimal] = dict.fromkeys(WHATS, nothing)
    net, known = nothing, False
    for each in entries:
        sums[each.what] += each.amount
        known = known or each.what == "cost"
        if each.what == "invoiced" and each.net is not None:
            net += each.net
    margin = net - sums["cost"] if costed and known else None
    return Part(name=name, currency=currency, sums=sums, net=net, margin=margin)
