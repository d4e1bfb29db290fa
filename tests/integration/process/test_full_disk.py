"""A real disk without room for what steps write: the run says so and waits; what comes of it in the end is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from errno import EFBIG, ENOSPC
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from shared.ports import Ports
from shared.process import runs
from shared.process.errors import TransientError
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.agents.test_full_disk import Disk, disk
from tests.integration.process.played import Played
from tests.integration.process.probe import Probe, plug_in
from tests.integration.process.test_sol_import import kept

__all__ = ["disk"]

COLUMNS = [{"name": "id", "type": "integer"}, {"name": "name"}]
ROWS = {"rows": "${{ steps.rows.outputs.rows }}"}
PLAN: dict[str, Any] = {
    "inputs": {"list": {"type": "file"}},
    "steps": [
        {"id": "rows", "type": "read", "with": {"file": "${{ inputs.list }}", "columns": COLUMNS}},
        {"id": "sorted", "type": "transform", "needs": ["rows"], "with": {**ROWS, "do": [{"sort": ["name"]}]}},
        {"id": "loaded", "type": "sql.load", "needs": ["rows"], "with": {**ROWS, "table": "people"}},
        {"id": "out", "type": "output", "needs": ["rows"], "with": {**ROWS, "format": "xml"}},
    ],
    "at_once": 1,
    "outputs": {
        "sorted": "${{ steps.sorted.outputs.rows.file.sha256 }}",
        "out": "${{ steps.out.outputs.file.sha256 }}",
        "loaded": "${{ steps.loaded.outputs.count }}",
    },
}


def test_a_run_waits_for_room_and_says_so(ports: Ports, hand: Hand, tmp_path: Path, disk: Callable[..., Disk]) -> None:
    people = "id,name\n" + "".join(f"{n},name-{n * 7919 % 10007:05d}-{'x' * (n % 40)}\n" for n in range(8000))
    given = kept(ports, "people.csv", people.encode())
    expected = Played(ports, hand, PLAN, list=given).play().outputs
    assert expected["loaded"] == 8000

    assert ports.work
    small, size, waited = disk(ports.work, 64), 64, set()
    played = Played(ports, hand, PLAN, list=given)
    run = played.play()
    while run.status == "running":
        [here] = [each for each in runs.steps(ports, SCOPE, run.id) if each.status != "done"]
        assert (here.status, here.why) == ("waiting", "the disk is full: it goes on by itself when there is room")
        assert here.tries[-1].failure is None
        assert not list(ports.work.glob("*")), "nothing is left half written"
        waited.add(here.step)
        size += size // 4
        small.resize(size)
        run = played.play(played.stage.now + timedelta(minutes=6))
    assert (run.status, run.status_reason, run.outputs) == ("done", None, expected)
    assert len(waited) >= 2


def fails_with(monkeypatch: pytest.MonkeyPatch, errors: Iterator[Exception]) -> None:
    """What the probe meets, one after the other."""
    plug_in(monkeypatch)

    def run(probe: Probe, desk: Any) -> Any:
        raise next(errors)

    monkeypatch.setattr(Probe, "run", run)


def test_hours_without_room_use_up_no_tries(ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    full = (OSError(ENOSPC, "No space left on device") for _ in range(52))
    fails_with(monkeypatch, chain([TransientError("not now")], full, repeat(TransientError("nor now"))))
    played = Played(ports, hand, {"steps": [{"id": "a", "type": "probe", "retry": {"transient": 1}}]})
    run = played.play(START + timedelta(hours=6))
    assert (run.status, run.status_reason) == ("failed", "step a: nor now")
    [step] = runs.steps(ports, SCOPE, run.id)
    assert [(each.outcome, each.why) for each in step.tries] == [("failed", "not now"), ("failed", "nor now")]
    assert step.tries[1].at >= START + timedelta(hours=4), "its time begins when there is room"


def test_a_file_larger_than_the_disk_takes_is_not_waited_for(
    ports: Ports, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_with(monkeypatch, iter([OSError(EFBIG, "File too large")]))
    run = Played(ports, hand, {"steps": [{"id": "a", "type": "probe"}]}).play()
    assert (run.status, run.status_reason) == ("failed", "step a: a file grew larger than this disk takes")
    [step] = runs.steps(ports, SCOPE, run.id)
    assert step.tries[0].failure
    assert step.tries[0].failure.kind == "resource"
