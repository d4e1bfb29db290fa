"""Reserved caps under races: however many campaigns of however many clients try at once, the cap holds (rule C10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from shared.agents.distribute import quota, reservations
from shared.agents.distribute.reservations import NOTHING
from shared.domain.caps import Use, waits
from shared.domain.contact import Contact
from shared.domain.names import Kind
from shared.domain.policy import Cap, Policy
from shared.domain.scope import Scope
from shared.ports import Ports, Stale
from tests.contract.cosmos_home import cosmos_documents
from tests.servers.cosmos import CosmosServer

from .conftest import SCOPE, START, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
PERSONS = [f"person{n:02}" for n in range(40)]
CLIENTS = [Scope("local", f"client{n}") for n in range(6)]


@pytest.fixture(params=["sqlite", "cosmos"])
def stored(request: pytest.FixtureRequest, ports: Ports) -> Iterator[Ports]:
    """The same promises on every home of documents."""
    if request.param == "sqlite":
        yield ports
        return
    with CosmosServer() as server, cosmos_documents(server, ports.clock) as documents:
        yield replace(ports, documents=documents)


def campaign(ports: Ports, scope: Scope, number: int, policy: Policy, begin: Barrier) -> set[str]:
    """Reserves as a window does; whom it may write to."""
    begin.wait()
    while True:
        booked = reservations.read(ports, scope, PERSONS)
        taken = {
            person: Use(START + timedelta(seconds=number), "email", f"{person}-{number}")
            for person in PERSONS
            if not waits(booked.get(person, NOTHING).uses or (), policy, "email", f"{person}-{number}", START)
        }
        try:
            reservations.change(ports, scope, booked, taken, {})
        except Stale:
            continue
        return set(taken)


def test_rule_c10_racing_campaigns_of_several_clients_never_exceed_the_cap(stored: Ports) -> None:
    policy, begin = Policy(caps=[Cap(days=7, most=3)], apart_minutes=0), Barrier(len(CLIENTS))
    with ThreadPoolExecutor(len(CLIENTS)) as threads:
        tries = [threads.submit(campaign, stored, scope, n, policy, begin) for n, scope in enumerate(CLIENTS)]
        allowed = Counter(person for each in tries for person in each.result())
    assert set(allowed.values()) == {3}, "never more, and no place is lost either"
    stored = reservations.read(stored, SCOPE, PERSONS)
    assert {person: len(booked.uses or ()) for person, booked in stored.items()} == dict.fromkeys(PERSONS, 3)


def test_rule_c10_real_windows_that_race_send_no_more_than_the_cap(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(60)
    walks = [walk(name=f"Campaign {n}") for n in range(5)]
    ports.documents.put(SCOPE, Kind.POLICY, "workspace", Policy(apart_minutes=0).model_dump(mode="json"))
    for each in walks:
        each.plan()
    with ThreadPoolExecutor(len(walks)) as threads:
        list(threads.map(lambda each: each.send(), walks))
    sent = walks[0].outbox(tmp_path)
    assert len(sent) == 3 * 60


def test_what_failed_is_given_back_and_what_others_reserved_stays(stored: Ports) -> None:
    for n, effect in enumerate(("mine", "theirs")):
        booked = reservations.read(stored, SCOPE, ["p"])
        reservations.change(stored, SCOPE, booked, {"p": Use(START + timedelta(hours=n), "email", effect)}, {})
    reservations.give_back(stored, SCOPE, {"p": "mine", "unknown": "mine"})
    uses = reservations.read(stored, SCOPE, ["p"])["p"].uses
    assert uses is not None
    assert [use.effect for use in uses] == ["theirs"]


def test_a_quota_that_many_take_from_at_once_is_used_up_exactly(stored: Ports) -> None:
    begin = Barrier(5)

    def take(scope: Scope) -> int:
        begin.wait()
        return sum(quota.take(stored, scope, "email", 100, 7, START) for _ in range(10))

    with ThreadPoolExecutor(5) as threads:
        granted = list(threads.map(take, CLIENTS[:5]))
    assert sum(granted) == 100
    quota.give_back(stored, SCOPE, "email", 5, START)
    assert quota.take(stored, SCOPE, "email", 100, 50, START) == 5
    assert quota.take(stored, SCOPE, "email", 100, 50, quota.tomorrow(START)) == 50
