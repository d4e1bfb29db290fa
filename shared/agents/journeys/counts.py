"""How many people are where in a journey: counts that are written with each batch of positions, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from shared.domain.event import Moment
from shared.domain.names import Kind
from shared.domain.position import LANES, Position, lane_of, position_id, tally_id
from shared.domain.scope import Scope
from shared.ports import Ports, Write

TOGETHER = 99
"""Positions in one transaction: a store takes a hundred writes, and the counts are one."""
_AT_ONCE: datetime | None = datetime.min.replace(tzinfo=UTC)


class Tally(BaseModel):
    """The document. `counts`: where people stand -> how many, `had.<mail>` -> how many had it, `entered` -> how often
    somebody came in. `after`: how far the segment has been read; `look_at`: when it is read again."""

    model_config = ConfigDict(extra="forbid")

    tally: str
    counts: dict[str, int]
    after: str | None = None
    looks: int = 0
    look_at: datetime | None = None
    heard: str | None = None
    """Up to when events have been followed."""
    due: list[Moment | None] = [_AT_ONCE] * LANES
    """Of each lane, a moment before which nobody in it is due; None: nobody in it ever is."""


@dataclass
class Move:
    """A position as it is to be written: over which revision (None: it is new), and where it stood before."""

    position: Position
    rev: str | None
    stood: str | None
    had: Sequence[str] = ()
    """Mails that they have had since."""
    came_in: bool = False


class Book:
    """The counts of one journey, as one turn writes them: whoever else wrote since makes it Stale, so that of two
    executors of the same turn one stops."""

    def __init__(self, ports: Ports, scope: Scope, journey: str) -> None:
        self._ports, self._scope, self._journey = ports, scope, journey
        found = ports.documents.get(scope, Kind.POSITION, tally_id(journey))
        nobody = Tally(tally=journey, counts={}, due=[None] * LANES)
        self.tally = Tally.model_validate(found.body) if found else nobody
        self._kept_due, self._is_synced = list(self.tally.due), True
        self._rev = found.rev if found else None

    def write(self, moves: Sequence[Move]) -> dict[str, str]:
        """Write positions with what they change in the counts; contact -> new revision. Raises Stale.

        Until `sync` a power cut may undo the last of them: then the same is done again, and finds each mail's row in
        the ledger, whose claims are synced before anything leaves, and with them whatever was written before."""
        revs: dict[str, str] = {}
        for first in range(0, len(moves), TOGETHER):
            revs |= self._together(moves[first : first + TOGETHER], durable=False)
        return revs

    def keep(self) -> None:
        """Write what changed in the tally besides the counts. Raises Stale."""
        self._together([], durable=True)

    def sync(self) -> None:
        """Keep all that was written through a power cut, too, before anybody is told of it. Raises Stale."""
        if not self._is_synced or self.tally.due != self._kept_due:
            self.keep()

    def _together(self, moves: Sequence[Move], durable: bool) -> dict[str, str]:
        counts = Counter(self.tally.counts)
        for move in moves:
            _count(counts, move)
        self.tally.counts = {name: n for name, n in sorted(counts.items()) if n}
        self._note_due(moves)
        writes = [
            Write(position_id(self._journey, each.position.contact), each.position.model_dump(mode="json"), each.rev)
            for each in moves
        ]
        writes.append(Write(tally_id(self._journey), self.tally.model_dump(mode="json"), self._rev))
        *written, kept = self._ports.documents.batch(self._scope, Kind.POSITION, writes, durable)
        assert kept is not None, "it was written, not deleted"
        self._rev, self._kept_due, self._is_synced = kept.rev, list(self.tally.due), durable
        return {each.body["contact"]: each.rev for each in written if each}

    def _note_due(self, moves: Sequence[Move]) -> None:
        for move in moves:
            lane, at = lane_of(move.position.contact), move.position.next_at
            if at is not None:
                self.tally.due[lane] = min(at, self.tally.due[lane] or at)


def counts(ports: Ports, scope: Scope, journey: str) -> dict[str, int]:
    """Where people stand -> how many."""
    return Book(ports, scope, journey).tally.counts


def _count(counts: Counter[str], move: Move) -> None:
    if move.came_in:
        counts["entered"] += 1
    if move.stood:
        counts[move.stood] -= 1
    counts[move.position.stands] += 1
    for mail in move.had:
        counts[f"had.{mail}"] += 1
