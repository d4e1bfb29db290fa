"""A run is recorded on a tape, and played again without the world: what is the same is said, and what is not."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.cli.process_test import packed
from shared.adapters.folders.named import NamedFolders
from shared.domain.campaign import Campaign, CampaignRequest
from shared.domain.faults import Conflict, Rejected
from shared.domain.folder_places import folder_places
from shared.domain.golden import TapeTest
from shared.domain.names import Kind
from shared.domain.rehearsal import DryRequest
from shared.ports import PlannedRow, Ports
from shared.process import runs, vault
from shared.process.declared import Plan
from shared.process.errors import PolicyError
from shared.process.rehearsal.apart import Time
from shared.process.rehearsal.apart import apart as rehearsed
from shared.process.rehearsal.dry import dry_run
from shared.process.rehearsal.golden import WHOLE, compare, record
from shared.process.store import put
from tests.e2e.campaign.baton import CAMPAIGN
from tests.e2e.host.process import ROOT
from tests.integration.agents.conftest import SCOPE, START, Hand
from tests.integration.process.played import Played
from tests.integration.process.test_dry_run import Registry, everything
from tests.integration.process.test_programs import apart

ROWS = "${{ steps.rows.outputs.rows }}"
INNER: dict[str, Any] = {
    "process": "inner",
    "steps": [{"id": "got", "type": "value", "with": {"value": "${{ inputs.n }}"}}],
    "inputs": {"n": {"type": "integer"}},
    "outputs": {"twice": "${{ 2 * steps.got.outputs.value }}"},
}
STEPS: list[dict[str, Any]] = [
    {"id": "take", "type": "files.move", "with": {"from": {"folder": "inbox", "path": "cases.csv"}}},
    {"id": "rows", "type": "read", "with": {"file": "${{ steps.take.outputs.files[0] }}", "columns": [
        {"name": "case"}, {"name": "email"}, {"name": "filed", "type": "date"}]}},
    {"id": "asked", "type": "http.get", "with": {"url": "https://registry.example/a?key=${{ secrets.api }}"}},
    {"id": "agreed", "type": "approve", "with": {"title": "Well?", "within": "1h", "otherwise": "approve"}},
    {"id": "slept", "type": "wait", "with": {"for": "14d"}},
    {"id": "due", "type": "transform", "with": {"rows": ROWS, "do": [
        {"map": {"open": "'${{ steps.asked.outputs.body.open }}'"}}]}},
    {"id": "out", "type": "output", "with": {
        "rows": "${{ steps.due.outputs.rows }}", "allow": ["email"], "encrypt": {"key": "${{ secrets.workspace }}"}}},
    {"id": "twice", "type": "process", "with": {"name": "inner", "inputs": {"n": "${{ steps.rows.outputs.kept }}"}}},
    {"id": "away", "type": "files.copy", "with": {
        "from": ["${{ steps.out.outputs.file }}"], "to": {"folder": "inbox", "path": "done/"}}},
]  # fmt: skip
PLAN: dict[str, Any] = {
    "process": "cases",
    "inputs": {"pass": {"sensitive": True, "optional": True}},
    "steps": [each if not n else {**each, "needs": [STEPS[n - 1]["id"]]} for n, each in enumerate(STEPS)],
    "outputs": {"kept": "${{ steps.rows.outputs.kept }}", "on": "${{ run.date }}"},
}


@pytest.fixture
def here(ports: Ports, tmp_path: Path) -> Ports:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "cases.csv").write_text(
        "case,email,filed\nA-1,ada@people.example,2024-03-01\nA-2,bo@people.example,soon\n"
    )
    folders = NamedFolders(folder_places(f"inbox={inbox}"), None, ports.clock)
    made = replace(ports, folders=folders, endpoints=Registry())  # type: ignore[arg-type]
    for plan in (INNER, PLAN):
        put(made, SCOPE, "owner", plan["process"], text(plan).encode(), "x", None)
    return made


def text(plan: dict[str, Any]) -> str:
    return Plan.model_validate({"title": "A test", **plan}).model_dump_json(by_alias=True)


def ran(here: Ports, hand: Hand, **inputs: Any) -> Played:
    vault.put(here, SCOPE, "owner", "api", "very-secret-key")
    played = Played(here, hand, PLAN, **inputs)
    assert played.play(until=hand.now() + timedelta(days=20)).status == "done"
    return played


def states(found: TapeTest) -> dict[str, str]:
    return {each.step: each.state for each in found.steps if each.state != "same"}


def changed(tape: bytes, **parts: bytes) -> bytes:
    """The tape with other parts; `__` in a name is `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(tape)) as old, zipfile.ZipFile(out, "w") as new:
        kept = {each: old.read(each) for each in old.namelist()} | {n.replace("__", "/"): d for n, d in parts.items()}
        for name, data in kept.items():
            new.writestr(name, data)
    return out.getvalue()


def test_a_run_is_the_same_again_without_the_world_and_a_changed_plan_shows_where(
    here: Ports, hand: Hand, tmp_path: Path
) -> None:
    played = ran(here, hand, **{"pass": "sesame"})
    before, asked = everything(tmp_path), list(here.endpoints.methods)  # type: ignore[union-attr]
    tape = record(here, SCOPE, played.id)
    assert record(here, SCOPE, played.id) == tape
    found = compare(here, SCOPE, "owner", "cases", tape)
    assert (found.same, found.first, states(found)) == (True, None, {})
    assert [each.step for each in found.steps][-3:] == ["twice/got", "away", WHOLE]

    other = {**PLAN, "steps": [each if each["id"] != "due" else {**each, "with": {
        "rows": ROWS, "do": [{"map": {"open": "'no'"}}]}} for each in PLAN["steps"]]}  # fmt: skip
    differs = compare(here, SCOPE, "owner", "cases", changed(tape, plan=text(other).encode()))
    assert (differs.same, differs.first) == (False, "due")
    # What is asked of a folder is another file now; what does not hang on the rows is the same.
    assert states(differs) == {"due": "differs", "out": "differs", "away": "differs"}
    lines = next(each.lines for each in differs.steps if each.step == "due")
    assert any(line.startswith("-") and "a***@***" in line and "| true" in line for line in lines)
    assert any(line.startswith("+") and line.rstrip('",').endswith("| no") for line in lines)

    assert everything(tmp_path) == before
    assert here.endpoints.methods == asked  # type: ignore[union-attr]
    with zipfile.ZipFile(io.BytesIO(tape)) as archive:
        whole = b"".join(archive.read(each) for each in archive.namelist())
    assert b"very-secret-key" not in whole
    assert b"sesame" not in whole


def test_a_step_that_is_gone_one_that_is_new_and_one_that_the_tape_cannot_answer(here: Ports, hand: Hand) -> None:
    tape = record(here, SCOPE, ran(here, hand).id)
    new = [
        {"id": "more", "type": "value", "with": {"value": 1}},
        {"id": "sent", "type": "http.post", "with": {"url": "https://court.example/in"}, "on_error": "continue"},
    ]
    kept = [each for each in PLAN["steps"] if each["id"] not in ("twice", "away")]
    other = text({**PLAN, "steps": [*kept, *new]}).encode()
    found = compare(here, SCOPE, "owner", "cases", changed(tape, plan=other))
    assert states(found) == {
        "more": "new", "sent": "new", "twice": "missing", "twice/got": "missing", "away": "missing"}  # fmt: skip
    assert any("the tape has no answer for it" in line for each in found.steps for line in each.lines)
    assert here.endpoints.methods == ["GET"]  # type: ignore[union-attr]


def test_what_was_steered_or_is_no_tape_is_refused_by_name(here: Ports, hand: Hand) -> None:
    played = ran(here, hand)
    tape = record(here, SCOPE, played.id)
    for wrong, field in (
        (b"PK", "body"),
        (changed(tape, **{"..__x": b""}), "body"),
        (changed(tape, **{f"files__{'0' * 64}__x": b"x"}), "files/0"),
        (changed(tape, **{"tape.json": b"{}"}), "tape.json"),
        (changed(tape, **{"answers__take.json": b"[]"}), "answers/take.json"),
        (changed(tape, plan=b"x: 1"), "plan."),
    ):
        with pytest.raises(Rejected, match=field):
            compare(here, SCOPE, "owner", "cases", wrong)
    with pytest.raises(Rejected, match="this is a tape of 'cases'"):
        compare(here, SCOPE, "owner", "inner", tape)
    waiting = runs.start(here, SCOPE, "owner", "cases", played.run.digest, {})
    with pytest.raises(Conflict, match="is waiting"):
        record(here, SCOPE, waiting.id)
    runs.retry(here, SCOPE, played.id, "owner", "out")
    with pytest.raises(Conflict):
        record(here, SCOPE, played.id)


CAMPAIGNS: dict[str, Any] = {
    "process": "monthly",
    "steps": [{"id": "read", "type": "read.campaigns", "with": {"from": "2027-03-01", "to": "2027-03-31"}}],
    "outputs": {"count": "${{ steps.read.outputs.count }}"},
}


def test_campaigns_are_read_by_a_dry_run_and_told_by_a_tape(ports: Ports, hand: Hand, tmp_path: Path) -> None:
    """One that is still observed: its figures are counted from the ledger, which a rehearsal only reads."""
    request = CampaignRequest.model_validate(CAMPAIGN)
    made = Campaign(
        id="spring", request=request, name="Spring", first_due=START, status="analyzing", shards=1,
        created_at=START, created_by="ada",
    )  # fmt: skip
    kept = ports.documents.put(SCOPE, Kind.CAMPAIGN, "spring", made.model_dump(mode="json"))
    rows = [PlannedRow(f"k{n}", f"c{n}", f"p{n}", "A", START, "rate") for n in range(3)]
    ports.ledger.plan(SCOPE, "spring", 0, rows)
    put(ports, SCOPE, "owner", "monthly", text(CAMPAIGNS).encode(), "x", None)
    before = everything(tmp_path)
    found = dry_run(ports, SCOPE, "owner", "monthly", DryRequest())
    assert (found.status, found.steps[0].counts) == ("done", {"count": 1})
    shown = found.steps[0].rows
    assert shown
    assert dict(zip(shown.columns, shown.rows[0], strict=True))["planned"] == "3"
    (tmp_path / "place").mkdir()
    here = rehearsed(ports, tmp_path / "place", Time(ports.clock))
    with pytest.raises(PolicyError, match=r"does not reach outside: ledger\.plan"):
        here.ledger.plan(SCOPE, "spring", 0, rows)
    assert everything(tmp_path) == before

    played = Played(ports, hand, CAMPAIGNS)
    assert played.play().outputs == {"count": 1}
    tape = record(ports, SCOPE, played.id)
    ports.documents.delete(SCOPE, Kind.CAMPAIGN, "spring", kept.rev)
    again = compare(ports, SCOPE, "owner", "monthly", tape)
    assert (again.same, states(again)) == (True, {})
    with zipfile.ZipFile(io.BytesIO(tape)) as archive:
        told = archive.read("steps/read.json").decode()
        assert '"count": 1' in told
        assert "Spring" in told


@apart
def test_the_import_that_ships_is_as_on_the_tape_that_ships(ports: Ports) -> None:
    found = compare(ports, SCOPE, "owner", "sol_import", packed(ROOT / "samples" / "sol_import.tape"))
    assert (found.first, [line for each in found.steps for line in each.lines]) == (None, [])
    assert len(found.steps) == 24
