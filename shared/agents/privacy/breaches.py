"""Breaches of personal data on record, and whether the authority was told in time (rule G8)."""

from __future__ import annotations

from typing import Literal

import uuid_utils

from shared.agents.privacy.erase import STREAM
from shared.agents.privacy.places import everything
from shared.agents.records import Records
from shared.domain.breach import HOURS, Breach, BreachRequest
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports

_BREACHES = Records(Kind.BREACH, Breach)


def report(ports: Ports, scope: Scope, by: str, request: BreachRequest) -> Breach:
    """Write it down; the question whether the authority was told waits in the inbox. Raises Rejected."""
    now = ports.clock.now()
    noticed = request.noticed_at or now
    if noticed > now:
        raise Rejected(FieldError("noticed_at", "must not lie in the future"))
    said = request.model_dump(exclude={"noticed_at"})
    made = Breach(id=uuid_utils.uuid7().hex, noticed_at=noticed, due=noticed + HOURS, recorded_at=now, by=by, **said)
    ports.documents.put(scope, Kind.BREACH, made.id, made.model_dump(mode="json"))
    ports.journal.append(scope, STREAM, now, by, "breach", {"breach": made.id, "digest": made.digest})
    return made


def get(ports: Ports, scope: Scope, id: str) -> Breach:
    """Raises Missing."""
    return _BREACHES.load(ports, scope, id)


def listing(ports: Ports, scope: Scope, limit: int, cursor: str | None = None) -> tuple[list[Breach], str | None]:
    """The log, newest first. Raises Rejected for a cursor that is none."""
    try:
        page = ports.documents.find(scope, Kind.BREACH, (), Order("noticed_at", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [Breach.model_validate(each.body) for each in page.documents], page.cursor


def unsettled(ports: Ports, scope: Scope) -> list[Breach]:
    """Those of which nobody has said that the authority was told, the soonest due first."""
    found = everything(ports, scope, Kind.BREACH, Filter("status", "eq", "open"))
    return sorted((Breach.model_validate(each.body) for each in found), key=lambda each: each.due)


def settle(
    ports: Ports, scope: Scope, id: str, by: str, digest: str, status: Literal["told", "not_needed"], reason: str
) -> Breach:
    """The authority was told, or need not be. Raises Missing, Conflict."""
    now = ports.clock.now()

    def write(found: Breach) -> None:
        if found.status != "open" or found.digest != digest:
            raise Conflict("digest", "this question is not open any more")
        found.status, found.reason, found.settled_by, found.settled_at = status, reason, by, now

    kept = _BREACHES.change(ports, scope, id, write)
    ports.journal.append(scope, STREAM, now, by, "breach_settled", {"breach": id, "status": status})
    return kept
