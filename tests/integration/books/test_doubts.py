"""What a person decides about invoices: drafts of agreed dates, and mails of which nobody knows whether they left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.channels.outbox import OutboxChannel
from shared.agents import inbox
from shared.agents.books import doubts, invoices, payments, plans, post, summary, turn
from shared.agents.distribute import alone
from shared.domain.faults import Conflict
from shared.domain.inbox import Decision
from shared.domain.invoice import CancelRequest, Invoice
from shared.domain.invoice_plan import PlanRequest
from shared.domain.names import Kind
from shared.domain.outcome import Later
from shared.domain.payment import PaymentRequest
from shared.ports import Ports

from .conftest import BUYER, LINES, SCOPE, Hand, mails, request
from .test_leaving import Killed, drafted, kill, now, turned


def lost(ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch, found: Invoice) -> Invoice:
    """Its sender was killed before the wire, and nobody can tell."""
    with monkeypatch.context() as dying:
        dying.setattr(alone._Errand, "_message", kill)
        with pytest.raises(Killed):
            post.send(ports, SCOPE, "anna", found.id)
    monkeypatch.setattr(OutboxChannel, "evidence", lambda *_: {})  # a channel that keeps nothing of what it sent
    for _ in range(3):
        hand.forward(hours=1)
        turned(ports)
    return now(ports, found)


@pytest.mark.parametrize("word", ["sent", "again"])
def test_nobody_is_reminded_of_a_mail_that_may_not_have_left_until_a_person_says_what_holds(
    ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch, word: Any
) -> None:
    found = lost(ports, hand, monkeypatch, drafted(ports))
    hand.forward(days=14 + 9)
    turned(ports)
    assert (now(ports, found).mail, now(ports, found).reminders, mails(ports)) == ("unknown", [], [])
    [asked] = doubts.waiting(ports, SCOPE)
    assert (asked.subject, asked.answers) == (found.id, ["sent", "again"])
    given = Decision(decision=word, digest=asked.digest)
    with pytest.raises(Conflict, match="not what was shown"):
        inbox.decide(ports, SCOPE, found.id, "anna", given.model_copy(update={"digest": "0" * 64}))
    inbox.decide(ports, SCOPE, found.id, "anna", given)
    with pytest.raises(Conflict):
        doubts.decide(ports, SCOPE, "bob", found.id, word)
    for _ in range(2):
        turned(ports)
    after = now(ports, found)
    assert (after.mail, after.status, after.sending, len(after.reminders)) == ("accepted", "sent", False, 1)
    assert [each.startswith("Invoice") for each in mails(ports)] == ([False] if word == "sent" else [True, False])
    assert ports.ledger.tally(SCOPE, f"invoice-{found.id}")["unknown"] == 0
    assert [*doubts.waiting(ports, SCOPE)] == []


def test_after_a_reminder_of_which_nobody_knows_no_other_leaves_by_itself(
    ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = post.send(ports, SCOPE, "anna", drafted(ports).id)
    hand.forward(days=14 + 9)
    with monkeypatch.context() as dying:
        dying.setattr(alone._Errand, "_message", kill)
        with pytest.raises(Killed):
            turned(ports)
    monkeypatch.setattr(OutboxChannel, "evidence", lambda *_: {})  # a channel that keeps nothing of what it sent
    for _ in range(3):
        hand.forward(hours=1)
        turned(ports)
    hand.forward(days=15)
    turned(ports)
    assert [each.mail for each in now(ports, found).reminders] == ["unknown"]
    doubts.decide(ports, SCOPE, "anna", found.id, "again")
    for _ in range(2):
        turned(ports)
    assert [each.mail for each in now(ports, found).reminders] == ["accepted", "accepted"]
    assert len(mails(ports)) == 3


def test_a_draft_of_agreed_dates_is_approved_in_the_inbox_as_it_was_shown(ports: Ports) -> None:
    parts = [{"title": "All", "percent": "100", "on": "2027-03-02"}]
    given = {"buyer": BUYER, "lines": LINES, "schedule": {"parts": parts}}
    plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), "p1")
    turned(ports)
    items, _ = inbox.waiting(ports, SCOPE, 50)
    [asked] = [each for each in items if each.kind == "invoice"]
    invoices.edit(ports, SCOPE, "bob", asked.subject, request(lines=LINES[:1]))
    approve = Decision(decision="approve", digest=asked.digest)
    with pytest.raises(Conflict, match="not what was shown"):
        inbox.decide(ports, SCOPE, asked.subject, "anna", approve)
    [asked] = doubts.waiting(ports, SCOPE)
    done = inbox.decide(ports, SCOPE, asked.subject, "anna", Decision(decision="approve", digest=asked.digest))
    assert inbox.decided(done).model_dump() == {"subject": asked.subject, "kind": "invoice", "status": "sent"}
    assert [*doubts.waiting(ports, SCOPE)] == []


def test_an_invoice_can_be_replaced_as_often_as_it_is_wrong_and_a_bad_document_hides_no_other(ports: Ports) -> None:
    found = invoices.issue(ports, SCOPE, "anna", drafted(ports).id)
    for _ in range(14):
        invoices.cancel(ports, SCOPE, "anna", found.id, CancelRequest(why="wrong again", replace=True))
        again = invoices.replacing(ports, SCOPE, found.id)
        assert again is not None
        found = invoices.issue(ports, SCOPE, "anna", again.id)
    assert (found.number, len(found.id)) == ("INV-2027-0029", 32)
    bad = found.model_dump(mode="json") | {"id": "0bad", "lines": [], "next_at": "2027-03-01T00:00:00Z"}
    ports.documents.put(SCOPE, Kind.INVOICE, "0bad", bad)
    assert found.id in [each.id for each in invoices.listing(ports, SCOPE)[0]]
    payments.take_manual(ports, SCOPE, "anna", PaymentRequest(reference="r", amount="1", currency="EUR"))  # type: ignore[arg-type]
    assert summary.read(ports, SCOPE).unreadable == ("0bad",)
    outcome = turn.run(ports, {"scope": list(SCOPE), "attempt": turn.stir(ports, SCOPE).attempt})
    assert isinstance(outcome, Later)
    assert outcome.at > ports.clock.now() + timedelta(days=1), "the bad one is not looked at over and over"
