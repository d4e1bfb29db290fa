"""One batch on its way into Cosmos DB, until it is known to be there, or known not to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from shared.adapters.documents._cosmos_items import Item, Mark, arrived, newest, operation, rev, write_id
from shared.adapters.documents._cosmos_wire import NotNow, Outrun, Unanswered, Wire
from shared.adapters.documents._rules import check_match
from shared.domain.faults import Unavailable
from shared.domain.fields import BODY_SCHEMA
from shared.domain.scope import Scope
from shared.ports import Document, Write

_REV = re.compile(r"[0-9A-Za-z-]{1,64}")
_MOST_FAULTS = 5
_MOST_TRIES = 50
"""Only a write of "*" is outrun again and again, each time by somebody who wrote."""


class InDoubt(Unavailable):
    """It could not be found out whether a write was carried out. Read again and decide again, with that in mind."""


class Batch:
    """Writes of one kind, to be carried out together once. `stamps(count, after)` gives the next ones."""

    def __init__(
        self,
        wire: Wire,
        place: tuple[Scope, str],
        writes: Sequence[Write],
        stamps: Callable[[int, str], list[str]],
        pace: Callable[[float], None],
        replica: str,
    ) -> None:
        self._wire, self._place, self._writes = wire, place, writes
        self._stamps, self._pace, self._replica = stamps, pace, replica
        self._id = write_id()
        self._doubt = False
        self._faults = 0

    def write(self) -> list[Document | None]:
        """The documents as written, None for what was deleted. Raises Stale, having changed nothing, or InDoubt."""
        present = self._look() if any(_needs_a_look(write) for write in self._writes) else None
        for tries in range(_MOST_TRIES):
            bases = self._bases(present)
            if not bases:
                return [None for _ in self._writes]
            latest = max((item["changed_at"] for item in (present or {}).values()), default="")
            stamps = dict(zip(bases, self._stamps(len(bases), latest), strict=True))
            try:
                return self._documents(dict(zip(bases, self._send(bases, stamps), strict=True)), stamps)
            except NotNow as turned_away:
                self._wait_after(turned_away)
                continue
            except Unanswered as fault:
                self._doubt = True
                self._wait_after(fault)
            except Outrun:
                self._pace(0.005 * min(tries, 100))
            present = self._look()
            if self._has_arrived(present, bases):
                return self._found(present, stamps)
        raise Outrun(f"{self._place[1]}: somebody else was faster {_MOST_TRIES} times")

    def _send(self, bases: Mapping[str, str | None], stamps: Mapping[str, str]) -> list[str]:
        """The new revisions, in the order of `bases`."""
        bodies = {write.id: write.body for write in self._writes}
        marks = {id: Mark(self._id, at, self._replica) for id, at in stamps.items()}
        sent = [operation(*self._place, id, bodies[id], base, marks[id]) for id, base in bases.items()]
        return [etag.strip('"') for etag in self._wire.write(*self._place, sent)]

    def _bases(self, present: Mapping[str, Item] | None) -> dict[str, str | None]:
        """The revision that each write takes the place of, as found or, if nobody has looked, as expected.

        What is to be deleted and is not there is left out. Raises Stale."""
        if present is None:
            return {write.id: write.if_match for write in self._writes}
        bases: dict[str, str | None] = {}
        for write in self._writes:
            item = present.get(write.id)
            alive = item is not None and not item["deleted"]
            check_match(self._place[1], write, rev(item) if item and alive else None)
            if alive or write.body is not None:
                bases[write.id] = rev(item) if item else None
        return bases

    def _look(self) -> dict[str, Item]:
        ids = [write.id for write in self._writes]
        if len(ids) == 1:
            item = self._wire.get(*self._place, ids[0])
            return {item["id"]: item} if item else {}
        listed = ", ".join(f"@{number}" for number in range(len(ids)))
        return {item["id"]: item for item in self._wire.query(*self._place, f"c.id IN ({listed})", ids, "", len(ids))}

    def _has_arrived(self, present: Mapping[str, Item], bases: Mapping[str, str | None]) -> bool:
        """One of them tells for all. Raises InDoubt."""
        fates = {arrived(present.get(id), self._id, base) for id, base in bases.items()}
        if self._doubt and fates == {None}:
            raise InDoubt(f"{self._place[1]}: no answer came to a write, and many others wrote since")
        return True in fates

    def _found(self, present: Mapping[str, Item], stamps: Mapping[str, str]) -> list[Document | None]:
        """What has arrived; the revision of what somebody wrote over since, or of what was read too early, is stale."""
        ours = {id: item for id, item in present.items() if id in stamps and newest(item, self._id)}
        revs = {id: rev(ours[id]) if id in ours else f"{self._id}-outrun" for id in stamps}
        return self._documents(revs, {**stamps, **{id: item["changed_at"] for id, item in ours.items()}})

    def _documents(self, revs: Mapping[str, str], stamps: Mapping[str, str]) -> list[Document | None]:
        return [
            None
            if write.body is None
            else Document(
                self._place[1], write.id, write.body, revs[write.id], stamps[write.id], self._replica, BODY_SCHEMA
            )
            for write in self._writes
        ]

    def _wait_after(self, fault: Exception) -> None:
        """A little longer each time; the last time, give up. Raises InDoubt or the fault."""
        self._faults += 1
        if self._faults == _MOST_FAULTS:
            raise InDoubt(f"{self._place[1]}: no answer came to a write") if self._doubt else fault
        self._pace(0.1 * 2**self._faults)


def _needs_a_look(write: Write) -> bool:
    if write.if_match is None:
        return write.body is None
    return not _REV.fullmatch(write.if_match)
