"""What is to leave by mail leaves, and nobody is reminded of an invoice that has not reached them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.books.stripe import StripeBooks
from shared.agents import deals
from shared.agents.books import doubts, invoices, payments, post, turn
from shared.agents.distribute import alone
from shared.agents.thread import thread
from shared.domain.address import person_of
from shared.domain.deal import DealRequest
from shared.domain.faults import Conflict, Unavailable
from shared.domain.inbox import Decision
from shared.domain.invoice import Invoice
from shared.domain.names import Kind
from shared.domain.payment import PaymentRequest
from shared.domain.suppression import suppression_ids
from shared.ports import Ports
from shared.web.inbox import ANSWERS
from tests.servers.stripe_server import StripeServer

from .conftest import BUYER, SCOPE, Hand, mails, request

SENT = "Invoice INV-2027-0001 from Nordlicht Studio GmbH"


def drafted(ports: Ports) -> Invoice:
    return invoices.draft(ports, SCOPE, "anna", request())


def turned(ports: Ports) -> None:
    turn.run(ports, {"scope": list(SCOPE), "attempt": turn.stir(ports, SCOPE).attempt})


def now(ports: Ports, found: Invoice) -> Invoice:
    return invoices.get(ports, SCOPE, found.id)


def unsubscribe(ports: Ports) -> None:
    person = person_of(BUYER["email"], ports.keys.address)
    reach = suppression_ids(person, "email").channel
    ports.documents.put(SCOPE.agency, Kind.SUPPRESSION, reach, {"reason": "unsubscribed"})


class Killed(BaseException):
    """As by SIGKILL: nothing that follows runs."""


def kill(*_: Any) -> None:
    raise Killed


def test_killed_after_its_number_it_leaves_first_and_only_then_is_anybody_reminded(ports: Ports, hand: Hand) -> None:
    made = drafted(ports)
    invoices.issue(ports, SCOPE, "anna", made.id, sending=True)
    hand.forward(days=14 + 9)
    turned(ports)
    found = now(ports, made)
    assert (found.mail, found.sending, mails(ports)[0]) == ("accepted", False, SENT)


def test_books_that_do_not_answer_delay_it_and_books_that_decline_leave_it_without_a_button(
    ports: Ports, hand: Hand
) -> None:
    made = drafted(ports)
    with StripeServer() as server:
        setting = server.setting
    away = replace(ports, books=StripeBooks(setting, ports.clock.now))
    with pytest.raises(Unavailable):
        post.send(away, SCOPE, "anna", made.id)
    assert (now(ports, made).number, now(ports, made).sending) == ("INV-2027-0001", True)
    hand.forward(days=14 + 9)
    turned(away)
    assert (now(ports, made).reminders, mails(ports)) == ([], [])
    hand.forward(hours=2)
    with StripeServer() as server:
        wrong = StripeBooks(server.setting.replace("sk_test", "sk_live"), ports.clock.now)
        turned(replace(ports, books=wrong))
    assert (now(ports, made).mail, now(ports, made).pay_url) == ("accepted", None)
    assert SENT in mails(ports)


def test_who_wants_no_mail_is_said_before_there_is_a_number(ports: Ports) -> None:
    made = drafted(ports)
    unsubscribe(ports)
    with pytest.raises(Conflict, match="unsubscribed"):
        post.send(ports, SCOPE, "anna", made.id)
    assert now(ports, made).number == ""


def test_who_unsubscribed_after_the_number_is_not_reminded_of_what_never_came(ports: Ports, hand: Hand) -> None:
    made = drafted(ports)
    invoices.issue(ports, SCOPE, "anna", made.id, sending=True)
    unsubscribe(ports)
    for _ in range(3):
        turned(ports)
        hand.forward(days=15)
    assert (now(ports, made).sending, now(ports, made).reminders, mails(ports)) == (True, [], [])


def test_a_refused_mail_is_tried_again_as_a_row_of_its_own(
    ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drafted(ports)
    with monkeypatch.context() as server:
        server.setattr(alone, "_final", lambda receipt: replace(receipt, state="failed"))
        assert post.send(ports, SCOPE, "anna", made.id).mail == "failed"
        for _ in range(5):
            hand.forward(days=14)
            turned(ports)
    found = now(ports, made)
    assert (found.mail, found.tries, found.reminders) == ("failed", 2, [])
    assert post.send(ports, SCOPE, "anna", made.id).mail == "accepted"
    assert len(ports.ledger.of_shard(SCOPE, f"{Kind.INVOICE}-{made.id}", 0)) == 4
    turned(ports)
    assert now(ports, made).reminders


def test_a_refused_reminder_is_tried_three_times_and_then_a_person_is_asked(
    ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = deals.create(ports, SCOPE, "anna", DealRequest(name="Weber")).id
    made = post.send(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request(deal=deal)).id)
    hand.forward(days=14 + 8)
    with monkeypatch.context() as server:
        server.setattr(alone, "_final", lambda receipt: replace(receipt, state="failed"))
        for _ in range(5):
            turned(ports)
            hand.forward(days=14)
    [reminder] = now(ports, made).reminders
    assert (reminder.mail, reminder.tries, now(ports, made).waits) == ("failed", 2, "refused")
    assert not [each.title for each in thread(ports, SCOPE, deal) if each.title.startswith(reminder.title)]
    [asked] = doubts.waiting(ports, SCOPE)
    assert [ANSWERS[each] for each in asked.answers] == ["Treat it as sent", "Send it again"]
    doubts.answer(ports, SCOPE, "anna", made.id, Decision(decision="again", digest=asked.digest))
    turned(ports)
    after = [(each.stage, each.mail) for each in now(ports, made).reminders]
    assert after[0] == (0, "accepted")
    assert now(ports, made).waits == ""
    assert [each.title for each in thread(ports, SCOPE, deal) if each.title.startswith(reminder.title)]


def test_a_reminder_killed_before_it_left_leaves_once(
    ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = post.send(ports, SCOPE, "anna", drafted(ports).id)
    hand.forward(days=14 + 9)
    with monkeypatch.context() as dying:
        dying.setattr(alone._Errand, "_message", kill)
        with pytest.raises(Killed):
            turned(ports)
    for _ in range(3):
        turned(ports)
        hand.forward(hours=1)
    assert [each.mail for each in now(ports, made).reminders] == ["accepted"]
    assert len(mails(ports)) == 2


def test_who_pays_while_another_is_reminded_is_not(ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [post.send(ports, SCOPE, "anna", drafted(ports).id) for _ in range(2)]
    hand.forward(days=14 + 9)
    remind, reminded = post.remind, list[str]()

    def pays(ports: Ports, scope: Any, found: Invoice, *said: Any) -> str:
        [other] = [each for each in both if each.id != found.id]
        reminded.append(found.id)
        paid = PaymentRequest(reference="p", amount=other.totals.gross, currency="EUR", invoice=other.number)
        payments.take_manual(ports, SCOPE, "anna", paid)
        return remind(ports, scope, found, *said)

    monkeypatch.setattr(post, "remind", pays)
    turned(ports)
    assert len(reminded) == 1
