"""Providers that take messages and say otherwise, in whole campaigns: nobody gets anything twice, nothing is hidden.
What each channel makes of a single bad answer: `tests/contract/test_channels_hostile.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from shared.agents import campaigns
from shared.domain.contact import Consent, Contact
from shared.ports import Ports
from tests.contract.channel_homes import twilio_url
from tests.integration.edge.conftest import Edge
from tests.servers.provider import Reply, Twist
from tests.servers.twilio_server import TwilioServer

from .conftest import SCOPE, Hand, Walk
from .test_text_status import TestTwilio, edge

__all__ = ["edge"]

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
COUNT = 6
ONE_ID = Reply.of(201, {"sid": "SM" + "0" * 32, "status": "queued", "num_segments": "1"})


@pytest.fixture(autouse=True)
def twilio(monkeypatch: pytest.MonkeyPatch, hand: Hand) -> Iterator[TwilioServer]:
    with TwilioServer(now=hand.now) as server:
        monkeypatch.setenv("BATON_SMS_URL", twilio_url(server.port))
        yield server


def texts(walk: Walks, people: People) -> Walk:
    """A planned campaign to a few phones."""
    for n in range(COUNT):
        people(1, prefix=f"p{n}x", phone=f"+4915123456{n:03}", consent={"sms": Consent(status="granted")})
    spring = walk(channels=["sms"], window={"days": 1, "hours": [9, 20]})
    spring.plan()
    return spring


def states(walk: Walk) -> Counter[str]:
    return Counter(row.state for row in walk.ports.ledger.of_shard(SCOPE, walk.id, 0))


def test_a_provider_that_takes_and_says_500_is_asked_and_nothing_leaves_twice(
    walk: Walks, people: People, twilio: TwilioServer
) -> None:
    spring = texts(walk, people)
    twilio.script.extend([Twist(reply=Reply(500, b"oops"))] * COUNT)
    spring.send()  # …and its list of messages shows that each was taken
    assert states(spring) == {"accepted": COUNT}
    assert len({each["to"] for each in twilio.messages}) == len(twilio.messages) == COUNT


def test_a_provider_whose_list_lies_too_leaves_unknowns_that_nobody_sends_again(
    walk: Walks, people: People, twilio: TwilioServer, ports: Ports
) -> None:
    spring = texts(walk, people)
    twilio.script.extend([Twist(reply=Reply(500, b"oops"))] * COUNT)
    twilio.page = 0  # it knows of nothing
    for _ in range(3):
        spring.send()
        spring.hand.forward(minutes=10)
    assert (states(spring), len(twilio.messages)) == ({"unknown": COUNT}, COUNT)
    assert campaigns.certificate(ports, SCOPE, spring.id).unknown == COUNT


def test_a_provider_that_gives_all_messages_one_id_confuses_nobody(
    walk: Walks, people: People, twilio: TwilioServer, edge: Edge
) -> None:
    spring = texts(walk, people)
    twilio.script.extend([Twist(reply=ONE_ID)] * COUNT)
    spring.send()  # an answer about another message proves nothing; the list does
    assert states(spring) == {"accepted": COUNT}
    first = twilio.messages[0]
    told = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    assert TestTwilio.call(edge, twilio.callbacks[first["sid"]], told).json["taken"] == 1
    failed = [row for row in spring.ports.ledger.of_shard(SCOPE, spring.id, 0) if row.state == "failed"]
    assert [row.state for row in failed] == ["failed"]
    contact = spring.ports.documents.get(SCOPE, "contact", failed[0].contact)  # type: ignore[arg-type]
    assert contact
    assert contact.body["phone"] == first["to"]
