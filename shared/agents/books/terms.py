"""How a workspace bills: read it, change it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from shared.domain.billing import BILLING, Billing
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports


def read(ports: Ports, scope: Scope) -> Billing | None:
    """What it is; None where nobody wrote any."""
    found = ports.documents.get(scope, Kind.BILLING, BILLING)
    return Billing.model_validate(found.body) if found else None


def required(ports: Ports, scope: Scope) -> Billing:
    """The terms. Raises Conflict if there are none: an invoice without a seller is none."""
    if (found := read(ports, scope)) is None:
        raise Conflict("terms", "say first who sells and where money goes: baton invoice terms --set FILE")
    return found


def write(ports: Ports, scope: Scope, by: str, terms: Billing) -> Billing:
    """Put this in the place of what was there. What has a number keeps the terms of its day."""
    ports.documents.put(scope, Kind.BILLING, BILLING, terms.model_dump(mode="json"), "*")
    ports.journal.append(scope, "policy", ports.clock.now(), by, "billing", {"series": terms.series})
    return terms


def today(ports: Ports) -> date:
    """The day at home."""
    return ports.clock.now().astimezone(ZoneInfo(ports.timezone)).date()


def noon(ports: Ports, day: date) -> datetime:
    """Twelve o'clock of that day at home, in UTC: it is that day in every zone but the farthest. Raises ValueError for
    a day that no clock can tell."""
    try:
        return datetime.combine(day, time(12), ZoneInfo(ports.timezone)).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"date: {day} is too far away") from None
