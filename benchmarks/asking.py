"""What Baton adds to a call of a model: route, budget and tape. `python -m benchmarks.asking [--calls 300]`.

The yardstick, in the same run and by turns, is the same question put to the same server by the bare SDK. The server is
a process of its own that answers at once; every answer is checked against its schema, reserved and settled on three
accounts with limits, and on the disk before it is used."""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from openai import OpenAI

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


def _measure(ports: Ports, client: OpenAI, disk: sqlite3.Connection, calls: int) -> dict[str, list[float]]:
    """Milliseconds of each call: bare, through Baton, and again from the tape; and of a durable commit of bare SQLite,
    which is the least that an answer that must not be lost can cost. By turns, each first as often."""
    bare, ours, taped, commits = [], [], [], []
    for n in range(calls + WARM_UP):
        call = Call(f"bench~{n}", QUESTION, "copywriter", campaign="c1")
        if n % 2:
            bare.append(_timed(lambda: _bare(client)))
        ours.append(_timed(lambda call=call: ask(ports, SCOPE, call)))
        if not n % 2:
            bare.append(_timed(lambda: _bare(client)))
        taped.append(_timed(lambda call=call: ask(ports, SCOPE, call)))
        commits.append(_timed(lambda: disk.execute("INSERT INTO kept VALUES (?)", ("x" * 1500,))))
    found = {"bare SDK": bare, "through Baton": ours, "from the tape": taped, "a bare commit": commits}
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
    calls = parser.parse_args().calls
    with tempfile.TemporaryDirectory() as folder, _server() as url, opened(Path(folder), url) as ports:
        _limited(ports)
        bare = OpenAI(base_url=url, api_key="none", max_retries=0)
        with closing(bare) as client, closing(_disk(Path(folder) / "floor.db")) as disk:
            _print(_measure(ports, client, disk, calls))


def _print(found: dict[str, list[float]]) -> None:
    for name, times in found.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"{name:14} p50 {p50:6.2f} ms   p95 {p95:6.2f} ms")
    added = statistics.median(found["through Baton"]) - statistics.median(found["bare SDK"])
    print(f"Baton adds {added:.2f} ms at the median of {len(found['bare SDK'])} calls (goal: {GOAL:g} ms)")


if __name__ == "__main__":
    main()
