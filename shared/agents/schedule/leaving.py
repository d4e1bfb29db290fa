"""When people are due: foreseen before there is a plan, and summed once there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from shared.agents.channels import channel_of
from shared.agents.schedule.plan import day_of
from shared.domain.campaign import Campaign
from shared.domain.forecast import Slot
from shared.domain.scope import Scope
from shared.domain.slots import SLOT, first_slot, slot_start, zone
from shared.ports import Ports


class Leaving:
    """When each of an audience would be due if the campaign began at `start`: counted, nobody is kept."""

    def __init__(self, ports: Ports, campaign: Campaign, start: datetime) -> None:
        self.start = start
        self._campaign, self._window = campaign.id, campaign.request.window
        self._default = zone(ports.timezone) or ZoneInfo("UTC")
        self._room = channel_of(ports, campaign).rate_per_second * SLOT.total_seconds()
        self._counts: Counter[tuple[int, ZoneInfo]] = Counter()

    def add(self, person: str, timezone: object) -> None:
        """One more who would get it."""
        own = zone(timezone) if isinstance(timezone, str) else None
        self._counts[day_of(self._campaign, person, self._window.days), own or self._default] += 1

    def slots(self, gets: int) -> list[Slot]:
        """In order of time, `gets` in all; none if that cannot be told: a limit keeps some back, or a slot is full."""
        found: Counter[datetime] = Counter()
        for (day, where), count in self._counts.items():
            found[first_slot(self.start, day, where, self._window.hours)] += count
        told = found.total() == gets and max(found.values(), default=0) <= self._room
        return [Slot(at=at, count=count) for at, count in sorted(found.items())] if told else []


def write(ports: Ports, scope: Scope, campaign: str, dues: Counter[datetime]) -> None:
    """Keep how many of a plan are due in each slot."""
    slots = [[at.isoformat(), count] for at, count in sorted(dues.items())]
    ports.files.put(scope, _path(campaign), orjson.dumps(slots))


def read(ports: Ports, scope: Scope, campaign: str) -> list[Slot]:
    """How many of the plan are due in each slot, in order of time; none if it was made before that was kept."""
    if ports.files.size(scope, _path(campaign)) is None:
        return []
    return [Slot(at=at, count=count) for at, count in orjson.loads(ports.files.get(scope, _path(campaign)))]


def count(dues: Iterable[datetime]) -> Counter[datetime]:
    """How many in each slot."""
    return Counter(map(slot_start, dues))


def _path(campaign: str) -> str:
    return f"campaigns/{campaign}/plan/slots.json"
