"""Contacts with a person, reserved for the whole agency before a message may leave (rule C10, decision 13).

One document per person in the agency's workspace; it changes only against the revision that the decision was made on.
So two campaigns, of whichever clients, cannot both take the last place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.domain.caps import Use, read_uses, released, reserved, write_uses
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale, Write


class Booked(NamedTuple):
    """What is reserved for a person. `uses` None: it cannot be read; `rev` None: there is nothing yet."""

    uses: Sequence[Use] | None
    rev: str | None


NOTHING = Booked((), None)


def read(ports: Ports, scope: Scope, persons: Sequence[str]) -> dict[str, Booked]:
    """person -> what is reserved, in one read; whoever has nothing is not in it."""
    asked = [Filter("id", "in", frozenset(persons))]
    page = ports.documents.find(scope.agency, Kind.RESERVATION, asked, limit=max(1, len(persons)))
    return {found.id: Booked(_uses(found.body), found.rev) for found in page.documents}


def change(
    ports: Ports, scope: Scope, booked: Mapping[str, Booked], taken: Mapping[str, Use], given_back: Mapping[str, str]
) -> None:
    """Reserve (person -> contact) and give back (person -> effect) in one transaction. Raises Stale if anything of it
    was changed since it was read: then nothing was changed, and what was decided on it is to be decided again."""
    writes = [_with(person, booked.get(person, NOTHING), use) for person, use in taken.items()]
    for person, effect in given_back.items():
        uses, rev = booked.get(person, NOTHING)
        if uses and any(use.effect == effect for use in uses):
            writes.append(Write(person, write_uses(released(uses, effect)), rev))
    if writes:
        ports.documents.batch(scope.agency, Kind.RESERVATION, writes)


def give_back(ports: Ports, scope: Scope, failed: Mapping[str, str]) -> None:
    """person -> effect whose message the provider refused for good: it reached nobody, so it counts for nothing."""
    while failed:
        try:
            change(ports, scope, read(ports, scope, list(failed)), {}, failed)
            return
        except Stale:
            continue


def _with(person: str, booked: Booked, use: Use) -> Write:
    return Write(person, write_uses(reserved(booked.uses or (), use)), booked.rev)


def _uses(body: Mapping[str, object]) -> Sequence[Use] | None:
    try:
        return read_uses(body)
    except ValueError:
        return None
