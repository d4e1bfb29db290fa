"""kill -9 at random moments: nothing is lost, and no activity whose end was committed runs again."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from local.host.reader import Reader
from tests.integration.host import kill_child

KILLS = 4


@pytest.mark.parametrize("mode", ["sticky", "replay", "virtual"])
def test_a_killed_host_loses_nothing_and_repeats_nothing_committed(tmp_path: Path, mode: str) -> None:
    state, log = tmp_path / "state", tmp_path / "log"
    log.touch()
    chance = random.Random(mode)
    committed: set[str] = set()
    for _ in range(KILLS):
        already = len(_starts(log))
        child = _child(state, log, mode)
        _kill_after(child, log, lines=log.read_bytes().count(b"\n") + chance.randrange(1, 180))
        again = committed & set(_starts(log)[already:])
        assert not again, f"committed before the kill and run again: {sorted(again)}"
        committed |= _committed(state)
    already = len(_starts(log))
    assert _child(state, log, mode).wait(60) == 0
    assert not committed & set(_starts(log)[already:])
    assert set(_starts(log)) == kill_child.expected_keys()
    assert _outputs(state) == dict.fromkeys([f"t{n}" for n in range(kill_child.INSTANCES)], "170")


def _child(state: Path, log: Path, mode: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", kill_child.__name__, str(state), str(log), mode])


def _kill_after(child: subprocess.Popen[bytes], log: Path, lines: int) -> None:
    pause = threading.Event()
    while child.poll() is None and log.read_bytes().count(b"\n") < lines:
        pause.wait(0.001)
    child.kill()
    assert child.wait() == -signal.SIGKILL, "the child had ended before it was killed"


def _starts(log: Path) -> list[str]:
    return [line.split()[1] for line in log.read_text().splitlines() if line.startswith("start ")]


def _committed(state: Path) -> set[str]:
    """The keys of the activities whose end is in a history."""
    if not (state / "host.db").exists():
        return set()
    reader = Reader(state / "host.db")
    try:
        ids = [instance.id for instance in reader.query([], None, None, None, None, 1000)]
        events = [event for instance_id in ids for event in reader.history(instance_id)]
        results = [json.loads(event["Result"]) for event in events if event["EventType"] == 5]
        return {result for result in results if isinstance(result, str)}
    finally:
        reader.close()


def _outputs(state: Path) -> dict[str, str | None]:
    reader = Reader(state / "host.db")
    try:
        found = reader.query([], None, None, "t", None, 1000)
        return {instance.id: instance.output for instance in found if instance.status == "Completed"}
    finally:
        reader.close()
