"""kill -9, and failing disks, at every kind of COMMIT that changes the bus: nothing is lost or settled twice."""

from __future__ import annotations

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

from tests.integration.host import bus_nursery

KINDS = {
    "enqueue",
    "lock",
    "session-lock",
    "settle",
    "settle-with-output",
    "abandon",
    "dead-letter",
    "due",
    "start-by-message",
    "activity-with-output",
}
KILLS = 100
MOST_RUNS = 40
RUNS_ON_A_BAD_DISK = 6
# By queue: what its function notes, and where it sends what it has settled.
SETTLED_BY = {"steps": ("step", "done"), "poison": ("bury", "graves"), "ordered": ("line", "lines")}


class Lives:
    """Starts hosts and sees them end; `met` counts what the COMMITs that went wrong did."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", bus_nursery.__name__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.met: Counter[tuple[str, str]] = Counter()
        self.kills = 0

    def live(self, directory: Path, mode: str, when: str, number: int) -> bool:
        """Whether the life came to its natural end."""
        assert self._process.stdin
        assert self._process.stdout
        print(directory, mode, when, number, file=self._process.stdin, flush=True)
        code, _, told = self._process.stdout.readline().strip().partition(" ")
        assert int(code) in (0, -signal.SIGKILL), f"{directory}: a life ended with {code}, see its stderr"
        self.met.update((when, kind) for kind in told.split(","))
        self.kills += int(code) != 0
        return int(code) == 0

    def missed(self, *when: str) -> set[tuple[str, str]]:
        return {(time, kind) for time in when for kind in KINDS} - set(self.met)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        assert self._process.wait(20) == 0
        self._process.stdout.close()


@pytest.fixture
def lives() -> Iterator[Lives]:
    made = Lives()
    yield made
    made.close()


def test_a_host_killed_at_any_commit_of_its_bus_loses_nothing_and_settles_nothing_twice(
    lives: Lives, tmp_path: Path
) -> None:
    """Until each kind was met, too: what falls into one COMMIT depends on how busy the machine is."""
    seeds = iter(range(MOST_RUNS))
    while lives.kills < KILLS or lives.missed("before", "after"):
        seed = next(seeds, None)
        assert seed is not None, f"{lives.kills} kills, none of them at {lives.missed('before', 'after')}"
        for mode in ("real", "virtual"):
            play(lives, tmp_path / f"{mode}-{seed}", mode, seed)
            check_end(tmp_path / f"{mode}-{seed}")


def test_commits_of_the_bus_that_fail_are_made_up_for(lives: Lives, tmp_path: Path) -> None:
    """Each failing COMMIT is an I/O error, about one in three; what waits for an answer is asked for again."""
    seeds = iter(range(MOST_RUNS))
    while (seed := next(seeds)) < RUNS_ON_A_BAD_DISK or lives.missed("fail"):
        for mode in ("real", "virtual"):
            directory = tmp_path / f"{mode}-{seed}"
            directory.mkdir()
            assert lives.live(directory, mode, "fail", seed)
            check_end(directory)


def play(lives: Lives, directory: Path, mode: str, seed: int) -> None:
    """Life after life on one directory, until one comes to its end."""
    directory.mkdir()
    notes = directory / "notes"
    notes.touch()
    chance = random.Random(f"{mode} {seed}")
    over = False
    while not over:
        already, settled = len(_lines(notes)), _settled(directory)
        over = lives.live(directory, mode, chance.choice(["before", "after"]), chance.randint(1, 14))
        again = settled & set(_lines(notes)[already:])
        assert not again, f"{mode} {seed}: settled before the kill and run again: {sorted(again)}"


def check_end(directory: Path) -> None:
    """All that was sent has been settled, and what was sent with a settlement went out once, sessions in order."""
    with closing(sqlite3.connect(directory / "host.db")) as db:
        sent = {queue: _bodies(db, queue) for queue in bus_nursery.OUTPUTS}
        instances = db.execute("SELECT id, status, output FROM instances ORDER BY id").fetchall()
        left = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("work", "inbox")]
    assert {queue: sorted(bodies) for queue, bodies in sent.items()} == {
        queue: sorted(bodies) for queue, bodies in bus_nursery.OUTPUTS.items()
    }
    for session in "ab":
        assert [body for body in sent["lines"] if body[0] == session] == [f"{session}-{n}" for n in range(3)]
    assert instances == [(id_, "Completed", '"told"') for id_ in bus_nursery.BODIES["starts"]]
    assert left == [0, 0]


def _settled(directory: Path) -> set[str]:
    """The notes of functions whose settlement is committed: what they sent with it is there."""
    if not (directory / "host.db").exists():
        return set()
    with closing(sqlite3.connect(directory / "host.db")) as db:
        notes = {f"{verb} {body}" for verb, out in SETTLED_BY.values() for body in _bodies(db, out)}
        waiting = set(_bodies(db, "starts"))
    acknowledged = set(_lines(directory / "acknowledged"))
    return notes | {f"start {body}" for body in bus_nursery.BODIES["starts"] if body in acknowledged - waiting}


def _bodies(db: sqlite3.Connection, queue: str) -> list[str]:
    found = db.execute("SELECT body FROM bus_messages WHERE entity = ? ORDER BY seq", (queue,))
    return [body.decode() for (body,) in found]


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
