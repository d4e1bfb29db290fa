"""Campaigns whose ledger and journal lie in Azure Tables and whose files in Blob storage, chosen by settings alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.adapters.files.blob import BlobFiles
from shared.adapters.journal.tables import TablesJournal
from shared.adapters.ledger.tables import TablesLedger
from shared.agents import campaigns
from shared.domain.connection import Connection
from shared.domain.contact import Consent, Contact
from shared.ports import Claim, Ports

from .conftest import SCOPE, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


@pytest.fixture(autouse=True)
def connections(azurite: Connection, azurite_blob: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert azurite.secret
    assert azurite_blob.secret
    monkeypatch.setenv("LedgerConnection", azurite.secret)
    monkeypatch.setenv("JournalConnection", azurite.secret)
    monkeypatch.setenv("FilesConnection", azurite_blob.secret)


def test_everyone_gets_it_once_and_the_certificate_says_so(
    walk: Walks, people: People, ports: Ports, tmp_path: Path
) -> None:
    people(120)
    people(5, prefix="no", consent={"email": Consent(status="withdrawn")})
    spring = walk(variants=2)
    spring.plan()
    spring.send_all()
    assert isinstance(ports.ledger, TablesLedger)
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.planned, certificate.sent_once, certificate.sent_twice) == (125, 120, 0)
    assert certificate.remaining == certificate.unknown == certificate.failed == 0
    assert sum(certificate.held.values()) == 5
    assert len(spring.outbox(tmp_path)) == 120
    assert isinstance(ports.journal, TablesJournal)
    assert ports.journal.verify(SCOPE, f"campaign/{spring.id}") == len(
        ports.journal.read(SCOPE, f"campaign/{spring.id}")
    )
    assert isinstance(ports.files, BlobFiles)
    assert list(ports.files.list(SCOPE, ""))
    assert not (tmp_path / "files").exists()
    held, cursor = ports.ledger.of_state(SCOPE, spring.id, "held")
    assert (len(held), cursor) == (5, None)


def test_a_killed_senders_window_waits_for_its_lease_then_evidence_decides(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    people(3)
    spring = walk()
    spring.plan()
    hand.set(max(row.due for row in ports.ledger.of_shard(SCOPE, spring.id, 0)))
    row = ports.ledger.of_shard(SCOPE, spring.id, 0)[0]
    lease = hand.now().replace(microsecond=0)
    claim = Claim(row.key, 1, "intent", {})
    assert ports.ledger.claim(SCOPE, spring.id, 0, "killed", [claim], hand.now(), lease) == {row.key}
    spring.send_all()
    assert ports.ledger.tally(SCOPE, spring.id)["accepted"] == len(spring.outbox(tmp_path)) == 3
