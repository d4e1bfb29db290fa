"""A mail server that slows down in the middle of a window: no message leaves on a decision that has grown old (design
4.2), and nobody's try is used up by waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from time import monotonic, sleep

from shared.adapters.channels.smtp import SmtpChannel
from shared.agents import campaigns, policy
from shared.agents.contacts import unsubscribe
from shared.agents.distribute import quota
from shared.agents.distribute.window import FRESH
from shared.domain.contact import Contact
from shared.domain.links import Link
from shared.domain.outcome import Done
from shared.domain.policy import Policy
from shared.ports import Ports
from tests.servers.smtp_strict import Manner, Record, strict_server

from .conftest import SCOPE, START, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]

CRAWL = FRESH.total_seconds() / 2 + 0.2
"""Two texts at this speed, one after another, and the decision about the third is too old."""


@contextmanager
def meanwhile(record: Record, act: Callable[[], object]) -> Iterator[None]:
    """Act as soon as the server has the first text."""

    def wait() -> None:
        until = monotonic() + 30
        while not record.taken and monotonic() < until:
            sleep(0.01)
        act()

    acting = threading.Thread(target=wait)
    acting.start()
    try:
        yield
    finally:
        acting.join()


def test_rule_c1_who_opts_out_while_the_window_crawls_does_not_get_it(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(5)
    policy.write(ports, SCOPE, "ann", Policy(quota={"email": 10}))
    spring = walk()
    with strict_server(Manner(delays=(CRAWL, CRAWL))) as record:
        spring.ports = slowly(ports, record)
        spring.plan()
        last = ports.ledger.of_shard(SCOPE, spring.id, 0, state="planned", due_by=START + timedelta(days=9))[-1]
        with meanwhile(record, lambda: unsubscribe(ports, Link("u", SCOPE, spring.id, 0, last.person, 0))):
            assert spring.send() == Done()
        assert len(set(record.recipients())) == len(record.recipients()) == 4
    rows = {row.person: row for row in ports.ledger.of_shard(SCOPE, spring.id, 0)}
    assert rows.pop(last.person).held == "suppressed"
    assert {(row.state, row.attempt) for row in rows.values()} == {("accepted", 1)}
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.sent_once, certificate.held, certificate.remaining) == (4, {"suppressed": 1}, 0)
    assert quota.taken_on(ports, SCOPE, "email", START.date()) == 4


def test_a_sender_that_wakes_after_its_replacement_doubles_nobody(walk: Walks, people: People, ports: Ports) -> None:
    """Its messages were taken while it slept; the second one found their leases over and sent nothing again."""
    people(4)
    spring = walk()
    awake = threading.Event()
    with strict_server(Manner(held=awake)) as record:
        spring.ports = slowly(ports, record)
        spring.plan()
        first = threading.Thread(target=spring.send)
        with meanwhile(record, lambda: None):
            first.start()
        spring.hand.forward(minutes=3)
        assert spring.send() == Done()
        states = {row.state for row in ports.ledger.of_shard(SCOPE, spring.id, 0)}
        assert (states, len(record.taken)) == ({"unknown"}, 1)
        awake.set()
        first.join(30)
        assert not first.is_alive()
        assert spring.send() == Done()
        assert len(set(record.recipients())) == len(record.recipients()) == 4
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.sent_once, certificate.sent_twice, certificate.unknown, certificate.remaining) == (4, 0, 0, 0)


def slowly(ports: Ports, record: Record) -> Ports:
    channel = SmtpChannel(f"smtp://127.0.0.1:{record.port}?connections=1", "")
    return replace(ports, channels={"email": channel})
