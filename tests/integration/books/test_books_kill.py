"""kill -9 ahead of any change while an invoice leaves or a payment is counted: one number, one mail, one payment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared import wiring
from shared.agents.books import invoices, paper, payments, post, turn
from shared.agents.books.dunning import IN_DOUBT
from shared.ports import Ports

from .conftest import SCOPE, START, Hand, mails, request
from .post_child import came

ROOT = Path(__file__).parents[3]


def child(what: str, invoice: str, number: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.integration.books.post_child", what, invoice, str(number)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env={**os.environ})


SENDS = [pytest.param(n, marks=() if n in (1, 6) else pytest.mark.nightly, id=f"ahead-of-change-{n}") for n in range(9)]


@pytest.mark.parametrize("number", SENDS)
def test_an_invoice_leaves_once_with_one_number_wherever_its_sender_is_killed(
    ports: Ports, hand: Hand, number: int
) -> None:
    made = [invoices.draft(ports, SCOPE, "anna", request()) for _ in range(2)]
    wiring.close()
    died = child("send", made[0].id, number)
    assert died.returncode == -9, (died.stdout, died.stderr)
    ports = wiring.ports()
    post.send(ports, SCOPE, "anna", made[1].id)
    post.send(ports, SCOPE, "anna", made[0].id)
    hand.forward(seconds=IN_DOUBT.total_seconds() + 1)
    turn.run(ports, {"scope": list(SCOPE), "attempt": turn.stir(ports, SCOPE).attempt})
    found = [invoices.get(ports, SCOPE, each.id) for each in made]
    assert sorted(each.number for each in found) == ["INV-2027-0001", "INV-2027-0002"]
    assert [(each.status, each.mail) for each in found] == [("sent", "accepted")] * 2
    assert mails(ports) == [f"Invoice INV-2027-000{n} from Nordlicht Studio GmbH" for n in (1, 2)]
    assert all(paper.pdf(ports, SCOPE, each).startswith(b"%PDF") for each in found)


@pytest.mark.nightly
def test_the_kills_above_are_ahead_of_every_change_there_is(ports: Ports) -> None:
    made = invoices.draft(ports, SCOPE, "anna", request())
    wiring.close()
    lived = child("send", made.id, -1)
    assert (lived.returncode, lived.stdout.strip()) == (0, str(len(SENDS))), lived.stderr


@pytest.mark.parametrize(
    "number", [pytest.param(1, marks=pytest.mark.nightly), 2, pytest.param(3, marks=pytest.mark.nightly)]
)
def test_a_payment_counts_once_wherever_it_is_killed(ports: Ports, number: int) -> None:
    made = invoices.issue(ports, SCOPE, "anna", invoices.draft(ports, SCOPE, "anna", request()).id)
    wiring.close()
    assert child("take", made.id, number).returncode == -9
    ports = wiring.ports()
    payments.settle_taken(ports, SCOPE)
    for _ in range(2):
        assert payments.take(ports, SCOPE, "bank", came(made.id)).state == "counted"
    assert invoices.get(ports, SCOPE, made.id).standing(START.date()) == "paid"
