"""Who would get it if it left now: the gate asked in advance, for the people who decide whether it should."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from shared.agents import facts
from shared.agents.campaigns.audience import members
from shared.agents.distribute import reservations
from shared.agents.distribute.reservations import NOTHING
from shared.agents.facts import NOT_SUPPRESSED, Ground, Known, Row
from shared.agents.policy import standing
from shared.agents.schedule.approval import most_messages
from shared.agents.schedule.plan import held_out
from shared.domain.campaign import Campaign
from shared.domain.contact import Contact
from shared.domain.forecast import NAMES, REPAIRS, Forecast, Group, Somebody, warning
from shared.domain.gate import HELD, decide
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.ports import Ports

_BATCH = 500
LARGE = 20_000
"""An audience beyond this is not counted anew for everyone who looks; the count of a moment ago is shown, dated."""
KEPT = timedelta(minutes=10)


def forecast(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    """As the address book is now; the gate asks again before each message leaves, and may then hold more. Memory does
    not grow with the audience."""
    kept = _kept(ports, scope, campaign)
    if kept is not None:
        return kept
    counts, names = Counter[str](), defaultdict[str, list[Somebody]](list)
    for contact, code in _verdicts(ports, scope, campaign):
        counts[code] += 1
        if code != "allowed" and len(names[code]) < NAMES:
            names[code].append(Somebody(contact=contact.id, name=_name(contact)))
    made = _made(ports, campaign, counts, names)
    if made.people > LARGE:
        ports.files.put(scope, _path(campaign), made.model_dump_json().encode())
    return made


def _verdicts(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[tuple[Contact, str]]:
    """Everybody of the audience with the reason that would hold them, or `allowed`; who must wait still gets it."""
    start = campaign.request.window.start
    now = max(ports.clock.now(), start) if start else ports.clock.now()
    rules = standing(ports, scope, str(campaign.request.sender.address).rpartition("@")[2])
    ground = Ground(campaign.model_copy(update={"paused": False, "cancelled": False}), True, rules, (), now)
    audience = members(ports, scope, campaign.request.segment)
    while batch := list(islice(audience, _BATCH)):
        yield from zip(batch, _codes(ports, scope, ground, batch), strict=True)


def _codes(ports: Ports, scope: Scope, ground: Ground, people: Sequence[Contact]) -> Iterator[str]:
    request, persons = ground.campaign.request, [each.person for each in people]
    suppressed = facts.suppressions(ports, scope, persons, ground.channel, request.topic)
    booked = reservations.read(ports, scope, persons)
    for each in people:
        own = zone(each.timezone) if each.timezone else None
        holdout = held_out(ground.campaign.id, each.person, request.holdout)
        row = Row(each.person, "", own or zone(ports.timezone), holdout=holdout)
        uses = booked.get(each.person, NOTHING).uses
        found = facts.facts_of(ground, row, Known(each, ""), suppressed.get(each.person, NOT_SUPPRESSED), uses)
        verdict = decide(found)
        yield verdict.code if verdict.state == "held" else "allowed"


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
    """The count of a moment ago, if the audience is large."""
    if campaign.audience <= LARGE or ports.files.size(scope, _path(campaign)) is None:
        return None
    found = Forecast.model_validate_json(ports.files.get(scope, _path(campaign)))
    return found if ports.clock.now() - found.made_at < KEPT else None


def _path(campaign: Campaign) -> str:
    return f"campaigns/{campaign.id}/forecast-{campaign.version}.json"


def _name(contact: Contact) -> str:
    return " ".join(filter(None, (contact.first_name, contact.last_name))) or contact.email
