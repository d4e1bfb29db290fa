"""What the runs of benchmarks.host come to: ratios against the goals, and a table of every contender."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.contenders import BENCH, ROOT, shim
from benchmarks.peers.meter import STEPS

_BUSY = 2.2  # a run itself is a load of 1 to 2
_SDK_THERE = 0.207  # seconds that the contender `sdk` took on the machine where the goals were set
PAGE = ROOT / "docs" / "benchmarks-host.md"
Results = Mapping[tuple[str, int, str], list[dict[str, Any]]]


class Goal(NamedTuple):
    """`values` are the figures of the rounds; `limit` is what they may at least (or at most) be."""

    benchmark: str
    what: str
    limit: float
    at_least: bool
    values: Callable[[Results], list[float]]


def _rate(found: dict[str, Any], benchmark: str) -> float:
    """Steps in a second."""
    steps = found["size"] * (STEPS if benchmark in ("B1", "B3") else 1)
    return float(steps / found["seconds"])


def _faster(benchmark: str, size: int, peer: str) -> Callable[[Results], list[float]]:
    """How many times the peer's rate ours is, round by round."""

    def values(results: Results) -> list[float]:
        pairs = zip(results[benchmark, size, "baton"], results.get((benchmark, size, peer), []), strict=False)
        return [_rate(ours, benchmark) / _rate(theirs, benchmark) for ours, theirs in pairs]

    return values


def _rates(benchmark: str, size: int, other: int) -> Callable[[Results], list[float]]:
    """Our rate at one size over that at another."""

    def values(results: Results) -> list[float]:
        pairs = zip(results[benchmark, size, "baton"], results[benchmark, other, "baton"], strict=True)
        return [_rate(here, benchmark) / _rate(there, benchmark) for here, there in pairs]

    return values


def _own(
    benchmark: str, size: int, figure: Callable[[dict[str, Any]], float | None]
) -> Callable[[Results], list[float]]:
    def values(results: Results) -> list[float]:
        figures = [figure(found) for found in results[benchmark, size, "baton"]]
        return [each for each in figures if each is not None]

    return values


def _growth_a_step(found: dict[str, Any]) -> float | None:
    return None if found["growth_kb"] is None else float(found["growth_kb"] / found["size"])


def _fsyncs_a_step(results: Results) -> list[float]:
    runs = results["B1", 1_000, "baton"]
    return [each["fsyncs"] / (each["size"] * STEPS) for each in runs if each["fsyncs"] is not None]


def _p50_of_raw(results: Results) -> list[float]:
    pairs = zip(results["B3", 200, "baton"], results["B3", 200, "raw"], strict=True)
    return [ours["p50_ms"] / raw["p50_ms"] for ours, raw in pairs]


def _first_as_there(results: Results) -> list[float]:
    """Seconds to the first workflow, as they would be on the machine of the goal."""
    pairs = zip(results["B11", 1, "baton"], results["B11", 1, "sdk"], strict=True)
    return [ours["seconds"] / sdk["seconds"] * _SDK_THERE for ours, sdk in pairs]


GOALS = (
    Goal("B1", "rate / huey", 5, True, _faster("B1", 1_000, "huey")),
    Goal("B1", "rate / DBOS", 15, True, _faster("B1", 1_000, "dbos")),
    Goal("B1", "rate / DBOS with WAL", 15, True, _faster("B1", 1_000, "dbos-wal")),
    Goal("B1", "rate / LangGraph", 15, True, _faster("B1", 1_000, "langgraph")),
    Goal("B1", "rate / bare SQLite, a commit a step", 1.3, True, _faster("B1", 1_000, "raw")),
    Goal("B1", "fsyncs a step", 0.05, False, _fsyncs_a_step),
    Goal("B2", "rate / LangGraph, 1,000", 5, True, _faster("B2", 1_000, "langgraph")),
    Goal("B2", "rate / LangGraph, 5,000", 5, True, _faster("B2", 5_000, "langgraph")),
    Goal("B2", "rate at 50,000 / rate at 1,000", 0.8, True, _rates("B2", 50_000, 1_000)),
    Goal("B2", "KB a step, 50,000", 2, False, _own("B2", 50_000, _growth_a_step)),
    Goal("B3", "p50 / bare SQLite's p50", 1.5, False, _p50_of_raw),
    Goal("B3", "p99 / own p50", 3, False, _own("B3", 200, lambda found: found["p99_ms"] / found["p50_ms"])),
    Goal("B4", "cost a step at 6,400 / at 100", 1.3, False, _rates("B4", 100, 6_400)),
    Goal("B4", "rate / DBOS, 1,600", 5, True, _faster("B4", 1_600, "dbos")),
    Goal("B11", "seconds from start to first workflow, scaled", 0.4, False, _first_as_there),
    Goal("B11", "MB when idle", 60, False, _own("B11", 1, lambda found: found.get("idle_mb"))),
    Goal("B11", "% CPU when idle", 0.5, False, _own("B11", 1, lambda found: found.get("idle_cpu"))),
)
_COLUMNS: Mapping[str, Callable[[str, dict[str, Any]], float | None]] = {
    "steps/s": lambda benchmark, found: _rate(found, benchmark) if "size" in found else None,
    "s": lambda _, found: found["seconds"],
    "p50 ms": lambda _, found: found.get("p50_ms"),
    "p99 ms": lambda _, found: found.get("p99_ms"),
    "fsyncs/step": lambda benchmark, found: _each_step(benchmark, found, "fsyncs"),
    "KB/step": lambda benchmark, found: _each_step(benchmark, found, "growth_kb") if benchmark == "B2" else None,
    "idle MB": lambda _, found: found.get("idle_mb"),
}
_PAGE = """\
# The embedded host beside others

Written by `python -m benchmarks.host --write` on {when}. Rounds: {rounds}. A round runs every contender at every
point, one after another, each in a fresh process, and checks each result. Only ratios within a round are compared; a
cell holds the median of the rounds and, in brackets, the smallest and the largest.{notes}

{machine}

| contender | version | what it is |
|---|---|---|
| baton | this tree | B1 to B4: the host's engine with an app as the host loads it, no HTTP; B11: the host over HTTP |
| raw | SQLite {sqlite} | bare SQLite by hand, one commit for each start, step and end: a floor, not an engine |
| huey | {huey} | a task queue (at most once; no workflow state); polls every 1 to 10 ms, by default 100 ms and more |
| langgraph | {langgraph} | SqliteSaver, durability `sync`; one lock, so workflows run one after another |
| dbos, dbos-wal | {dbos} | as it comes (rollback journal), and with its file switched to WAL |
| sdk | {sdk} | B11: a process that only imports azure.functions and azure.durable_functions |

All with synchronous=FULL; huey's, LangGraph's and DBOS's steps are no-ops as ours are. B11's peers serve no HTTP.

## Goals

| | | goal | measured | met |
|---|---|---|---|---|
{goals}

## Figures

| | size | contender | {columns} |
|---|---|---|{rule}
{figures}

B1: workflows of five steps, all started at once. B2: one workflow that fans out and joins. B3: five-step workflows one
after another. B4: one workflow with so many steps in line. B11: start of the process to the end of its first workflow.
KB/step is the growth of the process's memory to its peak. {counted} B11's goal in seconds was set where the
contender sdk takes 0.207 s: it is compared with ours scaled by that; the seconds as measured are in the table above.
"""


class Machine(NamedTuple):
    """What a run ran on, and how busy that was."""

    text: str
    load: tuple[float, float, float]


def machine() -> Machine:
    """The machine as it is before a run."""
    load = os.getloadavg()
    cpu = next((line.split(": ")[1] for line in _read("/proc/cpuinfo") if line.startswith("model name")), "")
    text = (
        f"{cpu or platform.processor()}, {os.cpu_count()} cores; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; `fdatasync` of 4 KiB {_fdatasync_ms():.2f} ms (median)"
    )
    return Machine(text, load)


def render(results: Results, before: Machine, rounds: int, part: int) -> str:
    """The page: goals and figures."""
    after = os.getloadavg()
    busy = max(before.load[0], after[0]) > _BUSY
    peers = {name: _peer_version(results, name) for name in ("huey", "langgraph", "dbos")}
    return _PAGE.format(
        when=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        rounds=rounds,
        notes=_notes(part, busy),
        machine=f"{before.text}; load average before {_load(before.load)}, after {_load(after)}.",
        sqlite=sqlite3.sqlite_version,
        sdk=f"{version('azure-functions')}, {version('azure-functions-durable')}",
        goals="\n".join(_goal(goal, goal.values(results)) for goal in GOALS),
        columns=" | ".join(_COLUMNS),
        rule="---|" * len(_COLUMNS),
        figures="\n".join(_figures(results)),
        counted="Fsyncs are counted by a preloaded library." if shim() else "No gcc here, so fsyncs are not counted.",
        **peers,
    )


def _notes(part: int, busy: bool) -> str:
    quick = f"\n\n**A quick run at 1/{part} of each size that the goals name: the figures mean little.**"
    other = "\n\n**Other work ran on the machine at the same time: the absolute figures are too low, and noisy.**"
    return (quick if part > 1 else "") + (other if busy else "")


def _load(load: tuple[float, float, float]) -> str:
    return ", ".join(f"{each:.1f}" for each in load)


def _goal(goal: Goal, values: list[float]) -> str:
    sign = "≥" if goal.at_least else "≤"
    if not values:
        return f"| {goal.benchmark} | {goal.what} | {sign} {goal.limit:g} | not measured | – |"
    found = median(values)
    met = found >= goal.limit if goal.at_least else found <= goal.limit
    return (
        f"| {goal.benchmark} | {goal.what} | {sign} {goal.limit:g} | {_span(values)} | {'yes' if met else '**no**'} |"
    )


def _figures(results: Results) -> Iterator[str]:
    for (benchmark, size, contender), runs in results.items():
        cells = [_cell([column(benchmark, found) for found in runs]) for column in _COLUMNS.values()]
        yield f"| {benchmark} | {runs[0].get('size', size):,} | {contender} | {' | '.join(cells)} |"


def _cell(values: list[float | None]) -> str:
    there = [value for value in values if value is not None]
    return _span(there) if there else ""


def _span(values: list[float]) -> str:
    middle, *ends = (_number(value) for value in (median(values), min(values), max(values)))
    return f"{middle} [{'–'.join(ends)}]" if len(values) > 1 else middle


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _each_step(benchmark: str, found: dict[str, Any], field: str) -> float | None:
    if found.get(field) is None:
        return None
    return float(found[field] / (found["seconds"] * _rate(found, benchmark)))


def _peer_version(results: Results, peer: str) -> str:
    found = results.get(("B1", 1_000, peer))
    return str(found[0]["version"]) if found else "–"


def _fdatasync_ms() -> float:
    """What one commit cannot be cheaper than, on the disk where the runs are."""
    taken = []
    with tempfile.TemporaryFile(dir=BENCH) as file:
        for _ in range(200):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            getattr(os, "fdatasync", os.fsync)(file.fileno())
            taken.append(time.perf_counter() - began)
    return median(taken) * 1000


def _read(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
