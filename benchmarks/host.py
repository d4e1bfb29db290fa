"""The embedded host beside durable engines and queues on SQLite, and beside bare SQLite: B1 to B4 and B11.

`python -m benchmarks.host [--rounds 3] [--quick] [--write]`. Each round runs every contender at every point, one after
another, each in a fresh process; every run checks its result. Only the ratios within a round are compared."""

from __future__ import annotations

import argparse
import sys
from typing import NamedTuple

from benchmarks import host_report
from benchmarks.contenders import PEERS, ContenderFailed, Run, run, run_first

Results = dict[tuple[str, int, str], list[Run]]
"""By benchmark, its size and the contender: a run for each round."""


class Point(NamedTuple):
    """A benchmark at one size, and who takes part."""

    benchmark: str
    workload: str
    size: int
    contenders: tuple[str, ...]


_ALL = ("baton", "raw", "huey", "langgraph", "dbos", "dbos-wal")
_PLAN = (
    Point("B1", "many", 1_000, _ALL),
    Point("B2", "fan", 1_000, ("baton", "raw", "huey", "langgraph", "dbos")),
    Point("B2", "fan", 5_000, ("baton", "raw", "huey", "langgraph")),
    Point("B2", "fan", 50_000, ("baton", "raw")),
    Point("B3", "single", 200, _ALL),
    Point("B4", "chain", 100, ("baton", "raw", "huey", "langgraph", "dbos")),
    Point("B4", "chain", 400, ("baton", "raw", "huey", "langgraph", "dbos")),
    Point("B4", "chain", 1_600, ("baton", "raw", "dbos")),
    Point("B4", "chain", 6_400, ("baton", "raw")),
    Point("B11", "first", 1, ("baton", "sdk", *_ALL[1:])),
)
_QUICK = 10  # the part of each size that --quick runs


def measure(rounds: int, part: int = 1) -> Results:
    """Run everything `rounds` times over, sizes divided by `part`. A peer that fails at a point is not asked again."""
    results: Results = {}
    failed: set[tuple[str, int, str]] = set()
    for number in range(rounds):
        for benchmark, workload, size, contenders in _PLAN:
            for contender in contenders:
                key = (benchmark, size, contender)
                if key in failed:
                    continue
                print(f"\rround {number + 1}/{rounds}: {benchmark} {size} {contender:12}", end="", file=sys.stderr)
                try:
                    found = run_first(contender) if workload == "first" else run(contender, workload, size // part)
                except ContenderFailed as failure:
                    if contender == "baton":
                        raise
                    print(f"\n{failure}", file=sys.stderr)
                    failed.add(key)
                    continue
                results.setdefault(key, []).append(found)
    print(file=sys.stderr)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round at a tenth of each size: does it run?")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-host.md as well")
    asked = parser.parse_args()
    if not PEERS.exists():
        sys.exit("The peers are not installed: `make bench` puts them into .venv-bench.")
    rounds, part = (1, _QUICK) if asked.quick else (asked.rounds, 1)
    before = host_report.machine()
    results = measure(rounds, part)
    text = host_report.render(results, before, rounds, part)
    print(text)
    if asked.write:
        host_report.PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
