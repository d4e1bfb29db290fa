from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.agents import campaigns
from shared.agents.campaigns.certificate import rows
from shared.domain.approval import ApprovalRequest
from shared.domain.contact import Consent, Contact
from shared.domain.draft import draft_id
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.ports import Claim, Ports

from .conftest import SCOPE, START, Hand, Walk, request

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def test_everyone_gets_it_once_and_the_certificate_says_so(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(250)
    spring = walk(variants=2)
    spring.plan()
    spring.send_all()
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.planned, certificate.sent_once, certificate.sent_twice) == (250, 250, 0)
    assert certificate.remaining == certificate.unknown == certificate.failed == 0
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in spring.outbox(tmp_path)
    ]
    assert len({mail["To"] for mail in mails}) == len(mails) == 250
    assert {mail["Subject"] for mail in mails} == {f"Dear U{n}" for n in range(250)}
    assert spring.campaign.status == "sending"


def test_each_reason_holds_and_the_parts_add_up(walk: Walks, people: People, ports: Ports, tmp_path: Path) -> None:
    people(40)
    people(3, prefix="no", consent={})
    people(2, prefix="out", consent={"email": Consent(status="withdrawn")})
    gone, suppressed, *_ = people(5, prefix="x")
    spring = walk(holdout=0.25, budget={"max_messages": 20})
    spring.plan()
    ports.documents.delete(SCOPE, Kind.CONTACT, gone.id)
    ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, suppressed.person, {"person": suppressed.person})
    spring.send_all()
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    held = certificate.held
    assert certificate.planned == 50
    assert held["holdout"] > 0
    assert held["over_budget"] > 0
    assert certificate.sent_once == len(spring.outbox(tmp_path)) <= 20
    assert sum(held.values()) + certificate.sent_once == 50
    reasons = {row.key: row.held for row in rows(ports, SCOPE, spring.id, spring.campaign.shards)}
    assert held == {reason: list(reasons.values()).count(reason) for reason in set(reasons.values()) - {None}}


def test_an_opt_out_between_plan_and_window_is_obeyed(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    person = people(1)[0]
    spring = walk()
    spring.plan()
    ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, person.person, {"person": person.person})
    spring.send_all()
    assert spring.outbox(tmp_path) == []
    explained = campaigns.explain(ports, SCOPE, spring.id, person.id)
    assert explained.state == "held"
    assert "U0 did not get “Spring”, because they unsubscribed" in explained.sentence


def test_nothing_leaves_while_paused_and_resume_sends_exactly_the_rest(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(250)
    spring = walk()
    spring.plan()
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    paused = spring.send()
    assert isinstance(paused, Later)
    assert paused.why == "paused"
    assert spring.outbox(tmp_path) == []
    spring.hand.forward(hours=30)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == len(spring.outbox(tmp_path)) == 250


def test_cancelling_holds_everyone_who_has_not_got_it(walk: Walks, people: People, ports: Ports) -> None:
    people(30)
    spring = walk(window={"start": (START + timedelta(hours=5)).isoformat(), "days": 1, "hours": [0, 24]})
    spring.plan()
    campaigns.cancel(ports, SCOPE, spring.id, "ann")
    assert spring.send() == Done({"cancelled": True})
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"cancelled": 30}
    with pytest.raises(Conflict, match="cancelled"):
        campaigns.resume(ports, SCOPE, spring.id, "ann")


def test_a_window_slept_past_asks_instead_of_firing(walk: Walks, people: People, ports: Ports, tmp_path: Path) -> None:
    people(10)
    spring = walk()
    spring.plan()
    spring.hand.forward(hours=3)
    missed = spring.send()
    assert isinstance(missed, Later)
    assert (missed.why, spring.campaign.status, spring.outbox(tmp_path)) == ("missed", "missed", [])
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 10


def test_hours_are_kept_even_when_late(walk: Walks, people: People, hand: Hand, tmp_path: Path) -> None:
    people(5)
    hand.set(START.replace(hour=17, minute=59))
    spring = walk(window={"days": 2, "hours": [9, 18]})
    spring.plan()
    hand.set(START.replace(hour=18, minute=5))
    later = spring.send()
    assert isinstance(later, Later)
    assert later.at == START.replace(day=3, hour=9)
    assert spring.outbox(tmp_path) == []


def test_another_senders_intents_wait_for_its_lease_then_evidence_decides(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    """What a kill between intent and wire leaves behind."""
    people(20)
    spring = walk()
    spring.plan()
    now = spring.hand.now()
    planned = ports.ledger.of_shard(SCOPE, spring.id, 0, limit=5)
    claims = [Claim(row.key, row.attempt, "intent", {"code": "allowed"}) for row in planned]
    ports.ledger.claim(SCOPE, spring.id, 0, "a sender that was killed", claims, now, now + timedelta(minutes=2))
    later = spring.send()
    assert isinstance(later, Later)
    assert (later.why, later.at) == ("lease", now + timedelta(minutes=2))
    assert len(spring.outbox(tmp_path)) == 15
    spring.hand.set(later.at)
    assert spring.send() == Done()
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.sent_once, certificate.unknown, len(spring.outbox(tmp_path))) == (20, 0, 20)


def test_changed_drafts_after_approval_send_nothing(walk: Walks, people: People, ports: Ports, tmp_path: Path) -> None:
    people(4)
    spring = walk()
    spring.plan()
    document = ports.documents.get(SCOPE, Kind.DRAFT, draft_id(spring.id, 1, "A"))
    assert document is not None
    ports.documents.put(SCOPE, Kind.DRAFT, document.id, {**document.body, "text": "buy!"}, document.rev)
    spring.send_all()
    assert spring.outbox(tmp_path) == []
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"not_approved": 4}


def test_only_the_sealed_version_can_be_approved_and_the_difference_is_named(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(3)
    spring = walk()
    spring.write()
    spring.schedule()
    first = campaigns.approval(ports, SCOPE, spring.id)
    assert first is not None
    wish = ApprovalRequest(decision="changes", digest=first.digest, comment="Warmer, please")
    assert campaigns.decide(ports, SCOPE, spring.id, "ann", wish).change_wish == "Warmer, please"
    assert spring.schedule() == Done({"next": "generate"})
    spring.write(version=2)
    spring.schedule()
    with pytest.raises(Conflict, match="that is version 1; version 2 stands now") as stale:
        campaigns.decide(ports, SCOPE, spring.id, "ann", ApprovalRequest(decision="approve", digest=first.digest))
    assert set(stale.value.difference) == {"templates"}
    with pytest.raises(Conflict, match="no version has this digest"):
        campaigns.decide(ports, SCOPE, spring.id, "ann", ApprovalRequest(decision="approve", digest="0" * 64))
    assert spring.campaign.approved is None


def test_rejecting_and_silence_end_it(walk: Walks, people: People, ports: Ports, hand: Hand) -> None:
    people(1)
    rejected, forgotten = walk(name="One"), walk(name="Two")
    for each in (rejected, forgotten):
        each.write()
        assert isinstance(each.schedule(), Later)
    asked = campaigns.approval(ports, SCOPE, rejected.id)
    assert asked is not None
    campaigns.decide(ports, SCOPE, rejected.id, "ann", ApprovalRequest(decision="reject", digest=asked.digest))
    hand.forward(days=15)
    assert rejected.schedule() == forgotten.schedule() == Done({"next": "end"})
    assert rejected.campaign.status == forgotten.campaign.status == "cancelled"


def test_approval_none_goes_straight_on(walk: Walks, people: People) -> None:
    people(2)
    spring = walk(approval="none")
    spring.write()
    assert spring.schedule() == Done({"distributions": 1})


def test_planning_again_plans_the_same(walk: Walks, people: People, ports: Ports) -> None:
    people(150)
    spring = walk()
    spring.plan()
    before = list(rows(ports, SCOPE, spring.id, spring.campaign.shards))
    people(10, prefix="late")
    spring.hand.forward(hours=1)
    assert isinstance(spring.schedule(), Done)
    assert list(rows(ports, SCOPE, spring.id, spring.campaign.shards)) == before


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"segment": {"where": [{"field": "contry", "op": "eq", "value": "DE"}]}}, "segment.where[0]", "contry"),
        ({"segment": {"where": [{"field": "city", "op": "eq", "value": "Nowhere"}]}}, "segment", "matches nobody"),
        ({"window": {"start": "2020-01-01T00:00:00Z", "days": 1}}, "window.start", "in the past"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_changed(
    ports: Ports, people: People, changes: dict[str, Any], field: str, reason: str
) -> None:
    people(1)
    with pytest.raises(Rejected) as rejected:
        campaigns.accept(ports, SCOPE, "owner", request(**changes))
    assert rejected.value.errors[0].field == field
    assert reason in rejected.value.errors[0].reason
    assert campaigns.listing(ports, SCOPE)[0] == []


@pytest.mark.parametrize(
    "text", ["Hello {{ frist_name }}", "{{ ''.__class__ }}", "{{ 'a' * 10**8 }}", "{% for x in y %}"]
)
def test_templates_in_a_brief_are_checked_at_the_door(ports: Ports, people: People, text: str) -> None:
    people(1)
    wrong = request()
    wrong.brief.offer = text
    with pytest.raises(Rejected) as rejected:
        campaigns.accept(ports, SCOPE, "owner", wrong)
    assert rejected.value.errors[0].field == "brief.offer"


def test_a_second_start_of_the_same_campaign_is_a_conflict(walk: Walks, people: People, ports: Ports) -> None:
    people(1)
    first = walk()
    with pytest.raises(Conflict, match=first.id):
        campaigns.accept(ports, SCOPE, "owner", request(name="SPRING"))


def test_everybody_can_be_explained(walk: Walks, people: People, ports: Ports) -> None:
    person, outsider = people(1)[0], None
    spring = walk()
    assert "no plan yet" in campaigns.explain(ports, SCOPE, spring.id, person.id).sentence
    spring.plan()
    assert (
        "is to get “Spring” on Tuesday 2 March 2027" in campaigns.explain(ports, SCOPE, spring.id, person.id).sentence
    )
    outsider = people(1, prefix="later")[0]
    assert "was not in the audience" in campaigns.explain(ports, SCOPE, spring.id, outsider.id).sentence
    spring.send_all()
    explained = campaigns.explain(ports, SCOPE, spring.id, person.id)
    assert explained.sentence.startswith(
        "U0 was sent “Spring” once, on Tuesday 2 March 2027 at 09:00 (UTC), in version A of its text."
    )
    assert explained.evidence["acceptances"] == [1]
    with pytest.raises(Missing):
        campaigns.explain(ports, SCOPE, spring.id, "nobody")


def test_recipients_are_listed_page_by_page_with_who_they_are(walk: Walks, people: People, ports: Ports) -> None:
    people(25)
    people(5, prefix="no", consent={})
    spring = walk()
    spring.plan()
    spring.send_all()
    seen, cursor = [], None
    while True:
        page, cursor = campaigns.recipients(ports, SCOPE, spring.id, None, cursor, 7)
        seen += page
        if cursor is None:
            break
    assert len({each["email"] for each in seen}) == len(seen) == 30
    held, _ = campaigns.recipients(ports, SCOPE, spring.id, "held")
    assert {each["held"] for each in held} == {"no_consent"}
    assert len(held) == 5


def test_a_draft_whose_source_was_deleted_cannot_be_approved(walk: Walks, people: People, ports: Ports) -> None:
    people(3)
    spring = walk()
    spring.write()
    spring.schedule()
    asked = campaigns.approval(ports, SCOPE, spring.id)
    document = ports.documents.get(SCOPE, Kind.DRAFT, draft_id(spring.id, 1, "A"))
    assert asked
    assert document
    finding = {"severity": "error", "rule": "source-deleted", "where": "text", "reason": "its source was deleted"}
    ports.documents.put(SCOPE, Kind.DRAFT, document.id, {**document.body, "findings": [finding]}, document.rev)
    with pytest.raises(Conflict, match="variant A cannot be approved: its source was deleted"):
        campaigns.decide(ports, SCOPE, spring.id, "ann", ApprovalRequest(decision="approve", digest=asked.digest))
    wish = ApprovalRequest(decision="changes", digest=asked.digest)
    assert campaigns.decide(ports, SCOPE, spring.id, "ann", wish).status == "generating"
