"""Invoices on a real home: numbers without gap or double, taken back whole, mailed once, counted once."""

from __future__ import annotations

import csv
import io
import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.agents.books import invoices, paper, payments, plans, post, summary, terms, turn
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.invoice import CancelRequest, Invoice
from shared.domain.invoice_plan import PlanRequest
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.domain.payment import Received
from shared.ports import Ports

from .conftest import BUYER, LINES, SCOPE, START, Hand, furnish, mails, request

GROSS = Decimal("3284.00")  # 2400.00 + 19 %, 400.00 (3 × 133.333) + 7 %


def drafted(ports: Ports, **changed: Any) -> Invoice:
    return invoices.draft(ports, SCOPE, "anna", request(**changed))


def issued(ports: Ports, **changed: Any) -> Invoice:
    return invoices.issue(ports, SCOPE, "anna", drafted(ports, **changed).id)


def received(amount: object, **changed: Any) -> Received:
    given = {"source": "bank", "reference": "b1", "amount": str(amount), "currency": "EUR", "at": START}
    return Received.model_validate(given | changed)


def turned(ports: Ports) -> object:
    return turn.run(ports, {"scope": list(SCOPE), "attempt": turn.stir(ports, SCOPE).attempt})


def numbers(ports: Ports) -> list[str]:
    return sorted(each.number for each in invoices.every(ports, SCOPE) if each.number)


def test_many_at_once_get_every_number_once(ports: Ports) -> None:
    made = [drafted(ports).id for _ in range(24)]
    workers = [
        threading.Thread(target=lambda ids=made[n::3]: [invoices.issue(ports, SCOPE, "anna", id) for id in ids])
        for n in (0, 1, 2, 0, 1, 2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert numbers(ports) == [f"INV-2027-{n:04}" for n in range(1, 25)]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["issue", "cancel", "replace", "discard", "again"]), max_size=12))
def test_no_way_through_leaves_a_gap_or_a_wrong_sum(ports: Ports, steps: list[str]) -> None:
    for step in steps:
        made = drafted(ports)
        if step == "discard":
            invoices.discard(ports, SCOPE, "anna", made.id)
            continue
        invoices.issue(ports, SCOPE, "anna", made.id)
        if step == "again":
            invoices.issue(ports, SCOPE, "anna", made.id)
        if step in ("cancel", "replace"):
            wish = CancelRequest(why="wrong name", replace=step == "replace")
            first = invoices.cancel(ports, SCOPE, "anna", made.id, wish)
            assert invoices.cancel(ports, SCOPE, "anna", made.id, wish) == first
    rows = [*csv.DictReader(summary.accountant(ports, SCOPE).decode().splitlines())]
    found = numbers(ports)
    assert found == [f"INV-2027-{n:04}" for n in range(1, len(found) + 1)]
    standing = [each for each in invoices.every(ports, SCOPE) if each.number]
    kept = [each for each in standing if each.status != "cancelled" and each.kind == "invoice"]
    assert sum(each.totals.gross for each in standing) == GROSS * len(kept)
    assert sum(Decimal(row["gross"]) for row in rows) == GROSS * len(kept)


def test_what_has_a_number_is_never_edited_and_a_credit_note_takes_it_back(ports: Ports) -> None:
    found = issued(ports)
    with pytest.raises(Conflict, match="never edited"):
        invoices.edit(ports, SCOPE, "anna", found.id, request(lines=LINES[:1]))
    with pytest.raises(Conflict, match="has its number"):
        invoices.discard(ports, SCOPE, "anna", found.id)
    before = paper.pdf(ports, SCOPE, found)
    taken = payments.take(ports, SCOPE, "anna", received("3284.00", invoice="Rechnung inv 2027 0001"))
    cancelled = invoices.cancel(ports, SCOPE, "anna", found.id, CancelRequest(why="wrong name", replace=True))
    note = invoices.get(ports, SCOPE, cancelled.cancelled_by)
    again = invoices.replacing(ports, SCOPE, found.id)
    assert again is not None
    assert (cancelled.standing(START.date()), note.number, note.totals.gross) == ("cancelled", "INV-2027-0002", -GROSS)
    assert (again.status, again.replaces, again.number) == ("draft", found.id, "")
    assert paper.pdf(ports, SCOPE, cancelled) == before
    text = " ".join(pypdf.PdfReader(io.BytesIO(paper.pdf(ports, SCOPE, note))).pages[0].extract_text().split())
    assert "INV-2027-0001" in text
    assert "wrong name" in text
    with pytest.raises(Conflict, match="credit note"):
        invoices.cancel(ports, SCOPE, "anna", note.id, CancelRequest(why="x"))
    invoices.issue(ports, SCOPE, "anna", again.id)
    assert payments.assign(ports, SCOPE, "anna", taken.id, again.id).invoice == again.id
    assert invoices.get(ports, SCOPE, again.id).standing(START.date()) == "paid"
    assert invoices.get(ports, SCOPE, found.id).paid == 0


def test_an_invoice_says_what_the_law_asks_for(ports: Ports) -> None:
    text = pypdf.PdfReader(io.BytesIO(paper.pdf(ports, SCOPE, issued(ports)))).pages[0].extract_text()
    said = " ".join(text.replace("\u00a0", " ").split())
    for wanted in (
        "INV-2027-0001", "2 March 2027", "26 February 2027", "16 March 2027", "Nordlicht Studio GmbH", "Mühlenweg 1",
        "DE123456789", "Praxis Weber", "Elbchaussee 12", "VAT 19 % on 2,400.00 EUR", "456.00 EUR", "VAT 7 % on 400.00",
        "28.00 EUR", "133.333 EUR", "3,284.00 EUR", "DE89 3704 0044 0532 0130 00",
    ):  # fmt: skip
        assert wanted in said, wanted


def test_what_the_law_asks_for_and_is_missing_is_said_before_there_is_a_number(ports: Ports) -> None:
    free = [{"title": "Course", "unit_net": "10", "vat_rate": "0"}]
    with pytest.raises(Rejected, match="note"):
        issued(ports, lines=free)
    with pytest.raises(Rejected, match="lines"):
        issued(ports, lines=[{"title": "Back", "quantity": "-1", "unit_net": "10", "vat_rate": "19"}])
    nobody = drafted(ports, buyer={**BUYER, "email": None})
    with pytest.raises(Conflict, match=r"buyer\.email"):
        post.send(ports, SCOPE, "anna", nobody.id)
    assert numbers(ports) == []
    with pytest.raises(Missing):
        invoices.get(ports, SCOPE, "series~INV~2027")


def test_it_leaves_once_and_says_that_it_did_not_leave_this_machine(ports: Ports) -> None:
    made = drafted(ports)
    first = post.send(ports, SCOPE, "anna", made.id)
    assert (first.status, first.number, first.simulated) == ("sent", "INV-2027-0001", True)
    assert post.send(ports, SCOPE, "anna", made.id) == first
    assert mails(ports) == ["Invoice INV-2027-0001 from Nordlicht Studio GmbH"]


@pytest.mark.parametrize(
    ("given", "state", "standing"),
    [
        (received("3284.00", invoice="INV-2027-0001"), "counted", "paid"),
        (received("1000.00", invoice="INV-2027-0001"), "counted", "partly_paid"),
        (received("3284.01", invoice="INV-2027-0001"), "counted", "overpaid"),
        (received("3284.00", invoice="INV-2027-0001", currency="USD"), "wrong_currency", "issued"),
        (received("3284.00", invoice="INV-2027-0009"), "unknown_invoice", "issued"),
        (received("3284.00", invoice="thanks"), "unknown_invoice", "issued"),
    ],
)
def test_whatever_comes_has_one_clear_state_and_counts_once(
    ports: Ports, given: Received, state: str, standing: str
) -> None:
    found = issued(ports)
    for _ in range(50):
        assert payments.take(ports, SCOPE, "anna", given).state == state
    assert invoices.get(ports, SCOPE, found.id).standing(START.date()) == standing
    assert len([*payments.every(ports, SCOPE)]) == 1


def test_told_otherwise_it_waits_for_a_person_and_returned_it_counts_no_more(ports: Ports) -> None:
    found = issued(ports)
    first = payments.take(ports, SCOPE, "anna", received("100.00", invoice=found.id))
    other = payments.take(ports, SCOPE, "anna", received("900.00", invoice=found.id))
    assert (first.state, other.state, other.id != first.id) == ("counted", "contradicts", True)
    assert invoices.get(ports, SCOPE, found.id).paid == 100
    payments.give_back(ports, SCOPE, "anna", first.id)
    assert payments.give_back(ports, SCOPE, "anna", first.id).state == "returned"
    assert invoices.get(ports, SCOPE, found.id).paid == 0
    draft = drafted(ports)
    assert payments.take(ports, SCOPE, "anna", received("5", reference="b2", invoice=draft.id)).state == "not_payable"


def test_deposit_milestone_and_months_come_on_their_days_and_reminders_once_a_stage(ports: Ports, hand: Hand) -> None:
    furnish(ports, leaves="by_itself")
    lines = [*LINES, {"title": "Care", "unit_net": "90.00", "vat_rate": "19", "billing": "monthly"}]
    parts = [
        {"title": "Deposit", "percent": "30", "on": "2027-03-05"},
        {"title": "Milestone", "percent": "33.33", "on": "2027-04-01"},
        {"title": "Rest", "percent": "36.67", "on": "2027-05-03"},
    ]
    given = {"buyer": BUYER, "lines": lines, "schedule": {"parts": parts, "monthly_from": "2027-03-31", "months": 3}}
    plan = plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), deal_id := "p1")
    assert plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), deal_id) == plan
    stood = list[str]()
    for _ in range(60):
        outcome = turned(ports)
        if isinstance(outcome, Done):
            break
        assert isinstance(outcome, Later)
        assert turned(ports) == outcome  # a timer that fires again changes nothing
        stood.append(f"{outcome.at:%m-%d %H}")
        hand.set(outcome.at + timedelta(seconds=1))
    else:
        pytest.fail("it never rested")
    made = {each.purpose: each for each in invoices.every(ports, SCOPE)}
    assert {name: str(each.issued_on) for name, each in made.items()} == {
        "Deposit": "2027-03-05", "2027-03": "2027-03-31", "Milestone": "2027-04-01", "2027-04": "2027-04-30",
        "Rest": "2027-05-03", "2027-05": "2027-05-31",
    }  # fmt: skip
    assert sum(made[name].totals.net for name in ("Deposit", "Milestone", "Rest")) == Decimal("2800.00")
    assert stood[0] == "03-05 09"
    assert [each.stage for each in made["Deposit"].reminders] == [0, 1, 2]
    subjects = mails(ports)
    assert len(subjects) == len(set(subjects)) == 6 + 6 * 3
    assert plans.PLANS.load(ports, SCOPE, "p1").status == "done"
    assert terms.read(ports, SCOPE) is not None


def test_who_was_away_is_reminded_once_and_whoever_has_paid_not_at_all(ports: Ports, hand: Hand) -> None:
    late, paid = post.send(ports, SCOPE, "anna", drafted(ports).id), post.send(ports, SCOPE, "anna", drafted(ports).id)
    payments.take(ports, SCOPE, "anna", received("3284.00", invoice=paid.number))
    hand.forward(days=14 + 22)
    for _ in range(5):
        turned(ports)
    assert [(each.stage, each.mail is None) for each in invoices.get(ports, SCOPE, late.id).reminders] == [
        (0, True), (1, False)
    ]  # fmt: skip
    assert invoices.get(ports, SCOPE, paid.id).reminders == []
    assert [each for each in mails(ports) if "reminder" in each.lower()] == ["Second reminder: Invoice INV-2027-0001"]


def test_from_an_archived_workspace_nobody_is_reminded_and_what_comes_is_counted(ports: Ports, hand: Hand) -> None:
    late = post.send(ports, SCOPE, "anna", drafted(ports).id)
    archived = {"workspace": "main", "archived_at": "2027-03-03T00:00:00Z"}
    ports.documents.put(SCOPE.agency, Kind.SCOPE, "main", archived, "*")
    hand.forward(days=14 + 22)
    assert turned(ports) == Done({"rests": True})
    assert invoices.get(ports, SCOPE, late.id).reminders == []
    assert payments.take(ports, SCOPE, "anna", received("1.00", invoice=late.number)).state == "counted"
    ports.documents.put(SCOPE.agency, Kind.SCOPE, "main", {"workspace": "main"}, "*")
    turned(ports)
    assert len(invoices.get(ports, SCOPE, late.id).reminders) == 2


def test_drafts_of_a_plan_wait_for_a_person_unless_the_terms_say_otherwise(ports: Ports, hand: Hand) -> None:
    given = {
        "buyer": BUYER, "lines": LINES, "schedule": {"parts": [{"title": "All", "percent": "100", "on": "2027-03-05"}]}
    }  # fmt: skip
    plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), "p2")
    hand.forward(days=5)
    assert isinstance(turned(ports), Done)
    [made] = invoices.every(ports, SCOPE)
    assert (made.status, made.plan, mails(ports)) == ("draft", "p2", [])
    assert ports.documents.get(SCOPE, Kind.BOOKS, turn.BOOKS) is not None
    assert turn.running(ports, SCOPE) is None


def test_a_draft_that_waits_for_the_mail_server_does_not_leave_once_its_plan_is_ended(
    ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(ports, leaves="by_itself")
    given = {
        "buyer": BUYER, "lines": LINES, "schedule": {"parts": [{"title": "All", "percent": "100", "on": "2027-03-02"}]}
    }  # fmt: skip

    def away(*_: object) -> None:
        raise Conflict("email", "the mail server cannot be reached")

    plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), "p4")
    with monkeypatch.context() as server:
        server.setattr(post, "check_way", away)
        turned(ports)
    plans.end(ports, SCOPE, "anna", "p4")
    hand.forward(hours=2)
    turned(ports)
    assert [each.status for each in invoices.every(ports, SCOPE)] == ["draft"]


def test_a_draft_of_a_plan_is_thrown_away_once_the_plan_is_ended(ports: Ports, hand: Hand) -> None:
    given = {
        "buyer": BUYER, "lines": LINES, "schedule": {"parts": [{"title": "All", "percent": "100", "on": "2027-03-02"}]}
    }  # fmt: skip
    plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), "p3")
    turned(ports)
    [made] = invoices.every(ports, SCOPE)
    with pytest.raises(Conflict, match="end the plan first"):
        invoices.discard(ports, SCOPE, "anna", made.id)
    assert plans.end(ports, SCOPE, "anna", "p3").status == "ended"
    invoices.discard(ports, SCOPE, "anna", made.id)
    turned(ports)
    assert [*invoices.every(ports, SCOPE)] == []
    hand.forward(days=3)
    assert plans.agree(ports, SCOPE, "anna", PlanRequest.model_validate(given), "p3").status == "ended"
