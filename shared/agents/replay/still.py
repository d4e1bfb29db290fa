"""Ports for a replay: what was loaded before it, in memory. What it writes stays there and is forgotten; everything
else is closed, so that there is nothing of a real store, model or channel to reach."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.agents.generate.basis import BASIS
from shared.agents.replay.tape import OffTape
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.sms import Tariff
from shared.ports import Body, Channel, Document, Fact, Ports, Proof, Question, Stale, Write

_READ = re.compile(rf"~(?:{BASIS}|made|tool~\d+|segments~\w+)$")
"""Keys of what steps have read. That answers are there the follower sees to; budgets, which are of the tape's kind, are
not: nothing is paid."""


def still(
    ports: Ports, documents: Iterable[Document], now: datetime, listener: Callable[[str, Question], None]
) -> Ports:
    """The ports with these documents alone, at this moment."""
    nothing: Any = _Closed
    return replace(
        ports,
        documents=_Documents(documents),
        ledger=nothing("ledger"),
        journal=_Unwritten(),
        files=nothing("files"),
        models={},
        channels={name: _Mute(channel) for name, channel in ports.channels.items()},
        clock=_Stopped(now),
        dkim=nothing("dkim"),
        resolver=nothing("resolver"),
        relays=(),
        knowledge=nothing("knowledge"),
        reader=nothing("reader"),
        mailbox=None,
        listener=listener,
    )


class _Documents:
    def __init__(self, documents: Iterable[Document]) -> None:
        self._kept = {(each.kind, each.id): each for each in documents}
        self._writes = 0

    def get(self, scope: Scope, kind: str, id: str) -> Document | None:
        found = self._kept.get((kind, id))
        if found is None and kind == Kind.TAPE and _READ.search(id):
            raise OffTape(id)
        return found

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        present = self._kept.get((kind, id))
        if if_match != "*" and (present.rev if present else None) != if_match:
            raise Stale
        self._writes += 1
        made = Document(kind, id, body, f"replay-{self._writes}", "", "replay", 1)
        self._kept[kind, id] = made
        return made

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None:
        self._kept.pop((kind, id), None)

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write], durable: bool = True) -> list[Document | None]:
        raise OffTape(f"documents.batch of {kind}")

    def find(self, scope: Scope, kind: str, *_: Any, **__: Any) -> Any:
        raise OffTape(f"documents.find of {kind}")

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> Any:
        raise OffTape("documents.changes")


class _Unwritten:
    """A journal that takes everything and keeps nothing."""

    def append(self, scope: Scope, stream: str, at: datetime, by: str, what: str, data: Mapping[str, Any]) -> Fact:
        return Fact(0, at, what, by, data, "")

    def read(self, scope: Scope, stream: str, after: int = 0, limit: int = 1000) -> list[Fact]:
        raise OffTape("journal.read")

    def verify(self, scope: Scope, stream: str) -> int:
        raise OffTape("journal.verify")


class _Stopped:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def pace(self, seconds: float) -> None:
        """Nothing elapses."""

    def rest(self, seconds: float) -> float:
        """Nothing elapses."""
        return 0.0


class _Mute:
    """What a channel is like, and nothing that leaves."""

    reported_as = None

    def __init__(self, channel: Channel) -> None:
        self.name, self.rate_per_second, self.cost_micros = channel.name, channel.rate_per_second, channel.cost_micros
        self.tariff: Tariff | None = channel.tariff

    def refusal(self) -> str:
        return "a replay sends nothing"

    def session(self, scope: Scope) -> AbstractContextManager[Any]:
        raise OffTape(f"{self.name}.session")

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Any] | None = None) -> Mapping[str, Proof]:
        return {}


class _Closed:
    """A port that a replay has not."""

    def __init__(self, port: str) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:
        raise OffTape(f"{self._port}.{name}")
