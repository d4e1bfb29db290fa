"""The forecast knows what a new domain and a provider's quota let out a day: it says what then really happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from shared.agents import campaigns, policy
from shared.agents.distribute.quota import take
from shared.agents.guardian.ramp import purse, sent_by_day
from shared.agents.schedule.forecast import forecast
from shared.domain.contact import Contact
from shared.domain.forecast import Forecast
from shared.domain.policy import Policy
from shared.domain.warmup import RAMP
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, START, Hand, Walk
from tests.servers.dns_server import DnsServer

from .conftest import DOMAIN, publish

People = Callable[..., list[Contact]]


def asked(ports: Ports, hand: Hand, days: int) -> tuple[Walk, Forecast]:
    """A campaign of so many days that waits for approval, and what is foreseen of it."""
    hand.set(START.replace(hour=0))
    spring = Walk(ports, hand, window={"start": hand.now().isoformat(), "days": days, "hours": [0, 24]})
    spring.write()
    spring.schedule()
    return spring, forecast(ports, SCOPE, spring.campaign)


def came_true(ports: Ports, spring: Walk, foreseen: Forecast) -> bool:
    spring.approve()
    spring.schedule()
    spring.send_all()
    proof = campaigns.certificate(ports, SCOPE, spring.id)
    return (proof.held, proof.sent_once) == (foreseen.held, foreseen.gets)


def test_rule_c12_who_has_no_day_in_the_ramp_is_foreseen(
    outward: Ports, hand: Hand, people: People, world: DnsServer
) -> None:
    people(RAMP[0] + 10)
    people(5, prefix="no", consent={})
    publish(world, outward)
    spring, found = asked(outward, hand, 1)
    assert (found.people, found.gets) == (RAMP[0] + 15, RAMP[0])
    assert found.held == {"warming_up": 10, "no_consent": 5}
    assert found.spread
    assert (found.spread.code, found.spread.first_day, found.spread.last) == ("warming_up", RAMP[0], START.date())
    assert came_true(outward, spring, found)


def test_rule_c12_a_ramp_that_has_room_later_only_spreads_them(
    outward: Ports, hand: Hand, people: People, world: DnsServer
) -> None:
    people(RAMP[0] * 2 + 20)
    publish(world, outward)
    spring, found = asked(outward, hand, 2)
    assert (found.gets, found.held) == (RAMP[0] * 2 + 20, {})
    assert found.spread
    assert found.spread.last == date(2027, 3, 3)
    assert came_true(outward, spring, found)
    by_day = sent_by_day(outward, SCOPE, DOMAIN)
    assert max(by_day) == found.spread.last
    assert by_day[START.date()] == found.spread.first_day


def test_rule_c12_what_the_domain_has_sent_today_has_no_room_any_more(
    outward: Ports, hand: Hand, people: People, world: DnsServer
) -> None:
    people(RAMP[0])
    publish(world, outward)
    hand.set(START.replace(hour=0))
    take(outward, SCOPE, purse(DOMAIN), RAMP[0], 20, hand.now())
    _, found = asked(outward, hand, 1)
    assert found.held == {"warming_up": 20}


def test_rule_c12_an_established_domain_and_one_that_has_warmed_up_are_not_spread(
    outward: Ports, hand: Hand, people: People, world: DnsServer
) -> None:
    people(RAMP[0] + 10)
    publish(world, outward)
    policy.write(outward, SCOPE, "ann", Policy(established_domains=[DOMAIN]))
    spring, found = asked(outward, hand, 1)
    assert (found.gets, found.spread) == (RAMP[0] + 10, None)
    policy.write(outward, SCOPE, "ann", Policy())
    for n in range(1, len(RAMP) + 1):
        take(outward, SCOPE, purse(DOMAIN), 9, 1, START - timedelta(days=n))
    found = forecast(outward, SCOPE, spring.campaign)
    assert (found.gets, found.spread) == (RAMP[0] + 10, None)


def test_what_the_provider_takes_a_day_is_foreseen_also_without_a_ramp(
    ports: Ports, hand: Hand, people: People
) -> None:
    people(50)
    policy.write(ports, SCOPE, "ann", Policy(quota={"email": 20}))
    spring, found = asked(ports, hand, 2)
    assert (found.gets, found.held) == (40, {"quota": 10})
    assert found.spread
    assert (found.spread.code, found.spread.first_day) == ("quota", 20)
    assert came_true(ports, spring, found)
