from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.agents.records import load
from shared.agents.schedule.forecast import forecast
from shared.domain.contact import Consent, Contact
from shared.domain.names import Kind
from tests.integration.analyze.home import SCOPE, Fate, Home, home, react, send


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
