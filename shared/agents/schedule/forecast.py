"""Who would get it if it left now: the gate asked in advance, for the people who decide whether it should."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.agents import calendar
from shared.agents.budget.campaigns import most_messages
from shared.agents.campaigns.audience import audience_path, contacts_by_id
from shared.agents.channels import channel_of
from shared.agents.schedule.foresee import foresee
from shared.agents.schedule.leaving import Leaving
from shared.agents.schedule.pace import pace
from shared.domain.calendar import Taken
from shared.domain.campaign import Campaign
from shared.domain.contact import Contact
from shared.domain.forecast import NAMES, REPAIRS, Forecast, Group, Somebody, paced, warning
from shared.domain.freshness import stale
from shared.domain.gate import HELD
from shared.domain.scope import Scope
from shared.ports import CalendarUnavailable, Ports

LARGE = 20_000
"""An audience beyond this is not counted for everyone who asks: the flow that waits for the answer counts it now and
then, and the newest count is told, dated."""
AT_ONCE = 200
"""An audience beyond this is not counted while somebody waits for a page."""
KEPT = timedelta(minutes=10)
"""A count is not repeated within so long."""


def forecast(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    """As the address book is now; the gate asks again before each message leaves, and may then hold more. Memory does
    not grow with the audience."""
    kept = _kept(ports, scope, campaign) if campaign.audience > LARGE else None
    return kept if kept is not None else _counted(ports, scope, campaign)


def shown(ports: Ports, scope: Scope, campaign: Campaign, anew: bool = False) -> Forecast | None:
    """The newest count, for a page that must not wait for one; None if there is none yet. `anew`: somebody waits for a
    new one, which is made unless the newest is."""
    if campaign.audience <= AT_ONCE and _sealed(ports, scope, campaign):
        return counted(ports, scope, campaign)
    kept = _kept(ports, scope, campaign)
    if not anew or (kept and not stale(kept.made_at, campaign.audience, ports.clock.now())):
        return kept
    return _counted(ports, scope, campaign)


def prepare(ports: Ports, scope: Scope, campaign: Campaign) -> None:
    """Count ahead of those who will look, unless that was just done or can be done while they do."""
    if campaign.audience <= AT_ONCE:
        return
    kept = _kept(ports, scope, campaign)
    if kept is None or ports.clock.now() - kept.made_at >= KEPT:
        _counted(ports, scope, campaign)


def _sealed(ports: Ports, scope: Scope, campaign: Campaign) -> bool:
    """Is it on file who they are? Else the whole address book is to be searched for them."""
    return ports.files.size(scope, audience_path(campaign.id, campaign.version)) is not None


def _counted(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    made = counted(ports, scope, campaign)
    if made.people > AT_ONCE:
        ports.files.put(scope, _path(campaign), _nameless(made).model_dump_json().encode())
    return made


def counted(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    """As `forecast`, and nothing is kept: the campaign need not be on file."""
    counts, names, start = Counter[str](), defaultdict[str, list[Somebody]](list), _start(ports, campaign)
    try:
        taken, unread = calendar.ahead(ports, scope, campaign.request.window, start), None
    except CalendarUnavailable as fault:
        taken, unread = Taken(), f"Nothing leaves as long as {calendar.sentence(fault)}."
    leaving = Leaving(ports, campaign, start)
    for asked, code in foresee(ports, scope, campaign, start, taken):
        counts[code] += 1
        if code == "allowed":
            leaving.add(asked.person, (asked.body or {}).get("timezone"))
        elif len(names[code]) < NAMES:
            names[code].append(Somebody(contact=asked.contact, name=called(asked.body)))
    made = foreseen(ports, scope, campaign, counts, names, None if taken or unread else leaving)
    return made.model_copy(update={"warning": unread}) if unread else made


def _start(ports: Ports, campaign: Campaign) -> datetime:
    """When the first of it could leave."""
    return max(filter(None, (ports.clock.now(), campaign.request.window.start, campaign.holding_until)))


def foreseen(
    ports: Ports,
    scope: Scope,
    campaign: Campaign,
    counts: Counter[str],
    names: dict[str, list[Somebody]],
    leaving: Leaving | None = None,
) -> Forecast:
    """What these counts by code come to, with budget, quota and warm-up; `names`: who is held, by code."""
    people, gets = counts.total(), counts.pop("allowed", 0)
    most = most_messages(ports, scope, campaign, channel_of(ports, campaign).cost_micros)
    if most is not None and gets > most:
        counts["over_budget"], gets = gets - most, most
    spread = paced(gets, pace(ports, scope, campaign, _start(ports, campaign)), campaign.request.window.days)
    if spread.fit < gets:
        counts[spread.code], gets = counts[spread.code] + gets - spread.fit, spread.fit
    groups = [
        Group(code=code, reason=HELD[code], count=count, names=names.get(code, []), repair=REPAIRS[code])
        for code, count in counts.most_common()
    ]
    return Forecast(
        warning=warning(people, gets, groups),
        people=people,
        gets=gets,
        groups=groups,
        cost_micros=gets * channel_of(ports, campaign).cost_micros,
        spread=spread.spread,
        slots=leaving.slots(gets) if leaving else [],
        made_at=ports.clock.now(),
    )


def _kept(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast | None:
    """The newest count that was kept, with the names of those who still are in the address book."""
    if ports.files.size(scope, _path(campaign)) is None:
        return None
    found = Forecast.model_validate_json(ports.files.get(scope, _path(campaign)))
    asked = [each.contact for group in found.groups for each in group.names]
    people: dict[str, Contact] = {}
    for at in range(0, len(asked), 100):
        people |= contacts_by_id(ports, scope, asked[at : at + 100])
    for group in found.groups:
        for each in group.names:
            each.name = called(people[each.contact].model_dump() if each.contact in people else None)
    return found


def _nameless(made: Forecast) -> Forecast:
    """As it is kept: no name lies in a file."""
    found = made.model_copy(deep=True)
    for group in found.groups:
        for each in group.names:
            each.name = ""
    return found


def _path(campaign: Campaign) -> str:
    return f"campaigns/{campaign.id}/forecast-{campaign.version}.json"


def called(body: Mapping[str, Any] | None) -> str:
    """Somebody by name, else by address."""
    if body is None:
        return "somebody who left the address book"
    given = (body.get("first_name"), body.get("last_name"))
    return " ".join(each for each in given if isinstance(each, str) and each) or str(body.get("email") or "somebody")
