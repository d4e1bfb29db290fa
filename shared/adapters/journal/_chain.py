"""Facts as they are kept and the check of a chain, the same in every journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from shared.domain.chain import GENESIS, link
from shared.domain.scope import Scope
from shared.ports import Fact


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
            previous = link(previous, scope, stream, seq, moment(each.at), each.by, each.what, each.data)
            if each.seq != seq or each.hash != previous:
                raise broken(stream, seq)
            yield each


def broken(stream: str, seq: int) -> ValueError:
    """What is said of a fact that does not hold."""
    return ValueError(f"stream {stream!r}: fact {seq} is missing or was changed")
