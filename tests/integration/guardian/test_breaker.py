"""Rules C7 and C12 through the real senders: nothing leaves that must not, and what waited leaves once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from shared.agents import campaigns, policy
from shared.agents.guardian import breaker, standing
from shared.agents.guardian.ramp import purse, sent_by_day
from shared.domain.bounce import Return, Trouble
from shared.domain.contact import Contact
from shared.domain.faults import Conflict, Rejected
from shared.domain.names import Kind
from shared.domain.outcome import Later
from shared.domain.policy import Policy
from shared.domain.sender_domain import checked_id
from shared.domain.warmup import RAMP
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, START, Hand, Walk
from tests.servers.dns_server import DnsServer

from .conftest import DOMAIN, publish

People = Callable[..., list[Contact]]


def came_back(ports: Ports, count: int, trouble: Trouble, left: datetime = START, start: int = 0) -> None:
    for n in range(start, start + count):
        kept = Return(
            campaign=f"{n:032x}", key="k", attempt=1, person=f"p{n}", domain=DOMAIN, trouble=trouble, status="5.1.1",
            left_at=left, at=ports.clock.now(),
        )  # fmt: skip
        ports.documents.put(SCOPE, Kind.RETURN, kept.id, kept.model_dump(mode="json"), "*")


def sent(ports: Ports, count: int, day: datetime = START) -> None:
    """As if so many messages had left on a day."""
    ports.documents.put(SCOPE.agency, Kind.QUOTA, f"{purse(DOMAIN)}:{day:%Y-%m-%d}", {"taken": count}, "*")


def established(ports: Ports) -> None:
    policy.write(ports, SCOPE, "ann", Policy(established_domains=[DOMAIN]))


def held(ports: Ports, walk: Walk) -> dict[str, int]:
    return campaigns.certificate(ports, SCOPE, walk.id).held


def test_rule_c7_a_campaign_of_a_domain_without_its_records_is_refused_with_them(
    outward: Ports, hand: Hand, people: People
) -> None:
    people(1)
    with pytest.raises(Rejected) as refused:
        Walk(outward, hand)
    (error,) = refused.value.errors
    assert error.field == "sender.address"
    assert '_dmarc.praxis.example. IN TXT "v=DMARC1; p=none"' in error.reason
    assert "v=spf1 include:spf.relay.example ~all" in error.reason
    assert "baton._domainkey.praxis.example. IN TXT" in error.reason


def test_rule_c7_records_that_vanish_after_approval_stop_it_and_all_of_it_leaves_once_they_are_back(
    outward: Ports, hand: Hand, people: People, world: DnsServer, tmp_path: Path
) -> None:
    people(20)
    publish(world, outward)
    spring = Walk(outward, hand)
    spring.plan()
    record = world.zone.pop((f"_dmarc.{DOMAIN}", "TXT"))
    hand.forward(hours=25)
    campaigns.pause(outward, SCOPE, spring.id, "ann")
    campaigns.resume(outward, SCOPE, spring.id, "ann")
    waits = spring.send()
    assert isinstance(waits, Later)
    assert waits.why == "unreachable"
    assert spring.campaign.status_reason == "waiting: praxis.example may not send yet: DMARC"
    assert not spring.outbox(tmp_path)
    world.zone[f"_dmarc.{DOMAIN}", "TXT"] = record
    standing.check(outward, SCOPE, DOMAIN, "ann")
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 20


@pytest.mark.parametrize("garbled", [{}, {"domain": DOMAIN, "passed_at": "always"}, {"findings": []}])
def test_rule_c7_a_check_that_cannot_be_read_is_none(
    outward: Ports, hand: Hand, people: People, world: DnsServer, garbled: dict[str, object]
) -> None:
    people(1)
    publish(world, outward)
    Walk(outward, hand)
    outward.documents.put(SCOPE, Kind.POLICY, checked_id(DOMAIN), garbled, "*")
    assert policy.standing(outward, SCOPE, DOMAIN).sender == "unready"
    world.zone[f"_dmarc.{DOMAIN}", "TXT"] = "SERVFAIL"
    assert standing.why_stopped(outward, SCOPE, DOMAIN) == f"{DOMAIN} may not send yet: DMARC"


def test_rule_c12_the_breaker_opens_while_a_campaign_runs_and_exactly_the_remainder_leaves_after_it(
    outward: Ports, hand: Hand, people: People, world: DnsServer, tmp_path: Path
) -> None:
    people(150)
    publish(world, outward)
    established(outward)
    spring = Walk(outward, hand)
    spring.plan()
    real = outward.channels["email"]

    class Bouncing:
        """The real outbox, whose mail comes back as soon as a window has left."""

        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def session(self, scope: object) -> object:
            came_back(outward, 5, "hard")
            return real.session(scope)  # type: ignore[arg-type]

    spring.ports = replace(outward, channels={"email": Bouncing()})  # type: ignore[dict-item]
    sent(outward, 60)
    assert isinstance(spring.send(), Later)
    before = len(spring.outbox(tmp_path))
    assert before == 0
    assert breaker.standing(outward, SCOPE, DOMAIN).open
    assert "paused for its health (5 bounces of 60" in str(spring.campaign.status_reason)
    hand.forward(minutes=50)
    assert isinstance(spring.send(), Later)
    spring.ports = outward
    resumed = standing.resume(outward, SCOPE, DOMAIN, "ann")
    assert (resumed.state, resumed.health and resumed.health.sent) == ("ready", 0)
    spring.send_all()
    letters = spring.outbox(tmp_path)
    assert len(letters) == len({each.name for each in letters}) == 150
    assert spring.campaign.status_reason is None
    facts = [fact.what for fact in outward.journal.read(SCOPE, "domains")]
    assert facts[-2:] == ["domain_paused", "domain_resumed"]


def test_rule_c12_a_window_after_the_breaker_opened_lets_nobody_through(
    outward: Ports, hand: Hand, people: People, world: DnsServer, tmp_path: Path
) -> None:
    """As the breaker may open between the question and the claim."""
    people(3)
    publish(world, outward)
    spring = Walk(outward, hand)
    spring.plan()
    outward.documents.put(SCOPE, Kind.POLICY, policy.breaker_id(DOMAIN), {"open": True, "why": "a test"}, "*")
    blind = replace(outward, relays=())
    spring.ports = blind
    waits = spring.send()
    assert isinstance(waits, Later)
    assert waits.why == "not_due"
    assert not spring.outbox(tmp_path)


@pytest.mark.parametrize(("trouble", "count"), [("hard", 5), ("policy", 5), ("complaint", 3)])
def test_rule_c12_each_kind_of_news_opens_it_and_old_news_does_not(
    outward: Ports, hand: Hand, trouble: Trouble, count: int
) -> None:
    sent(outward, 100)
    came_back(outward, count + 100, trouble, START - timedelta(days=9), start=1000)
    came_back(outward, count - 1, trouble)
    assert not breaker.watch(outward, SCOPE, DOMAIN).open
    came_back(outward, count, trouble)
    opened = breaker.watch(outward, SCOPE, DOMAIN)
    assert opened.open
    assert breaker.watch(outward, SCOPE, DOMAIN) == opened, "repeating it changes nothing"
    assert len(outward.journal.read(SCOPE, "domains")) == 1


def test_rule_c12_after_a_person_let_it_go_on_only_what_left_since_counts(outward: Ports, hand: Hand) -> None:
    sent(outward, 100)
    came_back(outward, 50, "hard")
    assert breaker.watch(outward, SCOPE, DOMAIN).open
    hand.forward(hours=1)
    breaker.resume(outward, SCOPE, DOMAIN, "ann")
    came_back(outward, 60, "hard")
    assert not breaker.watch(outward, SCOPE, DOMAIN).open, "late news of what left before"
    sent(outward, 140)
    hand.forward(hours=1)
    came_back(outward, 5, "hard", hand.now(), start=500)
    again = breaker.watch(outward, SCOPE, DOMAIN)
    assert (again.open, again.why) == (True, "5 bounces of 40 messages in 7 days; the limit is 5.0%")
    with pytest.raises(Conflict, match="is not paused"):
        breaker.resume(outward, SCOPE, "other.example", "ann")


def test_rule_c12_many_who_judge_at_once_open_it_once(outward: Ports) -> None:
    sent(outward, 100)
    came_back(outward, 10, "hard")
    threads = [Thread(target=breaker.watch, args=(outward, SCOPE, DOMAIN)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [fact.what for fact in outward.journal.read(SCOPE, "domains")] == ["domain_paused"]


def test_rule_c12_a_garbled_breaker_is_open_and_can_be_closed(outward: Ports) -> None:
    outward.documents.put(SCOPE, Kind.POLICY, policy.breaker_id(DOMAIN), {"open": "perhaps"}, "*")
    assert breaker.standing(outward, SCOPE, DOMAIN).open
    assert policy.standing(outward, SCOPE, DOMAIN).breaker == "open"
    assert not breaker.resume(outward, SCOPE, DOMAIN, "ann").open
    assert policy.standing(outward, SCOPE, DOMAIN).breaker == "closed"


def test_rule_c12_a_new_domain_sends_a_little_more_each_day(
    outward: Ports, hand: Hand, people: People, world: DnsServer, tmp_path: Path
) -> None:
    people(RAMP[0] + 30)
    publish(world, outward)
    spring = Walk(outward, hand, window={"start": START.isoformat(), "days": 2, "hours": [0, 24]})
    spring.plan()
    spring.send_all()
    letters = spring.outbox(tmp_path)
    by_day = sent_by_day(outward, SCOPE, DOMAIN)
    assert len(letters) + sum(held(outward, spring).values()) == RAMP[0] + 30
    assert sum(by_day.values()) == len(letters)
    for n, day in enumerate(sorted(by_day)):
        assert by_day[day] <= RAMP[n]


def test_rule_c12_what_the_ramp_has_no_day_for_is_held_with_its_reason(
    outward: Ports, hand: Hand, people: People, world: DnsServer, tmp_path: Path
) -> None:
    people(RAMP[0] + 10)
    publish(world, outward)
    noon = START.replace(hour=0)
    hand.set(noon)
    spring = Walk(outward, hand, window={"start": noon.isoformat(), "days": 1, "hours": [0, 24]})
    spring.plan()
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == RAMP[0]
    assert held(outward, spring) == {"warming_up": 10}


def test_a_domain_that_the_policy_calls_established_has_no_ramp_but_is_counted(
    outward: Ports, hand: Hand, people: People, world: DnsServer, tmp_path: Path
) -> None:
    people(RAMP[0] + 10)
    publish(world, outward)
    established(outward)
    spring = Walk(outward, hand)
    spring.plan()
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == RAMP[0] + 10
    assert sum(sent_by_day(outward, SCOPE, DOMAIN).values()) == RAMP[0] + 10


def test_outbox_and_loopback_have_no_ramp_and_no_breaker(
    ports: Ports, hand: Hand, people: People, tmp_path: Path
) -> None:
    people(RAMP[0] + 10)
    came_back(ports, 50, "hard")
    spring = Walk(ports, hand)
    spring.plan()
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == RAMP[0] + 10
    assert not breaker.watch(ports, SCOPE, DOMAIN).open
    assert standing.view(ports, SCOPE, DOMAIN).state == "not_applicable"
