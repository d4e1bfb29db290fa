"""However many callers at once: never a millionth over the limit, none of it lost, and a kill leaks nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from shared import wiring
from shared.agents import budget
from shared.agents.budget.books import call_id
from shared.domain.budget import Amount, Budget, OverBudget, total
from shared.domain.money import Money
from shared.domain.names import Kind
from shared.domain.segment import Filter
from shared.ports import Documents, Ports
from tests.contract.cosmos_home import cosmos_documents
from tests.servers.cosmos import CosmosServer

from .conftest import Hand
from .payers import ALL, SCOPE

ROOT = Path(__file__).parents[3]
CALLERS = 200


def race(homes: list[Ports], limit: int, callers: int = CALLERS) -> list[bool]:
    """Callers, spread over the homes, each for 10 millionths at the same moment; who got them."""
    budget.put(homes[0], SCOPE, "ann", "workspace", Budget(money=Money(micros=limit)))
    begin = Barrier(callers)

    def call(n: int) -> bool:
        begin.wait()
        try:
            hold = budget.reserve(homes[n % len(homes)], SCOPE, ALL, Amount(Money(micros=10)), f"call{n}")
        except OverBudget:
            return False
        budget.settle(homes[n % len(homes)], SCOPE, hold, Amount(Money(micros=10)))
        return True

    with ThreadPoolExecutor(callers) as threads:
        return list(threads.map(call, range(callers)))


def used(ports: Ports, account: str = "workspace") -> dict[str, int]:
    return dict(budget.left(ports, SCOPE, [account])[account].used)


@pytest.mark.parametrize("most", [0, 1234, 5000])
def test_200_threads_never_overspend_and_use_up_what_there_is(home: Ports, most: int) -> None:
    got = race([home], most)
    assert sum(got) == min(CALLERS, most // 10)
    for account in ALL:
        assert used(home, account).get("money.EUR", 0) == sum(got) * 10


def test_callers_of_several_processes_on_cosmos_never_overspend(ports: Ports) -> None:
    """Each connection of its own has a desk of its own, as each process has."""
    with CosmosServer() as server, ExitStack() as open_:
        homes = [replace(ports, documents=open_.enter_context(cosmos_documents(server, ports.clock))) for _ in range(4)]
        assert sum(race(homes, 555, callers=80)) == 55
        assert used(homes[3]) == {"calls": 55, "money.EUR": 550}


class Counting:
    """Documents that count their writes."""

    def __init__(self, documents: Documents) -> None:
        self._documents, self.batches = documents, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._documents, name)

    def batch(self, *given: object) -> object:
        self.batches += 1
        return self._documents.batch(*given)  # type: ignore[arg-type]


def test_those_who_wait_are_served_together(ports: Ports) -> None:
    counting = Counting(ports.documents)
    assert all(race([replace(ports, documents=counting)], 5000))  # type: ignore[arg-type]
    assert counting.batches < 2 * CALLERS, "fewer writes than the 400 reservations and settlements"


@contextmanager
def payers(home: Path, *names: str, calls: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes of 50 threads each on one home; they begin together."""
    command = [sys.executable, "-m", "tests.integration.budget.payers"]
    place = {**os.environ, "PYTHONPATH": str(ROOT), "BATON_HOME": str(home)}
    with ExitStack() as open_:
        made = [
            open_.enter_context(
                subprocess.Popen(
                    [*command, name, "50", str(calls)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=place,
                    cwd=ROOT,
                )
            )
            for name in names
        ]
        for each in made:
            assert each.stdout is not None
            assert each.stdin is not None
            assert each.stdout.readline() == b"ready\n"
        for each in made:
            each.stdin.write(b"go\n")  # type: ignore[union-attr]
            each.stdin.flush()  # type: ignore[union-attr]
        yield made


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ports]:
    """A home by the clock on the wall."""
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    wiring.close()
    yield wiring.ports()
    wiring.close()


def test_4_processes_with_50_threads_each_never_overspend(real: Ports, tmp_path: Path) -> None:
    budget.put(real, SCOPE, "ann", "workspace", Budget(money=Money(micros=705)))
    with payers(tmp_path / "home", "p0", "p1", "p2", "p3", calls=50) as processes:
        said = [line for each in processes for line in each.communicate()[0].decode().splitlines()]
        assert [each.returncode for each in processes] == [0] * 4
    paid = sum(line.startswith("paid") for line in said)
    assert 70 <= paid <= 100, (
        "never over the limit, and whoever was refused had too little left beside what others held"
    )
    for account in ALL:
        assert used(real, account) == {"calls": paid, "money.EUR": paid * 7, "tokens": paid * 7}


def test_a_kill_leaks_no_reservation_and_the_same_work_finds_its_own(ports: Ports, tmp_path: Path, hand: Hand) -> None:
    budget.put(ports, SCOPE, "ann", "workspace", Budget(money=Money(micros=10**9)))
    moments = random.Random(5)
    for run in ("r0", "r1", "r2", "r3"):
        with payers(tmp_path / "home", run, calls=10_000) as processes:
            stdout = processes[0].stdout
            assert stdout is not None
            said = [stdout.readline().decode() for _ in range(moments.randrange(1, 150))]
            processes[0].kill()
            said += [line.decode() for line in stdout.readlines()]
        keys = {what: {line.split()[1] for line in said if line.startswith(what)} for what in ("held", "paid")}
        _the_books_hold(ports, run, keys)
        for key in keys["held"] - keys["paid"]:
            settled = _state(ports, key) == "settled"
            hold = budget.reserve(ports, SCOPE, ALL, Amount(Money(micros=10), tokens=10), key)
            assert hold.again is not settled, "its own hold, or it was settled and nobody had been told"
            budget.settle(ports, SCOPE, hold, Amount(Money(micros=7), tokens=7))
    hand.forward(minutes=60)
    for account in ALL:
        now = used(ports, account)
        assert now["money.EUR"] == now["calls"] * 7 == now["tokens"], "whatever was held by the dead is free again"


def _the_books_hold(ports: Ports, run: str, keys: dict[str, set[str]]) -> None:
    """What was acknowledged is on file, and the accounts are the sum of the calls."""
    assert all(_state(ports, key) == "settled" for key in keys["paid"]), run
    assert all(_state(ports, key) for key in keys["held"]), run
    calls = ports.documents.find(SCOPE, Kind.BUDGET, [Filter("id", "prefix", "call:")], limit=100_000).documents
    for account in ALL:
        assert used(ports, account) == total(call.body[part] for call in calls for part in ("spent", "wanted"))


def _state(ports: Ports, key: str) -> str | None:
    found = ports.documents.get(SCOPE, Kind.BUDGET, call_id(key))
    return found.body["state"] if found else None
