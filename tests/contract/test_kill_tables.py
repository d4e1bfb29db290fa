"""kill -9 at every request that a shard's life makes, before the service has it and after it did it: between an index
row and its change, between two transactions, after a commit whose answer nobody hears."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.adapters._azure.tables import table_service
from shared.adapters.clock.host import HostClock
from shared.adapters.ledger.tables import TablesLedger
from shared.domain.connection import Connection
from shared.domain.effect import STATES
from tests.contract.killed_tables_child import LEASE, SCOPE
from tests.servers.azurite import connection_string, port_of
from tests.servers.faulty_proxy import Asked, Fate, FaultyProxy, LoseAnswer, LoseRequest

ROOT = Path(__file__).parents[2]
LISTED: tuple[Any, ...] = ("held", "failed", "unknown")
# What each row has come to after what was said last; a killed life may be one step further.
STEPS: dict[str, dict[str, str]] = {
    "": {},
    "plan": {"a": "planned", "b": "planned", "c": "planned", "d": "planned"},
    "claim": {"a": "intent", "b": "intent", "c": "intent", "d": "held"},
    "settle": {"a": "accepted", "b": "failed", "c": "unknown", "d": "held"},
    "evidence": {"a": "accepted", "b": "failed", "c": "delivered", "d": "held"},
}


# The service has the same after the answer to one request is lost as before the next one comes.
AFTER = pytest.param(LoseAnswer(), id="after", marks=pytest.mark.nightly)


@pytest.mark.parametrize("fate", [pytest.param(LoseRequest(), id="before"), AFTER])
def test_the_books_balance_wherever_a_life_ends(azurite: Connection, fate: Fate) -> None:
    lives = 0
    with FaultyProxy(port_of(azurite)).serving() as proxy:
        while _ends_early(azurite, proxy, fate, at=lives + 1):
            lives += 1
    # The table, the tally, the list of shards, the plan; held and the claim; failed, unknown and the news; evidence.
    assert lives == 10


def _ends_early(azurite: Connection, proxy: FaultyProxy, fate: Fate, at: int) -> bool:
    table = f"t{uuid4().hex}"
    command = [
        sys.executable,
        str(ROOT / "tests/contract/killed_tables_child.py"),
        connection_string(proxy.port),
        table,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}) as child:
        numbers = count(1)

        def kill_at(asked: Asked) -> Fate:
            if next(numbers) != at:
                return None
            child.kill()
            return fate

        proxy.fate = kill_at
        said, _ = child.communicate(timeout=60)
    ledger = TablesLedger(partial(table_service, azurite), HostClock().pace, table)
    _check(ledger, said.decode().split())
    ledger.close()
    return child.returncode != 0


def _check(ledger: TablesLedger, said: list[str]) -> None:
    states = {row.key: row.state for row in ledger.of_shard(SCOPE, "c", 0)}
    steps = list(STEPS)
    reached = steps.index(said[-1] if said else "")
    assert states in [STEPS[step] for step in steps[reached : reached + 2]]
    _balances(ledger)
    # Whoever comes next finds who may have got it, and goes on.
    ledger.expire(SCOPE, "c", 0, "next", LEASE)
    assert not [row for row in ledger.of_shard(SCOPE, "c", 0) if row.state == "intent"]
    _balances(ledger)


def _balances(ledger: TablesLedger) -> None:
    rows = ledger.of_shard(SCOPE, "c", 0)
    recount = Counter(row.state for row in rows) + Counter(f"held.{row.held}" for row in rows if row.held)
    assert ledger.tally(SCOPE, "c") == {**dict.fromkeys(STATES, 0), **recount}
    for state in LISTED:
        assert ledger.of_state(SCOPE, "c", state) == ([row for row in rows if row.state == state], None)
