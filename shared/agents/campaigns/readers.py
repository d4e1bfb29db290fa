"""Through whose eyes a draft is looked at: real people of the audience, those first with whom a mail goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple
from unicodedata import bidirectional

from shared.agents.campaigns.audience import members
from shared.domain.campaign import Segment
from shared.domain.contact import Contact
from shared.domain.scope import Scope
from shared.ports import Ports

_LOOKED_AT = 200
_SHOWN = 12


class Reader(NamedTuple):
    """One of the audience, and why just this one; empty: as they come."""

    contact: Contact
    why: str


def readers(ports: Ports, scope: Scope, segment: Segment) -> list[Reader]:
    """At most 12, worst cases first, out of the first 200 of the audience."""
    people = list(islice(members(ports, scope, segment), _LOOKED_AT))
    worst = [Reader(found, why) for why, pick in _WORST if (found := pick(people))]
    chosen = {reader.contact.id: reader for reader in reversed(worst)}
    ordered = [*dict.fromkeys(reader.contact.id for reader in worst)]
    rest = [Reader(each, "") for each in people if each.id not in chosen]
    return [*(chosen[id] for id in ordered), *rest][:_SHOWN]


def _longest(people: Sequence[Contact]) -> Contact | None:
    return max(people, key=lambda each: len(_named(each)), default=None)


def _nameless(people: Sequence[Contact]) -> Contact | None:
    return next((each for each in people if not each.first_name), None)


def _right_to_left(people: Sequence[Contact]) -> Contact | None:
    """`R` are letters such as Hebrew, `AL` Arabic (UAX #9)."""
    return next((each for each in people if any(bidirectional(c) in ("R", "AL") for c in _named(each))), None)


def _named(contact: Contact) -> str:
    return " ".join(filter(None, (contact.first_name, contact.last_name, contact.company)))


_WORST: Sequence[tuple[str, Callable[[Sequence[Contact]], Contact | None]]] = (
    ("the longest name", _longest),
    ("no first name", _nameless),
    ("written from right to left", _right_to_left),
)
