"""What the lines of benchmarks.distribution come to: the goals, and the machine beside that of the goals."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.contenders import ROOT

_BUSY = 1.0
"""Load average before the runs of a machine that has something else to do."""
PAGE = ROOT / "docs" / "benchmarks-distribution.md"
Lines = list[dict[str, Any]]

REFERENCE: Mapping[str, float] = {
    "fdatasync of 4 KiB, ms": 0.11,
    "rows into SQLite, 100 a synced commit, /s": 364_848,
    "bare RSA-2048 signatures, /s a core": 4_555,
    "jinja2 + EmailMessage + dkimpy, /s a core": 140,
    "smtplib, one kept connection, /s": 4_684,
    "bare pipelined client, /s": 17_315,
}
"""The machine that the goals in figures were set on: 2 cores (AMD EPYC), Python 3.11.7, SQLite 3.40.1."""
_FDATASYNC, _ROWS, _RSA, _OBVIOUS, _SMTPLIB, _PIPELINED = REFERENCE


class Goal(NamedTuple):
    """`value` is None if it was not measured; `by` names the yardstick that a figure, not a ratio, is scaled with."""

    benchmark: str
    what: str
    limit: float
    value: Callable[[Lines], float | None]
    by: str | None = None
    at_least: bool = True


def _found(lines: Lines, field: str, **which: Any) -> float | None:
    """That field of the first line that holds all of `which`."""
    for line in lines:
        if all(line.get(name) == value for name, value in which.items()):
            return float(line[field])
    return None


def _of(field: str, **which: Any) -> Callable[[Lines], float | None]:
    return lambda lines: _found(lines, field, **which)


def _campaign(field: str, dkim: bool) -> Callable[[Lines], float | None]:
    """Of the largest campaign."""
    return lambda lines: _found(
        sorted(lines, key=lambda line: -line.get("people", 0)), field, benchmark="campaign", dkim=dkim
    )


def _ledger(lines: Lines) -> Lines:
    return sorted((line for line in lines if line["benchmark"] == "ledger"), key=lambda line: line["recipients"])


def _steady(lines: Lines) -> float:
    books = _ledger(lines)
    return float(books[-1]["per_second"] / books[0]["per_second"])


GOALS = (
    Goal("B5", "recipients/s kept in the books, synced", 50_000, lambda found: _ledger(found)[-1]["per_second"], _ROWS),
    Goal("B5", "rate at the most recipients / at 10,000", 0.9, _steady),
    Goal("B5", "MB of memory grown", 15, lambda found: _ledger(found)[-1]["grown_mb"], at_least=False),
    Goal("B5", "rate / bare SQLite, the most recipients", 0.8, lambda found: _ledger(found)[-1]["ratio_to_floor"]),
    Goal("B6", "signed, rate / obvious pipeline", 15, _of("ratio_to_obvious", case="ours")),
    Goal("B6", "signed, rate / bare RSA", 0.5, _of("ratio_to_bare_rsa", case="ours")),
    Goal("B6", "unsigned, /s a core", 10_000, _of("per_core_second", case="ours_unsigned"), _OBVIOUS),
    Goal("B7", "rate / smtplib, no latency", 1.5, _of("ratio_to_smtplib", case="ours10", latency_ms=0)),
    Goal("B7", "rate / smtplib, 20 ms", 1.8, _of("ratio_to_smtplib", case="ours10", latency_ms=20)),
    Goal("B8", "messages/s, unsigned", 3_000, _campaign("per_second", False), _SMTPLIB),
    Goal("B8", "messages/s, signed", 1_500, _campaign("per_second", True), _RSA),
)
_PAGE = """\
# Distribution from ledger to wire

Written by `python -m benchmarks.distribution --write` on {when}. Every benchmark checks what it has
done and runs its yardsticks in turn with itself. A ratio is measured within one run. A goal in figures was set on
another machine: it is met if the figure, scaled by how much slower this machine is at the yardstick that is named,
reaches it; the figure as it was measured stands beside it.{notes}

{machine}

## Goals

| | | goal | measured | scaled to the reference machine | met |
|---|---|---|---|---|---|
{goals}

## The machine beside the one of the goals

| yardstick | here | reference | reference / here |
|---|---|---|---|
{yardsticks}

## Figures

{figures}

B5: plan, claim and settle rows in windows of 99, nothing sent; the floor is bare SQLite that keeps one number for each
recipient, in the same commits, all of them synced. B6: a mail of 8 KB for each person, filled in, encoded, signed,
ours by windows of 99 as Baton sends them, the others one by one; the rate is for each second of a core. B7: ready-made
mails of 10 KB to a sink that keeps them; ours over 1, 4 and 10 connections, the floor over one, looking at no reply
but the last. B8: the whole product – host, books, gate, writing, signing, wire – from the approval to the last
receipt; the floor writes and signs alike and sends over one pipelined connection, with no books and no gate.
"""


def machine() -> dict[str, float]:
    """What the disk and SQLite can do here; the other yardsticks are in the lines."""
    with tempfile.TemporaryDirectory() as name:
        return {_FDATASYNC: _fdatasync_ms(Path(name)), _ROWS: _rows(Path(name))}


def render(lines: Lines, disk: Mapping[str, float], before: tuple[float, float, float], quick: bool) -> str:
    """The page; `before` is the load average before the runs."""
    here = {**disk, **_yardsticks(lines)}
    return _PAGE.format(
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        notes=("\n\n**A quick run: the figures mean little.**" if quick else "")
        + ("\n\n**Other work ran on the machine: the figures are too low, and noisy.**" if before[0] > _BUSY else ""),
        machine=f"{_cpu()}, {os.cpu_count()} cores; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; SQLite {sqlite3.sqlite_version}; load average before "
        f"{', '.join(f'{each:.1f}' for each in before)}.",
        goals="\n".join(_goal(goal, goal.value(lines), here) for goal in GOALS),
        yardsticks="\n".join(
            f"| {name} | {_number(here.get(name))} | {_number(there)} | {_number(_slower(name, here))} |"
            for name, there in REFERENCE.items()
        ),
        figures="\n\n".join(_figures(lines)),
    )


def _yardsticks(lines: Lines) -> dict[str, float]:
    found = {
        _RSA: _found(lines, "per_core_second", case="bare_rsa"),
        _OBVIOUS: _found(lines, "per_core_second", case="obvious"),
        _SMTPLIB: _found(lines, "per_second", case="smtplib", latency_ms=0),
        _PIPELINED: _found(lines, "per_second", case="bare", latency_ms=0),
    }
    return {name: value for name, value in found.items() if value is not None}


def _slower(name: str, here: Mapping[str, float]) -> float | None:
    """How many times as fast the reference machine is at it."""
    if name not in here:
        return None
    return here[name] / REFERENCE[name] if name.endswith("ms") else REFERENCE[name] / here[name]


def _goal(goal: Goal, value: float | None, here: Mapping[str, float]) -> str:
    sign = "≥" if goal.at_least else "≤"
    head = f"| {goal.benchmark} | {goal.what} | {sign} {goal.limit:,g} | {_number(value)}"
    slower = _slower(goal.by, here) if goal.by else 1.0
    if value is None or slower is None:
        return f"{head} | | not measured |"
    scaled = value * slower
    met = scaled >= goal.limit if goal.at_least else scaled <= goal.limit
    how = f"{_number(scaled)} (by {goal.by.partition(',')[0]})" if goal.by else ""
    return f"{head} | {how} | {'yes' if met else '**no**'} |"


def _figures(lines: Lines) -> Iterator[str]:
    """A table for each benchmark: its fields, a line for each case."""
    for name in dict.fromkeys(line["benchmark"] for line in lines):
        rows = [line for line in lines if line["benchmark"] == name]
        fields = [field for field in rows[0] if field != "benchmark"]
        head = f"| {name}: {' | '.join(field.replace('_', ' ') for field in fields)} |\n|{'---|' * len(fields)}"
        yield "\n".join((head, *("| " + " | ".join(_cell(row.get(field)) for field in fields) + " |" for row in rows)))


def _cell(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return _number(value)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _cpu() -> str:
    path = Path("/proc/cpuinfo")
    names = [line.partition(": ")[2] for line in path.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _fdatasync_ms(folder: Path) -> float:
    taken = []
    with (folder / "bytes").open("wb") as file:
        for _ in range(200):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            getattr(os, "fdatasync", os.fsync)(file.fileno())
            taken.append(time.perf_counter() - began)
    return median(taken) * 1000


def _rows(folder: Path) -> float:
    connection = sqlite3.connect(folder / "rows.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)")
    began = time.perf_counter()
    for first in range(0, 50_000, 100):
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO rows VALUES (?, 'recipient')", [(first + n,) for n in range(100)])
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return 50_000 / took
