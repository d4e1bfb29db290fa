"""Deals as people handle them: begun, changed, moved, noted, listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import uuid_utils

from shared.agents import qualify
from shared.agents.qualify import claims
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.deal import (
    NOTES,
    Column,
    Deal,
    DealChange,
    DealNote,
    DealRequest,
    Move,
    Stage,
    check_reason,
    columns,
)
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports, Stale

DEALS = Records(Kind.DEAL, Deal)
_PAGE = 100
_SHOWN = 50
"""So many deals stand in a column of the board; its counts and sums are of all."""
_NEWEST = Order("changed_at", descending=True)


def begin(ports: Ports, scope: Scope, by: str, request: DealRequest) -> Deal:
    """What a person begins. Raises as `create` does, and Conflict if somebody else of the agency has the lead."""
    _check(ports, scope, request.lead, request.contact)
    _claim(ports, scope, request.lead)
    return create(ports, scope, by, request)


def create(ports: Ports, scope: Scope, by: str, request: DealRequest, id: str | None = None) -> Deal:
    """Begin one, at the stage where it stands, under an `id` that its caller chose once, however often; its lead is
    converted, unless it is somebody else's. Raises Rejected for a lead or contact that is not here, and if it is lost
    for no reason."""
    check_reason(None, request.stage, request.why)
    _check(ports, scope, request.lead, request.contact)
    now = ports.clock.now()
    made = Deal(
        **request.model_dump(exclude={"why"}),
        id=id or uuid_utils.uuid7().hex,
        history=[Move(at=now, from_=None, to=request.stage, by=by, why=request.why)],
        created_at=now,
        created_by=by,
        changed_at=now,
    )
    register(ports, scope)
    try:
        ports.documents.put(scope, Kind.DEAL, made.id, made.model_dump(mode="json"))
    except Stale:
        if id is None:
            raise
        return get(ports, scope, id)
    note(ports, scope, made.id, by, "created", stage=made.stage)
    _convert(ports, scope, made, by)
    return made


def get(ports: Ports, scope: Scope, id: str) -> Deal:
    """One deal. Raises Missing."""
    return DEALS.load(ports, scope, id)


def move(ports: Ports, scope: Scope, id: str, to: Stage, by: str, why: str = "", seen: Stage | None = None) -> Deal:
    """Put it at a stage; where it stands there already nothing changes. `seen`: the stage that the mover saw.

    Raises Missing; Rejected where a reason is needed (to lose it, to take back that it is won or lost); Conflict if it
    stands elsewhere than was seen."""
    done: list[tuple[str, Stage]] = []

    def put(found: Deal) -> None:
        if seen is not None and found.stage != seen and found.stage != to:
            raise Conflict("stage", "it was moved meanwhile; look at it again", {"from": [seen, found.stage]})
        before = found.stage
        done[:] = [(found.move(to, ports.clock.now(), by, why), before)]

    moved = DEALS.change(ports, scope, id, put)
    (what, before) = done[-1]
    if what != "stays":
        note(ports, scope, id, by, what, **{"from": before, "to": to})
    return moved


def change(ports: Ports, scope: Scope, id: str, by: str, wish: DealChange) -> Deal:
    """What is named in the wish is changed. Raises Missing, Rejected for a lead or contact that is not here, Conflict
    if somebody else of the agency has the lead."""
    wished = wish.model_dump(exclude_unset=True)
    if empty := [name for name in ("name", "currency") if name in wished and wished[name] is None]:
        raise Rejected(*(FieldError(name, "cannot be taken away") for name in empty))
    _check(ports, scope, wished.get("lead"), wished.get("contact"))
    _claim(ports, scope, wished.get("lead"))

    def apply(found: Deal) -> None:
        before = found.model_dump()
        for name, value in wished.items():
            setattr(found, name, value if value is not None or name in _MAY_BE_NONE else "")
        if found.model_dump() != before:
            found.changed_at = ports.clock.now()

    after = DEALS.change(ports, scope, id, apply)
    note(ports, scope, id, by, "changed", fields=sorted(wished))
    _convert(ports, scope, after, by)
    return after


def write_down(ports: Ports, scope: Scope, id: str, by: str, text: str) -> Deal:
    """A note on it. Raises Missing, and Conflict when there are too many."""
    now = ports.clock.now()

    def add(found: Deal) -> None:
        if len(found.notes) >= NOTES:
            raise Conflict("notes", f"a deal has at most {NOTES} notes")
        found.notes.append(DealNote(at=now, by=by, text=text))
        found.changed_at = now

    after = DEALS.change(ports, scope, id, add)
    note(ports, scope, id, by, "noted")
    return after


def listing(
    ports: Ports, scope: Scope, limit: int = 50, cursor: str | None = None, stage: Stage | None = None
) -> tuple[list[Deal], str | None]:
    """Deals, those that changed last first; of one stage, if one is named. Raises Rejected for a wrong cursor."""
    asked = [Filter("stage", "eq", stage)] if stage else []
    try:
        page = ports.documents.find(scope, Kind.DEAL, asked, _NEWEST, limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Deal.model_validate(each.body) for each in page.documents], page.cursor


def pipeline(ports: Ports, scope: Scope, most: int = _SHOWN) -> list[Column]:
    """Every stage with how many deals stand there, their sums, and the `most` that changed last."""
    return columns(every(ports, scope), most)


def every(ports: Ports, scope: Scope, stage: Stage | None = None) -> Iterator[Deal]:
    """All deals, or those at one stage, those that changed last first."""
    cursor: str | None = None
    while True:
        found, cursor = listing(ports, scope, _PAGE, cursor, stage)
        yield from found
        if cursor is None:
            return


def score_of(ports: Ports, scope: Scope, deal: Deal) -> float:
    """What its lead is worth by the criteria; 0 if it has none, or nobody has scored it."""
    lead = ports.documents.get(scope, Kind.LEAD, deal.lead) if deal.lead else None
    return float(((lead.body.get("score") or {}).get("value") or 0) if lead else 0)


def note(ports: Ports, scope: Scope, id: str, by: str, what: str, **data: object) -> None:
    """One fact on the deal's stream of the journal: ids and codes only."""
    ports.journal.append(scope, f"deal/{id}", ports.clock.now(), by, what, data)


_MAY_BE_NONE = ("value", "close_on")


def _check(ports: Ports, scope: Scope, lead: str | None, contact: str | None) -> None:
    for field, kind, id in (("lead", "lead", lead), ("contact", Kind.CONTACT, contact)):
        if id and ports.documents.get(scope, kind, id) is None:
            raise Rejected(FieldError(field, f"there is no {field} {id!r}"))


def _claim(ports: Ports, scope: Scope, lead: str | None) -> None:
    """It is this workspace's from now on. Raises Conflict."""
    if lead:
        claims.claim(ports, scope, *qualify.get(ports, scope, lead).known_as)


def _convert(ports: Ports, scope: Scope, deal: Deal, by: str) -> None:
    """Its lead is one no more; of several deals with a company the first is the lead's. One that is somebody else's
    says so itself."""
    if deal.lead and qualify.get(ports, scope, deal.lead).deal is None:
        with suppress(Conflict):
            qualify.converted(ports, scope, deal.lead, by, deal.id)
