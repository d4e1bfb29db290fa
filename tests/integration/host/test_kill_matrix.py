"""kill -9 before and after the COMMIT of every part of the host: more than two hundred lives end early."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.host.reader import Reader, read_chunks
from tests.integration.host import nursery

PARTS = {
    "start",
    "task_scheduled",
    "result",
    "timer_created",
    "timer_fired",
    "sub_orchestration_created",
    "sub_orchestration_completed",
    "continue-as-new",
    "event_raised",
    "entity_asked",
    "entity_operated",
    "event_sent",
    "mail",
    "suspend",
    "execution_terminated",
    "end",
}
KILLS = 200
MOST_RUNS = 60


class Nursery:
    """Starts lives and sees them end; `killed` counts, by when and during what."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", nursery.__name__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.killed: Counter[tuple[str, str]] = Counter()
        self.kills = 0

    def live(self, directory: Path, mode: str, when: str, number: int) -> bool:
        """Whether the life came to its natural end."""
        assert self._process.stdin
        assert self._process.stdout
        print(directory, mode, when, number, file=self._process.stdin, flush=True)
        code, _, about = self._process.stdout.readline().strip().partition(" ")
        assert int(code) in (0, -signal.SIGKILL), f"{directory}: a life ended with {code}, see its stderr"
        if int(code):
            self.kills += 1
            self.killed.update((when, part) for part in about.split(","))
        return int(code) == 0

    def missed(self) -> set[tuple[str, str]]:
        return {(when, part) for when in ("before", "after") for part in PARTS} - set(self.killed)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        assert self._process.wait(20) == 0
        self._process.stdout.close()


@pytest.fixture
def lives() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def play(lives: Nursery, directory: Path, mode: str, seed: int) -> None:
    """Life after life on one directory, until one comes to its end."""
    directory.mkdir()
    chance = random.Random(f"{mode} {seed}")
    log = directory / "log"
    log.touch()
    over = False
    while not over:
        already, committed = _lines(log), _committed(directory)
        over = lives.live(directory, mode, chance.choice(["before", "after"]), chance.randint(1, 4))
        again = committed & set(_lines(log)[len(already) :])
        assert not again, f"{mode} {seed}: committed before the kill and run again: {sorted(again)}"


def check_end(directory: Path) -> None:
    """Nothing is lost, and everything has ended."""
    assert set(_lines(directory / "log")) == nursery.KEYS
    with closing(Reader(directory / "host.db")) as reader:
        found = {instance.id: instance for instance in reader.query([], None, None, None, None, 10)}
    assert {id_: instance.status for id_, instance in found.items()} == {
        "r": "Completed",
        "r-counting": "Completed",
        "e": "Terminated",
    }
    assert found["r"].output == "[5, 2, [0, 1, 2]]"
    with closing(sqlite3.connect(directory / "host.db")) as db:
        tables = ("work", "timers", "inbox", "operations")
        left = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        (notes,) = db.execute("SELECT state FROM entities").fetchone()
    assert left == dict.fromkeys(tables, 0)
    assert json.loads(notes) == [f"{kind}/{n}" for n in range(nursery.NOTES) for kind in ("signal", "call")]


def test_a_host_killed_at_any_commit_loses_nothing_and_repeats_nothing_committed(
    lives: Nursery, tmp_path: Path
) -> None:
    """Until each kind was met, too: what falls into one COMMIT depends on how busy the machine is."""
    seeds = iter(range(MOST_RUNS))
    while lives.kills < KILLS or lives.missed():
        seed = next(seeds, None)
        assert seed is not None, f"{lives.kills} kills, none of them at {lives.missed()}"
        for mode in ("sticky", "replay", "virtual"):
            directory = tmp_path / f"{mode}-{seed}"
            play(lives, directory, mode, seed)
            check_end(directory)


def test_kills_leave_no_trace_in_histories_under_the_virtual_clock(lives: Nursery, tmp_path: Path) -> None:
    play(lives, tmp_path / "killed", "virtual", 100)
    (tmp_path / "whole").mkdir()
    assert lives.live(tmp_path / "whole", "virtual", "never", 0)
    assert _histories(tmp_path / "killed") == _histories(tmp_path / "whole")


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines()


def _committed(directory: Path) -> set[str]:
    """The activities whose end is committed: they have started, and are no longer in the table of work."""
    if not (directory / "host.db").exists():
        return set()
    with closing(sqlite3.connect(directory / "host.db")) as db:
        open_ = {row[0].strip('"') for row in db.execute("SELECT input FROM work")}
    return set(_lines(directory / "log")) - open_


def _histories(directory: Path) -> dict[str, str]:
    with closing(sqlite3.connect(directory / "host.db")) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM instances")]
        return {id_: json.dumps(list(read_chunks(db, id_))) for id_ in ids}
