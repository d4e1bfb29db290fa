"""A campaign's window never grows by itself: what has no room in it is held (rule C12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from shared.agents import campaigns, policy
from shared.domain.contact import Contact
from shared.domain.outcome import Done, Later
from shared.domain.policy import Policy
from shared.ports import Ports

from .conftest import SCOPE, START, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def limited(walk: Walks, people: People, ports: Ports) -> Walk:
    """Ten people, two a day, one day of nine hours."""
    people(10)
    policy.write(ports, SCOPE, "ann", Policy(quota={"email": 2}))
    spring = walk(window={"days": 1, "hours": [9, 18]})
    spring.plan()
    return spring


def test_a_sender_that_is_late_gives_a_limited_campaign_no_further_days(
    walk: Walks, people: People, ports: Ports
) -> None:
    spring = limited(walk, people, ports)
    assert spring.campaign.first_due
    spring.hand.set(spring.campaign.first_due + timedelta(minutes=1))
    for _ in range(20):
        outcome = spring.send()
        if isinstance(outcome, Done):
            break
        assert isinstance(outcome, Later)
        spring.hand.set(outcome.at + timedelta(minutes=3))  # each time a little late
    assert isinstance(outcome, Done)
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.remaining, certificate.sent_once + certificate.held["quota"]) == (0, 10)
    assert spring.hand.now() < START + timedelta(days=3)


def test_a_person_who_lets_it_go_on_opens_the_window_once_more(walk: Walks, people: People, ports: Ports) -> None:
    spring = limited(walk, people, ports)
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    spring.hand.set(START + timedelta(days=5))
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    outcome = spring.send()
    assert isinstance(outcome, Later)
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 2
