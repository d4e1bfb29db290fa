"""Documents over others: what is written stays in memory."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import Any

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter, matches
from shared.ports import Body, Document, Documents, Order, Page, Stale, Write

_OWN = frozenset((Kind.RUN, Kind.RUN_STEP, Kind.RUN_LOG, Kind.RUN_KEY))
"""Of these only what the rehearsal wrote is there; of others what is written can be read by its id alone."""


class ApartDocuments:
    """See `shared.ports.Documents`."""

    def __init__(self, base: Documents) -> None:
        self._base = base
        self._mine: dict[tuple[Scope, str, str], Document | None] = {}
        self._writes, self._lock = 0, RLock()

    def get(self, scope: Scope, kind: str, id: str) -> Document | None:
        if (scope, kind, id) in self._mine:
            return self._mine[scope, kind, id]
        return None if kind in _OWN else self._base.get(scope, kind, id)

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        with self._lock:
            present = self.get(scope, kind, id)
            if if_match != "*" and (present.rev if present else None) != if_match:
                raise Stale
            self._writes += 1
            made = Document(kind, id, body, f"rehearsal-{self._writes}", "", "rehearsal", 1)
            self._mine[scope, kind, id] = made
            return made

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None:
        self._mine[scope, kind, id] = None

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write], durable: bool = True) -> list[Document | None]:
        raise NotImplementedError

    def find(
        self,
        scope: Scope,
        kind: str,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        if kind not in _OWN:
            return self._base.find(scope, kind, filters, order, limit, cursor)
        with self._lock:
            here = [each for (of, what, _), each in self._mine.items() if (of, what) == (scope, kind) and each]
        found = sorted(
            (each for each in here if each.id > (cursor or "") and matches(each.id, each.body, filters)),
            key=lambda each: each.id,
        )
        return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> Any:
        raise NotImplementedError
