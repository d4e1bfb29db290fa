"""Rows of the ledger to and from Azure Tables.

Partition `scope|campaign|shard` holds the rows of a shard (`row|<effect key>`) and its tally (`tally`), partition
`scope|campaign|<state>` the list of who is held, failed or unknown (`<shard>|<effect key>`), and partition
`scope|campaign|shards` the list of shards.

A transaction has at most 100 entities and 4 MiB, so what a row may hold is limited (`check_planned`, `shortened`): 99
fit at worst.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from shared.adapters._azure.table_wire import Entity, quoted, unquoted
from shared.domain.scope import Scope
from shared.ports import LedgerRow, PlannedRow

TALLY = "tally"
_NAME_MOST = 300
_JSON_MOST = 4000
_WORDS_MOST = 500
_TIMES = ("due", "not_before", "lease_until", "intended_at", "settled_at")
_TEXTS = ("contact", "person", "variant", "reason", "state", "owner", "held", "provider_id", "detail")


class Place(NamedTuple):
    """Where a shard lies."""

    scope: Scope
    campaign: str
    shard: int

    @property
    def partition(self) -> str:
        return partition(self.scope, self.campaign, f"{self.shard:09}")


def partition(scope: Scope, campaign: str, part: str) -> str:
    """A PartitionKey. Raises ValueError for a campaign's id that no partition can have."""
    return f"{quoted('scope', str(scope))}|{quoted('campaign', campaign)}|{part}"


def row_key(key: str) -> str:
    """The RowKey of an effect. Raises ValueError for a key that no row can have."""
    return f"row|{quoted('key', key)}"


def listed_key(shard: int, key: str) -> str:
    """The RowKey of an index row."""
    return f"{shard:09}|{quoted('key', key)}"


def read_listed(row_key: str) -> tuple[int, str]:
    """The shard and the effect key of an index row."""
    shard, _, key = row_key.partition("|")
    return int(shard), unquoted(key)


def check_planned(row: PlannedRow) -> None:
    """Raises ValueError, naming the field, for a row that is too large for a transaction of 99."""
    row_key(row.key)
    for name in ("contact", "person", "variant", "reason"):
        check_name(name, getattr(row, name))
    check_json("facts", row.facts)


def check_name(field: str, text: str | None) -> None:
    """Raises ValueError for more than 300 bytes."""
    _check_size(field, len((text or "").encode()), _NAME_MOST)


def check_json(field: str, value: Mapping[str, Any]) -> None:
    """Raises ValueError for more than 4,000 bytes."""
    _check_size(field, len(orjson.dumps(value)), _JSON_MOST)


def as_stored(value: Mapping[str, Any]) -> dict[str, Any]:
    """What will be read again: a tuple comes back as a list."""
    stored: dict[str, Any] = orjson.loads(orjson.dumps(value))
    return stored


def shortened(words: str) -> str:
    """What a provider said, up to 500 characters: refusing it would lose the news it came with."""
    return words[:_WORDS_MOST]


def to_entity(place: Place, row: LedgerRow) -> dict[str, Any]:
    """The whole row; what is None is left out."""
    entity = {name: value for name in (*_TEXTS, *_TIMES) if (value := getattr(row, name)) is not None}
    return {
        "PartitionKey": place.partition,
        "RowKey": row_key(row.key),
        **entity,
        "attempt": row.attempt,
        "cost_micros": (row.cost_micros, "Edm.Int64"),
        "facts": orjson.dumps(row.facts).decode(),
        "acceptances": orjson.dumps(row.acceptances).decode(),
        **({} if row.verdict is None else {"verdict": orjson.dumps(row.verdict).decode()}),
    }


def from_entity(place: Place, entity: Entity) -> LedgerRow:
    """The inverse of `to_entity`."""
    texts: dict[str, Any] = {name: entity.get(name) for name in _TEXTS}
    return LedgerRow(
        campaign=place.campaign,
        shard=place.shard,
        key=unquoted(entity["RowKey"].partition("|")[2]),
        **texts,
        **{name: _plain(entity.get(name)) for name in _TIMES},
        attempt=entity["attempt"],
        cost_micros=entity["cost_micros"].value,
        facts=orjson.loads(entity["facts"]),
        acceptances=tuple(orjson.loads(entity["acceptances"])),
        verdict=orjson.loads(entity["verdict"]) if "verdict" in entity else None,
    )


def _plain(at: datetime | None) -> Any:
    """The SDK's own kind of datetime carries the text that it was read from."""
    return at and datetime(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, UTC)


def _check_size(field: str, size: int, most: int) -> None:
    if size > most:
        raise ValueError(f"{field}: at most {most} bytes on Azure Tables, not {size}")
