"""kill -9 at random moments: nothing is lost, and no activity whose end was committed runs again."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

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


def test_a_kill_leaves_no_trace_in_histories_under_the_virtual_clock(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    chance = random.Random(7)
    for _ in range(KILLS):
        child = _child(tmp_path / "killed", log, "virtual")
        _kill_after(child, log, lines=log.read_bytes().count(b"\n") + chance.randrange(1, 180))
    assert _child(tmp_path / "killed", log, "virtual").wait(60) == 0
    assert _child(tmp_path / "whole", tmp_path / "other-log", "virtual").wait(60) == 0
    assert _histories(tmp_path / "killed") == _histories(tmp_path / "whole")


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
    events = [event for history in _histories(state).values() for event in history]
    results = [json.loads(event["Result"]) for event in events if event["EventType"] == 5]
    return {result for result in results if isinstance(result, str)}


def _histories(state: Path) -> dict[str, list[dict[str, Any]]]:
    with closing(Reader(state / "host.db")) as reader:
        found = reader.query([], None, None, None, None, 1000)
        return {instance.id: reader.history(instance.id) for instance in found}


def _outputs(state: Path) -> dict[str, str | None]:
    with closing(Reader(state / "host.db")) as reader:
        found = reader.query(["Completed"], None, None, "t", None, 1000)
        return {instance.id: instance.output for instance in found}
