"""Shards as they stand in a table, and the one way to change them.

Every change writes the shard's tally on condition of its ETag, so that ETag is the version of the whole shard: what was
read may be kept for as long as it stands, and who decided on an older one changes nothing and decides again. That is
the fence: a claim that lay on the wire while a successor worked comes to nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import orjson
import uuid_utils

from shared.adapters._azure.table_wire import MOST, Operation, Outrun, Wire, create, portions, put, replace
from shared.adapters.ledger._tables_moves import Move, Rows, count, entering
from shared.adapters.ledger._tables_rows import (
    TALLY,
    Place,
    from_entity,
    listed_key,
    partition,
    to_entity,
)
from shared.domain.faults import Unavailable

LISTED = ("held", "failed", "unknown")
"""The states whose rows are listed apart."""
_KEPT = 16
_REMEMBERED = 64
_TRIES = 100


class Contended(Unavailable):
    """Others changed this shard again and again, each time before this change could be made; nothing was changed."""


@dataclass(frozen=True)
class Shard:
    """A shard at one version; no ETag: nothing was planned there. `recent` are the marks of the last changes."""

    etag: str | None
    counts: Mapping[str, int]
    recent: tuple[str, ...]
    rows: Rows


class Shards:
    """The shards of a table. Keeps the last few that were read."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._kept: OrderedDict[Place, Shard] = OrderedDict()
        self._keeping = Lock()

    def read(self, place: Place) -> Shard:
        """As it stands now: one point read if nobody changed it since."""
        tally = self._wire.get(place.partition, TALLY)
        if tally is None:
            return Shard(None, {}, (), {})
        etag = tally.metadata["etag"]  # type: ignore[attr-defined]
        kept = self._recall(place)
        if kept and kept.etag == etag:
            return kept
        # After the tally: rows may be newer than the version they are kept under, which its condition then shows.
        entities = self._wire.range(place.partition, after="row|", before="row~")
        rows = {row.key: row for row in (from_entity(place, entity) for entity in entities)}
        return self._keep(place, Shard(etag, orjson.loads(tally["counts"]), tuple(tally["recent"].split()), rows))

    def change(self, place: Place, decide: Callable[[Rows], Sequence[Move]]) -> Sequence[Move]:
        """Make the moves (at most 99) that `decide` finds for the rows as they stand. Raises Contended."""
        shard = self._recall(place)
        moves = decide(shard.rows) if shard else ()
        for _ in range(_TRIES):
            if not (shard and moves):  # There is nothing to do, but that only the present version may say.
                shard = self.read(place)
                moves = decide(shard.rows)
            if not moves:
                return moves
            mark = uuid_utils.uuid4().hex[:12]
            try:
                self._write(place, shard, moves, mark)
                return moves
            except Outrun:
                shard = self.read(place)
                if mark in shard.recent:  # It was this very change, whose answer was lost.
                    return moves
                moves = decide(shard.rows)
        raise Contended(f"shard {place.shard} of campaign {place.campaign} is changed by others all the time")

    def fence(self, place: Place, shard: Shard) -> None:
        """A new version without a change: whoever decided on this one has to decide again. Raises Outrun."""
        if shard.etag:
            self._write(place, shard, (), uuid_utils.uuid4().hex[:12])

    def _write(self, place: Place, shard: Shard, moves: Sequence[Move], mark: str) -> None:
        if shard.etag is None:
            self._register(place)
        self._list(place, moves)
        recent = (*shard.recent, mark)[-_REMEMBERED:]
        counts = count(shard.counts, moves)
        etags = self._wire.submit([_tally(place, shard.etag, counts, recent), *(_row(place, move) for move in moves)])
        rows = {**shard.rows, **{after.key: after for _, after in moves}}
        self._keep(place, Shard(etags[0], counts, recent, rows))

    def _register(self, place: Place) -> None:
        shards = partition(place.scope, place.campaign, "shards")
        self._wire.submit([put({"PartitionKey": shards, "RowKey": f"{place.shard:09}"})])

    def _list(self, place: Place, moves: Sequence[Move]) -> None:
        """Before the change, so that whatever is in such a state is listed; reading drops what never came into it."""
        for state, rows in entering(moves, LISTED).items():
            listed = partition(place.scope, place.campaign, state)
            entities = [{"PartitionKey": listed, "RowKey": listed_key(place.shard, row.key)} for row in rows]
            for portion in portions(entities, MOST):
                self._wire.submit([put(entity) for entity in portion])

    def _recall(self, place: Place) -> Shard | None:
        with self._keeping:
            return self._kept.get(place)

    def _keep(self, place: Place, shard: Shard) -> Shard:
        with self._keeping:
            self._kept[place] = shard
            self._kept.move_to_end(place)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return shard


def _tally(place: Place, etag: str | None, counts: Mapping[str, int], recent: Sequence[str]) -> Operation:
    entity = {
        "PartitionKey": place.partition,
        "RowKey": TALLY,
        "counts": orjson.dumps(counts).decode(),
        "recent": " ".join(recent),
    }
    return create(entity) if etag is None else replace(entity, etag)


def _row(place: Place, move: Move) -> Operation:
    """The tally's condition holds for every row; a new one must be new all the same."""
    entity = to_entity(place, move.after)
    return create(entity) if move.before is None else put(entity)
