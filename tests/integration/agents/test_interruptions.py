"""People and machines that come in between: pauses, cancellations and faults at awkward moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.flows import again_flows, campaign_flow, doorbells
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.channels.smtp import SmtpChannel
from shared.agents import campaigns, distribute
from shared.agents.campaigns import manifest
from shared.agents.unknown.again import leave_again
from shared.domain.approval import ApprovalRequest
from shared.domain.contact import Contact
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.ports import Claim, Outgoing, Ports, Settlement, Write
from tests.servers.smtp_sink import count, sink
from tests.servers.smtp_strict import Manner, strict_server

from .conftest import SCOPE, START, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def decide(spring: Walk, decision: Any) -> None:
    asked = campaigns.approval(spring.ports, SCOPE, spring.id)
    assert asked is not None
    campaigns.decide(spring.ports, SCOPE, spring.id, "ann", ApprovalRequest(decision=decision, digest=asked.digest))


def test_paused_while_it_was_written_it_asks_for_approval_when_resumed(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(2)
    spring = walk()
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    spring.write()
    assert isinstance(spring.schedule(), Later)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert spring.campaign.status == "awaiting_approval"
    decide(spring, "approve")
    assert isinstance(spring.schedule(), Done)


def test_paused_while_it_was_written_it_still_reaches_people_without_approval(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(3)
    spring = walk(approval="none")
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    spring.write()
    assert isinstance(spring.schedule(), Later)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert isinstance(spring.schedule(), Done)
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 3


def test_wanted_changes_wait_for_the_end_of_a_pause(walk: Walks, people: People, ports: Ports) -> None:
    """The pause came between the recorded decision and the campaign's document."""
    people(1)
    spring = walk()
    spring.write()
    spring.schedule()
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    document = ports.documents.get(SCOPE, Kind.APPROVAL, f"{spring.id}-1")
    assert document is not None
    decided = {**document.body, "decision": "changes", "comment": "Warmer", "by": "ann"}
    ports.documents.put(SCOPE, Kind.APPROVAL, document.id, decided, document.rev)
    assert isinstance(spring.schedule(), Later)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert spring.schedule() == Done({"next": "generate"})
    assert (spring.campaign.status, spring.campaign.change_wish) == ("generating", "Warmer")


def test_paused_while_it_was_planned_it_is_scheduled_when_resumed(
    walk: Walks, people: People, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(1)
    spring = walk()
    spring.write()
    spring.approve()
    real = manifest.write

    def pause_then_write(*given: Any) -> None:
        campaigns.pause(ports, SCOPE, spring.id, "ann")
        real(*given)

    monkeypatch.setattr(manifest, "write", pause_then_write)
    assert isinstance(spring.schedule(), Done)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert spring.campaign.status == "scheduled"


@pytest.mark.parametrize("paused", [False, True])
def test_a_failed_campaign_sends_nothing_more_and_its_flow_ends(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, paused: bool
) -> None:
    people(3)
    spring = walk()
    spring.plan()
    if paused:
        campaigns.pause(ports, SCOPE, spring.id, "ann")
    campaigns.fail(ports, SCOPE, spring.id, "the disk was full")
    assert spring.send() == Done()
    assert spring.outbox(tmp_path) == []
    assert campaigns.certificate(ports, SCOPE, spring.id).remaining == 3


@pytest.mark.parametrize("stopped", ["before the question", "before the answer", "while held", "planned", "sending"])
def test_a_failed_campaign_goes_on_with_exactly_the_remainder(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path, stopped: str
) -> None:
    people(3)
    spring = walk(undo_minutes=10)
    spring.write()
    if stopped != "before the question":
        spring.schedule()
    if stopped in ("while held", "planned", "sending"):
        spring.approve()
    if stopped in ("planned", "sending"):
        hand.forward(minutes=11)
        assert isinstance(spring.schedule(), Done)
    if stopped == "sending":
        hand.forward(minutes=4)
        spring.send()
    campaigns.fail(ports, SCOPE, spring.id, "a step kept failing")
    left = len(spring.outbox(tmp_path))
    assert (spring.send() if spring.campaign.shards else Done()) == Done()

    resumed = campaigns.resume(ports, SCOPE, spring.id, "ann")
    status = {"before the question": "generating", "before the answer": "awaiting_approval", "while held": "holding"}
    assert (resumed.status, resumed.status_reason) == (status.get(stopped, "scheduled"), None)
    assert (resumed.attempt, campaign_flow(SCOPE, resumed).instance_id[-2:]) == (2, "~2")
    if resumed.approved is None:
        spring.approve()
    hand.forward(minutes=11)
    assert isinstance(spring.schedule(), Done)
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 3 >= left
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 3


def test_a_sender_of_the_flow_that_failed_sends_nothing_beside_the_new_one(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(3)
    spring = walk()
    spring.plan()
    campaigns.fail(ports, SCOPE, spring.id, "a step kept failing")
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert distribute.run(ports, {**spring.order, "shard": 0}) == Done()
    assert spring.outbox(tmp_path) == []
    campaigns.fail(ports, SCOPE, spring.id, "told late of the first flow", 1)
    assert spring.campaign.status == "scheduled"
    with pytest.raises(Conflict, match="only a paused, missed or failed campaign"):
        campaigns.resume(ports, SCOPE, spring.id, "ann")
    spring.send_all()
    assert len(spring.outbox(tmp_path)) == 3


def test_no_two_senders_ever_have_one_number(walk: Walks, people: People, ports: Ports) -> None:
    people(3)
    spring = walk()
    spring.plan()
    seen = set[str]()
    for _ in range(3):
        for _ in range(3):
            leave_again(ports, SCOPE, spring.campaign, [0])
            ids = {flow.instance_id for flow in again_flows(SCOPE, spring.campaign)}
            assert not ids & seen
            seen |= ids
        campaigns.fail(ports, SCOPE, spring.id, "a step kept failing", spring.campaign.attempt)
        resumed = campaigns.resume(ports, SCOPE, spring.id, "ann")
        ids = {each for each in doorbells(SCOPE, resumed) if "distribution" in each}
        assert ids
        assert not ids & seen
        seen |= ids


def test_a_message_moved_to_the_next_morning_is_missed_too_if_nobody_is_up_then(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(5)
    spring = walk(window={"days": 1, "hours": [9, 18]})
    spring.plan()
    spring.hand.set(START.replace(hour=9, minute=30))
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    spring.hand.set(START.replace(hour=18, minute=5))
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert isinstance(spring.send(), Later)
    spring.hand.forward(days=21)
    missed = spring.send()
    assert isinstance(missed, Later)
    assert (missed.why, spring.outbox(tmp_path)) == ("missed", [])


def test_an_early_pause_does_not_excuse_a_window_that_is_over_before_the_approval(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(1)
    spring = walk(window={"start": (START + timedelta(days=2)).isoformat(), "days": 1, "hours": [0, 24]})
    spring.write()
    spring.schedule()
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    spring.hand.forward(days=5)
    decide(spring, "approve")
    missed = spring.schedule()
    assert isinstance(missed, Later)
    assert (missed.why, spring.campaign.status) == ("missed", "missed")
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    assert isinstance(spring.schedule(), Done)


def test_a_slow_sender_that_works_on_is_not_asleep(walk: Walks, people: People, ports: Ports, tmp_path: Path) -> None:
    """Resumed after a day, at a rate that needs hours for the rest."""
    people(10)
    channel = OutboxChannel(tmp_path / "home" / "outbox")
    channel.rate_per_second = 0.02
    spring = walk()
    spring.ports = replace(ports, channels={"email": channel})
    spring.plan()
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    spring.hand.forward(days=1)
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    for shard in range(spring.campaign.shards):
        spring.hand.forward(minutes=40)
        assert spring.send(shard) == Done()
    assert len(spring.outbox(tmp_path)) == 10
    assert spring.campaign.shards > 2


def test_a_mail_server_that_is_away_for_hours_costs_nobody_a_try(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(150)
    spring = walk()
    spring.ports = by_smtp(ports, "smtp://127.0.0.1:1")
    spring.plan()
    for _ in range(12):
        away = spring.send()
        assert isinstance(away, Later)
        assert away.why == "unreachable"
        spring.hand.forward(minutes=50)
    assert "127.0.0.1:1 cannot be reached" in (spring.campaign.status_reason or "")
    rows = ports.ledger.of_shard(SCOPE, spring.id, 0)
    assert {(row.state, row.attempt) for row in rows} == {("planned", 1)}
    with sink(tmp_path / "mails") as port:
        spring.ports = by_smtp(ports, f"smtp://127.0.0.1:{port}?rate_per_second=2000")
        spring.send_all()
        assert set(count(tmp_path / "mails").values()) == {1}
    assert (spring.campaign.status, spring.campaign.status_reason) == ("sending", None)
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 150
    noted = [fact.what for fact in campaigns.timeline(ports, SCOPE, spring.id)]
    assert noted[-2:] == ["unreachable", "sending"]


def test_whoever_is_put_off_for_a_day_is_not_lost(walk: Walks, people: People, ports: Ports, tmp_path: Path) -> None:
    people(2, prefix="r45")
    spring = walk()
    with strict_server(Manner()) as record:
        spring.ports = by_smtp(ports, f"smtp://127.0.0.1:{record.port}")
        spring.plan()
        while spring.hand.now() < START + timedelta(days=1):
            later = spring.send()
            assert isinstance(later, Later)
            spring.hand.set(later.at)
        assert record.recipients() == ["r450@people.example"]
    with sink(tmp_path / "mails") as port:
        spring.ports = by_smtp(ports, f"smtp://127.0.0.1:{port}?rate_per_second=2000")
        spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 2


def test_a_limit_below_the_price_of_one_message_is_sealed_as_nothing(walk: Walks, people: People, ports: Ports) -> None:
    people(60)
    for limit, most in ((0.001, 0), (0.01, 1), (0.57, 57)):
        spring = walk(name=f"At most {limit}", budget={"max_cost": limit})
        spring.ports = by_smtp(ports, "smtp://127.0.0.1:1?cost_per_message=0.01")
        spring.plan()
        assert spring.campaign.max_cost_micros == most * 10_000
        rows = campaigns.recipients(ports, SCOPE, spring.id, limit=100)[0]
        assert len(rows) == 60
        planned = ports.ledger.of_shard(SCOPE, spring.id, 0)
        assert sum("over_budget" not in row.facts for row in planned) == most


def by_smtp(ports: Ports, url: str) -> Ports:
    return replace(ports, channels={"email": SmtpChannel(url, "")})


def test_an_audience_that_left_before_the_question_ends_with_nobody(walk: Walks, people: People, ports: Ports) -> None:
    person = people(1)[0]
    spring = walk()
    ports.documents.batch(SCOPE, Kind.CONTACT, [Write(person.id, None, "*")])
    spring.plan()
    assert spring.schedule() == Done({"distributions": 0})
    assert campaigns.certificate(ports, SCOPE, spring.id).planned == 0


def test_two_starts_of_one_campaign_at_the_same_moment_make_one(
    walk: Walks, people: People, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes while the first has the name and not yet its document."""
    people(1)
    real, second = campaigns.accept.__globals__["register"], []

    def start_again(*given: Any) -> None:
        real(*given)
        if not second:
            second.append("")
            second[0] = walk().id

    monkeypatch.setitem(campaigns.accept.__globals__, "register", start_again)
    with pytest.raises(Conflict, match="already started"):
        walk()
    assert [each.id for each in campaigns.listing(ports, SCOPE)[0]] == second
    with pytest.raises(Conflict, match=second[0]):
        walk()


def test_a_name_without_a_campaign_is_free_again(
    walk: Walks, people: People, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a kill between the two writes leaves behind."""
    people(1)

    def die(*given: Any) -> None:
        raise InterruptedError

    with monkeypatch.context() as killed:
        killed.setitem(campaigns.accept.__globals__, "register", die)
        with pytest.raises(InterruptedError):
            walk()
    assert campaigns.listing(ports, SCOPE)[0] == []
    assert walk().campaign.status == "generating"


@pytest.mark.parametrize("cursor", ["x", "1", f"{'9' * 30}:a", "\u00b2:a"])
@pytest.mark.parametrize("state", ["held", "planned", None])
def test_a_cursor_that_is_none_is_named(walk: Walks, people: People, ports: Ports, cursor: str, state: Any) -> None:
    people(1)
    spring = walk()
    spring.plan()
    with pytest.raises(Rejected) as rejected:
        campaigns.recipients(ports, SCOPE, spring.id, state, cursor)
    assert rejected.value.errors[0].field == "cursor"


def test_each_moment_of_a_message_has_its_own_words(walk: Walks, people: People, ports: Ports) -> None:
    person = people(1)[0]
    spring = walk(window={"days": 1, "hours": [9, 18]})
    spring.plan()

    def sentence() -> str:
        return campaigns.explain(ports, SCOPE, spring.id, person.id).sentence

    campaigns.pause(ports, SCOPE, spring.id, "ann")
    assert "once it goes on; it is paused now" in sentence()
    spring.hand.set(START.replace(hour=18, minute=5))
    campaigns.resume(ports, SCOPE, spring.id, "ann")
    spring.send()
    assert "on Wednesday 3 March 2027 at 09:00 (UTC): their sending hours were over" in sentence()
    row = ports.ledger.of_shard(SCOPE, spring.id, 0)[0]
    now = spring.hand.now()
    ports.ledger.claim(SCOPE, spring.id, 0, "x", [Claim(row.key, 1, "intent", {})], now, now + timedelta(minutes=2))
    assert "right now" in sentence()
    spring.hand.forward(minutes=3)
    assert "not known whether" in sentence()
    put_off = Settlement(row.key, 1, "planned", detail="451 busy", not_before=spring.hand.now() + timedelta(minutes=5))
    ports.ledger.settle(SCOPE, spring.id, 0, [put_off], spring.hand.now())
    assert "try 2, because the last was put off (451 busy)" in sentence()
    campaigns.fail(ports, SCOPE, spring.id, "the disk was full")
    assert "the campaign failed before their turn" in sentence()


def test_another_sender_than_the_approved_sends_nothing(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(2)
    spring = walk()
    spring.plan()
    document = ports.documents.get(SCOPE, Kind.CAMPAIGN, spring.id)
    assert document is not None
    document.body["request"]["sender"]["address"] = "somebody@else.example"
    ports.documents.put(SCOPE, Kind.CAMPAIGN, spring.id, document.body, document.rev)
    spring.send_all()
    assert spring.outbox(tmp_path) == []
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"not_approved": 2}


def test_nobody_joins_the_audience_after_the_approval(walk: Walks, people: People, ports: Ports) -> None:
    first, stranger = people(2)
    spring = walk(segment={"where": [{"field": "first_name", "op": "eq", "value": first.first_name}]})
    spring.write()
    spring.approve()
    snapshot = f"campaigns/{spring.id}/audience-1.txt"
    ports.files.put(SCOPE, snapshot, ports.files.get(SCOPE, snapshot) + f"{stranger.id} {stranger.person}\n".encode())
    with pytest.raises(ValueError, match="not the one that was approved"):
        spring.schedule()
    assert campaigns.certificate(ports, SCOPE, spring.id).planned == 0


def test_who_left_the_address_book_is_still_explained(walk: Walks, people: People, ports: Ports) -> None:
    got, held = people(2)
    spring = walk()
    spring.plan()
    ports.documents.delete(SCOPE, Kind.CONTACT, held.id)
    spring.send_all()
    ports.documents.delete(SCOPE, Kind.CONTACT, got.id)
    for person, words in (
        (got, "This person was sent “Spring” once"),
        (held, "This person did not get “Spring”, because they are no longer in the address book"),
    ):
        assert campaigns.explain(ports, SCOPE, spring.id, person.id).sentence.startswith(words)
    with pytest.raises(Missing):
        campaigns.explain(ports, SCOPE, spring.id, "nobody")


def test_a_message_that_a_stalled_sender_wrote_after_all_is_not_counted_twice(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    """It woke between the second sender's claim and its write, so the second found the message in the outbox."""
    people(1)
    spring = walk()
    spring.plan()
    now = spring.hand.now()
    row = ports.ledger.of_shard(SCOPE, spring.id, 0)[0]
    ports.ledger.claim(SCOPE, spring.id, 0, "stalled", [Claim(row.key, 1, "intent", {})], now, now)
    ports.ledger.expire(SCOPE, spring.id, 0, "second", now)
    ports.ledger.settle(SCOPE, spring.id, 0, [Settlement(row.key, 1, "planned")], now)
    ports.ledger.claim(SCOPE, spring.id, 0, "second", [Claim(row.key, 2, "intent", {})], now, now)
    outgoing = Outgoing(row.key, 1, "hallo@praxis.example", "u0@people.example", b"Subject: x\r\n\r\nx\r\n")
    with ports.channels["email"].session(SCOPE) as session:
        told = [*session.send([outgoing]), *session.send([replace(outgoing, attempt=2)])]
    assert [receipt.state for receipt in told] == ["accepted", "unknown"]
    settlements = [Settlement(row.key, each.attempt, each.state) for each in told if each.state != "deferred"]
    ports.ledger.settle(SCOPE, spring.id, 0, settlements, now)
    assert spring.send() == Done()
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.sent_once, certificate.sent_twice, len(spring.outbox(tmp_path))) == (1, 0, 1)
