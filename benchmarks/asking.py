"""What Baton adds to a call of a model: route, budget and tape. `python -m benchmarks.asking [--calls 300] [--write]`.

The yardstick, in the same run and by turns, is the same question put to the same server by the bare SDK. The server is
a process of its own that answers at once; every answer is checked against its schema, reserved and settled on three
accounts with limits, and on the disk before it is used."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from openai import OpenAI

from benchmarks.contenders import ROOT
from shared.agents import budget
from shared.agents.asking import Call, ask
from shared.domain.budget import Budget
from shared.domain.scope import Scope
from shared.domain.wording import Copy
from shared.ports import Ports, Question
from tests.integration.generate.home import opened

SCOPE = Scope("local", "main")
MODEL = "test-model"
GOAL = 3.0
"""Milliseconds at the median."""
WARM_UP = 10
PAGE = ROOT / "docs" / "benchmarks-asking.md"
BARE, ADAPTER, OURS, TAPED, COMMIT = "bare SDK", "Baton's adapter", "through Baton", "from the tape", "a bare commit"
Times = dict[str, list[float]]
"""Milliseconds of each call."""
QUESTION = Question(
    "campaign.draft",
    "You write one variant of a marketing e-mail. " * 20,
    {"brief": {"offer": "Six evenings for your back", "facts": ["It starts on Tuesday"] * 10}, "variant": "A"},
    Copy.model_json_schema(),
)


@contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.servers.models"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def _bare(client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": QUESTION.instructions},
            {"role": "user", "content": json.dumps(QUESTION.data)},
        ],
        max_completion_tokens=QUESTION.most_tokens,
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "draft", "schema": QUESTION.schema or {}, "strict": True},
        },
    )
    assert json.loads(reply.choices[0].message.content or "")


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _measure(ports: Ports, client: OpenAI, disk: sqlite3.Connection, calls: int) -> Times:
    """Each call bare, by Baton's adapter alone, through Baton, and again from the tape; and a durable commit of bare
    SQLite, which is the least that an answer that must not be lost can cost. By turns, each first as often."""
    found: Times = {name: [] for name in (BARE, ADAPTER, OURS, TAPED, COMMIT)}
    model = ports.models["endpoint"]
    for n in range(calls + WARM_UP):
        call = Call(f"bench~{n}", QUESTION, "copywriter", campaign="c1")
        works: list[tuple[str, Callable[[], object]]] = [
            (BARE, lambda: _bare(client)),
            (OURS, lambda call=call: ask(ports, SCOPE, call)),  # type: ignore[misc]
        ]
        works = works[:: 1 if n % 2 else -1]
        works += [
            (ADAPTER, lambda: model.ask(SCOPE, QUESTION)),
            (TAPED, lambda call=call: ask(ports, SCOPE, call)),  # type: ignore[misc]
            (COMMIT, lambda: disk.execute("INSERT INTO kept VALUES (?)", ("x" * 1500,))),
        ]
        for name, work in works:
            found[name].append(_timed(work))
    return {name: times[WARM_UP:] for name, times in found.items()}


def _limited(ports: Ports) -> None:
    for account in ("workspace", "agent-copywriter", "campaign-c1"):
        budget.put(ports, SCOPE, "bench", account, Budget(calls=10**9, tokens=10**12))


def _disk(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE kept (body TEXT)")
    return connection


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-asking.md as well")
    asked, load = parser.parse_args(), os.getloadavg()
    with tempfile.TemporaryDirectory() as folder, _server() as url, opened(Path(folder), url) as ports:
        _limited(ports)
        bare = OpenAI(base_url=url, api_key="none", max_retries=0)
        with closing(bare) as client, closing(_disk(Path(folder) / "floor.db")) as disk:
            found = _measure(ports, client, disk, asked.calls)
    for name, times in found.items():
        p50, p95 = _middle_and_tail(times)
        print(f"{name:15} p50 {p50:6.2f} ms   p95 {p95:6.2f} ms")
    print(f"Baton adds {_added(found):.2f} ms at the median of {asked.calls} calls (goal: {GOAL:g} ms)")
    if asked.write:
        PAGE.write_text(_page(found, load), "utf-8")


def _middle_and_tail(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def _added(found: Times) -> float:
    return statistics.median(found[OURS]) - statistics.median(found[BARE])


def _page(found: Times, load: tuple[float, float, float]) -> str:
    rows = [f"| {name} | {p50:.2f} | {p95:.2f} |" for name, (p50, p95) in _summaries(found)]
    return _PAGE.format(
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        machine=f"{os.cpu_count()} cores; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; SQLite {sqlite3.sqlite_version}; "
        f"load average before {', '.join(f'{each:.1f}' for each in load)}",
        added=f"{_added(found):.2f}",
        calls=len(found[OURS]),
        goal=f"{GOAL:g}",
        met="met" if _added(found) <= GOAL else "**not met**",
        rows="\n".join(rows),
    )


def _summaries(found: Times) -> Iterator[tuple[str, tuple[float, float]]]:
    for name, times in found.items():
        yield name, _middle_and_tail(times)


_PAGE = """\
# What Baton adds to a call of a model

Written by `python -m benchmarks.asking --write` on {when}: {machine}.

**Baton adds {added} ms** at the median of {calls} calls to the bare SDK's call of the same question; the goal of
{goal} ms is {met}.

| | p50, ms | p95, ms |
|---|---|---|
{rows}

*Bare SDK*: `chat.completions.create` of the openai package, its answer read as JSON. *Baton's adapter*: the same
question, its answer checked against the schema, nothing kept. *Through Baton*: as agents ask; the home chosen, the most
that it can cost reserved on three accounts with limits, asked, settled, and answer and price on the disk before anybody
uses them ([decision 22](decisions/0022-an-answer-and-its-price-are-one-write.md),
[36](decisions/0036-what-is-most-likely-new-is-not-looked-up.md)). *From the tape*: the same call asked again. *A bare
commit*: one synced row of 1,500 octets in SQLite, the least that an answer can cost that must not be lost; a call has
one of these, and one that is not synced. All by turns in one process; the server is another one and answers at once.
"""


if __name__ == "__main__":
    main()
