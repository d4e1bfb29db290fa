"""Who would get it if it left now: the gate asked in advance, for the people who decide whether it should."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from shared.agents import calendar
from shared.agents.budget.campaigns import most_messages
from shared.agents.channels import channel_of
from shared.agents.schedule.foresee import Asked, foresee
from shared.agents.schedule.pace import pace
from shared.domain.calendar import Taken
from shared.domain.campaign import Campaign
from shared.domain.forecast import NAMES, REPAIRS, Forecast, Group, Somebody, paced, warning
from shared.domain.gate import HELD
from shared.domain.scope import Scope
from shared.ports import CalendarUnavailable, Ports

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
    made = counted(ports, scope, campaign)
    if made.people > LARGE:
        ports.files.put(scope, _path(campaign), made.model_dump_json().encode())
    return made


def counted(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast:
    """As `forecast`, and nothing is kept: the campaign need not be on file."""
    counts, names, start = Counter[str](), defaultdict[str, list[Somebody]](list), _start(ports, campaign)
    try:
        taken, unread = calendar.ahead(ports, scope, campaign.request.window, start), None
    except CalendarUnavailable as fault:
        taken, unread = Taken(), f"Nothing leaves as long as {calendar.sentence(fault)}."
    for asked, code in foresee(ports, scope, campaign, start, taken):
        counts[code] += 1
        if code != "allowed" and len(names[code]) < NAMES:
            names[code].append(Somebody(contact=asked.contact, name=_name(asked)))
    made = _made(ports, scope, campaign, counts, names)
    return made.model_copy(update={"warning": unread}) if unread else made


def _start(ports: Ports, campaign: Campaign) -> datetime:
    """When the first of it could leave."""
    return max(filter(None, (ports.clock.now(), campaign.request.window.start)))


def _made(
    ports: Ports, scope: Scope, campaign: Campaign, counts: Counter[str], names: dict[str, list[Somebody]]
) -> Forecast:
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
        made_at=ports.clock.now(),
    )


def _kept(ports: Ports, scope: Scope, campaign: Campaign) -> Forecast | None:
    """The newest count, if the audience is large."""
    if campaign.audience <= LARGE or ports.files.size(scope, _path(campaign)) is None:
        return None
    return Forecast.model_validate_json(ports.files.get(scope, _path(campaign)))


def _path(campaign: Campaign) -> str:
    return f"campaigns/{campaign.id}/forecast-{campaign.version}.json"


def _name(asked: Asked) -> str:
    if asked.body is None:
        return "somebody who left the address book"
    given = (asked.body.get("first_name"), asked.body.get("last_name"))
    return " ".join(each for each in given if isinstance(each, str) and each) or str(
        asked.body.get("email") or asked.contact
    )
