"""Runs as a process of its own: many threads that reserve and settle on the same accounts, and say what they paid."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from shared import wiring
from shared.agents import budget
from shared.domain.budget import Amount, OverBudget, accounts_of
from shared.domain.money import Money
from shared.domain.scope import Scope

SCOPE = Scope("local", "main")
ALL = accounts_of(agent="copywriter", campaign="c1")


def pay(key: str, most: int, paid: int) -> None:
    """One call that may cost `most` and costs `paid`; each step is said once it is stored."""
    with suppress(OverBudget):
        hold = budget.reserve(wiring.ports(), SCOPE, ALL, Amount(Money(micros=most), tokens=most), key)
        _say(f"held {key}")
        budget.settle(wiring.ports(), SCOPE, hold, Amount(Money(micros=paid), tokens=paid))
        _say(f"paid {key}")


def main(name: str, threads: int, calls: int) -> None:
    wiring.ports()
    _say("ready")
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda n: pay(f"{name}-{n}", 10, 7), range(calls)))


def _say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
