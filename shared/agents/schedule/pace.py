"""How many messages may leave on each day of a campaign's window: what a new domain may send (rule C12), and what the
provider takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from shared.agents import policy
from shared.agents.distribute.quota import taken_on
from shared.agents.guardian import ramp
from shared.domain.campaign import Campaign, sender_domain
from shared.domain.forecast import Day
from shared.domain.scope import Scope
from shared.domain.warmup import day_of_ramp, most_on
from shared.ports import Ports


def pace(ports: Ports, scope: Scope, campaign: Campaign, start: datetime) -> list[Day]:
    """The days (UTC) of the window from `start` on, each with its limit and the code of what limits it."""
    rules, channel = policy.standing(ports, scope, sender_domain(campaign.request)).policy, campaign.request.channels[0]
    quota = rules.quota.get(channel) if rules else None
    domain = sender_domain(campaign.request)
    warming = channel == "email" and bool(ports.relays) and not (rules and domain in rules.established_domains)
    sent = ramp.sent_by_day(ports, scope, domain) if warming else {}
    first = day_of_ramp(sent, start.astimezone(UTC).date())
    days = []
    for n, day in enumerate(_days(start, timedelta(days=campaign.request.window.days))):
        limits = []
        if warming and (most := most_on(first + n)) is not None:
            limits.append((most - sent.get(day, 0), "warming_up"))
        if quota is not None:
            limits.append((quota - taken_on(ports, scope, channel, day), "quota"))
        most, code = min(limits, default=(None, ""))
        days.append(Day(day, None if most is None else max(0, most), code))
    return days


def _days(start: datetime, length: timedelta) -> Iterator[date]:
    day, last = start.astimezone(UTC).date(), (start + length - timedelta(microseconds=1)).astimezone(UTC).date()
    while day <= last:
        yield day
        day += timedelta(days=1)
