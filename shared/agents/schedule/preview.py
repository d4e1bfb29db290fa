"""Who a campaign that is still being written would reach, when, and for how much: the forecast of an approval, asked
early. While somebody types it looks at a part of the audience, and says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from shared.agents import calendar, facts, house
from shared.agents.campaigns.accept import too_far
from shared.agents.campaigns.audience import filters_of
from shared.agents.schedule.forecast import called, foreseen
from shared.agents.schedule.foresee import Asked, foresee
from shared.domain.audience import (
    EXAMPLES,
    LOOKED_AT,
    WEEK,
    AudiencePreview,
    AudienceRequest,
    Example,
    Hour,
    sentence,
)
from shared.domain.calendar import Taken
from shared.domain.campaign import Campaign, CampaignRequest, Sender
from shared.domain.faults import FieldError, Missing, Rejected
from shared.domain.forecast import NAMES, Somebody
from shared.domain.hours import next_opening
from shared.domain.scope import Scope
from shared.ports import CalendarUnavailable, Ports

_HOUR = timedelta(hours=1)
_CLOCKS = 300
"""So many kinds of clocks (zone and country) are told apart on the calendar; the rarest beyond are left out of it."""
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
"""Ids of contacts are "p" and letters of a keyed hash, in this order (`contact_id`): evenly spread."""
_BRIEF = {
    "goal": "-",
    "offer": "-",
    "audience": "-",
    "call_to_action": {"text": "-", "url": "https://preview.example"},
}
_NOBODY = Sender(name="-", address="nobody@preview.example", postal_address="nowhere")


@dataclass
class _Seen:
    """What was found among the people who were looked at."""

    codes: Counter[str] = field(default_factory=Counter)
    names: defaultdict[str, list[Somebody]] = field(default_factory=lambda: defaultdict(list))
    examples: list[Example] = field(default_factory=list)
    clocks: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    last: str = ""
    more: bool = False


def preview(ports: Ports, scope: Scope, asked: AudienceRequest) -> AudiencePreview:
    """What would become of it if it began now, or with its window. Raises Rejected for a segment that cannot be
    and a window too far ahead."""
    campaign, now = _campaign(ports, scope, asked), ports.clock.now()
    if far := too_far(asked.window, now):
        raise Rejected(far)
    start = max(asked.window.start or now, now)
    try:
        taken, unread = calendar.ahead(ports, scope, asked.window, start), None
    except CalendarUnavailable as fault:
        taken, unread = Taken(), f"Nothing leaves as long as {calendar.sentence(fault)}."
    try:
        seen = _look(foresee(ports, scope, campaign, start, taken), None if asked.everybody else LOOKED_AT)
    except Missing:
        raise Rejected(FieldError("segment", "there is no such campaign")) from None
    factor = _factor(seen, asked)
    counts = Counter({code: round(count * factor) for code, count in seen.codes.items()})
    found = foreseen(ports, scope, campaign, counts, seen.names)
    found = found.model_copy(update={"warning": unread}) if unread else found
    at_least = seen.more and factor == 1
    return AudiencePreview(
        sentence=sentence(found, not seen.more, at_least),
        forecast=found,
        exact=not seen.more,
        looked_at=seen.codes.total(),
        margin=round(1.96 / seen.codes.total() ** 0.5, 3) if factor > 1 else None,
        examples=seen.examples,
        hours=_hours(ports, scope, campaign, start, asked.week, seen.clocks, factor, taken),
    )


def _campaign(ports: Ports, scope: Scope, asked: AudienceRequest) -> Campaign:
    filters_of(asked.segment)
    own = asked.sender or house.read(ports, scope).sender or _NOBODY
    said = asked.model_dump(mode="json", exclude={"everybody", "week", "sender"})
    try:
        request = CampaignRequest.model_validate(
            {"name": "preview", "brief": _BRIEF, "sender": own.model_dump(), **said}
        )
    except ValueError:
        raise Rejected(
            FieldError("segment", "a chat or an account goes with own: true, and nothing else does")
        ) from None
    return Campaign(
        id="preview", request=request, name="preview", status="generating", created_at=ports.clock.now(), created_by="-"
    )


def _look(people: Iterator[tuple[Asked, str]], most: int | None) -> _Seen:
    seen = _Seen()
    for asked, code in islice(people, most):
        seen.codes[code] += 1
        seen.last = asked.contact
        if code != "allowed":
            if len(seen.names[code]) < NAMES:
                seen.names[code].append(Somebody(contact=asked.contact, name=called(asked.body)))
            continue
        body = asked.body or {}
        seen.clocks[_text(body.get("timezone")), _text(body.get("country"))] += 1
        if len(seen.examples) < EXAMPLES:
            seen.examples.append(_example(asked, body))
    seen.more = next(people, None) is not None
    return seen


def _factor(seen: _Seen, asked: AudienceRequest) -> float:
    """How many there are for each who was looked at. They come in the order of their ids, which are evenly spread: if
    2,000 of them lie in a fiftieth of all ids, there are about 100,000."""
    if not seen.more or (asked.segment.where is None and asked.segment.all is None):
        return 1
    part = 0.0
    for n, letter in enumerate(seen.last[1:9], 1):
        part += max(0, _LETTERS.find(letter)) / 32**n
    return max(1.0, 1 / part) if part else 1


def _example(asked: Asked, body: Mapping[str, Any]) -> Example:
    place = ", ".join(each for each in (_text(body.get("city")), _text(body.get("country"))) if each)
    reach = _text(body.get("email")) or ""
    return Example(
        contact=asked.contact, name=called(asked.body), address=reach, place=place, timezone=_text(body.get("timezone"))
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _hours(
    ports: Ports,
    scope: Scope,
    campaign: Campaign,
    start: datetime,
    week: int,
    clocks: Counter[tuple[str | None, str | None]],
    factor: float,
    taken: Taken,
) -> list[Hour]:
    home, window = ZoneInfo(ports.timezone), campaign.request.window
    end = start + timedelta(days=window.days)
    first = start.astimezone(home).date() + timedelta(days=WEEK * week)
    ground = facts.ground_of(ports, scope, campaign, start)
    rules = [(facts.rules_of(ground, *each, home), n) for each, n in clocks.most_common(_CLOCKS)]
    found = []
    for day in (first + timedelta(days=n) for n in range(WEEK)):
        midnight = datetime.combine(day, time(), home)
        if midnight >= end:
            break
        for n in range(24):
            at = midnight.replace(hour=n).astimezone(start.tzinfo)
            inside = at + _HOUR > start and at < end
            may = sum(n for each, n in rules if each and inside and next_opening(at, each, (), end) is None)
            met = taken.over(at, at + _HOUR)
            found.append(Hour(at=at, people=round(may * factor), taken=met.why if met else "free"))
    return found
