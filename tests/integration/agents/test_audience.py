"""Who a campaign would reach is what an approver will see, and what then happens; a part stands for all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.agents import calendar
from shared.agents.schedule import preview as module
from shared.agents.schedule.forecast import forecast
from shared.agents.schedule.preview import preview
from shared.domain.audience import AudienceRequest
from shared.domain.calendar import Entry
from shared.domain.consent import Consent
from shared.domain.contact import Contact
from shared.domain.faults import Rejected
from shared.ports import Ports

from .conftest import SCOPE, START, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def test_it_says_what_the_forecast_of_the_campaign_says(walk: Walks, people: People, ports: Ports) -> None:
    people(12, tags=["vip"], city="Leeds", country="GB")
    people(5, prefix="no", tags=["vip"], consent={"email": Consent(status="withdrawn")})
    people(3, prefix="other")
    segment = {"where": [{"field": "tags", "op": "has", "value": "vip"}]}
    found = preview(ports, SCOPE, AudienceRequest.model_validate({"segment": segment}))
    assert found.sentence == "12 of 17 people would get it, for at most €0.00 in messages."
    assert (found.exact, found.looked_at, found.margin) == (True, 17, None)
    assert [(each.code, each.count, len(each.names)) for each in found.forecast.groups] == [("withdrawn", 5, 5)]
    assert len(found.examples) == 10
    assert {each.place for each in found.examples} == {"Leeds, GB"}
    spring = walk(segment=segment)
    spring.write()
    spring.schedule()
    later = forecast(ports, SCOPE, spring.campaign)
    said = {"people", "gets", "groups", "cost_micros", "spread", "warning"}
    assert later.model_dump(include=said) == found.forecast.model_dump(include=said)


def test_each_hour_says_how_many_are_in_their_own_hours_and_what_the_calendar_takes(
    people: People, ports: Ports
) -> None:
    people(4, timezone="Europe/London")
    people(3, prefix="ny", timezone="America/New_York")
    calendar.enter(ports, SCOPE, "ann", Entry(first_day=START.date() + timedelta(days=1)))
    busy = Entry(start=START + timedelta(hours=1, minutes=30), end=START + timedelta(hours=2))
    calendar.enter(ports, SCOPE, "ann", busy)
    window = {"days": 2, "hours": [9, 12]}
    found = preview(ports, SCOPE, AudienceRequest.model_validate({"segment": {"all": True}, "window": window}))
    hours = {each.at: (each.people, each.taken) for each in found.hours}
    assert hours[START] == (4, "free")
    assert hours[START + timedelta(hours=1)] == (4, "busy")
    assert hours[START + timedelta(hours=5)] == (3, "free"), "nine o'clock in New York"
    assert hours[START - timedelta(hours=1)] == (0, "free"), "before the window"
    assert hours[datetime(2027, 3, 3, 10, tzinfo=UTC)] == (4, "blackout")
    assert len(hours) == 72


def test_a_part_stands_for_all_and_says_so(people: People, ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    people(800)
    people(200, prefix="no", consent={})
    monkeypatch.setattr(module, "LOOKED_AT", 250)
    asked = AudienceRequest.model_validate({"segment": {"all": True}})
    found = preview(ports, SCOPE, asked)
    assert (found.exact, found.looked_at) == (False, 250)
    assert found.sentence.startswith("About ")
    assert 650 < found.forecast.people < 1500, "five times the error that the margin speaks of"
    counted = preview(ports, SCOPE, asked.model_copy(update={"everybody": True}))
    assert (counted.exact, counted.forecast.people, counted.forecast.gets) == (True, 1000, 800)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"segment": {"where": [{"field": "shoe", "op": "eq", "value": 1}]}}, "segment.where[0]"),
        ({"segment": {"received": "nothing"}}, "segment"),
        ({"segment": {"again": {"campaign": "nothing", "who": "not_reached"}}}, "segment"),
        ({"segment": {"all": True}, "channels": ["chat"]}, "segment"),
    ],
)
def test_a_segment_that_cannot_be_is_refused(ports: Ports, asked: dict[str, object], field: str) -> None:
    with pytest.raises(Rejected) as refused:
        preview(ports, SCOPE, AudienceRequest.model_validate(asked))
    assert refused.value.errors[0].field == field


def test_nobody_is_said_plainly(ports: Ports) -> None:
    found = preview(ports, SCOPE, AudienceRequest.model_validate({"segment": {"all": True}}))
    assert (found.sentence, found.exact, found.examples) == ("Nobody matches this.", True, [])
