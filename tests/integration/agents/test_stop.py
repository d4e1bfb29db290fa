"""Rule U7: a "no" by telephone is found by the gate, whoever has the number, however it is written, now or later."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shared.agents import campaigns, feedback
from shared.agents.feedback.events import Text
from shared.agents.feedback.texts import take_text
from shared.agents.policy import write
from shared.agents.schedule.forecast import forecast
from shared.domain.contact import Consent, Contact
from shared.domain.policy import Policy
from shared.ports import Ports
from tests.contract.channel_homes import twilio_url
from tests.servers.twilio_server import TwilioServer

from .conftest import SCOPE, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
GRANTED = Consent(status="granted", source="form")
BOTH = {"sms": GRANTED, "email": GRANTED}
NUMBER = "+4915123456789"
SPELLINGS = ["+49 151 23456789", "0151-23456789", "0049 151 234 56 789", "+49 (0)151 23456789"]


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _set_up(monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer) -> None:
    monkeypatch.setenv("BATON_SMS_URL", twilio_url(twilio.port).replace("most_segments=1", "most_segments=2"))


def texted(walk: Walks, name: str = "Spring") -> Walk:
    spring = walk(name=name, channels=["sms"], window={"days": 1, "hours": [9, 20]})
    spring.plan()
    spring.send_all()
    return spring


def held(ports: Ports, walk: Walk) -> dict[str, int]:
    return campaigns.certificate(ports, SCOPE, walk.id).held


def stop(ports: Ports, number: str = NUMBER) -> None:
    assert feedback.arrive(ports, SCOPE, "events", "1", [Text(number, "STOP")]) == 1


def test_a_number_that_two_share_is_silent_for_both(
    walk: Walks, people: People, ports: Ports, twilio: TwilioServer
) -> None:
    people(1, prefix="ann", phone=SPELLINGS[0], consent=BOTH)
    people(1, prefix="ben", phone=SPELLINGS[1], country="Germany", consent=BOTH)
    people(1, prefix="eve", phone="+4915123456700", consent=BOTH)
    stop(ports)
    spring = texted(walk)
    assert [each["to"] for each in twilio.messages] == ["+4915123456700"]
    assert held(ports, spring) == {"suppressed": 2}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_rule_u7_who_comes_into_the_book_after_the_stop_is_held_on_every_channel(
    walk: Walks, people: People, ports: Ports, twilio: TwilioServer, spelling: str
) -> None:
    stop(ports)
    people(1, prefix="late", phone=spelling, country="Germany", consent=BOTH)
    people(1, prefix="eve", phone="+4915123456700", consent=BOTH)
    spring = texted(walk)
    (group,) = forecast(ports, SCOPE, spring.campaign).groups
    assert (group.code, group.count) == ("suppressed", 1)
    assert held(ports, spring) == {"suppressed": 1}
    assert len(twilio.messages) == 1
    mail = walk(name="By mail")
    mail.plan()
    mail.send_all()
    assert held(ports, mail).get("suppressed") == 1


def test_a_number_without_its_country_belongs_to_the_policys(walk: Walks, people: People, ports: Ports) -> None:
    write(ports, SCOPE, "ann", Policy(country="DE"))
    stop(ports, "0151 23456789")
    people(1, prefix="late", phone="+49 151 23456789", consent=BOTH)
    people(1, prefix="later", phone="0151/23456789", consent=BOTH)
    assert held(ports, texted(walk)) == {"suppressed": 2}


def test_what_the_provider_says_of_a_stop_holds_for_everybody_with_the_number(
    walk: Walks, people: People, ports: Ports, twilio: TwilioServer
) -> None:
    people(1, prefix="ann", phone=NUMBER, consent=BOTH)
    twilio.opted_out.add(NUMBER)
    first = texted(walk)
    assert campaigns.certificate(ports, SCOPE, first.id).failed == 1
    people(1, prefix="ben", phone=SPELLINGS[1], country="Germany", consent=BOTH)
    twilio.opted_out.clear()
    assert held(ports, texted(walk, "Again")) == {"suppressed": 2}
    assert twilio.messages == []


@pytest.mark.parametrize("number", ["", "+", "call me", "\x00"])
def test_a_stop_from_no_number_suppresses_nobody(walk: Walks, people: People, ports: Ports, number: str) -> None:
    people(1, prefix="ann", phone=NUMBER, consent=BOTH)
    people(1, prefix="odd", phone="+", consent=BOTH)
    assert take_text(ports, [SCOPE], number, "STOP")
    assert held(ports, texted(walk)) == {"no_number": 1}
