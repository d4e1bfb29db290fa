from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from shared.agents.analyze import click_target, track
from shared.agents.analyze.tracking import engagement_id
from shared.domain.address import effect_key
from shared.domain.engagement import Engagement, What
from shared.domain.links import Link
from shared.domain.names import Kind
from tests.integration.analyze.home import APPLE, PHONE, SCOPE, START, Fate, Home, Sent, home, react, send


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Home]:
    with home(tmp_path) as made:
        yield made


def on_record(place: Home, sent: Sent, n: int, what: What) -> Engagement | None:
    key = effect_key(SCOPE, sent.campaign, "1", "email", sent.persons[n])
    found = place.ports.documents.get(SCOPE, Kind.ENGAGEMENT, engagement_id(sent.campaign, key, what))
    return Engagement.model_validate(found.body) if found else None


def test_people_and_machines_are_counted_apart(place: Home) -> None:
    sent = send(place, [Fate()])
    react(place, sent, 0, "o", APPLE, START + timedelta(minutes=1))
    react(place, sent, 0, "o", PHONE, START + timedelta(minutes=2))
    react(place, sent, 0, "o", PHONE, START + timedelta(minutes=3))
    found = on_record(place, sent, 0, "open")
    assert found is not None
    assert (found.human, found.machine, found.machine_reason) == (2, 1, "privacy-proxy")
    assert found.first_at == START + timedelta(minutes=1)
    assert found.first_human_at == START + timedelta(minutes=2)
    assert found.last_at == START + timedelta(minutes=3)
    assert not found.simulated


def test_an_opening_within_seconds_of_acceptance_is_a_machines(place: Home) -> None:
    sent = send(place, [Fate()])
    react(place, sent, 0, "c", PHONE, START + timedelta(seconds=9))
    found = on_record(place, sent, 0, "click")
    assert found is not None
    assert (found.human, found.machine, found.machine_reason) == (0, 1, "too-soon")


def test_a_link_to_no_row_counts_nothing_and_leads_nowhere(place: Home) -> None:
    sent = send(place, [Fate()])
    for link in (Link("c", SCOPE, "f" * 32, 0, sent.persons[0]), sent.link(0, "c")._replace(shard=7)):
        track(place.ports, link, PHONE, "GET")
        assert click_target(place.ports, link) is None
    assert place.ports.documents.find(SCOPE, Kind.ENGAGEMENT).documents == []


def test_a_click_leads_where_its_variant_leads(place: Home) -> None:
    sent = send(place, [Fate(variant="A"), Fate(variant="B")])
    assert click_target(place.ports, sent.link(0, "c", 0)) == "https://example.org/a"
    assert click_target(place.ports, sent.link(1, "c", 1)) == "https://example.org/b/more"
    assert click_target(place.ports, sent.link(1, "c", 2)) is None
    assert click_target(place.ports, sent.link(1, "c", -1)) is None


def test_simulated_people_leave_their_mark(place: Home) -> None:
    sent = send(place, [Fate()])
    react(place, sent, 0, "o", "Baton-Simulator (person)")
    react(place, sent, 0, "c", "Baton-Simulator (proxy)")
    opened, clicked = on_record(place, sent, 0, "open"), on_record(place, sent, 0, "click")
    assert opened is not None
    assert clicked is not None
    assert opened.simulated
    assert (opened.human, clicked.human) == (1, 0)


def test_racing_openings_are_all_counted(place: Home) -> None:
    sent = send(place, [Fate()])
    place.at(START + timedelta(hours=1))
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(track, place.ports, sent.link(0, "o"), PHONE, "GET") for _ in range(40)]:
            done.result()
    found = on_record(place, sent, 0, "open")
    assert found is not None
    assert found.human == 40


def test_following_a_link_proves_an_unknown_message_arrived(place: Home) -> None:
    sent = send(place, [Fate("unknown"), Fate("unknown"), Fate("failed")])
    react(place, sent, 0, "o", APPLE)
    react(place, sent, 2, "o")
    assert place.ports.ledger.tally(SCOPE, sent.campaign)["accepted"] == 1
    assert place.ports.ledger.tally(SCOPE, sent.campaign)["unknown"] == 1
    assert place.ports.ledger.tally(SCOPE, sent.campaign)["failed"] == 1
