"""A real disk without room for what steps write: the run says so and waits; what comes of it in the end is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from shared.ports import Ports
from shared.process import runs
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.agents.test_full_disk import Disk, disk
from tests.integration.process.played import Played
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
