"""The journal in Azure Table storage. `_tables_facts` says how it is kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import uuid_utils

from shared.adapters._azure.table_wire import Outrun, Wire
from shared.adapters.journal._chain import End, checked, counted, encoded, fact, moment
from shared.adapters.journal._tables_facts import (
    FACTS_END,
    HEAD,
    Head,
    appending,
    fact_key,
    from_entity,
    head_of,
    mark_of,
    partition,
)
from shared.domain.chain import link
from shared.domain.faults import Unavailable
from shared.domain.scope import Scope
from shared.ports import Fact

_TRIES = 100
_KEPT = 256
_TURNS = 32


class TablesJournal:
    """`shared.ports.Journal` in the table `name` of the service that `connect` opens, at the first use.

    `pace` waits some seconds before a request is repeated. Methods raise Unavailable when the service cannot be reached
    (whether a fact was appended is then not known), Misconfigured when it does not let us in, and ValueError for what a
    row of a table cannot hold."""

    def __init__(self, connect: Callable[[], Any], pace: Callable[[float], None], name: str = "journal") -> None:
        self._wire = Wire(connect, name, pace, "JournalConnection")
        self._pace = pace
        self._turns = tuple(Lock() for _ in range(_TURNS))
        self._heads: OrderedDict[str, Head] = OrderedDict()
        self._keeping = Lock()

    def append(self, scope: Scope, stream: str, at: datetime, by: str, what: str, data: Mapping[str, Any]) -> Fact:
        place, when, text = partition(scope, stream), moment(at.astimezone(UTC)), encoded(data)

        def after(head: Head) -> Fact:
            seq = head.seq + 1
            hash = link(head.hash, scope, stream, seq, when, by, what, data)
            return fact(stream, seq, when, what, by, text, hash)

        with self._turns[hash(place) % _TURNS]:  # Whoever is in this process need not race.
            return self._append(place, after)

    def read(self, scope: Scope, stream: str, after: int = 0, limit: int = 1000) -> list[Fact]:
        entities = self._wire.range(partition(scope, stream), fact_key(after), FACTS_END, limit)
        return [from_entity(stream, entity) for entity in entities]

    def verify(self, scope: Scope, stream: str) -> int:
        """As the port says; and no fact is missing at the end, which the head knows."""
        head = self._head(partition(scope, stream))
        facts = checked(lambda after: self.read(scope, stream, after), scope, stream)
        return counted(facts, End(head.seq, head.hash), stream)

    def close(self) -> None:
        """Let go of the connections; the next use opens them again."""
        self._wire.close()

    def _append(self, place: str, after: Callable[[Head], Fact]) -> Fact:
        """Once, whatever becomes of answers: the fact carries a mark of this call, and only one takes a number."""
        mark, head = uuid_utils.uuid4().hex, self._recall(place) or self._head(place)
        for tries in range(_TRIES):
            new = after(head)
            try:
                etags = self._wire.submit(appending(place, head, new, mark))
            except Outrun:
                if mark_of(self._wire.get(place, fact_key(new.seq))) == mark:
                    return new
                self._pace(0.005 * tries)
                head = self._head(place)
                continue
            self._keep(place, Head(etags[0], new.seq, new.hash))
            return new
        raise Unavailable(f"{place}: others append all the time")

    def _head(self, place: str) -> Head:
        return head_of(self._wire.get(place, HEAD))

    def _recall(self, place: str) -> Head | None:
        with self._keeping:
            return self._heads.pop(place, None)

    def _keep(self, place: str, head: Head) -> None:
        with self._keeping:
            self._heads[place] = head
            if len(self._heads) > _KEPT:
                self._heads.popitem(last=False)
