"""What the documents of budgets hold, all of one kind so that one call's accounts change together:

`account:<account>` its limits; `use:<account>:<period>` what it has used; `call:<digest of the key>` one call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.budget import Budget, Tally, Use, period_of, use_of
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports, Write

ACCOUNT, USE, CALL = "account:", "use:", "call:"


Known = dict[str, Document | None]


class Place(NamedTuple):
    """An account and its period."""

    account: str
    period: str

    @property
    def id(self) -> str:
        return f"{USE}{self.account}:{self.period}"


@dataclass(frozen=True)
class Paid:
    """One call as it is on file. `attempt` counts how often it was begun anew after it had been settled; `spent` is
    what all of these have cost."""

    places: tuple[Place, ...]
    wanted: Tally
    minute: str
    """Until then `wanted` is held."""
    state: Literal["held", "settled"]
    attempt: int
    spent: Tally

    def body(self) -> dict[str, Any]:
        places = [list(place) for place in self.places]
        tallies = {"wanted": dict(self.wanted), "spent": dict(self.spent)}
        return {"places": places, **tallies, "minute": self.minute, "state": self.state, "attempt": self.attempt}


class Books:
    """The documents that a group of calls is about, read once; what they write is kept until it is written together.

    `known` need not be read: documents as they were when they were last seen, None for those that were not there. But
    where a use is not among them, of a new month say, nothing would tell that its limits were changed: all is read."""

    def __init__(self, ports: Ports, scope: Scope, ids: frozenset[str], known: Known | None = None) -> None:
        self._ports, self._scope = ports, scope
        known = known if known and all(id in known for id in ids if id.startswith(USE)) else {}
        self._found: Known = {id: known[id] for id in ids if id in known}
        unknown = ids - self._found.keys()
        if unknown:
            page = ports.documents.find(scope, Kind.BUDGET, [Filter("id", "in", unknown)], limit=len(unknown))
            self._found |= dict.fromkeys(unknown) | {document.id: document for document in page.documents}
        self._new: dict[str, dict[str, Any]] = {}

    def budget(self, account: str) -> Budget:
        """Its limits; none where nobody set any."""
        body = self._body(f"{ACCOUNT}{account}")
        return Budget.model_validate(body) if body else Budget()

    def use(self, place: Place) -> Use:
        return use_of(self._body(place.id))

    def paid(self, id: str) -> Paid | None:
        body = self._body(id)
        if body is None:
            return None
        places = tuple(Place(*place) for place in body["places"])
        return Paid(places, body["wanted"], body["minute"], body["state"], body["attempt"], body["spent"])

    def has(self, id: str) -> bool:
        """Whether there is such a document."""
        return self._body(id) is not None

    def keep(self, changes: Mapping[str, dict[str, Any]]) -> None:
        """From now on it reads so; it is stored by `write`."""
        self._new |= changes

    def write(self, durable: bool) -> Known:
        """All of it, or nothing; what is known then of accounts and of calls under way. Raises Stale."""
        writes = [Write(id, body, self._rev(id)) for id, body in self._new.items() if body != self._stored(id)]
        if writes:
            written = self._ports.documents.batch(self._scope, Kind.BUDGET, writes, durable)
            self._found |= {document.id: document for document in written if document}
        return {id: document for id, document in self._found.items() if _lasts(id, document)}

    def _body(self, id: str) -> dict[str, Any] | None:
        return self._new.get(id) or self._stored(id)

    def _stored(self, id: str) -> dict[str, Any] | None:
        if id not in self._found:  # of an earlier period, say
            self._found[id] = self._ports.documents.get(self._scope, Kind.BUDGET, id)
        found = self._found[id]
        return found.body if found else None

    def _rev(self, id: str) -> str | None:
        found = self._found.get(id)
        return found.rev if found else None


def _lasts(id: str, document: Document | None) -> bool:
    """Limits and uses, and a call that is held: whoever changes a limit writes its use too, so that it shows."""
    held = id.startswith(CALL) and document is not None and document.body["state"] == "held"
    return held or id.startswith((ACCOUNT, USE))


def call_id(key: str) -> str:
    """The document of the call that `key` names."""
    return f"{CALL}{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def places_of(ports: Ports, accounts: Iterable[str], now: datetime) -> tuple[Place, ...]:
    """Each account once, with its present period in the workspace's time zone."""
    zone = ZoneInfo(ports.timezone)
    return tuple(Place(account, period_of(account, now, zone)) for account in dict.fromkeys(accounts))
