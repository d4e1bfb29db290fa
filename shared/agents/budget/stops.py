"""Campaigns and pieces that a budget has stopped, and a person's answer: wait, the model on this machine, or more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

from shared.agents.budget.accounts import put, read
from shared.agents.records import Records
from shared.domain.budget_stop import BudgetStop, raised
from shared.domain.campaign import Campaign
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.inbox import Decision
from shared.domain.names import Kind
from shared.domain.piece import UNFINISHED, Piece
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports

Stopped = TypeVar("Stopped", Campaign, Piece)
_CAMPAIGNS, _PIECES = Records(Kind.CAMPAIGN, Campaign), Records(Kind.PIECE, Piece)


class Question(NamedTuple):
    """Which of them waits, what it is called, and for what."""

    subject: str
    name: str
    stop: BudgetStop


def open_stops(ports: Ports, scope: Scope) -> Iterator[Question]:
    """Those that nobody has answered."""
    for body in _bodies(ports, scope, Kind.CAMPAIGN, ["generating"]):
        yield from _open(body["id"], body["name"], body.get("budget_stop"))
    for body in _bodies(ports, scope, Kind.PIECE, [*UNFINISHED]):
        yield from _open(body["id"], body["request"]["name"], body.get("budget_stop"))


def answer_stop(ports: Ports, scope: Scope, by: str, id: str, decision: Decision) -> Campaign | Piece:
    """Carry the answer out; the caller wakes whatever waits for money. Raises Conflict if it is not waiting for this
    any more or no model is on this machine, Rejected for a wrong limit."""
    if ports.documents.get(scope, Kind.CAMPAIGN, id):
        return _answer(ports, scope, by, _CAMPAIGNS, id, decision)
    return _answer(ports, scope, by, _PIECES, id, decision)


def _answer(ports: Ports, scope: Scope, by: str, records: Records[Stopped], id: str, decision: Decision) -> Stopped:
    stop = _check(records.load(ports, scope, id).budget_stop, decision)
    if decision.decision == "local" and not any(model.place == "local" for model in ports.models.values()):
        raise Conflict("decision", "there is no model on this machine")
    if decision.decision == "raise":
        _raise(ports, scope, by, stop, decision.to)

    def carry(found: Stopped) -> None:
        present = _check(found.budget_stop, decision)
        if decision.decision == "wait":
            found.budget_stop = present.model_copy(update={"waits": True})
        else:
            found.budget_stop, found.status_reason = None, None
            found.local_only = found.local_only or decision.decision == "local"

    changed = records.change(ports, scope, id, carry)
    said = {"account": stop.account, "answer": decision.decision}
    ports.journal.append(scope, f"{records.kind}/{id}", ports.clock.now(), by, "budget_answered", said)
    return changed


def _check(stop: BudgetStop | None, decision: Decision) -> BudgetStop:
    if stop is None or stop.digest != decision.digest:
        raise Conflict("digest", "it does not wait for this budget any more; look again")
    return stop


def _raise(ports: Ports, scope: Scope, by: str, stop: BudgetStop, to: str | None) -> None:
    try:
        limits = raised(read(ports, scope, stop.account), stop.what, to)
    except ValueError as error:
        raise Rejected(FieldError("to", str(error)[:200])) from None
    put(ports, scope, by, stop.account, limits)


def _open(id: str, name: str, stop: Any) -> Iterator[Question]:
    if stop and not stop["waits"]:
        yield Question(id, name, BudgetStop.model_validate(stop))


def _bodies(ports: Ports, scope: Scope, kind: Kind, statuses: list[str]) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        page = ports.documents.find(scope, kind, [Filter("status", "in", statuses)], cursor=cursor)
        yield from (document.body for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return
