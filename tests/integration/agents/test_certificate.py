"""The certificate rests on the ledger's rows and on nothing else that is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from shared.agents import campaigns
from shared.domain.contact import Contact
from shared.domain.names import Kind
from shared.ports import Ports

from .conftest import SCOPE, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


def test_it_is_recounted_from_the_rows_whatever_sums_reports_and_people_are_gone(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    everyone = people(6) + people(2, prefix="no", consent={})
    spring = walk()
    spring.plan()
    spring.send_all()
    before = campaigns.certificate(ports, SCOPE, spring.id)
    assert (before.sent_once, before.held) == (6, {"no_consent": 2})
    with sqlite3.connect(tmp_path / "home" / "baton.db") as database:
        assert database.execute("UPDATE tallies SET n = n + 7").rowcount
    for each in everyone:
        ports.documents.delete(SCOPE, Kind.CONTACT, each.id)
    for mail in spring.outbox(tmp_path):
        mail.unlink()
    assert campaigns.certificate(ports, SCOPE, spring.id) == before.model_copy(
        update={"recounted_at": spring.hand.now()}
    )
    with sqlite3.connect(tmp_path / "home" / "baton.db") as database:
        (key,) = database.execute("SELECT min(key) FROM effects WHERE state = 'accepted'").fetchone()
        database.execute("UPDATE effects SET state = 'unknown' WHERE key = ?", [key])
    after = campaigns.certificate(ports, SCOPE, spring.id)
    assert (after.sent_once, after.unknown) == (5, 1)
