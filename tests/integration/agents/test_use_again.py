"""Use again: the same words for the same people, or for those who did not get it, did not click, or are new since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.agents import analyze, campaigns, generate, policy
from shared.agents.campaigns.again import copy, tried
from shared.agents.campaigns.audience import members
from shared.agents.campaigns.certificate import rows
from shared.agents.campaigns.parts import rewrite_part
from shared.domain.campaign import Campaign, Segment
from shared.domain.contact import Consent, Contact
from shared.domain.copy import Audience, CopyRequest
from shared.domain.faults import Conflict
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.part import PartRequest
from shared.domain.policy import Cap, Policy
from shared.ports import Ports

from .conftest import SCOPE, Hand, Walk

People = Callable[..., list[Contact]]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
SCANNER = "Mozilla/5.0"


@pytest.fixture
def spring(walk: Callable[..., Walk], people: People, ports: Ports, hand: Hand) -> Walk:
    """Sent to u0 to u4, of whom u0 clicked and a machine did for u1; n0 has not agreed; x0 and x1 came since."""
    people(5)
    people(1, prefix="n", consent={"email": Consent(status="withdrawn")})
    made = walk(variants=2)
    generate.run(ports, made.order)
    made.approve()
    made.schedule()
    made.send_all()
    people(2, prefix="x")
    hand.forward(hours=1)
    for row in rows(ports, SCOPE, made.id, made.campaign.shards):
        for agent in {"u0": [PHONE], "u1": [SCANNER]}.get(name(ports, row.contact), []):
            analyze.track(ports, Link("c", SCOPE, made.id, row.shard, row.person, 0), agent, "GET")
    return made


def name(ports: Ports, contact: str) -> str:
    found = ports.documents.get(SCOPE, Kind.CONTACT, contact)
    assert found
    return str(found.body["email"]).partition("@")[0]


def who(ports: Ports, segment: Segment) -> set[str]:
    return {each.email.partition("@")[0] for each in members(ports, SCOPE, segment)}


def made(ports: Ports, of: str, audience: Audience, **more: object) -> Campaign:
    return copy(ports, SCOPE, of, "ann", CopyRequest.model_validate({"audience": audience, **more}))


def test_each_choice_is_told_from_the_ledger_and_the_clicks(ports: Ports, spring: Walk) -> None:
    found = {
        choice: who(ports, made(ports, spring.id, choice, name=choice).request.segment)
        for choice in ("same", "not_reached", "did_not_click", "new_since")
    }
    assert found == {
        "same": {"u0", "u1", "u2", "u3", "u4", "n0", "x0", "x1"},
        "not_reached": {"n0"},
        "did_not_click": {"u1", "u2", "u3", "u4"},
        "new_since": {"x0", "x1"},
    }


def test_a_copy_has_the_same_words_those_of_a_person_too_and_waits_for_approval(
    walk: Callable[..., Walk], people: People, ports: Ports
) -> None:
    people(1)
    first = walk(variants=2)
    generate.run(ports, first.order)
    first.schedule()
    rewrite_part(ports, SCOPE, first.id, "ann", PartRequest(part="subject", text="Come on Tuesday", variant="B"))
    generate.run(ports, first.order)
    with pytest.raises(Conflict, match="nobody was written to yet"):
        made(ports, first.id, "not_reached")
    again, third = (made(ports, first.id, "same") for _ in range(2))
    assert (again.name, third.name) == ("Spring, again", "Spring, again 2")
    order = {"scope": list(SCOPE), "campaign": again.id, "instance": f"local~main~campaign~{again.id}~1"}
    generate.run(ports, order)
    before, after = (campaigns.drafts(ports, SCOPE, each) for each in (first.id, again.id))
    assert [each.words for each in after] == [each.words for each in before]
    assert (after[1].subject, after[1].by_hand) == ("Come on Tuesday", ["subject"])
    assert campaigns.get(ports, SCOPE, again.id).approved is None


def test_what_it_would_be_is_said_and_nothing_is_made(ports: Ports, spring: Walk, hand: Hand) -> None:
    policy.write(ports, SCOPE, "ann", Policy(caps=[Cap(days=7, most=1)], apart_minutes=0))
    before = len(campaigns.listing(ports, SCOPE)[0])
    found = tried(ports, SCOPE, spring.id, "ann", CopyRequest(audience="did_not_click"))
    assert (found.people, found.gets, found.held) == (4, 0, {"capped": 4})
    assert found.sentence == "0 people · at most €0.00 · 4 held (cap 1/week) · nothing sent"
    hand.forward(days=8)
    later = tried(ports, SCOPE, spring.id, "ann", CopyRequest(audience="same"))
    assert later.sentence == "7 people · at most €0.00 · 1 held (withdrawn) · nothing sent"
    assert len(campaigns.listing(ports, SCOPE)[0]) == before
    assert found.request.window.start is None
    assert timedelta(days=found.request.window.days) == timedelta(days=spring.campaign.request.window.days)


def test_a_copy_asks_for_approval_even_where_the_first_asked_for_none(
    walk: Callable[..., Walk], people: People, ports: Ports
) -> None:
    people(1)
    first = walk(approval="none")
    generate.run(ports, first.order)
    assert made(ports, first.id, "same").request.approval == "required"
