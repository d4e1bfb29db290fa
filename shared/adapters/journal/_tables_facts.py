"""Facts to and from Azure Tables.

A stream is a partition, `scope|stream`: its facts (`fact|<number>`) and its head (`head`), which says where it ends.
One transaction makes the next fact, whose number must be free, and replaces the head that was read. A fact carries the
mark of the call that appended it: who is refused finds out whether it was refused by itself, its answer having been
lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from typing import Any, NamedTuple

from shared.adapters._azure.table_wire import Entity, Operation, create, quoted, replace
from shared.adapters.journal._chain import encoded, fact, moment
from shared.domain.chain import GENESIS
from shared.domain.scope import Scope
from shared.ports import Fact

HEAD = "head"
_MOST = 450_000
"""Characters of 16 bits. An entity has at most 1 MiB."""
_PART = 15_000
"""Characters of a property: a text has at most 64 KiB, and a character at most four bytes."""


class Head(NamedTuple):
    """Where a stream ends; no ETag: nothing was appended yet."""

    etag: str | None
    seq: int
    hash: str


def partition(scope: Scope, stream: str) -> str:
    """The PartitionKey of a stream. Raises ValueError for a name that no partition can have."""
    return f"{quoted('scope', str(scope))}|{quoted('stream', stream)}"


def fact_key(seq: int) -> str:
    """The RowKey of a fact, in the order of the numbers."""
    return f"fact|{seq:012}"


FACTS_END = "fact~"
"""After the RowKey of every new."""


def head_of(entity: Entity | None) -> Head:
    """The head as it was read, or that of a stream without facts."""
    if entity is None:
        return Head(None, 0, GENESIS)
    return Head(entity.metadata["etag"], entity["seq"], entity["hash"])  # type: ignore[attr-defined]


def mark_of(entity: Entity | None) -> str | None:
    """Whose call appended this new."""
    return None if entity is None else entity["mark"]


def appending(place: str, head: Head, new: Fact, mark: str) -> list[Operation]:
    """The transaction that appends the fact after this head; the head's own operation is the first."""
    ending = {"PartitionKey": place, "RowKey": HEAD, "seq": new.seq, "hash": new.hash}
    entity = {
        "PartitionKey": place,
        "RowKey": fact_key(new.seq),
        "at": moment(new.at),
        "what": new.what,
        "by": new.by,
        "hash": new.hash,
        "mark": mark,
        **_parts(new.data),
    }
    return [create(ending) if head.etag is None else replace(ending, head.etag), create(entity)]


def from_entity(stream: str, entity: Entity) -> Fact:
    """The fact that a row is. Raises ValueError, naming it, if it was changed."""
    number, data = entity["RowKey"].partition("|")[2], takewhile(entity.__contains__, _names())
    if not number.isdecimal():
        raise ValueError(f"stream {stream!r}: row {entity['RowKey']!r} was changed")
    text = "".join(str(entity[name]) for name in data)
    at, what, by, hash = (str(entity.get(name, "")) for name in ("at", "what", "by", "hash"))
    return fact(stream, int(number), at, what, by, text, hash)


def _parts(data: Mapping[str, Any]) -> dict[str, str]:
    """The JSON of the data in properties that are small enough. Raises ValueError for more than a row can hold."""
    text = encoded(data)
    size = len(text.encode("utf-16-le")) // 2
    if size > _MOST:
        raise ValueError(f"data: at most {_MOST} characters on Azure Tables, not {size}")
    return {name: text[at : at + _PART] for name, at in zip(_names(), range(0, len(text), _PART), strict=False)}


def _names() -> Iterator[str]:
    yield "data"
    yield from (f"data{number}" for number in count(1))
