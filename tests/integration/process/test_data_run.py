"""The data steps in a run of the engine: a file comes from a folder, its rows go through, files go back."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from shared.adapters.folders.named import NamedFolders
from shared.domain.folder_places import folder_places
from shared.ports import Ports
from shared.process.books import read_step
from shared.process.trash import take_back
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.process.played import Played

COLUMNS = [{"name": "case", "required": True}, {"name": "filed", "type": "date"}]
STEPS: list[dict[str, Any]] = [
    {"id": "take", "type": "files.move", "with": {"from": {"folder": "inbox", "glob": "*.csv"}}},
    {"id": "cases", "type": "read", "with": {"file": "${{ steps.take.outputs.files[0] }}", "columns": COLUMNS}},
    {
        "id": "due",
        "type": "transform",
        "with": {
            "rows": "${{ steps.cases.outputs.rows }}",
            "do": [{"map": {"due": "(filed + to_years(2))::DATE"}}, {"sort": ["due"]}],
        },
    },
    {"id": "out", "type": "output", "with": {"rows": "${{ steps.due.outputs.rows }}", "name": "due.csv"}},
    {
        "id": "away",
        "type": "files.copy",
        "with": {
            "from": ["${{ steps.out.outputs.file }}", "${{ steps.cases.outputs.quarantine }}"],
            "to": {"folder": "inbox", "path": "done/"},
        },
    },
]


def test_a_file_becomes_rows_and_files_again_and_comes_back_when_the_run_is_undone(
    ports: Ports, hand: Hand, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    text = "case,filed\nA-1,2024-03-01\nA-2,soon\nA-3,2023-01-31\n"
    (inbox / "cases.csv").write_text(text)
    ports = replace(ports, folders=NamedFolders(folder_places(f"inbox={inbox}"), None, ports.clock))
    steps = [{**each, "needs": [before["id"]]} for before, each in pairwise(STEPS)]
    plan = {"steps": [STEPS[0], *steps], "outputs": {"bad": "${{ steps.cases.outputs.quarantined }}"}}
    played = Played(ports, hand, plan)
    run = played.play()
    assert (run.status, run.status_reason, run.outputs) == ("done", None, {"bad": 1})
    assert not (inbox / "cases.csv").exists()
    with (inbox / "done/due.csv").open(newline="") as file:
        assert list(csv.reader(file))[1:] == [["A-3", "2023-01-31", "2025-01-31"], ["A-1", "2024-03-01", "2026-03-01"]]
    assert "A-2,soon" in (inbox / "done/cases.quarantine.csv").read_text()
    for id in ("away", "take"):
        done = read_step(ports, SCOPE, run.id, id)
        assert done is not None
        assert {each.outcome for each in take_back(ports, SCOPE, done.undo)} == {"restored"}
    assert [each.name for each in inbox.rglob("*") if each.is_file()] == ["cases.csv"]
    assert (inbox / "cases.csv").read_text() == text
