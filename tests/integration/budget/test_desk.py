"""What a process remembers of its accounts is never older than what it decides on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from shared.adapters._sqlite.database import Database
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.agents import budget
from shared.domain.budget import Amount, Budget, OverBudget
from shared.domain.money import Money
from shared.ports import Documents, Ports
from tests.integration.budget.conftest import SCOPE, Hand

ONE = Amount(Money(micros=10), tokens=5)
MINE = ["workspace"]


class Reads:
    """Documents that count how often many are looked for."""

    def __init__(self, documents: Documents) -> None:
        self._documents, self.finds = documents, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._documents, name)

    def find(self, *given: object, **more: object) -> object:
        self.finds += 1
        return self._documents.find(*given, **more)  # type: ignore[arg-type]


@pytest.fixture
def other(ports: Ports, tmp_path: Path) -> Iterator[Ports]:
    """The same home in another process."""
    with closing(Database(tmp_path / "home" / "baton.db")) as database:
        yield replace(ports, documents=SqliteDocuments(database, clock=ports.clock, replica="other"))


def pay(ports: Ports, key: str) -> None:
    budget.settle(ports, SCOPE, budget.reserve(ports, SCOPE, MINE, ONE, key), ONE)


def used(ports: Ports) -> int:
    return budget.left(ports, SCOPE, MINE)["workspace"].used.get("calls", 0)


def test_limits_that_another_process_sets_hold_at_once(ports: Ports, other: Ports):
    pay(ports, "a")
    budget.put(other, SCOPE, "maria", "workspace", Budget(calls=1))
    with pytest.raises(OverBudget):
        pay(ports, "b")
    budget.put(other, SCOPE, "maria", "workspace", Budget(calls=2))
    pay(ports, "b")
    with pytest.raises(OverBudget):
        pay(ports, "c")


def test_limits_of_the_end_of_a_month_hold_in_the_next(ports: Ports, other: Ports, hand: Hand):
    pay(ports, "a")
    budget.put(other, SCOPE, "maria", "workspace", Budget(calls=0))
    hand.forward(days=31)
    with pytest.raises(OverBudget):
        pay(ports, "b")


def test_limits_that_another_process_takes_away_refuse_nobody(ports: Ports, other: Ports):
    budget.put(ports, SCOPE, "maria", "workspace", Budget(calls=1))
    pay(ports, "a")
    budget.close(other, SCOPE, "maria", "workspace")
    pay(ports, "b")
    assert used(ports) == 2


def test_what_another_process_used_is_counted(ports: Ports, other: Ports):
    budget.put(ports, SCOPE, "maria", "workspace", Budget(calls=4))
    for n in range(2):
        pay(ports, f"a{n}")
        pay(other, f"b{n}")
    for each in (ports, other):
        with pytest.raises(OverBudget):
            pay(each, "one too many")
    assert used(ports) == used(other) == 4


def test_a_hold_that_another_process_settled_stays_settled(ports: Ports, other: Ports):
    hold = budget.reserve(ports, SCOPE, MINE, ONE, "a")
    budget.settle(other, SCOPE, hold, ONE)
    budget.settle(ports, SCOPE, hold, ONE._replace(tokens=500))
    assert budget.left(ports, SCOPE, MINE)["workspace"].used["tokens"] == 5


def test_who_calls_again_reads_nothing_again(ports: Ports):
    reads = Reads(ports.documents)
    counting = replace(ports, documents=reads)  # type: ignore[arg-type]
    for n in range(10):
        pay(counting, f"a{n}")
    assert reads.finds == 1


def test_what_is_to_be_kept_is_kept_once_together_with_the_settlement(ports: Ports, other: Ports):
    hold = budget.reserve(ports, SCOPE, MINE, ONE, "a")
    assert budget.settle(ports, SCOPE, hold, ONE, {"kept": {"by": "one"}})
    assert not budget.settle(other, SCOPE, hold, ONE, {"kept": {"by": "other"}})
    found = ports.documents.get(SCOPE, "tape", "kept")
    assert found
    assert found.body == {"by": "one"}
    assert used(ports) == 1


def test_a_call_that_another_process_holds_or_paid_is_seen_by_who_looked_at_nothing(ports: Ports, other: Ports):
    for each in (ports, other):
        pay(each, f"warm {each is other}")
    pay(ports, "warm again")  # from here on this process has read nothing anew
    budget.reserve(other, SCOPE, MINE, ONE, "held")
    pay(other, "paid")
    assert budget.reserve(ports, SCOPE, MINE, ONE, "held").again
    assert budget.reserve(ports, SCOPE, MINE, ONE, "paid").attempt == 2
    assert used(ports) == 4 + 2, "each call once, however often it was begun"


def test_what_another_process_has_kept_meanwhile_stays(ports: Ports, other: Ports):
    hold = budget.reserve(ports, SCOPE, MINE, ONE, "a")
    other.documents.put(SCOPE, "tape", "kept", {"by": "other"})
    assert not budget.settle(ports, SCOPE, hold, ONE, {"kept": {"by": "one"}})
    found = ports.documents.get(SCOPE, "tape", "kept")
    assert found
    assert found.body == {"by": "other"}
    assert used(ports) == 1
