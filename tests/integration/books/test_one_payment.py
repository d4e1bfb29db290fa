"""One payment counts for one invoice, whoever decides about it at the same time and wherever it is killed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.agents.books import bank, invoices, payments, summary
from shared.domain.faults import Conflict
from shared.domain.invoice import CancelRequest
from shared.domain.payment import Payment, PaymentRequest
from shared.domain.takings import Chosen
from shared.ports import Ports

from .conftest import SCOPE, request

GROSS = Decimal("3284.00")


def issued(ports: Ports) -> str:
    return invoices.issue(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id).id


def paid(ports: Ports, *ids: str) -> list[Decimal]:
    return [invoices.get(ports, SCOPE, id).paid for id in ids]


def came(ports: Ports, invoice: str = "who") -> Payment:
    given = PaymentRequest(reference="r", amount=GROSS, currency="EUR", invoice=invoice)
    return payments.take_manual(ports, SCOPE, "anna", given)


def in_between(monkeypatch: pytest.MonkeyPatch, name: str, act: Any) -> None:
    """`act` happens once, right before that step of somebody else."""
    step, left = getattr(payments, name), [act]

    def both(*given: Any, **named: Any) -> Any:
        if left:
            left.pop()()
        return step(*given, **named)

    monkeypatch.setattr(payments, name, both)


@pytest.mark.parametrize("step", ["_claimed", "_count", "_settled"])
def test_two_people_assign_it_at_once_and_it_counts_once(
    ports: Ports, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first, second, payment = issued(ports), issued(ports), came(ports)

    def other() -> None:
        if step == "_claimed":
            payments.assign(ports, SCOPE, "bob", payment.id, second)
        else:
            with pytest.raises(Conflict):
                payments.assign(ports, SCOPE, "bob", payment.id, second)

    in_between(monkeypatch, step, other)
    if step == "_claimed":
        with pytest.raises(Conflict, match="somebody else"):
            payments.assign(ports, SCOPE, "anna", payment.id, first)
    else:
        payments.assign(ports, SCOPE, "anna", payment.id, first)
    assert sum(paid(ports, first, second)) == GROSS
    assert paid(ports, payments.PAYMENTS.load(ports, SCOPE, payment.id).invoice) == [GROSS]
    payments.give_back(ports, SCOPE, "anna", payment.id)
    assert paid(ports, first, second) == [0, 0]


@pytest.mark.parametrize("step", ["_claimed", "_count", "_settled"])
def test_given_back_while_it_is_counted_it_counts_no_more(
    ports: Ports, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first, payment = issued(ports), came(ports)
    in_between(monkeypatch, step, lambda: payments.give_back(ports, SCOPE, "bob", payment.id))
    with pytest.raises(Conflict):
        payments.assign(ports, SCOPE, "anna", payment.id, first)
    assert paid(ports, first) == [0]
    assert payments.PAYMENTS.load(ports, SCOPE, payment.id).state == "returned"


@pytest.mark.parametrize("step", ["_uncount_all", "_count", "_settled"])
def test_killed_while_it_moves_it_goes_on_to_where_it_was_sent(
    ports: Ports, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Killed(BaseException):
        pass

    def kill() -> None:
        raise Killed

    first, second, third = issued(ports), issued(ports), issued(ports)
    payment = came(ports, first)
    invoices.cancel(ports, SCOPE, "anna", first, CancelRequest(why="wrong name"))
    in_between(monkeypatch, step, kill)
    with pytest.raises(Killed):
        payments.assign(ports, SCOPE, "anna", payment.id, second)
    with pytest.raises(Conflict):
        payments.assign(ports, SCOPE, "bob", payment.id, third)
    payments.settle_taken(ports, SCOPE)
    assert paid(ports, first, second, third) == [0, GROSS, 0]


def test_it_moves_between_invoices_that_stand_and_counts_there_as_what_came(ports: Ports) -> None:
    wrong, right = issued(ports), issued(ports)
    payment = came(ports, wrong)
    moved = payments.assign(ports, SCOPE, "anna", payment.id, right)
    assert (moved.state, paid(ports, wrong, right)) == ("counted", [0, GROSS])
    before = invoices.get(ports, SCOPE, wrong)
    assert (before.refunded, before.waits, before.next_at is None) == (False, "", False), "it is owed as before"


def test_what_it_counted_as_in_another_currency_is_forgotten_where_the_currencies_agree(ports: Ports) -> None:
    euro = issued(ports)
    dollar = invoices.draft(ports, SCOPE, "anna", request(currency="USD")).id
    invoices.issue(ports, SCOPE, "anna", dollar)
    said = PaymentRequest(reference="usd", amount=Decimal(3500), currency="USD", invoice="who")
    payment = payments.take_manual(ports, SCOPE, "anna", said)
    payments.assign(ports, SCOPE, "anna", payment.id, euro, Decimal("3200.00"))
    payments.assign(ports, SCOPE, "anna", payment.id, dollar)
    assert paid(ports, euro, dollar) == [0, Decimal(3500)]


def test_it_counts_nowhere_where_what_it_moves_to_is_taken_back_on_the_way(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = issued(ports), issued(ports)
    payment = came(ports, wrong)
    step = payments._claimed

    def claimed(*given: Any, **named: Any) -> Payment:
        done = step(*given, **named)
        invoices.cancel(ports, SCOPE, "bob", right, CancelRequest(why="wrong name"))
        return done

    monkeypatch.setattr(payments, "_claimed", claimed)
    with pytest.raises(Conflict, match="cancelled"):
        payments.assign(ports, SCOPE, "anna", payment.id, right)
    assert paid(ports, wrong, right) == [0, 0]
    assert payments.PAYMENTS.load(ports, SCOPE, payment.id).state == "not_payable"


def test_what_a_bank_calls_end_to_end_names_no_payment(ports: Ports) -> None:
    ids = [issued(ports), issued(ports)]
    numbers = [invoices.get(ports, SCOPE, id).number for id in ids]
    rows = "".join(f"01.03.2027;3284,00;{number};NOTPROVIDED\n" for number in numbers)
    file = f"Buchungstag;Betrag;Verwendungszweck;End-to-End-ID\n{rows}".encode()
    for _ in range(2):
        assert bank.bring_in(ports, SCOPE, "anna", file).states == {"counted": 2}
    assert paid(ports, *ids) == [GROSS, GROSS]


@pytest.mark.parametrize("home", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_banks_day_is_that_day_at_home(ports: Ports, home: str) -> None:
    ports = replace(ports, timezone=home)
    number = invoices.get(ports, SCOPE, issued(ports)).number
    bank.bring_in(ports, SCOPE, "anna", f"Date,Amount,Purpose\n2027-03-01,5.00,{number}\n".encode())
    [came] = summary.opened(ports, SCOPE, Chosen(what="paid"))
    assert came.on == date(2027, 3, 1)


def test_a_date_that_reads_like_a_number_of_an_invoice_hides_none(ports: Ports) -> None:
    number = invoices.get(ports, SCOPE, issued(ports)).number
    found = invoices.named(ports, SCOPE, f"{number} vom 20270301")
    assert found
    assert found.number == number
    issued(ports)
    assert invoices.named(ports, SCOPE, "INV-2027-0001 INV-2027-0002") is None


@pytest.mark.parametrize("amount", ["1.190", '"1,190"', "+1.190", ".190", "3283.9999"])
def test_a_sum_that_may_mean_two_things_or_is_finer_than_a_coin_is_an_error_of_its_row(
    ports: Ports, amount: str
) -> None:
    taken = bank.bring_in(ports, SCOPE, "anna", f"Date,Amount,Purpose\n2027-03-01,{amount},x\n".encode())
    assert (taken.states, [each.row for each in taken.errors]) == ({}, [2])
    assert "amount" in taken.errors[0].reason
