"""What the flow of a workspace's books does at each turn: count what was left, make what is due, let it leave, remind;
and when to look again. While there is nothing to wait for it rests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.agents.books import deposits, invoices, payments, plans, post
from shared.agents.books import terms as billing
from shared.agents.books.dunning import TRY_AGAIN, look_after
from shared.agents.records import Records
from shared.agents.scopes import is_archived
from shared.domain.faults import Conflict, Rejected, Unavailable
from shared.domain.invoice import Invoice
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

BOOKS = "flow"
"""The document's id: a workspace has one."""
_LOOKED_AT = 20
"""More than one, for a document that cannot be read."""


class Books(BaseModel):
    """The document: whether a flow looks after the books, and which."""

    model_config = ConfigDict(extra="forbid")

    attempt: int = 1
    status: str = "running"


_BOOKS = Records(Kind.BOOKS, Books)


def stir(ports: Ports, scope: Scope) -> Books:
    """There is something to do by itself: the flow that does it, a new one if the last has come to rest."""

    def wake(found: Books) -> None:
        if found.status != "running":
            found.attempt, found.status = found.attempt + 1, "running"

    try:
        ports.documents.put(scope, Kind.BOOKS, BOOKS, Books().model_dump())
    except Stale:
        return _BOOKS.change(ports, scope, BOOKS, wake)
    return Books()


def running(ports: Ports, scope: Scope) -> Books | None:
    """The flow that is to be under way, if any."""
    document = ports.documents.get(scope, Kind.BOOKS, BOOKS)
    found = Books.model_validate(document.body) if document else None
    return found if found and found.status == "running" else None


def give_up(ports: Ports, scope: Scope, attempt: int) -> None:
    """That flow broke: another follows."""

    def next_one(found: Books) -> None:
        if found.attempt == attempt:
            found.attempt += 1

    _BOOKS.change(ports, scope, BOOKS, next_one)


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One turn. Order: {scope, attempt}. In an archived workspace, what came is counted and no more."""
    scope, now = Scope(*order["scope"]), ports.clock.now()
    payments.settle_taken(ports, scope)
    if is_archived(ports, scope):
        return _rest(ports, scope, order["attempt"])
    deposits.move_on(ports, scope)
    plans.make_due(ports, scope, now)
    for found in _due(ports, scope, now):
        _carefully(ports, scope, found, now)
    due = _next(ports, scope)
    if due is not None:
        return Later(max(due, now + timedelta(seconds=1)), "waits")
    return _rest(ports, scope, order["attempt"])


def _rest(ports: Ports, scope: Scope, attempt: int) -> Outcome:
    """Whoever stirs the books from now on begins another flow; what came in just before is looked at once more."""

    def put(found: Books) -> None:
        if found.attempt == attempt:
            found.status = "resting"

    _BOOKS.change(ports, scope, BOOKS, put)
    if _next(ports, scope) is not None:
        stir(ports, scope)
    return Done({"rests": True})


def _due(ports: Ports, scope: Scope, now: datetime) -> Iterator[Invoice]:
    due = [Filter("next_at", "le", _text(now))]
    found, _ = invoices.INVOICES.page(ports, scope, due, Order("next_at"), limit=100)
    yield from found


def _carefully(ports: Ports, scope: Scope, found: Invoice, now: datetime) -> None:
    """One that cannot leave now keeps no other waiting, and is tried again in an hour; what a person must mend first
    waits for that."""
    try:
        _look_after(ports, scope, found, now)
    except (Conflict, Rejected, Unavailable) as why:
        passing = isinstance(why, Unavailable) or (isinstance(why, Conflict) and why.error.field == "email")
        data = {"why": type(why).__name__}
        ports.journal.append(scope, f"invoice/{found.id}", now, "books", "waits", data)
        again = (now + TRY_AGAIN).replace(microsecond=0) if passing else None
        invoices.INVOICES.change(ports, scope, found.id, lambda after: setattr(after, "next_at", again))


def _look_after(ports: Ports, scope: Scope, found: Invoice, now: datetime) -> None:
    found = invoices.get(ports, scope, found.id)
    if found.status != "draft":
        look_after(ports, scope, found, now)
    elif _leaves_by_itself(ports, scope, found):
        look_after(ports, scope, post.send(ports, scope, "schedule", found.id), now)
    else:
        invoices.INVOICES.change(ports, scope, found.id, lambda after: setattr(after, "next_at", None))  # for a person


def _leaves_by_itself(ports: Ports, scope: Scope, found: Invoice) -> bool:
    if not found.plan or billing.required(ports, scope).leaves != "by_itself":
        return False
    return invoices.goes_on(ports, scope, found.plan)


def _next(ports: Ports, scope: Scope) -> datetime | None:
    """The soonest of all that waits."""
    waiting, soonest = [Filter("next_at", "gt", "0")], Order("next_at")
    made, _ = invoices.INVOICES.page(ports, scope, waiting, soonest, _LOOKED_AT)
    agreed, _ = plans.PLANS.page(ports, scope, waiting, soonest, _LOOKED_AT)
    found = [*(each.next_at for each in made), *(each.next_at for each in agreed)]
    return min((at for at in found if at), default=None)


def _text(now: datetime) -> str:
    return now.isoformat(timespec="seconds").replace("+00:00", "Z")
