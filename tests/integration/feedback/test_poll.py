"""The mailbox is read: bounces in it move the ledger, whatever else lies there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shared.adapters.mailboxes.maildir import Maildir
from shared.agents import feedback
from shared.domain.names import Kind
from shared.ports import LedgerRow
from tests.integration.analyze.home import SCOPE, Home, Sent

from .letters import bounce, complaint, name, reply


def test_a_poll_takes_what_is_ours_and_leaves_the_rest_alone(place: Home, sent: Sent, tmp_path: Path) -> None:
    keys = [row.key for person in sent.persons for row in _rows(place, sent) if row.person == person]
    names = [name(SCOPE, sent.campaign, key) for key in keys]
    letters = [
        bounce(f"{names[0]}@b.example", "5.1.1"),
        b"\x00" * 1000,
        complaint(f"Message-ID: <{names[1]}@example.org>\r\n"),
        b"Subject: cheap watches\r\n\r\nbuy\r\n",
        bounce("nobody@b.example", "5.1.1", recipient="p2@example.org"),
        reply(names[3]),
    ]
    folder = tmp_path / "returns"
    (folder / "new").mkdir(parents=True)
    for n, letter in enumerate(letters):
        (folder / "new" / f"{n}").write_bytes(letter)
    ports = replace(place.ports, mailbox=Maildir(folder))
    assert feedback.poll(ports, [SCOPE]) == (6, 3)
    assert feedback.poll(ports, [SCOPE]) == (0, 0)
    states = {row.person: row.state for row in _rows(place, sent)}
    expected = ["failed", "delivered", "accepted", "delivered", "unknown", "unknown"]
    assert [states[person] for person in sent.persons] == expected
    suppressed = {each.id for each in ports.documents.find(SCOPE.agency, Kind.SUPPRESSION).documents}
    assert suppressed == set(sent.persons[:2])


def test_without_a_mailbox_nothing_is_read(place: Home) -> None:
    assert feedback.poll(place.ports, [SCOPE]) == (0, 0)


def _rows(place: Home, sent: Sent) -> list[LedgerRow]:
    return place.ports.ledger.of_shard(SCOPE, sent.campaign, 0)
