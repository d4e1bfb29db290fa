"""Facts as they are kept and the check of a chain, the same in every journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from shared.domain.chain import GENESIS, link
from shared.domain.scope import Scope
from shared.ports import Fact


class End(NamedTuple):
    """The number and hash of the last fact of a stream."""

    seq: int
    hash: str


def encoded(data: Mapping[str, Any]) -> str:
    """The data of a fact as it is kept."""
    return orjson.dumps(dict(data)).decode()


def moment(at: datetime) -> str:
    """The time of a fact as it is kept and hashed."""
    return at.isoformat(timespec="microseconds")


def fact(stream: str, seq: int, at: str, what: str, by: str, data: str, hash: str) -> Fact:
    """The fact that was kept like this. Raises ValueError, naming it, for what no journal keeps like this."""
    try:
        made = Fact(seq, datetime.fromisoformat(at), what, by, orjson.loads(data), hash)
        if (moment(made.at), encoded(made.data)) == (at, data):
            return made
    except (TypeError, ValueError):
        pass
    raise broken(stream, seq)


def checked(read: Callable[[int], list[Fact]], scope: Scope, stream: str) -> Iterator[Fact]:
    """The facts of a stream, each after it was found to hold. `read` gives the next ones after a number, none at the
    end. Raises ValueError naming the first that does not hold."""
    seq, previous = 0, GENESIS
    while page := read(seq):
        for each in page:
            seq += 1
            try:
                previous = link(previous, scope, stream, seq, moment(each.at), each.by, each.what, each.data)
            except TypeError:  # what no fact can hold, such as a key that is not ASCII any more
                raise broken(stream, seq) from None
            if each.seq != seq or each.hash != previous:
                raise broken(stream, seq)
            yield each


def counted(facts: Iterator[Fact], end: End, stream: str) -> int:
    """How many facts there are up to the end of the stream and beyond, if none of them is missing. `end` was read
    before the facts were. Raises ValueError naming the first that does not hold."""
    seq = 0
    for each in facts:
        seq = each.seq
        if seq == end.seq and each.hash != end.hash:
            raise broken(stream, seq)
    if seq < end.seq:
        raise broken(stream, seq + 1)
    return seq


def broken(stream: str, seq: int) -> ValueError:
    """What is said of a fact that does not hold."""
    return ValueError(f"stream {stream!r}: fact {seq} is missing or was changed")
