"""What an import makes of deals: which are new, what changes, and what becomes of them when it is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from shared.agents.deals.entry import DealEntry
from shared.agents.deals.take_in import Noun, Planned, by_id
from shared.domain.address import person_of
from shared.domain.deal import Deal, Move, Stage
from shared.domain.imports import Import, RowOutcome, Undone
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports

_LOST = "lost before it came here"
_PLAIN = ("name", "company", "value", "currency", "owner", "close_on", "contact", "attributes")
_OF_A_DEAL = (Kind.PROPOSAL, Kind.INVOICE)


PlannedDeal = Planned[Deal, DealEntry]


def plan(
    ports: Ports, scope: Scope, found: Import, chunk: Mapping[str, list[DealEntry]], stored: Mapping[str, Document]
) -> list[PlannedDeal]:
    """What becomes of each of these deals."""
    people = _contacts(ports, scope, chunk)
    return [planned(found, stored.get(id), entries, people.get(id, "")) for id, entries in chunk.items()]


def planned(found: Import, stored: Document | None, entries: list[DealEntry], contact: str) -> PlannedDeal:
    """After these rows, which are one word: a later one counts where it says something. What the file leaves open
    stays. A deal that was moved here stays at its stage: the file may be older."""
    before = Deal.model_validate(stored.body) if stored else None
    at, entry = found.confirmed_at or found.created_at, reduce(_together, entries)
    after = _with(before or _begun(found, entry, at), entry, found, at)
    after = after.model_copy(update={"contact": after.contact or contact})
    if before is None:
        outcome: RowOutcome = "created"
    elif after == before:
        outcome = "unchanged"
    else:
        outcome, after = "updated", after.model_copy(update={"changed_at": max(at, before.changed_at)})
    why = "; ".join(_differences(before, after, entries))
    return Planned(after.id, before, after, stored.rev if stored else None, outcome, entries, why)


def taken_back(
    ports: Ports, scope: Scope, present: Deal | None, before: Deal | None, after: Deal
) -> tuple[Undone, Deal | None]:
    """What becomes of a deal, and as what: None if it goes. What somebody has changed since stays, and so does a deal
    that somebody has worked on."""
    if present is None or (before is None and present == after and not _worked_on(ports, scope, present.id)):
        return "removed", None
    if before is None:
        return "kept", present
    back = {
        name: getattr(before, name)
        for name in (*_PLAIN, "changed_at")
        if getattr(present, name) == getattr(after, name) != getattr(before, name)
    }
    if present.history == after.history:
        back |= {"history": before.history, "stage": before.stage}
    restored = present.model_copy(update=back)
    return ("kept" if restored == present else "restored"), restored


def _worked_on(ports: Ports, scope: Scope, id: str) -> bool:
    """Something else is kept of it: what its people need, a proposal, an invoice."""
    if ports.documents.get(scope, Kind.NEEDS, id):
        return True
    about = [Filter("deal", "eq", id)]
    return any(ports.documents.find(scope, kind, about, limit=1).documents for kind in _OF_A_DEAL)


def _together(first: DealEntry, later: DealEntry) -> DealEntry:
    said = {name: value for name, value in later.model_dump(exclude={"id", "line", "file"}).items() if value}
    both = {**first.attributes, **later.attributes}
    return first.model_copy(update=said | {"attributes": both})


def _begun(found: Import, entry: DealEntry, at: datetime) -> Deal:
    source = f"import {found.id}"
    return Deal(
        id=entry.id,
        name=entry.name,
        stage=entry.stage or "new",
        currency=entry.currency or found.currency,
        history=[_move(found, entry, None, entry.stage or "new", at)],
        created_at=at,
        created_by=found.by,
        changed_at=at,
        source=source,
    )


def _with(deal: Deal, entry: DealEntry, found: Import, at: datetime) -> Deal:
    said: dict[str, Any] = {
        "name": entry.name,
        "company": entry.company or deal.company,
        "owner": entry.owner or deal.owner,
        "close_on": entry.close_on or deal.close_on,
        "attributes": {**deal.attributes, **entry.attributes},
        **({"value": entry.value, "currency": entry.currency or found.currency} if entry.value else {}),
    }
    if entry.stage and entry.stage != deal.stage and deal.history and deal.history[-1].source:
        moved = _move(found, entry, deal.stage, entry.stage, at)
        said |= {"stage": entry.stage, "history": [*deal.history, moved]}
    return deal.model_copy(update=said)


def _move(found: Import, entry: DealEntry, before: Stage | None, to: Stage, at: datetime) -> Move:
    why = (entry.lost_why or _LOST) if to == "lost" else ""
    return Move(at=at, from_=before, to=to, by=found.by, why=why, source=f"import {found.id}")


def _differences(before: Deal | None, after: Deal, entries: Sequence[DealEntry]) -> Iterator[str]:
    if before is None:
        worth = f", {after.value} {after.currency}" if after.value else ""
        yield f"{after.stage}{worth}"
        return
    for name in ("stage", *_PLAIN):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield name if name == "attributes" else f"{name}: {was or '–'} → {now}"
    said = next((entry.stage for entry in reversed(entries) if entry.stage), None)
    if said and said != after.stage:
        yield f"stage: stays {after.stage}, it was moved here"


def _contacts(ports: Ports, scope: Scope, chunk: Mapping[str, list[DealEntry]]) -> dict[str, str]:
    """Of each deal the first of its people who is in the address book."""
    asked = {
        id: [person_of(mail, ports.keys.address) for entry in entries for mail in entry.emails]
        for id, entries in chunk.items()
    }
    people = list({person for persons in asked.values() for person in persons})
    known: dict[str, str] = {}
    for at in range(0, len(people), 100):
        found = by_id(ports, scope, Kind.IDENTITY, people[at : at + 100])
        known |= {person: document.body["contact"] for person, document in found.items()}
    return {id: next((known[each] for each in persons if each in known), "") for id, persons in asked.items()}


DEALS = Noun(Kind.DEAL, Deal, DealEntry, plan, taken_back)
"""Rows are deals."""
