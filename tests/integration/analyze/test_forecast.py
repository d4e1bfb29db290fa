from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.agents.records import load
from shared.agents.schedule.forecast import forecast, prepare
from shared.domain.caps import Use, write_uses
from shared.domain.contact import Consent, Contact
from shared.domain.names import Kind
from tests.integration.analyze.home import SCOPE, START, Fate, Home, home, react, send


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    with home(tmp_path) as made:
        yield made


def agree(place: Home, person: str, **status: str) -> None:
    found = place.ports.documents.get(SCOPE, Kind.CONTACT, "p" + person[:23])
    assert found
    contact = Contact.model_validate(found.body)
    contact.consent["email"] = Consent.model_validate(status)
    place.ports.documents.put(SCOPE, Kind.CONTACT, contact.id, contact.model_dump(mode="json"), found.rev)


def test_the_forecast_asks_the_gate_about_everyone(place: Home) -> None:
    sent = send(place, [Fate()] * 6)
    for person in sent.persons[:4]:
        agree(place, person, status="granted")
    agree(place, sent.persons[4], status="withdrawn")
    react(place, sent, 0, "u")
    found = forecast(place.ports, SCOPE, load(place.ports, SCOPE, sent.campaign))
    assert found.people == 6
    assert found.held == {"no_consent": 1, "suppressed": 1, "withdrawn": 1}
    assert found.gets == 3


def test_a_budget_and_a_holdout_keep_people_out(place: Home) -> None:
    sent = send(place, [Fate()] * 200)
    for person in sent.persons:
        agree(place, person, status="granted")
    campaign = load(place.ports, SCOPE, sent.campaign)
    campaign.request.budget.max_messages, campaign.request.holdout = 50, 0.3
    found = forecast(place.ports, SCOPE, campaign)
    assert found.gets == 50
    assert 30 <= found.held["holdout"] <= 90
    assert found.people == 200


def test_everybody_stands_in_one_group_with_names_and_the_lawful_repair(place: Home) -> None:
    sent = send(place, [Fate()] * 40)
    for person in sent.persons[:20]:
        agree(place, person, status="granted")
    found = forecast(place.ports, SCOPE, load(place.ports, SCOPE, sent.campaign))
    (group,) = found.groups
    assert (group.code, group.count, len(group.names)) == ("no_consent", 20, 10)
    assert {each.contact for each in group.names} <= {"p" + person[:23] for person in sent.persons[20:]}
    assert "import it with its source and date" in group.repair


@pytest.mark.parametrize(("agreed", "leads"), [(69, True), (70, False), (100, False), (0, True)])
def test_more_than_thirty_percent_held_leads(place: Home, agreed: int, leads: bool) -> None:
    sent = send(place, [Fate()] * 100)
    for person in sent.persons[:agreed]:
        agree(place, person, status="granted")
    found = forecast(place.ports, SCOPE, load(place.ports, SCOPE, sent.campaign))
    assert (found.warning is not None) is leads
    if found.warning:
        held = 100 - agreed
        assert found.warning.startswith(f"{held} of 100 people ({held}%) would not get it")
        assert next(iter(found.model_dump())) == "warning", "it is the first thing in the answer"


def test_what_the_cap_would_hold_is_foreseen(place: Home) -> None:
    sent = send(place, [Fate()] * 3)
    for person in sent.persons:
        agree(place, person, status="granted")
    uses = [Use(START - timedelta(hours=n), "email", f"e{n}") for n in range(1, 4)]
    place.ports.documents.put(SCOPE.agency, Kind.RESERVATION, sent.persons[0], write_uses(uses))
    found = forecast(place.ports, SCOPE, load(place.ports, SCOPE, sent.campaign))
    assert found.held == {"capped": 1}


def test_a_large_audience_is_counted_by_the_flow_and_not_by_everyone_who_looks(
    place: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(place, [Fate()] * 30)
    campaign = load(place.ports, SCOPE, sent.campaign)
    campaign.audience = 30
    monkeypatch.setattr("shared.agents.schedule.forecast.LARGE", 20)
    monkeypatch.setattr("shared.agents.schedule.forecast.AT_ONCE", 10)
    first = forecast(place.ports, SCOPE, campaign)
    for person in sent.persons:
        agree(place, person, status="granted")
    place.at(START + timedelta(minutes=9))
    prepare(place.ports, SCOPE, campaign)
    assert forecast(place.ports, SCOPE, campaign) == first
    place.at(START + timedelta(minutes=11))
    assert forecast(place.ports, SCOPE, campaign) == first
    prepare(place.ports, SCOPE, campaign)
    assert forecast(place.ports, SCOPE, campaign).gets == 30
