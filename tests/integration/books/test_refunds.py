"""Money that goes back, is too much, or comes in another currency: a clear state, whatever is told again or late."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.adapters.books.stripe import StripeBooks
from shared.agents.books import doubts, invoices, payments, post, turn
from shared.domain.faults import Conflict, Rejected
from shared.domain.inbox import Decision
from shared.domain.invoice import Invoice
from shared.domain.payment import PaymentRequest, Refund
from shared.ports import Ports
from tests.servers.stripe_server import StripeServer

from .conftest import SCOPE, START, Hand, request

GROSS = Decimal("3284.00")


@pytest.fixture
def server(ports: Ports) -> Iterator[StripeServer]:
    with StripeServer(now=ports.clock.now) as server:
        yield server


def told(ports: Ports, body: bytes, headers: dict[str, str]) -> None:
    assert ports.books is not None
    for each in ports.books.notice(SCOPE, headers, body):
        payments.take(ports, SCOPE, "stripe", each)


def now(ports: Ports, found: Invoice) -> Invoice:
    return invoices.get(ports, SCOPE, found.id)


def turned(ports: Ports) -> None:
    turn.run(ports, {"scope": list(SCOPE), "attempt": turn.stir(ports, SCOPE).attempt})


def test_refunds_told_fifty_times_in_any_order_come_to_the_same(ports: Ports, hand: Hand, server: StripeServer) -> None:
    ports = replace(ports, books=StripeBooks(server.setting, ports.clock.now))
    found = post.send(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id)
    session = server.pay(next(iter(server.links)))
    events = [(session, "checkout.session.completed")]
    for coins, status in ((100_00, "succeeded"), (50_50, "succeeded"), (70_00, "pending"), (30_00, "failed")):
        refund = server.refund(session, coins, status)
        events.append((dict(refund), "refund.created"))
        events.append((server.charge(session), "charge.refunded"))
    events.append(({**refund, "payment_intent": "pi_elsewhere"}, "refund.updated"))
    order = random.Random(7).choices(events, k=40) + events[::-1]
    for said, type in order:
        told(ports, *server.event(said, type))
    after = now(ports, found)
    assert (after.paid, after.open, after.waits) == (GROSS - Decimal("150.50"), Decimal("150.50"), "refunded")
    assert len([*payments.every(ports, SCOPE)]) == 1
    hand.forward(days=14 + 9)
    turned(ports)
    assert now(ports, found).reminders == [], "who was given money back is not reminded of it"
    [asked] = doubts.waiting(ports, SCOPE)
    doubts.answer(ports, SCOPE, "anna", found.id, Decision(decision="owed", digest=asked.digest))
    turned(ports)
    assert [each.mail for each in now(ports, found).reminders] == ["accepted"]
    refund["status"] = "succeeded"
    hand.set(START + timedelta(days=30))
    payments.ask_the_books(ports, SCOPE, "anna", now(ports, found))
    assert now(ports, found).paid == GROSS - Decimal("150.50"), "what has failed does not go back after all"


def test_a_refund_that_fails_after_all_counts_again(ports: Ports, server: StripeServer) -> None:
    ports = replace(ports, books=StripeBooks(server.setting, ports.clock.now))
    found = post.send(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id)
    session = server.pay(next(iter(server.links)))
    refund = server.refund(session, 3284_00)
    told(ports, *server.event(server.charge(session), "charge.refunded"))
    assert (now(ports, found).paid, now(ports, found).waits) == (0, "refunded")
    refund["status"] = "failed"
    told(ports, *server.event(refund, "refund.failed"))
    assert (now(ports, found).standing(START.date()), now(ports, found).waits) == ("paid", "")


def test_who_got_all_of_it_back_is_not_reminded_until_a_person_says_that_it_is_owed(ports: Ports, hand: Hand) -> None:
    found = post.send(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id)
    said = PaymentRequest(reference="1", amount=GROSS, currency="EUR", invoice=found.number)
    paid = payments.take_manual(ports, SCOPE, "anna", said)
    payments.give_back(ports, SCOPE, "anna", paid.id)
    hand.forward(days=14 + 9)
    turned(ports)
    assert (now(ports, found).waits, now(ports, found).reminders) == ("refunded", [])
    [asked] = doubts.waiting(ports, SCOPE)
    doubts.answer(ports, SCOPE, "anna", found.id, Decision(decision="owed", digest=asked.digest))
    turned(ports)
    assert [each.mail for each in now(ports, found).reminders] == ["accepted"]


def test_what_went_back_before_it_was_assigned_is_asked_about_too(ports: Ports) -> None:
    found = invoices.issue(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id)
    said = PaymentRequest(reference="1", amount=GROSS, currency="EUR", invoice="who")
    paid = payments.take_manual(ports, SCOPE, "anna", said).id
    payments.refund_by_hand(ports, SCOPE, "anna", paid, Decimal(100))
    payments.assign(ports, SCOPE, "anna", paid, found.id)
    assert (now(ports, found).open, now(ports, found).waits) == (100, "refunded")


def test_what_failed_to_go_back_can_be_given_back_by_hand(ports: Ports) -> None:
    found = invoices.issue(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id)
    said = PaymentRequest(reference="1", amount=GROSS, currency="EUR", invoice=found.number)
    paid = payments.take_manual(ports, SCOPE, "anna", said).id
    payments.refund(ports, SCOPE, "stripe", paid, [Refund(id="re_1", amount=GROSS, state="failed")])
    payments.refund_by_hand(ports, SCOPE, "anna", paid, GROSS)
    assert now(ports, found).paid == 0


def test_a_person_settles_what_was_too_much_or_in_another_currency(ports: Ports) -> None:
    found = invoices.issue(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id)

    def came(reference: str, amount: str, currency: str) -> str:
        said = {"reference": reference, "amount": amount, "currency": currency, "invoice": found.number}
        return payments.take_manual(ports, SCOPE, "anna", PaymentRequest.model_validate(said)).id

    foreign = came("1", "3500", "USD")
    with pytest.raises(Conflict, match="as how much EUR"):
        payments.assign(ports, SCOPE, "anna", foreign, found.id)
    with pytest.raises(Rejected, match="counts_as"):
        payments.assign(ports, SCOPE, "anna", foreign, found.id, Decimal("3200.001"))
    done = payments.assign(ports, SCOPE, "anna", foreign, found.id, Decimal("3200.00"))
    assert (done.state, now(ports, found).paid) == ("counted", Decimal("3200.00"))
    rest = came("2", "100", "EUR")
    assert now(ports, found).standing(START.date()) == "overpaid"
    with pytest.raises(Rejected, match="amount"):
        payments.refund_by_hand(ports, SCOPE, "anna", rest, Decimal("100.01"))
    for _ in range(2):
        payments.refund_by_hand(ports, SCOPE, "anna", rest, Decimal("16.00"))
    after = now(ports, found)
    assert (after.standing(START.date()), after.waits, after.paid) == ("paid", "", GROSS)
    payments.refund_by_hand(ports, SCOPE, "anna", rest, Decimal(0))
    assert now(ports, found).standing(START.date()) == "overpaid"
