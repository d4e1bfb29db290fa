"""What the page of a campaign is told: counts that nobody waits for, when it leaves, and how it went last time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.agents import generate
from shared.agents.analyze.shown import look_again
from shared.agents.analyze.shown import shown as report_shown
from shared.agents.campaigns.again import copy
from shared.agents.campaigns.earlier import earlier
from shared.agents.campaigns.readers import readers
from shared.agents.schedule import leaving
from shared.agents.schedule.forecast import counted, prepare, shown
from shared.domain.contact import Consent, Contact
from shared.domain.copy import CopyRequest
from shared.domain.names import Kind
from shared.ports import Ports

from .conftest import SCOPE, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
THREE_DAYS = {"days": 3, "hours": [8, 18]}
REFUSED = {"consent": {"email": Consent(status="withdrawn")}}


class NoRows:
    """A ledger that gives its sums, and no rows to count."""

    def __init__(self, ledger: Any) -> None:
        self.tally = ledger.tally


def written(walk: Walks, **changes: Any) -> Walk:
    made = walk(**changes)
    generate.run(made.ports, made.order)
    made.schedule()
    return made


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is counted while somebody looks."""
    for module in ("shared.agents.schedule.forecast", "shared.agents.analyze.shown", "shared.agents.analyze.final"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 2)


def test_what_is_foreseen_hour_by_hour_is_what_is_then_planned(walk: Walks, people: People, ports: Ports) -> None:
    people(40, timezone="America/New_York")
    people(30, prefix="k", timezone="Asia/Kolkata")
    people(9, prefix="n", **REFUSED)
    spring = written(walk, window=THREE_DAYS)
    foreseen = counted(ports, SCOPE, spring.campaign)
    assert foreseen.gets == sum(each.count for each in foreseen.slots) == 70
    assert leaving.read(ports, SCOPE, spring.id) == []
    spring.approve()
    spring.schedule()
    planned = leaving.read(ports, SCOPE, spring.id)
    assert sum(each.count for each in planned) == ports.ledger.tally(SCOPE, spring.id)["planned"] == 79
    at = {each.at: each.count for each in planned}
    assert all(each.count <= at[each.at] for each in foreseen.slots)
    assert len(foreseen.slots) > 3


def test_where_a_limit_keeps_some_back_no_hour_is_foreseen(walk: Walks, people: People, ports: Ports) -> None:
    people(20)
    spring = written(walk, window=THREE_DAYS, budget={"max_messages": 5})
    found = counted(ports, SCOPE, spring.campaign)
    assert (found.gets, found.slots) == (5, [])


def test_a_forecast_is_shown_as_last_counted_and_no_name_lies_in_its_file(
    walk: Walks, people: People, ports: Ports, hand: Hand, few_are_many: None
) -> None:
    people(6, last_name="Lindqvist")
    people(2, prefix="n", last_name="Nobody", **REFUSED)
    spring = walk()
    generate.run(ports, spring.order)
    spring.schedule()  # which asks for approval, and counts
    found = shown(ports, SCOPE, spring.campaign)
    assert found
    assert (found.gets, found.people) == (6, 8)
    assert {each.name for group in found.groups for each in group.names} == {"N0 Nobody", "N1 Nobody"}
    stored = ports.files.get(SCOPE, f"campaigns/{spring.id}/forecast-1.json")
    assert b"Nobody" not in stored
    assert b"people.example" not in stored
    hand.forward(seconds=10)
    assert shown(ports, SCOPE, spring.campaign, anew=True) == found
    hand.forward(seconds=10)
    assert shown(ports, SCOPE, spring.campaign) == found
    again = shown(ports, SCOPE, spring.campaign, anew=True)
    assert again
    assert again.made_at > found.made_at
    prepare(ports, SCOPE, spring.campaign)
    assert shown(ports, SCOPE, spring.campaign) == again


def test_a_report_is_shown_as_last_counted(
    walk: Walks, people: People, ports: Ports, hand: Hand, few_are_many: None
) -> None:
    people(5)
    spring = written(walk)
    spring.approve()
    spring.schedule()
    spring.send_all()
    without = replace(ports, ledger=NoRows(ports.ledger))  # type: ignore[arg-type]
    summed = report_shown(without, SCOPE, spring.campaign)
    assert (summed.funnel.sent, summed.hours) == (5, [])
    look_again(ports, SCOPE, spring.id)
    kept = report_shown(without, SCOPE, spring.campaign, anew=True)
    assert kept.funnel.sent == sum(hour.sent for hour in kept.hours) == 5
    hand.forward(minutes=1)
    assert report_shown(ports, SCOPE, spring.campaign, anew=True).made_at > kept.made_at


def test_readers_are_those_who_are_sealed(walk: Walks, people: People, ports: Ports) -> None:
    people(3)
    spring = written(walk)
    people(1, prefix="later", first_name="Maximiliana-Alexandrina")
    assert {each.contact.email[:2] for each in readers(ports, SCOPE, spring.campaign)} == {"u0", "u1", "u2"}


def test_last_time_is_what_it_was_made_of_or_the_last_to_the_same_people(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    people(4, country="DE")
    first = written(walk, name="Winter")
    assert earlier(ports, SCOPE, first.campaign) is None
    first.approve()
    first.schedule()
    first.send_all()
    hand.forward(days=1)
    welcome = written(walk, name="Welcome: mail 1")
    mail = {"status": "sending", "shards": 16, "journey": {"id": "a" * 32, "mail": "hello", "rounds": 1}}
    body = welcome.campaign.model_dump(mode="json") | mail
    ports.documents.put(SCOPE, Kind.CAMPAIGN, welcome.id, body, "*")
    hand.forward(minutes=1)
    german = {"where": [{"field": "country", "op": "eq", "value": "DE"}]}
    second = written(walk, name="Spring", segment=german)
    assert earlier(ports, SCOPE, second.campaign) is None, "other people, another name"
    third = written(walk, name="Summer")
    found = earlier(ports, SCOPE, third.campaign)
    assert found
    assert (found.campaign.id, found.why, found.tally["accepted"]) == (first.id, "to the same people", 4)
    again = copy(ports, SCOPE, first.id, "owner", CopyRequest(audience="did_not_click"))
    named = earlier(ports, SCOPE, again)
    assert named
    assert (named.campaign.id, named.why) == (first.id, "whose people it chooses among")
    fourth = written(walk, name="winter, again 2", segment=german)
    by_name = earlier(ports, SCOPE, fourth.campaign)
    assert by_name
    assert (by_name.campaign.id, by_name.why) == (first.id, "of this name")
