"""Recording orders: each row once, whatever is sent again; attributed as it comes in, and never anew (decision 45)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.agents.conversions.people import Messages, People
from shared.agents.scopes import register
from shared.domain.conversion import Attribution, Basis, Conversion, ConversionRow, RowFault, Taken
from shared.domain.names import Kind
from shared.domain.revenue import Purse
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale, Write

_BATCH = 100
_AHEAD = timedelta(minutes=5)
_SHOWN_ERRORS = 1000


class Numbered(NamedTuple):
    """A row and where it stood."""

    number: int
    row: ConversionRow


class _Decided(NamedTuple):
    new: list[Conversion]
    unchanged: int
    faults: list[RowFault]


def record(
    ports: Ports,
    scope: Scope,
    by: str,
    rows: Sequence[Numbered],
    faults: Sequence[RowFault] = (),
    dry_run: bool = False,
) -> Taken:
    """Keep what is not here yet. A row that contradicts what is on record is refused, the others go on; `faults` are of
    rows that could not be read. With `dry_run` nothing is written."""
    recorder = _Recorder(ports, scope, by)
    if not dry_run:
        register(ports, scope)
    decided = [recorder.take(rows[at : at + _BATCH], dry_run) for at in range(0, len(rows), _BATCH)]
    refused = sorted([*faults, *(each for part in decided for each in part.faults)], key=lambda each: each.row)
    new = [each for part in decided for each in part.new]
    return Taken(
        dry_run=dry_run,
        received=len(rows) + len({each.row for each in faults}),
        recorded=len(new),
        unchanged=sum(part.unchanged for part in decided),
        refused=len({each.row for each in refused}),
        total=_sum(new).values(),
        clicked=_sum(new, "click").values(),
        delivered=_sum(new, "delivered").values(),
        unattributed=_sum(new, "none").values(),
        errors=refused[:_SHOWN_ERRORS],
    )


def _sum(rows: Sequence[Conversion], basis: Basis | None = None) -> Purse:
    made = Purse()
    for each in rows:
        if basis in (None, each.basis):
            made.add(each.currency, each.micros)
    return made


class _Recorder:
    """The rows of one request, a hundred at a time: what is read once is read for all of them."""

    def __init__(self, ports: Ports, scope: Scope, by: str) -> None:
        self._ports, self._scope, self._by = ports, scope, by
        self._now, self._zone = ports.clock.now(), ZoneInfo(ports.timezone)
        self._messages = Messages(ports, scope)
        self._ahead: dict[str, Conversion] = {}
        """Of a dry run: what earlier batches would have written."""

    def take(self, rows: Sequence[Numbered], dry_run: bool) -> _Decided:
        while True:
            decided = self._decide(rows)
            if dry_run:
                self._ahead |= {each.id: each for each in decided.new}
                return decided
            writes = [Write(each.id, each.model_dump(mode="json")) for each in decided.new]
            try:
                if writes:
                    self._ports.documents.batch(self._scope, Kind.CONVERSION, writes)
            except Stale:  # the same order came in beside this: what it says is read, and decided again
                continue
            return decided

    def _decide(self, rows: Sequence[Numbered]) -> _Decided:
        people = People(self._ports, self._scope, [each.row for each in rows])
        known, unchanged = self._on_record(rows), 0
        new, faults = list[Conversion](), list[RowFault]()
        for number, row in rows:
            id, at = self._id(row.order_id, row.reference), self._time(row.occurred_at)
            before, order = known.get(id), known.get(self._id(row.order_id, None))
            if before and before.same(row, at):
                unchanged += 1
            elif fault := self._fault(row, at, before, order):
                faults.append(RowFault(row=number, field=fault[0], reason=fault[1]))
            else:
                known[id] = made = self._made(id, row, at, people, None if row.what == "order" else order)
                new.append(made)
        return _Decided(new, unchanged, faults)

    def _fault(
        self, row: ConversionRow, at: datetime, before: Conversion | None, order: Conversion | None
    ) -> tuple[str, str] | None:
        """Field and reason, if the row cannot be taken."""
        if before:
            told = f"{row.reference or row.order_id!r} is on record and says something else"
            return "order_id", f"{told}; correct it by a row of its own (what: correction)"
        if at > self._now + _AHEAD:
            return "occurred_at", "must not lie in the future"
        if row.what == "order":
            return None
        if order is None:
            return "order_id", f"there is no order {row.order_id!r} that this could be a {row.what} of"
        if order.currency != row.currency:
            return "currency", f"must be that of the order, {order.currency}"
        return None

    def _made(self, id: str, row: ConversionRow, at: datetime, people: People, order: Conversion | None) -> Conversion:
        """A refund or correction belongs to wherever its order does."""
        buyer = people.buyer(row)
        if order is None:
            found = self._messages.attribute(people, buyer, at)
            variant = self._messages.variant(found)
        else:
            found = Attribution(order.basis, order.campaign, order.key, order.touched_at, order.why)
            variant = order.variant
        contact, person = (buyer.contact, buyer.person) if order is None else (order.contact, order.person)
        here = contact is not None
        return Conversion(
            id=id,
            what=row.what,
            order=row.order_id,
            reference=row.reference,
            micros=row.micros,
            currency=row.currency,
            occurred_at=at,
            recorded_at=self._now,
            by=self._by,
            contact=contact,
            person=person if here else None,
            basis=found.basis,
            why=found.why,
            campaign=found.campaign,
            key=found.key if here else None,
            variant=variant,
            touched_at=found.at,
        )

    def _on_record(self, rows: Sequence[Numbered]) -> dict[str, Conversion]:
        ids = {self._id(row.order_id, reference) for _, row in rows for reference in (None, row.reference)}
        ahead = {id: self._ahead[id] for id in ids & self._ahead.keys()}
        return {**ahead, **_read(self._ports, self._scope, sorted(ids))}

    def _id(self, order: str, reference: str | None) -> str:
        """Of the shop's numbers, by a key: they count up, so a bare digest of them would tell them."""
        told = "\x1f".join(("conversion", *self._scope, order, reference or ""))
        return hmac.new(self._ports.keys.address, told.encode(), hashlib.sha256).hexdigest()[:40]

    def _time(self, at: datetime) -> datetime:
        return (at if at.tzinfo else at.replace(tzinfo=self._zone)).astimezone(UTC)


def _read(ports: Ports, scope: Scope, ids: Sequence[str]) -> dict[str, Conversion]:
    if not ids:
        return {}
    page = ports.documents.find(scope, Kind.CONVERSION, [Filter("id", "in", list(ids))], limit=len(ids))
    return {each.id: Conversion.model_validate(each.body) for each in page.documents}
