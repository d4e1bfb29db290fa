"""How many messages a domain has sent on which day, and may send today. Counted where quotas are: for the agency."""

from __future__ import annotations

from datetime import UTC, date, datetime

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.warmup import day_of_ramp, most_on
from shared.ports import Order, Ports

_DAYS = 100
"""More than the ramp has, and than health looks back."""


def purse(domain: str) -> str:
    """The name under which a domain's messages of a day are counted."""
    return f"email@{domain.lower()}"


def sent_by_day(ports: Ports, scope: Scope, domain: str) -> dict[date, int]:
    """Day (UTC) -> messages that were let go, of the newest days on which any were."""
    name = purse(domain)
    found = ports.documents.find(
        scope.agency, Kind.QUOTA, [Filter("id", "prefix", f"{name}:")], Order("id", descending=True), limit=_DAYS
    )
    return {date.fromisoformat(each.id.rpartition(":")[2]): int(each.body["taken"]) for each in found.documents}


def most_today(ports: Ports, scope: Scope, domain: str, now: datetime) -> int | None:
    """How many messages the ramp allows on this day (UTC); None: as many as there are."""
    return most_on(day_of_ramp(sent_by_day(ports, scope, domain), now.astimezone(UTC).date()))
