"""Who would get it if it left now: the gate asked in advance, for the people who decide whether it should."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.agents import facts
from shared.agents.campaigns.audience import audience_path, members
from shared.agents.distribute import reservations
from shared.agents.distribute.reservations import NOTHING
from shared.agents.facts import NOT_SUPPRESSED, Ground, Known, Row, ground_of
from shared.agents.lines import lines
from shared.agents.schedule.approval import most_messages
from shared.agents.schedule.plan import held_out
from shared.domain.campaign import Campaign
from shared.domain.forecast import NAMES, REPAIRS, Forecast, Group, Somebody, warning
from shared.domain.gate import HELD, decide
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.ports import Ports

_BATCH = 300
"""Three look-ups of suppressions for each fit into what Cosmos DB takes in one list (1,000)."""
LARGE = 20_000
"""An audience beyond this is not counted for everyone who looks: the flow that waits for the answer counts it now and
then, and the newest count is shown, dated."""
KEPT = timedelta(minutes=10)
"""A count is not repeated within so long."""


def forecast(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    """As the address book is now; the gate asks again before each message leaves, and may then hold more. Memory does
    not grow with the audience."""
    kept = _kept(ports, scope, campaign)
    return kept if kept is not None else _counted(ports, scope, campaign)


def prepare(ports: Ports, scope: Scope, campaign: Campaign) -> None:
    """Count a large audience ahead of those who will look, unless that was just done."""
    if campaign.audience <= LARGE:
        return
    kept = _kept(ports, scope, campaign)
    if kept is None or ports.clock.now() - kept.made_at >= KEPT:
        _counted(ports, scope, campaign)


def _counted(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    counts, names = Counter[str](), defaultdict[str, list[Somebody]](list)
    for asked, code in _verdicts(ports, scope, campaign):
        counts[code] += 1
        if code != "allowed" and len(names[code]) < NAMES:
            names[code].append(Somebody(contact=asked.contact, name=_name(asked)))
    made = _made(ports, campaign, counts, names)
    if made.people > LARGE:
        ports.files.put(scope, _path(campaign), made.model_dump_json().encode())
    return made


class _Asked(NamedTuple):
    """One of the audience as the address book has them now; nothing if they have left it."""

    contact: str
    person: str
    known: Known | None


def _verdicts(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[tuple[_Asked, str]]:
    """Everybody of the audience with the reason that would hold them, or `allowed`; who must wait still gets it."""
    start = campaign.request.window.start
    now = max(ports.clock.now(), start) if start else ports.clock.now()
    ground = ground_of(ports, scope, campaign, now)
    for batch in _audience(ports, scope, campaign):
        yield from zip(batch, _codes(ports, scope, ground, batch), strict=True)


def _audience(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[list[_Asked]]:
    """Batches of those whom the approval seals; of those whom the segment matches while nothing is sealed yet."""
    path = audience_path(campaign.id, campaign.version)
    if ports.files.size(scope, path) is None:
        found = members(ports, scope, campaign.request.segment)
        while people := list(islice(found, _BATCH)):
            yield [_Asked(each.id, each.person, Known(each, "")) for each in people]
        return
    sealed = lines(ports, scope, path)
    while batch := [line.decode().split() for line in islice(sealed, _BATCH)]:
        known = facts.people(ports, scope, [contact for contact, _ in batch])
        yield [_Asked(contact, person, known.get(contact)) for contact, person in batch]


def _codes(ports: Ports, scope: Scope, ground: Ground, batch: Sequence[_Asked]) -> Iterator[str]:
    request, persons = ground.campaign.request, [each.person for each in batch]
    suppressed = facts.suppressions(ports, scope, persons, ground.channel, request.topic)
    booked = reservations.read(ports, scope, persons)
    for each in batch:
        holdout = held_out(ground.campaign.id, each.person, request.holdout)
        row = Row(each.person, "", _zone(ports, each), holdout=holdout)
        uses = booked.get(each.person, NOTHING).uses
        found = facts.facts_of(ground, row, each.known, suppressed.get(each.person, NOT_SUPPRESSED), uses)
        verdict = decide(found)
        yield verdict.code if verdict.state == "held" else "allowed"


def _zone(ports: Ports, asked: _Asked) -> ZoneInfo | None:
    contact = asked.known.contact if asked.known else None
    own = zone(contact.timezone) if contact and contact.timezone else None
    return own or zone(ports.timezone)


def _made(ports: Ports, campaign: Campaign, counts: Counter[str], names: dict[str, list[Somebody]]) -> Forecast:
    people, gets = counts.total(), counts.pop("allowed", 0)
    most = most_messages(ports, campaign)
    if most is not None and gets > most:
        counts["over_budget"], gets = gets - most, most
    groups = [
        Group(code=code, reason=HELD[code], count=count, names=names.get(code, []), repair=REPAIRS[code])
        for code, count in counts.most_common()
    ]
    return Forecast(
        warning=warning(people, gets, groups), people=people, gets=gets, groups=groups, made_at=ports.clock.now()
    )


def _kept(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast | None:
    """The newest count, if the audience is large."""
    if campaign.audience <= LARGE or ports.files.size(scope, _path(campaign)) is None:
        return None
    return Forecast.model_validate_json(ports.files.get(scope, _path(campaign)))


def _path(campaign: Campaign) -> str:
    return f"campaigns/{campaign.id}/forecast-{campaign.version}.json"


def _name(asked: _Asked) -> str:
    contact = asked.known.contact if asked.known else None
    if contact is None:
        return "somebody who left the address book" if asked.known is None else asked.contact
    return " ".join(filter(None, (contact.first_name, contact.last_name))) or contact.email
