"""Through whose eyes a draft is looked at: real people of the audience, those first with whom a mail goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from unicodedata import bidirectional

from shared.agents.campaigns.audience import audience_path, contacts_by_id, members
from shared.agents.lines import lines
from shared.domain.campaign import Campaign
from shared.domain.contact import Contact
from shared.domain.scope import Scope
from shared.ports import Ports

_LOOKED_AT = 200
_BATCH = 100
_SHOWN = 12


class Reader(NamedTuple):
    """One of the audience, and why just this one; empty: as they come."""

    contact: Contact
    why: str


def readers(ports: Ports, scope: Scope, campaign: Campaign) -> list[Reader]:
    """At most 12, worst cases first, out of the first 200 of the audience."""
    people = list(islice(_people(ports, scope, campaign), _LOOKED_AT))
    worst = [Reader(found, why) for why, pick in _WORST if (found := pick(people))]
    chosen = {reader.contact.id: reader for reader in reversed(worst)}
    ordered = [*dict.fromkeys(reader.contact.id for reader in worst)]
    rest = [Reader(each, "") for each in people if each.id not in chosen]
    return [*(chosen[id] for id in ordered), *rest][:_SHOWN]


def _people(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[Contact]:
    """Those whom the approval seals, found by their ids; until there are any, those whom the segment matches, for whom
    the whole address book may have to be searched."""
    path = audience_path(campaign.id, campaign.version)
    if ports.files.size(scope, path) is None or campaign.request.segment.own:
        yield from members(ports, scope, campaign.request.segment)
        return
    sealed = (line.decode().split()[0] for line in lines(ports, scope, path))
    while ids := list(islice(sealed, _BATCH)):
        found = contacts_by_id(ports, scope, ids)
        yield from (found[id] for id in ids if id in found)


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
