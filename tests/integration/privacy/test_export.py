"""Rule G5: a person is handed everything that is held about them, and nothing about anybody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.agents.contacts import find_by_address
from shared.agents.privacy import export
from shared.agents.privacy.messages import rows_of
from shared.domain.contact import Contact
from shared.domain.faults import Missing, Rejected
from shared.domain.names import Kind
from shared.domain.privacy import Export, PrivacyRequest
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, Hand, Walk
from tests.integration.contacts.home import bring_in
from tests.integration.privacy.canary import (
    BY_AN_IMPORT,
    EMAIL,
    NAMED,
    PLANTS,
    ROWS,
    carry_out,
    damaged,
    ordered,
    plant,
)

ASKED = PrivacyRequest(checked="showed_a_document")
ELSEWHERE = {*BY_AN_IMPORT, Kind.IDEMPOTENCY, Kind.EXPORT}
"""Shown as contact, consents and messages; or copies of what is shown."""


@pytest.fixture
def canary(ports: Ports, walk: Callable[..., Walk]) -> Contact:
    """In every kind of document that holds data of people, and in one that they signed."""
    bring_in(ports, ROWS.encode())
    found = find_by_address(ports, SCOPE, EMAIL)
    assert found is not None
    spring = walk(name="Spring")
    spring.plan()
    spring.send_all()
    (ref,) = rows_of(ports, SCOPE, found.person, found.id)
    plant(ports, found, ref)
    ports.documents.put(SCOPE, Kind.DOCUMENT, "offer", {"title": f"Offer for {NAMED}"})
    return found


def exported(ports: Ports, made: Export) -> dict[str, object]:
    found: dict[str, object] = json.loads(export.file(ports, SCOPE, made.id, "export.json"))
    return found


def test_rule_g5_everything_about_them_is_in_it(canary: Contact, ports: Ports) -> None:
    found = exported(ports, export.export(ports, SCOPE, canary.id, "owner", ASKED))
    assert found["schema"] == "baton-export-1"
    assert found["contact"]["email"] == EMAIL.lower()  # type: ignore[index]
    (consent,) = found["consents"]  # type: ignore[misc]
    assert (consent["wording"], consent["verified"]) == ("Ja bitte an vogelsang", True)
    (message,) = found["messages"]  # type: ignore[misc]
    assert (message["name"], message["state"]) == ("Spring", "accepted")
    assert message["why"].startswith("Kanari Vogelsang was sent “Spring” once")
    assert set(found["records"]) >= set(PLANTS) - ELSEWHERE  # type: ignore[call-overload]
    assert found["named_in"] == ["document/offer"]


def test_rule_g5_nothing_of_anybody_else_is_in_it(canary: Contact, ports: Ports) -> None:
    made = export.export(ports, SCOPE, canary.id, "owner", ASKED)
    text = json.dumps(exported(ports, made))
    assert "other@people.example" not in text
    assert "Olga" not in text
    other = find_by_address(ports, SCOPE, "other@people.example")
    assert other is not None
    theirs = json.dumps(exported(ports, export.export(ports, SCOPE, other.id, "owner", ASKED)))
    assert "vogelsang" not in theirs.casefold()


def test_rule_g5_it_can_be_read_and_says_who_asked_and_when_it_is_due(
    canary: Contact, ports: Ports, hand: Hand
) -> None:
    made = export.export(ports, SCOPE, canary.id, "ann", ASKED)
    assert export.file(ports, SCOPE, made.id, "export.pdf").startswith(b"%PDF")
    assert (made.by, made.checked, made.requested_by) == ("ann", "showed_a_document", "person")
    assert made.due.isoformat() == "2027-04-02T09:00:00+00:00"
    fact = ports.journal.read(SCOPE, "privacy")[-1]
    assert (fact.what, fact.by, fact.data["export"]) == ("exported", "ann", made.id)
    with pytest.raises(Rejected, match="future"):
        export.export(
            ports, SCOPE, canary.id, "ann", PrivacyRequest(checked="signed_in", received_at="2028-01-01T00:00Z")
        )  # type: ignore[arg-type]


def test_rule_g5_what_was_handed_out_goes_with_an_erasure(canary: Contact, ports: Ports) -> None:
    made = export.export(ports, SCOPE, canary.id, "ann", ASKED)
    carry_out(ports, ordered(ports, canary.id))
    with pytest.raises(Missing):
        export.get(ports, SCOPE, made.id)
    assert list(ports.files.list(SCOPE, "exports/")) == []


def test_rule_g5_the_files_are_here_for_thirty_days(canary: Contact, ports: Ports, hand: Hand) -> None:
    made = export.export(ports, SCOPE, canary.id, "ann", ASKED)
    hand.set(made.until)
    assert export.expire(ports, SCOPE) == 1  # the planted one is older
    assert export.file(ports, SCOPE, made.id, "export.json")
    hand.forward(seconds=1)
    assert export.expire(ports, SCOPE) == 1
    with pytest.raises(Missing):
        export.file(ports, SCOPE, made.id, "export.json")
    assert list(ports.files.list(SCOPE, "exports/")) == []


def test_what_cannot_be_decrypted_stops_no_export_and_is_named(canary: Contact, ports: Ports, tmp_path: Path) -> None:
    assert exported(ports, export.export(ports, SCOPE, canary.id, "owner", ASKED))["unreadable"] == []
    damaged(tmp_path / "home")
    found = exported(ports, export.export(ports, SCOPE, canary.id, "owner", ASKED))
    assert found["unreadable"] == ["idempotency/i", "memory/m", "task/t"]
    (task,) = found["records"]["task"]  # type: ignore[index]
    assert any(EMAIL in text for text in task["texts"])
