"""Each rule of the gate, attacked through the real window: documents change behind its back, and nothing leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.agents import campaigns, policy
from shared.agents.distribute.window import SIZE
from shared.agents.facts import NOT_SUPPRESSED, Ground, Known, Row, facts_of
from shared.agents.schedule.forecast import forecast
from shared.domain.consent import key_of
from shared.domain.contact import Consent, Contact
from shared.domain.draft import draft_id
from shared.domain.faults import Rejected
from shared.domain.gate import decide
from shared.domain.names import Kind
from shared.domain.policy import POLICY, Cap, Policy
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.domain.suppression import suppression_ids
from shared.ports import Ports

from .conftest import SCOPE, START, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def held(ports: Ports, walk: Walk) -> dict[str, int]:
    return campaigns.certificate(ports, SCOPE, walk.id).held


def rewrite(ports: Ports, scope: Scope, kind: Kind, id: str, **fields: Any) -> None:
    found = ports.documents.get(scope, kind, id)
    assert found is not None
    ports.documents.put(scope, kind, id, {**found.body, **fields}, found.rev)


@pytest.mark.parametrize(
    ("suppress", "code"),
    [(0, "suppressed"), (1, "channel_off"), (2, "topic_off")],
    ids=["everything", "channel", "topic"],
)
def test_rule_c1_a_suppression_written_after_planning_stops_it(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, suppress: int, code: str
) -> None:
    stopped, _ = people(2)
    spring = walk(topic="events")
    spring.plan()
    id = suppression_ids(stopped.person, "email", "events")[suppress]
    assert id
    ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, id, {"garbled": True})
    spring.send_all()
    assert held(ports, spring) == {code: 1}
    assert len(spring.outbox(tmp_path)) == 1


def test_rule_c1_a_suppression_of_another_topic_or_channel_stops_nothing(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    person = people(1)[0].person
    for id in (suppression_ids(person, "sms", "offers").channel, suppression_ids(person, "email", "offers").topic):
        assert id
        ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, id, {})
    spring = walk(topic="events")
    spring.plan()
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 1


@pytest.mark.parametrize(
    ("consent", "code"),
    [
        ({"email": Consent(status="granted", expires_at=START - timedelta(seconds=1))}, "expired"),
        ({"email": Consent(status="granted", purpose="newsletter")}, "wrong_purpose"),
        ({"email": Consent(status="granted", basis="implied_purchase", at=START)}, "wrong_basis"),
        ({key_of("email", "marketing"): Consent(status="withdrawn"), "email": Consent(status="granted")}, "withdrawn"),
        ({"sms": Consent(status="granted")}, "no_consent"),
    ],
)
def test_rule_c2_what_does_not_cover_this_message_holds_it(
    walk: Walks, people: People, ports: Ports, consent: dict[str, Consent], code: str
) -> None:
    people(1, consent=consent, country="DE")
    spring = walk()
    spring.plan()
    spring.send_all()
    assert held(ports, spring) == {code: 1}


def test_rule_c2_consent_that_expires_while_it_waits_is_expired(walk: Walks, people: People, ports: Ports) -> None:
    people(1, consent={"email": Consent(status="granted", expires_at=START + timedelta(hours=3))})
    spring = walk(window={"start": (START + timedelta(hours=4)).isoformat(), "days": 1, "hours": [0, 24]})
    spring.plan()
    spring.send_all()
    assert held(ports, spring) == {"expired": 1}


def test_rule_g2_canadian_implied_consent_is_enough_in_canada_only(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    implied = {"email": Consent(status="granted", basis="implied_purchase", at=START - timedelta(days=100))}
    people(1, prefix="ca", consent=implied, country="Canada")
    people(1, prefix="de", consent=implied, country="Germany")
    people(1, prefix="narnia", consent=implied, country="Narnia")
    people(1, prefix="unsaid", consent=implied)
    policy.write(ports, SCOPE, "ann", Policy(country="CA"))
    spring = walk()
    spring.plan()
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 2, "where nobody said where they live, the policy's country counts"
    assert held(ports, spring) == {"wrong_basis": 2}


def test_rule_c3_mail_from_a_domain_that_is_not_the_senders_does_not_leave(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(3)
    spring = walk()
    spring.plan()
    policy.write(ports, SCOPE, "ann", Policy(sender_domains=["other.example"]))
    spring.send_all()
    assert held(ports, spring) == {"sender_unknown": 3}
    assert spring.outbox(tmp_path) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "Book: {{ links[0] }} {{ unsubscribe }} Written with AI"}, "no_postal_address"),
        ({"html": "<style>1 Mill Road, Leeds</style>{{ unsubscribe }} Written with AI"}, "no_postal_address"),
        ({"text": "1 Mill Road, Leeds. Written with AI. Unsubscribe: never"}, "no_way_out"),
        ({"html": "1 Mill Road, Leeds {{ unsubscribe }}"}, "no_disclosure"),
        ({"written_by": "built-in writer"}, "no_disclosure"),
    ],
    ids=["c4-text", "c4-hidden", "c5", "c11", "c11-of-another-writer"],
)
def test_rules_c4_c5_c11_a_message_that_lacks_what_it_must_show_does_not_leave(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, fields: dict[str, str], code: str
) -> None:
    """Even if somebody approved it so."""
    people(2)
    spring = walk()
    spring.write()
    rewrite(ports, SCOPE, Kind.DRAFT, draft_id(spring.id, 1, "A"), **fields)
    spring.approve()
    spring.schedule()
    spring.send_all()
    assert held(ports, spring) == {code: 2}
    assert spring.outbox(tmp_path) == []


def test_what_the_policy_does_not_know_is_said_when_a_campaign_is_started(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(1)
    policy.write(ports, SCOPE, "ann", Policy(purposes=["offers"], topics=["events"], sender_domains=["other.example"]))
    with pytest.raises(Rejected) as rejected:
        walk(topic="news")
    assert [error.field for error in rejected.value.errors] == ["purpose", "topic", "sender.address"]


def test_an_opt_out_that_comes_too_late_is_said_to_be(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    late, early = people(2)
    spring = walk()
    spring.plan()
    opt_out = {"at": START.isoformat(), "reason": "unsubscribed"}
    ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, early.person, opt_out)
    spring.send_all()
    hand.forward(minutes=5)
    ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, late.person, {**opt_out, "at": hand.now().isoformat()})
    said = campaigns.explain(ports, SCOPE, spring.id, late.id).sentence
    assert "They unsubscribed on Tuesday 2 March 2027 at 09:05 (UTC): too late for this message" in said
    assert "too late" not in campaigns.explain(ports, SCOPE, spring.id, early.id).sentence


def test_rule_c8_advertising_declared_transactional_does_not_leave(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(2, consent={})
    spring = walk(message="transactional")
    spring.write()
    found = ports.documents.get(SCOPE, Kind.DRAFT, draft_id(spring.id, 1, "A"))
    assert found
    rewrite(ports, SCOPE, Kind.DRAFT, found.id, text=found.body["text"] + "\nNow 20 % off!")
    spring.approve()
    spring.schedule()
    spring.send_all()
    assert held(ports, spring) == {"promotion": 2}


def test_rule_c8_a_transactional_message_needs_no_consent_and_counts_for_no_cap(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    person = people(1, consent={})[0]
    spring = walk(message="transactional")
    spring.plan()
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 1
    assert ports.documents.get(SCOPE.agency, Kind.RESERVATION, person.person) is None


def test_rule_c8_what_was_declared_when_it_was_approved_cannot_be_changed_afterwards(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(1, consent={})
    spring = walk()
    spring.plan()
    body = {**spring.campaign.request.model_dump(mode="json"), "message": "transactional"}
    rewrite(ports, SCOPE, Kind.CAMPAIGN, spring.id, request=body)
    spring.send_all()
    assert held(ports, spring) == {"not_approved": 1}


def test_rule_c9_text_messages_keep_the_law_of_where_the_recipient_lives(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(1)
    campaign = walk().campaign
    request = campaign.request.model_copy(update={"channels": ["sms"], "purpose": "marketing"})
    campaign = campaign.model_copy(update={"request": request})
    standing = policy.standing(ports, SCOPE, "praxis.example")

    def verdict(hour: int, **where: Any) -> tuple[str, str]:
        at = START.replace(hour=hour)
        number = {"phone": "+4915123456700", "timezone": None}
        contact = people(1, consent={"sms": Consent(status="granted")}, **{**number, **where})[0]
        row = Row(contact.person, "e", zone("UTC"))
        facts = facts_of(Ground(campaign, True, standing, (), at), row, Known(contact, "1"), NOT_SUPPRESSED, ())
        decided = decide(facts)
        return decided.state, decided.code

    assert verdict(12, country="Germany") == ("intent", "allowed")
    assert verdict(21, timezone="Europe/London", country="GB")[0] == "planned"
    assert verdict(12, country="US")[1] == "quiet_hours", "it is 2 o'clock in Honolulu"
    assert verdict(19, country="US") == ("intent", "allowed"), "9 in Honolulu, 14 in New York"
    assert verdict(12) == verdict(12, country="Narnia") == ("held", "zone_unknown")
    assert verdict(12, timezone="Mars/Olympus") == ("held", "zone_unknown")


def test_rule_c9_holidays_move_it_or_hold_it(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    people(1, prefix="de", country="DE", timezone="Europe/Berlin")
    people(1, prefix="nz", country="NZ")
    policy.write(ports, SCOPE, "ann", Policy(holidays=True, country="DE"))
    hand.set(START.replace(month=10, day=2, hour=22))  # in Berlin Germany's national day has begun
    two_days, one_day = walk(name="Two", window={"days": 2, "hours": [0, 24]}), walk(name="One")
    for each in (one_day, two_days):
        each.plan()
    one_day.send_all()
    assert held(ports, one_day) == {"holiday": 1}
    policy.write(ports, SCOPE, "ann", Policy(holidays=True, country="DE", apart_minutes=0))
    two_days.send_all()
    assert held(ports, two_days) == {}
    assert len(two_days.outbox(tmp_path)) == 3


def test_rule_c10_the_fourth_commercial_message_of_a_week_is_held(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    people(5)
    for n in range(4):
        spring = walk(name=f"Campaign {n}")
        spring.plan()
        spring.send_all()
        assert held(ports, spring) == ({} if n < 3 else {"capped": 5})
        hand.forward(hours=5)
    assert len(spring.outbox(tmp_path)) == 15
    explained = campaigns.explain(ports, SCOPE, spring.id, people(1)[0].id)
    assert "the frequency cap allows" in explained.sentence


def test_rule_c10_a_second_campaign_keeps_its_distance_and_says_so(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    person = people(1)[0]
    first, second = walk(name="First"), walk(name="Second")
    first.plan()
    second.plan()
    first.send_all()
    second.send()
    explained = campaigns.explain(ports, SCOPE, second.id, person.id)
    assert (explained.state, len(second.outbox(tmp_path))) == ("planned", 1)
    assert "another campaign had just written to them" in explained.sentence
    hand.forward(hours=1)
    second.send_all()
    assert len(second.outbox(tmp_path)) == 2


def test_rule_c10_a_refused_message_and_a_held_one_give_their_place_back(
    walk: Walks, people: People, ports: Ports
) -> None:
    person = people(1, email="böse@people.example")[0]
    policy.write(ports, SCOPE, "ann", Policy(caps=[Cap(days=7, most=1)], apart_minutes=0))
    spring = walk()
    spring.plan()
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).failed + len(held(ports, spring)) <= 1
    found = ports.documents.get(SCOPE.agency, Kind.RESERVATION, person.person)
    sent = campaigns.certificate(ports, SCOPE, spring.id).sent_once
    assert len(found.body["uses"] if found else []) == sent


def test_a_provider_quota_spreads_a_campaign_over_the_days_of_its_window(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    people(SIZE + 60)
    policy.write(ports, SCOPE, "ann", Policy(quota={"email": 70}))
    spring = walk()
    spring.plan()
    for day, sent in ((START, 70), (START.replace(day=3, hour=0), 140)):
        hand.set(day)
        for shard in range(spring.campaign.shards):
            spring.send(shard)
        assert len(spring.outbox(tmp_path)) == sent
    assert held(ports, spring) == {"quota": SIZE + 60 - 140}


def test_garbled_documents_hold_their_person_and_nobody_else(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    contact, booked, *_ = people(4)
    spring = walk()
    spring.plan()
    rewrite(ports, SCOPE, Kind.CONTACT, contact.id, consent="yes")
    ports.documents.put(SCOPE.agency, Kind.RESERVATION, booked.person, {"uses": "none"})
    spring.send_all()
    assert held(ports, spring) == {"unreadable": 2}
    assert len(spring.outbox(tmp_path)) == 2


def test_rule_c12_an_open_breaker_or_a_garbled_policy_stops_without_losing_anybody(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    people(3)
    spring = walk()
    spring.plan()
    switch = policy.breaker_id("praxis.example")
    ports.documents.put(SCOPE, Kind.POLICY, switch, {"open": True, "why": "complaints"})
    spring.send()
    rewrite(ports, SCOPE, Kind.POLICY, switch, open=False)
    ports.documents.put(SCOPE, Kind.POLICY, POLICY, {"caps": "many"})
    hand.forward(minutes=2)
    spring.send()
    assert (spring.outbox(tmp_path), held(ports, spring)) == ([], {})
    policy.write(ports, SCOPE, "ann", Policy())
    hand.forward(minutes=2)
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 3


def test_a_correction_keeps_no_distance_from_what_it_corrects(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(2)
    spring = walk()
    spring.plan()
    spring.send_all()
    correction = walk(name="Correction", segment={"received": spring.id})
    correction.plan()
    correction.send()
    assert len(correction.outbox(tmp_path)) == 4


def test_the_forecast_is_about_those_whom_the_approval_seals(walk: Walks, people: People, ports: Ports) -> None:
    gone, *_ = people(4)
    spring = walk()
    spring.write()
    spring.schedule()
    people(3, prefix="late")
    ports.documents.delete(SCOPE, Kind.CONTACT, gone.id)
    found = forecast(ports, SCOPE, spring.campaign)
    assert (found.people, found.gets, found.held) == (4, 3, {"gone": 1})


def test_the_forecast_comes_true_if_nothing_changes(walk: Walks, people: People, ports: Ports) -> None:
    people(20)
    people(3, prefix="no", consent={})
    people(2, prefix="old", consent={"email": Consent(status="granted", expires_at=START)})
    spring = walk(holdout=0.2, budget={"max_messages": 12})
    spring.write()
    spring.schedule()
    foreseen = forecast(ports, SCOPE, spring.campaign).held
    spring.approve()
    spring.schedule()
    spring.send_all()
    assert held(ports, spring) == foreseen
