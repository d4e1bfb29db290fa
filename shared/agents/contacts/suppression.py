"""Who must not be written to, for whatever reason (rules C1, G4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress as ignoring
from itertools import islice
from typing import Any, get_args

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.suppression import BY_SERVERS, Reason, again_key, holds, suppression_ids
from shared.ports import Body, Document, Ports, Stale, Write

_RANK: tuple[str, ...] = get_args(Reason)
_CHUNK = 100
_MOST = 200
"""Suppressions of one person: all, a channel each, a topic each."""


def suppress(
    ports: Ports, scope: Scope, person: str, reason: Reason, campaign: str | None = None, channel: str = "all"
) -> None:
    """Nothing of this agency reaches this person any more, over this channel or at all (`topic:x`: about this topic).
    Repeating it changes nothing; of several reasons the weightiest stands, in whatever order they come, with the time
    of the first that was the person's own (rules B1, B2, G4). Whoever let them write again may no longer."""
    now = ports.clock.now().isoformat()
    id = person if channel == "all" else suppression_ids(person, channel).channel
    while True:
        found = ports.documents.get(scope.agency, Kind.SUPPRESSION, id)
        body: Body = {"person": person, "channel": channel, "reason": reason, "campaign": campaign, "at": now}
        if found and "again" not in found.body:
            if _rank(found.body.get("reason")) >= _rank(reason):
                return
            if found.body["reason"] not in BY_SERVERS:
                body["at"] = found.body["at"]
        elif found and _rank(found.body.get("reason")) > _rank(reason):
            body["reason"] = found.body["reason"]
        try:
            ports.documents.put(scope.agency, Kind.SUPPRESSION, id, body, found.rev if found else None)
            return
        except Stale:
            continue


def suppress_all(ports: Ports, scope: Scope, people: Mapping[str, Reason], source: str) -> None:
    """The same for many people at once, with where it is known from. Repeating it changes nothing."""
    now = ports.clock.now().isoformat()
    for chunk in _chunks(people):
        asked = [Filter("id", "in", chunk)]
        known = {
            each.id for each in ports.documents.find(scope.agency, Kind.SUPPRESSION, asked, limit=_CHUNK).documents
        }
        new: dict[str, Body] = {
            person: {"person": person, "channel": "all", "reason": people[person], "campaign": None, "at": now}
            | {"source": source}
            for person in chunk
            if person not in known
        }
        try:
            if new:
                ports.documents.batch(scope.agency, Kind.SUPPRESSION, [Write(id, body) for id, body in new.items()])
        except Stale:  # one of them was suppressed in between
            known |= new.keys()
        for person in known:
            suppress(ports, scope, person, people[person])


def suppressions_of(ports: Ports, scope: Scope, person: str, number: str | None) -> dict[str, Document]:
    """What is suppressed of a person: `all`, `email`, `topic:x` -> the document; `number`: everything, for whoever has
    their telephone number (its hash)."""
    asked = [Filter("id", "prefix", person)]
    found = ports.documents.find(scope.agency, Kind.SUPPRESSION, asked, limit=_MOST).documents
    known = {each.id.partition(":")[2] or "all": each for each in found}
    by_phone = ports.documents.get(scope.agency, Kind.SUPPRESSION, number) if number else None
    return known | ({"number": by_phone} if by_phone else {})


def lift(ports: Ports, scope: Scope, person: str) -> None:
    """Take back what mail servers said of this address, because a person looked; what the person said stands."""
    for each in suppressions_of(ports, scope, person, None).values():
        if each.body.get("reason") in BY_SERVERS:
            with ignoring(Stale):
                ports.documents.delete(scope.agency, Kind.SUPPRESSION, each.id, each.rev)


def let_again(ports: Ports, scope: Scope, person: str, found: Document) -> bool:
    """The person lets this workspace write again; for all others what they said stands. False, having changed
    nothing, if what is there is a mail server's word or another "no" came in between."""
    if found.body.get("reason") in BY_SERVERS:
        return False
    if not holds(found.body, scope.workspace, person):
        return True
    again = {**(found.body.get("again") or {}), again_key(scope.workspace, person): ports.clock.now().isoformat()}
    try:
        ports.documents.put(scope.agency, Kind.SUPPRESSION, found.id, {**found.body, "again": again}, found.rev)
    except Stale:
        return False
    return True


def _chunks(people: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(people)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _rank(reason: Any) -> int:
    return _RANK.index(reason) if reason in _RANK else len(_RANK)
