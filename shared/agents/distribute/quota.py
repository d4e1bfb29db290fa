"""A provider's daily quota, taken before messages may leave. A day is one of UTC, because providers count so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale

BOUNDLESS = 2**52


def take(ports: Ports, scope: Scope, channel: str, most: int, wanted: int, now: datetime) -> int:
    """How many of `wanted` messages still fit into today's `most`; they are taken with the answer. What a sender that
    dies has taken stays taken: the day may end a little under the quota, never over it."""
    while wanted > 0:
        taken, rev = _taken(ports, scope, channel, now)
        granted = max(0, min(wanted, most - taken))
        if granted == 0 or _put(ports, scope, channel, now, taken + granted, rev):
            return granted
    return 0


def give_back(ports: Ports, scope: Scope, channel: str, unused: int, now: datetime) -> None:
    """What was taken and then not needed."""
    while unused > 0:
        taken, rev = _taken(ports, scope, channel, now)
        if _put(ports, scope, channel, now, max(0, taken - unused), rev):
            return


def taken_on(ports: Ports, scope: Scope, channel: str, day: date) -> int:
    """How many of that day's messages are taken."""
    return _taken(ports, scope, channel, datetime.combine(day, time(), UTC))[0]


class Purse:
    """What one window takes of a daily limit, however often it is decided again. `most` None: counted, not limited."""

    def __init__(self, ports: Ports, scope: Scope, name: str, most: int | None) -> None:
        self._ports, self._scope, self._name = ports, scope, name
        self._most = BOUNDLESS if most is None else most
        self._taken = 0

    def fit(self, wanted: int, now: datetime) -> int:
        """How many of `wanted` messages may leave today; what was taken for others before is given back."""
        if wanted > self._taken:
            self._taken += take(self._ports, self._scope, self._name, self._most, wanted - self._taken, now)
        else:
            give_back(self._ports, self._scope, self._name, self._taken - wanted, now)
            self._taken = wanted
        return self._taken

    def put_back(self, unsent: int, now: datetime) -> None:
        """So many messages did not leave: they take their share again when they are decided about once more."""
        self.fit(max(0, self._taken - unsent), now)


def tomorrow(now: datetime) -> datetime:
    """When the next day of the quota begins."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def _taken(ports: Ports, scope: Scope, channel: str, now: datetime) -> tuple[int, str | None]:
    found = ports.documents.get(scope.agency, Kind.QUOTA, _id(channel, now))
    return (int(found.body["taken"]), found.rev) if found else (0, None)


def _put(ports: Ports, scope: Scope, channel: str, now: datetime, taken: int, rev: str | None) -> bool:
    try:
        ports.documents.put(scope.agency, Kind.QUOTA, _id(channel, now), {"taken": taken}, rev)
    except Stale:
        return False
    return True


def _id(channel: str, now: datetime) -> str:
    return f"{channel}:{now.astimezone(UTC):%Y-%m-%d}"
