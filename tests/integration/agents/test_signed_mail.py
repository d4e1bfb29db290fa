"""Mail of a domain that has a DKIM key leaves signed (rules C6, C7); the oracle that reads it is dkimpy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest

from shared.agents import campaigns
from shared.domain.contact import Contact
from shared.domain.dkim import DkimKey
from shared.domain.outcome import Later
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.render.dkim import dns_record, make_key

from .conftest import SCOPE, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
DOMAIN = "praxis.example"


@pytest.fixture(autouse=True)
def today(hand: Hand) -> None:
    """dkimpy does not take a signature of the future."""
    hand.set(datetime(2026, 3, 3, 9, tzinfo=UTC))


@pytest.fixture(scope="module")
def key() -> DkimKey:
    return make_key(DOMAIN, "b20270302")


def verified(path: Path, key: DkimKey) -> bool:
    record = dns_record(key)
    answers = {f"{record.name}.".encode(): record.value.encode()}
    return bool(dkim.verify(path.read_bytes(), dnsfunc=lambda name, timeout=5: answers.get(name)))


def test_rule_c7_every_message_of_a_domain_with_a_key_verifies(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, key: DkimKey
) -> None:
    people(3)
    people(1, prefix="jürgen ", first_name="Jürgen\r\nBcc: all@people.example")
    ports.dkim.put(SCOPE, DOMAIN, [key, make_key(DOMAIN, "next")])
    spring = walk()
    spring.plan()
    spring.send_all()
    mails = spring.outbox(tmp_path)
    assert [verified(path, key) for path in mails] == [True] * 3
    for path in mails:
        signature = path.read_bytes().partition(b"\r\nFrom:")[0]
        assert b"s=b20270302;" in signature
        assert b"list-unsubscribe-post" in signature


def test_a_key_that_cannot_sign_stops_the_campaign_with_the_reason_until_it_is_mended(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, key: DkimKey
) -> None:
    people(2)
    ports.dkim.put(SCOPE, DOMAIN, [DkimKey(DOMAIN, "b1", "damaged")])
    spring = walk()
    spring.plan()
    waits = spring.send()
    assert isinstance(waits, Later)
    assert (
        spring.campaign.status_reason
        == f"waiting: the DKIM key b1 of {DOMAIN} is no private RSA key of 1,024 bits or more"
    )
    assert not spring.outbox(tmp_path)
    ports.dkim.put(SCOPE, DOMAIN, [key])
    spring.send_all()
    assert [verified(path, key) for path in spring.outbox(tmp_path)] == [True] * 2
    assert spring.campaign.status_reason is None


def test_a_cancelled_campaign_needs_no_key(walk: Walks, people: People, ports: Ports) -> None:
    people(2)
    ports.dkim.put(SCOPE, DOMAIN, [DkimKey(DOMAIN, "b1", "damaged")])
    spring = walk()
    spring.plan()
    spring.send()
    campaigns.cancel(ports, SCOPE, spring.id, "ann")
    spring.send()
    assert campaigns.certificate(ports, SCOPE, spring.id).held == {"cancelled": 2}


def test_nobody_signs_with_another_workspaces_key(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, key: DkimKey
) -> None:
    people(1)
    ports.dkim.put(Scope("local", "bakery"), DOMAIN, [key])
    spring = walk()
    spring.plan()
    spring.send_all()
    assert [path.read_bytes().startswith(b"From:") for path in spring.outbox(tmp_path)] == [True]
