"""A mail server that takes messages later, or lies about them: the campaign says so, and nobody gets anything twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from shared.adapters.channels.smtp import SmtpChannel
from shared.agents import campaigns
from shared.domain.contact import Contact
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.ports import Ports
from tests.servers.smtp_strict import Manner, Record, strict_server

from .conftest import SCOPE, Hand, Walk, _contact

People = Callable[..., list[Contact]]


@pytest.fixture
def server() -> Iterator[Record]:
    with strict_server(Manner()) as record:
        yield record


@pytest.fixture
def spring(ports: Ports, hand: Hand, server: Record, people: People) -> Callable[..., Walk]:
    """A planned campaign over that server, to people of these names."""

    def walk(*names: str, **fields: str) -> Walk:
        channel = SmtpChannel(f"smtp://127.0.0.1:{server.port}?connections=1", "")
        sending = replace(ports, channels={"email": channel})
        for name in names:
            contact = _contact(ports, name, **fields)
            ports.documents.put(SCOPE, Kind.CONTACT, contact.id, contact.model_dump(mode="json"), "*")
        made = Walk(sending, hand)
        made.plan()
        return made

    return walk


def test_a_campaign_whose_messages_are_mostly_put_off_says_so(
    spring: Callable[..., Walk], server: Record, hand: Hand
) -> None:
    walk = spring("r451", "late451", "ada")
    assert isinstance(walk.send(), Later)
    reason = str(walk.campaign.status_reason)
    assert reason.startswith("most messages are put off and will be tried again: 45")
    assert walk.campaign.status == "sending"
    assert server.recipients() == ["ada@people.example"]
    for _ in range(30):  # eleven tries, and then no more
        outcome = walk.send()
        if isinstance(outcome, Done):
            break
        hand.set(max(outcome.at, hand.now()) if isinstance(outcome, Later) else hand.now())
    assert isinstance(outcome, Done)
    certificate = campaigns.certificate(walk.ports, SCOPE, walk.id)
    assert (certificate.sent_once, certificate.failed, certificate.sent_twice) == (1, 2, 0)
    assert server.recipients() == ["ada@people.example"]


def test_a_few_that_are_put_off_are_not_the_campaigns_news(spring: Callable[..., Walk]) -> None:
    walk = spring("r451", "ada", "bob")
    assert isinstance(walk.send(), Later)
    assert walk.campaign.status_reason is None


def test_the_reason_names_nobody(spring: Callable[..., Walk]) -> None:
    walk = spring("names451")
    walk.send()
    assert str(walk.campaign.status_reason).endswith("450 4.2.0 … is busy")


def test_a_name_full_of_headers_reaches_nobody_else(spring: Callable[..., Walk], server: Record) -> None:
    walk = spring("ada", first_name="Ada\r\nBcc: all@people.example\r\n\r\nBuy now", last_name="\u2028To: x@y.example")
    walk.send()
    assert server.recipients() == ["ada@people.example"]
    header = server.taken[0].content.partition(b"\r\n\r\n")[0]
    assert b"\nbcc:" not in header.lower()
    assert header.lower().count(b"\nto:") == 1


def test_of_a_hundred_people_five_broken_addresses_fail_and_ninety_five_get_it(
    spring: Callable[..., Walk], server: Record
) -> None:
    names = [f"ada{n}" for n in range(95)]
    walk = spring(*names, "a b", "x>", "line\r\nRCPT TO:<all", "tab\t", '"quoted" <x')
    walk.send_all()
    certificate = campaigns.certificate(walk.ports, SCOPE, walk.id)
    assert (certificate.planned, certificate.sent_once, certificate.failed) == (100, 95, 5)
    assert sorted(server.recipients()) == sorted(f"{name}@people.example" for name in names)
