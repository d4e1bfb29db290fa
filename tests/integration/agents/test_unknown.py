"""Messages of which nobody knows whether they left: asked about, listed, decided by a person, told honestly after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from functions.flows import again_flows
from functions.sweep import flows_under_way
from shared.adapters.channels.smtp import SmtpChannel
from shared.agents import campaigns, feedback, unknown
from shared.domain.address import person_of
from shared.domain.contact import Contact
from shared.domain.faults import Conflict, Rejected
from shared.domain.inquiry import Decided, UnknownDecision
from shared.domain.outcome import Done
from shared.domain.returns import sign_return
from shared.ports import Claim, LedgerRow, Ports
from tests.integration.feedback.letters import bounce
from tests.servers.smtp_strict import Manner, Record, strict_server

from .conftest import SCOPE, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
ALL_SENT, ALL_AGAIN = (UnknownDecision(decision=each, all=True) for each in ("sent", "again"))


@contextmanager
def server(spring: Walk) -> Iterator[Record]:
    """The walk sends through a server that takes messages and may keep silent about it."""
    with strict_server(Manner()) as record:
        channel = SmtpChannel(f"smtp://127.0.0.1:{record.port}?rate_per_second=1000", "")
        channel.timeouts = replace(channel.timeouts, end=0.3)
        spring.ports = replace(spring.ports, channels={"email": channel})
        yield record


def one_campaign(walk: Walks, people: People, *scripts: str) -> Walk:
    for script in scripts:
        email = f"{script}@people.example"
        people(1, email=email, person=person_of(email, b"a" * 32), id=f"p-{script}")
    spring = walk()
    spring.plan()
    return spring


def rows(spring: Walk) -> list[LedgerRow]:
    return spring.ports.ledger.of_shard(SCOPE, spring.id, 0)


def states(spring: Walk) -> Counter[str]:
    return Counter(row.state for row in rows(spring))


def decide(spring: Walk, request: UnknownDecision) -> Decided:
    return unknown.decide(spring.ports, SCOPE, spring.id, "ann", request)


def explained(spring: Walk, row: LedgerRow) -> str:
    return campaigns.explain(spring.ports, SCOPE, spring.id, row.contact).sentence


def test_a_server_that_takes_and_never_answers_leaves_unknowns_that_are_asked_about_and_listed(
    walk: Walks, people: People
) -> None:
    spring = one_campaign(walk, people, "slow-reply", "drop-reply", "late550", "fine")
    with server(spring) as record:
        spring.send_all()
        assert states(spring) == {"unknown": 2, "failed": 1, "accepted": 1}
        assert unknown.reconcile(spring.ports, SCOPE) == 2
        assert len(record.taken) == 3, "nothing is sent again by itself"
    listed, cursor = unknown.listing(spring.ports, SCOPE, spring.id)
    assert cursor is None
    assert {each.email for each in listed} == {"slow-reply@people.example", "drop-reply@people.example"}
    for each in listed:
        assert each.why.startswith("no reply to the text")
        assert [asked.whom for asked in each.asked] == ["the provider (smtp)", "the recipient and their mail server"]
    first, _ = unknown.listing(spring.ports, SCOPE, spring.id, limit=1)
    assert len(first) == 1
    with pytest.raises(Rejected, match="cursor"):
        unknown.listing(spring.ports, SCOPE, spring.id, cursor="nonsense")


def test_treated_as_sent_is_journalled_counted_apart_and_never_sent_again(walk: Walks, people: People) -> None:
    spring = one_campaign(walk, people, "slow-reply", "drop-reply", "fine")
    with server(spring) as record:
        spring.send_all()
        done = decide(spring, ALL_SENT)
        assert (done.decided, done.still_unknown) == (2, 0)
        assert decide(spring, ALL_SENT).sentence == "Nothing was left to decide."
        spring.send_all()
        assert len(record.taken) == 3
    proof = campaigns.certificate(spring.ports, SCOPE, spring.id)
    assert (proof.sent_once, proof.sent_twice, proof.unknown, proof.assumed) == (3, 0, 0, 2)
    assert "2 of those sent are not proved but treated as sent" in proof.sentence()
    (fact,) = [each for each in campaigns.timeline(spring.ports, SCOPE, spring.id) if each.what == "unknown_sent"]
    assert (fact.by, fact.data["n"]) == ("ann", 2)
    assumed = next(row for row in rows(spring) if row.key in fact.data["keys"])
    assert "It is not proved that" in explained(spring, assumed)
    assert "ann decided" in explained(spring, assumed)


def test_sent_again_leaves_as_a_new_attempt_and_the_certificate_says_that_it_may_have_arrived_twice(
    walk: Walks, people: People
) -> None:
    spring = one_campaign(walk, people, "drop-reply", "fine")
    with server(spring) as record:
        spring.send_all()
        (asked,) = [row for row in rows(spring) if row.state == "unknown"]
        assert decide(spring, UnknownDecision(decision="again", keys=[asked.key])).decided == 1
        assert "try 2, by decision of a person" in explained(spring, asked)
        (flow,) = again_flows(SCOPE, spring.campaign)
        assert (flow.instance_id, flow.input["distribution"]) == (f"local~main~distribution~{spring.id}-0~2", 0)
        assert flow in list(flows_under_way(spring.ports)), "after a kill the sweep starts it"
        with server(spring) as second:
            spring.send_all()
            assert [each.recipient for each in (*record.taken, *second.taken)].count("drop-reply@people.example") == 2
    (after,) = [row for row in rows(spring) if row.key == asked.key]
    assert (after.state, after.attempt) == ("unknown", 2)
    decide(spring, ALL_SENT)
    assert "It is not proved" in explained(spring, after)


def test_sent_again_to_a_server_that_answers_this_time(walk: Walks, people: People, ports: Ports) -> None:
    spring = one_campaign(walk, people, "drop-reply")
    with server(spring):
        spring.send_all()
    decide(spring, ALL_AGAIN)
    spring.ports = ports  # the outbox, which answers
    spring.send_all()
    (row,) = rows(spring)
    assert (row.state, row.attempt, row.acceptances) == ("accepted", 2, (2,))
    proof = campaigns.certificate(ports, SCOPE, spring.id)
    assert (proof.sent_once, proof.sent_again) == (1, 1)
    assert "may have arrived twice" in proof.sentence()
    assert "ann decided" in explained(spring, row)
    assert "so it may have arrived twice" in explained(spring, row)
    late = sign_return(SCOPE, spring.id, row.key, 1, ports.keys.link)
    assert feedback.take(ports, [SCOPE], feedback.read_letter(bounce(f"{late}@b.example", "2.0.0", action="delivered")))
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_twice == 1, "the first had arrived, too: it is told"


def test_a_campaign_that_ended_sends_nothing_again(walk: Walks, people: People) -> None:
    spring = one_campaign(walk, people, "drop-reply")
    with server(spring) as record:
        spring.send_all()
        campaigns.cancel(spring.ports, SCOPE, spring.id, "ann")
        with pytest.raises(Conflict, match="nothing leaves any more"):
            decide(spring, ALL_AGAIN)
        assert decide(spring, ALL_SENT).decided == 1
        assert len(record.taken) == 1


def test_a_key_of_no_message_is_named_and_nothing_is_decided(walk: Walks, people: People) -> None:
    spring = one_campaign(walk, people, "drop-reply")
    with server(spring):
        spring.send_all()
    (row,) = rows(spring)
    with pytest.raises(Rejected, match=r"keys\[1\]"):
        decide(spring, UnknownDecision(decision="sent", keys=[row.key, "nobody"]))
    assert rows(spring) == [row]


@pytest.mark.parametrize("ended", [False, True])
def test_an_intent_whose_sender_was_killed_is_found_also_after_the_campaign_ended(
    walk: Walks, people: People, tmp_path: Path, ended: bool
) -> None:
    """The outbox can be asked: what lies there was sent, what does not may leave again, unless the campaign ended."""
    spring = one_campaign(walk, people, "ada", "ben")
    one, other = rows(spring)
    now = spring.hand.now()
    claims = [Claim(row.key, 1, "intent", {}) for row in (one, other)]
    spring.ports.ledger.claim(SCOPE, spring.id, 0, "killed", claims, now, now + timedelta(minutes=2))
    outbox = tmp_path / "home" / "outbox" / str(SCOPE)
    outbox.mkdir(parents=True)
    (outbox / f"{one.key}.eml").write_bytes(b"Subject: x\r\n\r\n")
    if ended:
        campaigns.fail(spring.ports, SCOPE, spring.id, "the disk was full")
    spring.hand.forward(minutes=10)
    unknown.reconcile(spring.ports, SCOPE)
    assert states(spring) == {"intent": 2}, "its sender may only be slow"
    spring.hand.forward(minutes=10)
    assert unknown.reconcile(spring.ports, SCOPE) == 0
    found = {row.key: row for row in rows(spring)}
    assert (found[one.key].state, found[other.key].state) == ("accepted", "planned")
    assert bool(again_flows(SCOPE, spring.campaign)) == (not ended)
    if not ended:
        assert spring.send() == Done()
        assert states(spring) == {"accepted": 2}


def test_news_of_an_unknown_message_settles_it_without_a_person(walk: Walks, people: People) -> None:
    spring = one_campaign(walk, people, "drop-reply", "slow-reply")
    with server(spring):
        spring.send_all()
    one, other = rows(spring)
    for row, status, action in ((one, "5.1.1", "failed"), (other, "2.0.0", "delivered")):
        to = sign_return(SCOPE, spring.id, row.key, 1, spring.ports.keys.link)
        assert feedback.take(
            spring.ports, [SCOPE], feedback.read_letter(bounce(f"{to}@b.example", status, action=action))
        )
    assert [row.state for row in rows(spring)] == ["failed", "delivered"]
    assert unknown.listing(spring.ports, SCOPE, spring.id) == ([], None)
