"""Who is held, failed or unknown, from the index rows: each is verified, and what is not so any more is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from shared.adapters._azure.table_wire import MOST, Entity, Outrun, Wire, portions
from shared.adapters.ledger._tables_rows import Place, from_entity, partition, read_listed, row_key
from shared.adapters.ledger._tables_shards import Shards
from shared.domain.scope import Scope
from shared.ports import LedgerRow


class Listed:
    """The index rows of a table."""

    def __init__(self, wire: Wire, shards: Shards) -> None:
        self._wire, self._shards = wire, shards

    def read(self, scope: Scope, campaign: str, state: str, after: str, at_once: int) -> Iterator[LedgerRow]:
        """The rows in this state, by shard and key, of entries after the RowKey `after`; read as far as is asked."""
        while entries := self._wire.range(partition(scope, campaign, state), after, limit=at_once):
            places = [_place(scope, campaign, entry) for entry in entries]
            rows = rows_at(self._wire, places)
            self._tidy(state, places, entries, rows)
            yield from (row for row in rows if row and row.state == state)
            if len(entries) < at_once:
                return
            after = entries[-1]["RowKey"]

    def _tidy(
        self,
        state: str,
        places: Sequence[tuple[Place, str]],
        entries: Sequence[Entity],
        rows: Sequence[LedgerRow | None],
    ) -> None:
        """Drop the entries whose row is not in this state."""
        untrue: dict[Place, dict[str, Entity]] = {}
        for (place, key), entry, row in zip(places, entries, rows, strict=True):
            if row is None or row.state != state:
                untrue.setdefault(place, {})[key] = entry
        for place, here in untrue.items():
            self._drop(place, state, here)

    def _drop(self, place: Place, state: str, entries: dict[str, Entity]) -> None:
        """Somebody may have written an entry and not yet its change. So the shard gets a new version first: that change
        then fails, is decided again and writes its entry again, which the condition on the entry shows."""
        shard = self._shards.read(place)
        rows = shard.rows
        gone = [entry for key, entry in entries.items() if key not in rows or rows[key].state != state]
        if not gone:
            return
        with suppress(Outrun):  # If somebody is at work here, the next reading sees what has become of it.
            self._shards.fence(place, shard)
            for portion in portions(gone, MOST):
                self._wire.submit([_delete(entry) for entry in portion])


def rows_at(wire: Wire, places: Sequence[tuple[Place, str]]) -> list[LedgerRow | None]:
    """The rows of these effect keys, as far as they exist."""
    entities = wire.get_all([(place.partition, row_key(key)) for place, key in places])
    return [from_entity(place, entity) if entity else None for (place, _), entity in zip(places, entities, strict=True)]


def _place(scope: Scope, campaign: str, entry: Entity) -> tuple[Place, str]:
    shard, key = read_listed(entry["RowKey"])
    return Place(scope, campaign, shard), key


def _delete(entry: Entity) -> tuple[object, ...]:
    from azure.core import MatchConditions

    etag = entry.metadata["etag"]  # type: ignore[attr-defined]
    return "delete", entry, {"etag": etag, "match_condition": MatchConditions.IfNotModified}
