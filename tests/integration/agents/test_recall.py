"""Undo: an approval that is taken back in time stops everyone; later it stops the rest and offers a correction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.agents import campaigns
from shared.domain.approval import ApprovalRequest
from shared.domain.contact import Contact
from shared.domain.faults import Conflict, Rejected
from shared.domain.outcome import Done, Later
from shared.domain.recall import CorrectionRequest, RecallRequest
from shared.ports import Ports

from .conftest import SCOPE, START, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def approved(walk: Walks, **changes: object) -> Walk:
    """A campaign that was just approved."""
    spring = walk(**{"undo_minutes": 10, **changes})
    spring.write()
    spring.schedule()
    decide(spring)
    return spring


def decide(spring: Walk) -> None:
    asked = campaigns.approval(spring.ports, SCOPE, spring.id)
    assert asked is not None
    campaigns.decide(spring.ports, SCOPE, spring.id, "ann", ApprovalRequest(decision="approve", digest=asked.digest))


def take_back(spring: Walk, comment: str | None = None) -> str:
    return campaigns.recall(spring.ports, SCOPE, spring.id, "ann", RecallRequest(comment=comment)).sentence


def test_what_was_approved_is_held_before_anything_is_planned(walk: Walks, people: People, hand: Hand) -> None:
    people(3)
    spring = approved(walk)
    assert spring.schedule() == Later(START + timedelta(minutes=10), "holding")
    assert (spring.campaign.status, spring.campaign.shards) == ("holding", 0)
    hand.forward(minutes=10)
    assert isinstance(spring.schedule(), Done)
    assert (spring.campaign.status, spring.campaign.first_due) == ("scheduled", START + timedelta(minutes=10))


def test_recalled_while_it_is_held_nobody_gets_it(walk: Walks, people: People, ports: Ports, hand: Hand) -> None:
    people(412)
    spring = approved(walk)
    hand.forward(minutes=9, seconds=59)
    assert take_back(spring) == "412 stopped, 0 had left."
    hand.forward(minutes=5)
    assert spring.schedule() == Done({"next": "end"})
    assert (spring.campaign.status, spring.campaign.status_reason) == ("cancelled", "recalled by ann")
    assert campaigns.certificate(ports, SCOPE, spring.id).planned == 0
    assert take_back(spring) == "412 stopped, 0 had left."


def test_recalled_with_a_wish_it_is_written_again_and_needs_a_new_approval(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    people(2)
    spring = approved(walk)
    take_back(spring, "It begins at 8, not at 9")
    assert spring.schedule() == Done({"next": "generate"})
    assert (spring.campaign.change_wish, spring.campaign.approved) == ("It begins at 8, not at 9", None)
    rewritten(spring)
    spring.schedule()
    assert spring.campaign.status == "awaiting_approval"
    decide(spring)
    hand.forward(minutes=10)
    assert isinstance(spring.schedule(), Done)
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 2


def rewritten(spring: Walk) -> None:
    """As generate leaves it."""
    spring.write(version=2)
    document = spring.ports.documents.get(SCOPE, "campaign", spring.id)
    assert document is not None
    body = {**document.body, "change_wish": None}
    spring.ports.documents.put(SCOPE, "campaign", spring.id, body, document.rev)


def test_a_wish_that_comes_too_late_changes_nothing(walk: Walks, people: People, hand: Hand) -> None:
    people(2)
    spring = approved(walk)
    hand.forward(minutes=10)
    spring.schedule()
    with pytest.raises(Conflict) as refused:
        take_back(spring, "Warmer")
    assert "only a held campaign can be written again" in str(refused.value)
    assert spring.campaign.status == "scheduled"


def test_recalled_half_way_the_rest_is_stopped_and_those_who_got_it_can_be_told(
    walk: Walks, people: People, ports: Ports, hand: Hand
) -> None:
    everyone = people(300, timezone="UTC")
    spring = approved(walk, window={"days": 3, "hours": [0, 24]})
    hand.forward(minutes=10)
    spring.schedule()
    spring.send_all(until=START + timedelta(days=1))
    sent = campaigns.certificate(ports, SCOPE, spring.id).sent_once
    assert 0 < sent < len(everyone)
    said = campaigns.recall(ports, SCOPE, spring.id, "ann", RecallRequest())
    assert (said.stopped, said.left, said.leaving) == (300 - sent, sent, 0)
    assert said.sentence == (
        f"{300 - sent} stopped, {sent} had left. A correction can be written to the {sent} people who got it."
    )
    spring.send_all()
    proof = campaigns.certificate(ports, SCOPE, spring.id)
    assert (proof.sent_once, proof.held) == (sent, {"cancelled": 300 - sent})

    right = campaigns.correction(ports, SCOPE, spring.id, "ann", CorrectionRequest(what="It begins at 8"))
    assert (right.name, right.request.brief.offer) == ("Correction: Spring", "It begins at 8")
    told = {each.id for each in campaigns.audience(ports, SCOPE, right.request.segment)}
    got = {row["contact"] for row in campaigns.recipients(ports, SCOPE, spring.id, "accepted", limit=300)[0]}
    assert told == got
    assert len(told) == sent


def test_a_pause_does_not_let_the_hold_run_out_unseen(walk: Walks, people: People, ports: Ports, hand: Hand) -> None:
    people(1)
    spring = approved(walk)
    campaigns.pause(ports, SCOPE, spring.id, "ann")
    hand.forward(minutes=30)
    assert isinstance(spring.schedule(), Later)
    assert take_back(spring, "Warmer") == "1 stopped, 0 had left."
    assert (spring.campaign.status, spring.campaign.paused) == ("generating", False)


def test_without_an_approval_nothing_is_held(walk: Walks, people: People) -> None:
    people(1)
    spring = walk(approval="none", undo_minutes=10)
    spring.write()
    assert isinstance(spring.schedule(), Done)


def test_nothing_can_be_recalled_before_it_is_approved(walk: Walks, people: People) -> None:
    people(1)
    spring = walk()
    with pytest.raises(Conflict):
        take_back(spring)


def test_nobody_is_corrected_who_got_nothing(walk: Walks, people: People, ports: Ports) -> None:
    people(1)
    spring = approved(walk)
    take_back(spring)
    with pytest.raises(Rejected) as refused:
        campaigns.correction(ports, SCOPE, spring.id, "ann", CorrectionRequest(what="It begins at 8"))
    assert [error.field for error in refused.value.errors] == ["segment"]
