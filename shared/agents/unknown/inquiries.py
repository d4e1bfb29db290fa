"""The record of what was asked about an unknown message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from shared.domain.inquiry import Asked, Inquiry, inquiry_id
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import LedgerRow, Ports, Stale


def inquiries(ports: Ports, scope: Scope, rows: Sequence[LedgerRow]) -> dict[str, Inquiry]:
    """What was asked about these rows (≤ 100), by effect key."""
    if not rows:
        return {}
    ids = [inquiry_id(row.campaign, row.key) for row in rows]
    page = ports.documents.find(scope, Kind.INQUIRY, [Filter("id", "in", ids)], limit=len(ids))
    found = (Inquiry.model_validate(document.body) for document in page.documents)
    return {each.key: each for each in found}


def note_asked(ports: Ports, scope: Scope, rows: Iterable[LedgerRow], whom: str, answer: str, now: datetime) -> None:
    """Remember the last answer of each whom; an answer stands in the place of the one before."""
    asked = Asked(whom=whom, at=now, answer=answer)

    def added(before: Inquiry) -> Inquiry:
        others = tuple(each for each in before.asked if each.whom != whom)
        return before.model_copy(update={"asked": (*others, asked)})

    for row in rows:
        change_inquiry(ports, scope, row, added)


def change_inquiry(ports: Ports, scope: Scope, row: LedgerRow, change: Callable[[Inquiry], Inquiry]) -> None:
    """Apply `change` to what is on record about the row's present attempt."""
    id = inquiry_id(row.campaign, row.key)
    while True:
        found = ports.documents.get(scope, Kind.INQUIRY, id)
        before = Inquiry.model_validate(found.body) if found else None
        if before is None or before.attempt != row.attempt:
            before = Inquiry(campaign=row.campaign, key=row.key, attempt=row.attempt)
        body: Mapping[str, object] = change(before).model_dump(mode="json")
        try:
            ports.documents.put(scope, Kind.INQUIRY, id, dict(body), found.rev if found else None)
            return
        except Stale:
            continue
