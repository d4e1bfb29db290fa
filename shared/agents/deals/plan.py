"""What an import makes of deals: which are new, what changes, and what becomes of them when it is taken back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from typing import Any, NamedTuple

from shared.agents.deals.entry import DealEntry
from shared.domain.deal import Deal, Move, Stage
from shared.domain.imports import Example, Import, RowOutcome, Undone

_LOST = "lost before it came here"
_PLAIN = ("name", "company", "value", "currency", "owner", "close_on", "contact", "attributes")


class Planned(NamedTuple):
    """What becomes of one deal. `rev` None: it is not there yet."""

    before: Deal | None
    after: Deal
    rev: str | None
    outcome: RowOutcome
    entries: list[DealEntry]


def planned(found: Import, before: Deal | None, rev: str | None, entries: list[DealEntry], contact: str) -> Planned:
    """After these rows, which are one word: a later one counts where it says something. What the file leaves open
    stays. A deal that was moved here stays at its stage: the file may be older."""
    at, entry = found.confirmed_at or found.created_at, reduce(_together, entries)
    after = _with(before or _begun(found, entry, at), entry, found, at)
    after = after.model_copy(update={"contact": after.contact or contact})
    if before is None:
        outcome: RowOutcome = "created"
    elif after == before:
        outcome = "unchanged"
    else:
        outcome, after = "updated", after.model_copy(update={"changed_at": max(at, before.changed_at)})
    return Planned(before, after, rev, outcome, entries)


def examples(plans: Sequence[Planned]) -> Iterator[Example]:
    """Each row with what becomes of it and why."""
    for each in plans:
        first, *others = each.entries
        yield _example(first, each.outcome, "; ".join(_differences(each)))
        for other in others:
            yield _example(other, "merged", f"the same deal as in line {first.line}")


def taken_back(present: Deal | None, before: Deal | None, after: Deal) -> tuple[Undone, Deal | None]:
    """What becomes of a deal, and as what: None if it goes. What somebody has changed since stays."""
    if present is None or (before is None and present == after):
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


def _example(entry: DealEntry, outcome: RowOutcome, why: str) -> Example:
    return Example(outcome=outcome, line=entry.line, file=entry.file, title=entry.name, why=why[:200])


def _differences(each: Planned) -> Iterator[str]:
    if each.before is None:
        worth = f", {each.after.value} {each.after.currency}" if each.after.value else ""
        yield f"{each.after.stage}{worth}"
        return
    for name in ("stage", *_PLAIN):
        was, now = getattr(each.before, name), getattr(each.after, name)
        if was != now:
            yield name if name == "attributes" else f"{name}: {was or '–'} → {now}"
    said = next((entry.stage for entry in reversed(each.entries) if entry.stage), None)
    if said and said != each.after.stage:
        yield f"stage: stays {each.after.stage}, it was moved here"
