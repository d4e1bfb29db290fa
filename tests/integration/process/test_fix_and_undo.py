"""Rows of a quarantine put right after the run, and runs taken back."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.folders.named import NamedFolders
from shared.domain.faults import Conflict, Rejected
from shared.domain.folder_places import folder_places
from shared.domain.run import RowsFix, Run, RunFile
from shared.ports import Ports
from shared.process import fixing, runs, watching
from shared.process.books import read_step
from shared.process.sandbox import Level, reached
from shared.process.store import put
from shared.process.undo import undo
from shared.process.workplace import sweep, workplace
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.process.played import Played
from tests.integration.process.probe import plug_in

COLUMNS = [{"name": "case", "required": True, "unique": True}, {"name": "filed", "type": "date"}]
READ = {"id": "cases", "type": "read", "with": {"file": "${{ inputs.list }}", "columns": COLUMNS}}
PLAN: dict[str, Any] = {
    "inputs": {"list": {"type": "file"}, "other": {"type": "file", "optional": True}},
    "steps": [
        READ,
        {"id": "apart", "type": "value", "with": {"value": "${{ inputs.list.name }}"}},
        {
            "id": "due",
            "type": "transform",
            "needs": ["cases"],
            "with": {"rows": "${{ steps.cases.outputs.rows }}", "do": [{"sort": ["filed"]}]},
        },
        {
            "id": "out",
            "type": "output",
            "needs": ["due"],
            "with": {"rows": "${{ steps.due.outputs.rows }}", "name": "o.csv"},
        },
    ],
    "outputs": {
        "sha256": "${{ steps.out.outputs.file.sha256 }}",
        "sums": "${{ steps.out.outputs.checksums.sha256 }}",
        "bad": "${{ steps.cases.outputs.quarantined }}",
    },
}
WRONG = "case,filed\nA-1,2024-03-01\nA-2,soon\nA-3,2023-01-31\nA-4,later\n"
RIGHT = WRONG.replace("soon", "2023-06-30").replace("later", "2020-02-29")
HEAD = "baton_row,baton_reason,baton_suggestion,case,filed\n"


def sent(ports: Ports, name: str, text: str) -> dict[str, Any]:
    """As POST /api/v1/runs/files answers it."""
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    ports.files.put(SCOPE, f"runs/incoming/{digest}/{name}", data)
    return RunFile(file=f"runs/incoming/{digest}/{name}", name=name, bytes=len(data), sha256=digest).model_dump()


def fix(ports: Ports, id: str, text: str, name: str = "corrected.csv", **more: Any) -> Run:
    return fixing.fix(ports, SCOPE, id, "ada", RowsFix.model_validate({"file": sent(ports, name, text), **more}))


def quarantine(ports: Ports, id: str, step: str) -> str:
    found = read_step(ports, SCOPE, id, step)
    assert found is not None
    return ports.files.get(SCOPE, found.outputs["quarantine"]["file"]).decode()


def test_a_run_whose_rows_were_put_right_ends_as_if_they_had_been_right_at_once(ports: Ports, hand: Hand) -> None:
    meant = Played(ports, hand, PLAN, list=sent(ports, "l.csv", RIGHT)).play().outputs
    played = Played(ports, hand, PLAN, list=sent(ports, "l.csv", WRONG))
    first = played.play()
    assert first.outputs["bad"] == 2
    assert first.outputs["sha256"] != meant["sha256"]
    text = quarantine(ports, played.id, "cases").replace("soon", "2023-06-30")
    assert fix(ports, played.id, text).attempt == 2
    assert played.retried().outputs["bad"] == 1, "one is still wrong, and can be put right later"
    fix(ports, played.id, quarantine(ports, played.id, "cases").replace("later", "2020-02-29"))
    done = played.retried()
    assert (done.status, done.outputs) == ("done", meant)
    assert {each["step"] for each in played.asked if each["attempt"] == 3 and "step" in each} == {"cases", "due", "out"}
    with pytest.raises(Conflict, match="rows in quarantine"):
        fix(ports, played.id, text)
    facts = [fact.what for fact in ports.journal.read(SCOPE, f"run/{played.id}")]
    assert facts.count("fixed") == 2


def test_a_correction_that_is_wrong_itself_fails_and_another_one_mends_that(ports: Ports, hand: Hand) -> None:
    meant = Played(ports, hand, PLAN, list=sent(ports, "l.csv", RIGHT)).play().outputs
    played = Played(ports, hand, PLAN, list=sent(ports, "l.csv", WRONG))
    played.play()
    fix(ports, played.id, HEAD + "1,,,A-1,2024-03-02\n")
    with pytest.raises(Conflict, match="waiting"):
        fix(ports, played.id, HEAD)
    failed = played.retried()
    assert (failed.status, failed.status_reason) == ("failed", "step cases: row 1 is not in quarantine")
    fix(ports, played.id, HEAD + "2,,,A-2,2023-06-30\n4,,,A-4,2020-02-29\n")
    assert played.retried().outputs == meant


def test_what_a_correction_made_due_stays_due_when_its_attempt_broke(ports: Ports, hand: Hand) -> None:
    """A retry without a step does the correction, and all that needs it, in the next attempt."""
    meant = Played(ports, hand, PLAN, list=sent(ports, "l.csv", RIGHT)).play().outputs
    played = Played(ports, hand, PLAN, list=sent(ports, "l.csv", WRONG))
    played.play()
    fix(ports, played.id, HEAD + "2,,,A-2,2023-06-30\n4,,,A-4,2020-02-29\n")
    runs.cancel(ports, SCOPE, played.id, "ada")
    assert played.retried().status == "cancelled"
    runs.retry(ports, SCOPE, played.id, "ada")
    assert played.retried().outputs == meant
    runs.retry(ports, SCOPE, played.id, "ada", "cases")
    assert played.retried().outputs["bad"] == 2, "from that step on the file itself is read again"


def test_the_quarantine_says_which_item_is_meant_and_the_others_stay(ports: Ports, hand: Hand) -> None:
    loop = {**READ, "foreach": {"items": "${{ inputs.lists }}"}, "with": {"file": "${{ item }}", "columns": COLUMNS}}
    plan = {"inputs": {"lists": {"type": "files"}}, "steps": [loop], "outputs": {"all": "${{ steps.cases.outputs }}"}}
    lists = [sent(ports, "a.csv", WRONG), sent(ports, "b.csv", WRONG)]
    played = Played(ports, hand, plan, lists=lists)
    before = played.play().outputs["all"]
    text = HEAD + "2,,,A-2,2023-06-30\n"
    with pytest.raises(Rejected, match=r"cases \(item 0\), cases \(item 1\)"):
        fix(ports, played.id, text)
    fix(ports, played.id, text, "b.quarantine.csv")
    after = played.retried().outputs["all"]
    assert (after[0], after[1]["quarantined"]) == (before[0], 1)
    fix(ports, played.id, text, step="cases", item=0)
    assert [each["quarantined"] for each in played.retried().outputs["all"]] == [1, 1]


def test_a_file_that_was_never_sent_is_refused(ports: Ports, hand: Hand) -> None:
    played = Played(ports, hand, PLAN, list=sent(ports, "l.csv", WRONG))
    played.play()
    file = {"file": "runs/incoming/none", "name": "n.csv", "bytes": 3, "sha256": "0" * 64}
    with pytest.raises(Rejected, match="is not there"):
        fixing.fix(ports, SCOPE, played.id, "ada", RowsFix.model_validate({"file": file}))


def copied(id: str, *needs: str, over: str, **more: Any) -> dict[str, Any]:
    given = {"from": "${{ inputs.list }}", "to": {"folder": "out", "path": over}, "overwrite": True}
    return {"id": id, "type": "files.copy", "needs": list(needs), "with": {**given, **more.pop("given", {})}, **more}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder outside with two files in it."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.csv").write_text("a as it was")
    (folder / "b.csv").write_text("b as it was")
    return folder


@pytest.fixture
def outside(ports: Ports, out: Path) -> Ports:
    return replace(ports, folders=NamedFolders(folder_places(f"out={out}"), None, ports.clock))


def lying(folder: Path) -> dict[str, str]:
    return {each.name: each.read_text() for each in folder.iterdir()}


UNDO: dict[str, Any] = {
    "inputs": {"list": {"type": "file"}, "other": {"type": "file", "optional": True}},
    "steps": [
        copied("first", over="a.csv"),
        copied("new", "first", over="n-${{ item }}.csv", foreach={"items": "${{ [1, 2] }}"}),
        {"id": "gone", "type": "files.delete", "needs": ["new"], "with": {"files": {"folder": "out", "path": "b.csv"}}},
        copied("second", "gone", over="a.csv", given={"from": "${{ inputs.other }}"}),
    ],
}


def test_a_run_is_taken_back_last_step_first_and_done_again_by_a_retry(outside: Ports, hand: Hand, out: Path) -> None:
    before = lying(out)
    played = Played(outside, hand, UNDO, list=sent(outside, "l.csv", RIGHT), other=sent(outside, "o.csv", WRONG))
    with pytest.raises(Conflict, match="waiting"):
        undo(outside, SCOPE, played.id, "ada")
    assert played.play().status == "done"
    after = lying(out)
    assert after == {"a.csv": WRONG, "n-1.csv": RIGHT, "n-2.csv": RIGHT}
    told = undo(outside, SCOPE, played.id, "ada").changes
    assert lying(out) == before
    assert [each.step for each in told] == ["second", "gone", "new", "new", "first"]
    assert all(each.came_back for each in told)
    assert undo(outside, SCOPE, played.id, "ada").changes == [], "there is nothing left to take back"
    runs.retry(outside, SCOPE, played.id, "ada", "second")
    assert played.retried().status == "done"
    assert lying(out) == after
    assert all(each.came_back for each in undo(outside, SCOPE, played.id, "ada").changes)
    assert lying(out) == before


def test_what_somebody_changed_since_stays_and_is_said(outside: Ports, hand: Hand, out: Path) -> None:
    played = Played(outside, hand, UNDO, list=sent(outside, "l.csv", RIGHT), other=sent(outside, "o.csv", WRONG))
    played.play()
    (out / "n-2.csv").write_text("mine")
    told = undo(outside, SCOPE, played.id, "ada").changes
    lost = [(each.step, each.item, each.what, each.why) for each in told if not each.came_back]
    assert lost == [("new", 1, "out:n-2.csv", "changed since")]
    assert lying(out) == {"a.csv": "a as it was", "b.csv": "b as it was", "n-2.csv": "mine"}
    (out / "n-2.csv").unlink()
    assert [each.why for each in undo(outside, SCOPE, played.id, "ada").changes] == ["as it was", "as it was"]


def test_what_was_written_twice_comes_back_as_it_was_before_the_run(outside: Ports, hand: Hand, out: Path) -> None:
    """A correction has the step write another file; undoing the run gives back what lay there before both."""
    away = copied("away", "out", over="a.csv", given={"from": "${{ steps.out.outputs.file }}"})
    played = Played(outside, hand, {**PLAN, "steps": [*PLAN["steps"], away]}, list=sent(outside, "l.csv", WRONG))
    assert played.play().status == "done"
    fix(outside, played.id, HEAD + "2,,,A-2,2023-06-30\n")
    assert played.retried().status == "done"
    assert "A-2" in (out / "a.csv").read_text()
    assert [each.why for each in undo(outside, SCOPE, played.id, "ada").changes] == ["restored", "restored"]
    assert lying(out) == {"a.csv": "a as it was", "b.csv": "b as it was"}


def test_the_runs_within_are_undone_too_and_what_has_left_is_said(
    outside: Ports, hand: Hand, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug_in(monkeypatch)
    inner = {"process": "inner", "title": "Inner", "inputs": {"list": {"type": "file"}}, "steps": [UNDO["steps"][0]]}
    put(outside, SCOPE, "ada", "inner", json.dumps(inner).encode(), "inner.json", None)
    within = {"id": "within", "type": "process", "with": {"name": "inner", "inputs": {"list": "${{ inputs.list }}"}}}
    broken = {"id": "letter", "type": "probe", "needs": ["within"], "with": {"breaks": True}}
    plan = {"inputs": UNDO["inputs"], "steps": [within, broken]}
    played = Played(outside, hand, plan, list=sent(outside, "l.csv", RIGHT))
    assert played.play().status == "failed"
    assert lying(out)["a.csv"] == RIGHT
    told = undo(outside, SCOPE, played.id, "ada").changes
    assert [(each.step, each.what, each.came_back) for each in told] == [
        ("letter", "a letter", False),
        ("first", "out:a.csv", True),
    ]
    assert lying(out)["a.csv"] == "a as it was"
    with pytest.raises(Conflict, match="part of the run"):
        undo(outside, SCOPE, told[1].run, "ada")


@pytest.mark.skipif(
    reached() < Level.APART and not os.environ.get("CI"), reason="bubblewrap does not work on this machine"
)
def test_what_a_program_used_is_told_and_what_it_prints_is_kept_without_personal_data(ports: Ports, hand: Hand) -> None:
    code = """
print("paid by ada.lovelace@people.example")
print("x" * 1990 + " ada.lovelace@people.example")
sum(n * n for n in range(1_000_000))
raise SystemExit("no bill for ada.lovelace@people.example")
"""
    played = Played(ports, hand, {"steps": [{"id": "bill", "type": "script", "with": {"code": code}}]})
    run = played.play()
    found = read_step(ports, SCOPE, run.id, "bill")
    assert found is not None
    said = [each.text for each in watching.lines(ports, SCOPE, run.id, None, 100, None).lines]
    assert "paid by a***@***" in said
    assert run.status_reason == "step bill: the program ended with exit code 1: no bill for a***@***"
    assert "lovelace" not in " ".join(said) + found.why + found.tries[0].model_dump_json() + run.model_dump_json()
    assert found.tries[0].cpu_seconds > 0.04
    assert (found.tries[0].peak_bytes or 0) > 1 << 20


WORKS = """
import sys
from dataclasses import dataclass
from pathlib import Path
from shared.process.workplace import workplace

@dataclass
class Here:
    work: Path

with workplace(Here(Path(sys.argv[1])), "killed") as folder:
    (folder / "cases.csv").write_text("A-1")
    print("working", flush=True)
    sys.stdin.read()
"""


def test_a_folder_that_a_kill_left_is_swept_and_one_in_use_is_not(ports: Ports) -> None:
    assert ports.work is not None
    process = subprocess.Popen(
        [sys.executable, "-c", WORKS, str(ports.work)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process, workplace(ports, "mine") as mine:
        assert process.stdout
        assert process.stdout.readline() == b"working\n"
        assert sweep(ports) == 0
        left = ports.work / "killed/folder/cases.csv"
        assert left.exists()
        process.kill()
        process.wait(30)
        assert left.exists(), "nobody cleaned up"
        assert sweep(ports) == 1
        assert not left.exists()
        assert mine.is_dir()
    assert list(ports.work.iterdir()) == []
