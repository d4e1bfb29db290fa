"""A channel whose setting is taken away while a campaign is under way: the campaign says so, waits, and goes on when it
is back; nobody gets anything twice and no step faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shared import wiring
from shared.agents import campaigns, unknown
from shared.domain.contact import Consent, Contact
from shared.domain.outcome import Done, Later
from shared.ports import Claim, Ports
from tests.contract.channel_homes import twilio_url
from tests.servers.twilio_server import TwilioServer

from .conftest import SCOPE, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
WINDOW = {"days": 1, "hours": [9, 20]}
REASON = "waiting: text messages are not set up: set BATON_SMS_URL"


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _set_up(monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer) -> None:
    monkeypatch.setenv("BATON_SMS_URL", twilio_url(twilio.port).replace("most_segments=1", "most_segments=2"))


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer) -> Callable[..., Ports]:
    """The home opened anew, with or without the channel, as after a restart."""

    def opened(there: bool) -> Ports:
        url = twilio_url(twilio.port).replace("most_segments=1", "most_segments=2")
        monkeypatch.setenv("BATON_SMS_URL", url if there else "")
        wiring.close()
        return wiring.ports()

    return opened


@pytest.fixture
def spring(walk: Walks, people: People) -> Walk:
    consent = {"sms": Consent(status="granted", source="form")}
    for n in range(3):
        people(1, prefix=f"p{n}x", phone=f"+4915123456{n:03}", consent=consent)
    return walk(channels=["sms"], window=WINDOW)


def test_while_it_sends(spring: Walk, setting: Callable[..., Ports], twilio: TwilioServer, hand: Hand) -> None:
    spring.plan()
    spring.ports = setting(there=False)
    outcome = spring.send()
    assert (isinstance(outcome, Later), getattr(outcome, "why", None)) == (True, "unreachable")
    assert (spring.campaign.status, spring.campaign.status_reason) == ("scheduled", REASON)
    hand.forward(minutes=50)
    assert isinstance(spring.send(), Later)
    hand.forward(minutes=50)
    spring.ports = setting(there=True)
    spring.send_all()

    assert spring.campaign.status_reason is None
    assert len(twilio.messages) == len({each["to"] for each in twilio.messages}) == 3
    told = [fact.what for fact in campaigns.timeline(spring.ports, SCOPE, spring.id)]
    assert told.count("unreachable") == 1


def test_before_anybody_was_asked(spring: Walk, setting: Callable[..., Ports], twilio: TwilioServer) -> None:
    spring.write()
    spring.ports = setting(there=False)
    outcome = spring.schedule()
    assert (isinstance(outcome, Later), getattr(outcome, "why", None)) == (True, "unreachable")
    assert (spring.campaign.status, spring.campaign.status_reason) == ("generating", REASON)
    spring.ports = setting(there=True)
    assert spring.schedule() != outcome
    assert (spring.campaign.status, spring.campaign.status_reason) == ("awaiting_approval", None)


def test_between_approval_and_plan(
    spring: Walk, setting: Callable[..., Ports], twilio: TwilioServer, hand: Hand
) -> None:
    spring.write()
    spring.approve()
    spring.ports = setting(there=False)
    assert isinstance(spring.schedule(), Later)
    assert spring.campaign.status_reason == REASON
    hand.forward(minutes=100)
    waiting = spring.schedule()
    assert isinstance(waiting, Later)
    assert (waiting.at - hand.now()).total_seconds() == 30 * 60, "it is looked for less and less often"
    spring.ports = setting(there=True)
    assert isinstance(spring.schedule(), Done)
    assert spring.campaign.status_reason is None
    spring.send_all()
    assert len(twilio.messages) == 3


def test_a_campaign_that_waits_for_its_channel_can_be_cancelled(
    spring: Walk, setting: Callable[..., Ports], twilio: TwilioServer
) -> None:
    spring.plan()
    spring.ports = setting(there=False)
    assert isinstance(spring.send(), Later)
    campaigns.cancel(spring.ports, SCOPE, spring.id, "ann")
    assert spring.send() == Done({"cancelled": True})
    assert campaigns.certificate(spring.ports, SCOPE, spring.id).held == {"cancelled": 3}


def test_what_is_unknown_then_is_said_to_be_and_asked_about_when_it_is_back(
    spring: Walk, setting: Callable[..., Ports], hand: Hand
) -> None:
    spring.plan()
    rows = spring.ports.ledger.of_shard(SCOPE, spring.id, 0)
    claims = [Claim(row.key, 1, "intent", {}) for row in rows]
    spring.ports.ledger.claim(SCOPE, spring.id, 0, "a sender that died", claims, hand.now(), hand.now())
    hand.forward(minutes=20)
    spring.ports = setting(there=False)
    assert unknown.reconcile(spring.ports, SCOPE) == 3
    listed, _ = unknown.listing(spring.ports, SCOPE, spring.id)
    assert {each.asked[0].answer for each in listed} == {REASON.removeprefix("waiting: ")}
    hand.forward(minutes=30)
    spring.ports = setting(there=True)
    unknown.reconcile(spring.ports, SCOPE)
    listed, _ = unknown.listing(spring.ports, SCOPE, spring.id)
    assert all("the provider (twilio)" in [asked.whom for asked in each.asked] for each in listed)
