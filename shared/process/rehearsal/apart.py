"""Ports apart: what is there can be read, what is written lies in a throw-away place, and nothing leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shared.ports import Ask, Clock, Endpoints, Fact, Ledger, Ports, Told
from shared.process.errors import PolicyError
from shared.process.rehearsal.apart_documents import ApartDocuments
from shared.process.rehearsal.apart_files import ApartFiles, ApartFolders


def apart(ports: Ports, place: Path, time: Time) -> Ports:
    """The ports over `place`, an empty folder. Whatever is not named here is closed: a step that reaches for it fails
    with class policy, so a new type of step cannot act by having been forgotten."""
    files, folders = place / "files", place / "folders"
    for each in (files, folders):
        each.mkdir()
    shut: Any = Shut
    read: Any = OnlyRead
    return replace(
        ports,
        documents=ApartDocuments(ports.documents),
        files=ApartFiles(ports.files, files),
        folders=ApartFolders(ports.folders, folders, time) if ports.folders else None,
        endpoints=OnlyAsked(ports.endpoints) if ports.endpoints else None,
        work=place / "work",
        clock=time,
        journal=_Unwritten(),
        models={},
        channels={},
        ledger=read(ports.ledger),
        dkim=shut("dkim"),
        resolver=shut("resolver"),
        knowledge=shut("knowledge"),
        books=shut("books"),
        calendar=shut("calendar"),
        calendar_files=shut("calendar_files"),
        sites=shut("sites"),
        sources={},
        mailbox=None,
        bus=None,
        outbox=None,
        scrub=None,
        encryption=None,
        rings=None,
        listener=None,
    )


class Time:
    """Now, and what has been waited for: a wait of two weeks is over at once. With `start` it stands still but for
    that."""

    def __init__(self, clock: Clock, start: datetime | None = None) -> None:
        self._clock, self._start, self._ahead = clock, start, timedelta()

    def now(self) -> datetime:
        return (self._start or self._clock.now()) + self._ahead

    def pace(self, seconds: float) -> None:
        """Nothing elapses."""

    def rest(self, seconds: float) -> float:
        """Nothing elapses."""
        return 0.0

    def jump(self, until: datetime) -> None:
        """Let it be that time, if it is not past."""
        self._ahead += max(until - self.now(), timedelta())


class OnlyAsked:
    """Other systems may be asked for something (GET, HEAD), which changes nothing there (RFC 9110 section 9.2.1)."""

    def __init__(self, base: Endpoints) -> None:
        self._base = base

    def refusal(self, url: str) -> str | None:
        return self._base.refusal(url)

    def ask(self, asking: Ask) -> Told:
        if asking.method not in ("GET", "HEAD"):
            raise _refused(asking.method)
        return self._base.ask(asking)

    def post(self, post: Any) -> Any:
        raise _refused("POST")


class OnlyRead:
    """The rows of the ledger and their sums, as steps that report on campaigns need them; nothing is written there."""

    _READS = ("tally", "of_shard", "of_person", "of_state")

    def __init__(self, base: Ledger) -> None:
        self._base = base

    def __getattr__(self, name: str) -> Any:
        if name not in self._READS:
            raise _refused(f"ledger.{name}")
        return getattr(self._base, name)


class Shut:
    """A port that a rehearsal does not have."""

    def __init__(self, port: str) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:
        raise _refused(f"{self._port}.{name}")


class _Unwritten:
    """A journal that takes everything and keeps nothing."""

    def append(self, scope: Any, stream: str, at: datetime, by: str, what: str, data: Any) -> Fact:
        return Fact(0, at, what, by, data, "")

    def read(self, scope: Any, stream: str, after: int = 0, limit: int = 1000) -> list[Fact]:
        return []

    def verify(self, scope: Any, stream: str) -> int:
        return 0


def _refused(what: str) -> PolicyError:
    return PolicyError(f"a rehearsal does not reach outside: {what}")
