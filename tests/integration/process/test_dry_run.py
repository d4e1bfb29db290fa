"""A dry run does everything that a run would do, shows it, and changes nothing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.folders.named import NamedFolders
from shared.domain.faults import Rejected
from shared.domain.folder_places import folder_places
from shared.domain.rehearsal import DryRequest, DryRun
from shared.ports import Ask, Ports, Told
from shared.process import vault
from shared.process.declared import Plan
from shared.process.rehearsal import play
from shared.process.rehearsal.apart import Time, apart
from shared.process.rehearsal.apart_files import ApartFolders
from shared.process.rehearsal.dry import dry_run, walked
from shared.process.store import put
from tests.integration.agents.conftest import SCOPE, Hand
from tests.integration.process.played import Played
from tests.integration.process.test_programs import apart as apart_

OPEN = {"keys", "public_url", "timezone", "reader", "programs", "fonts", "relays", "text_signers", "tenants", "hosts"}
"""Of the ports, what neither leaves nor stays: settings, keys, the reader of documents."""
CASES = "case,email,filed\n" + "".join(f"A-{n},ada{n}@people.example,2024-03-0{n % 9 + 1}\n" for n in range(25))
FROM = {"name": "Kanzlei", "address": "office@kanzlei.example"}
ROWS = "${{ steps.rows.outputs.rows }}"
STEPS: list[dict[str, Any]] = [
    {"id": "take", "type": "files.move", "with": {"from": {"folder": "inbox", "glob": "*.csv"}}},
    {"id": "rows", "type": "read", "with": {
        "file": "${{ steps.take.outputs.files[0] }}", "columns": [{"name": "case"}, {"name": "email"},
            {"name": "filed", "type": "date"}]}},
    {"id": "due", "type": "transform", "with": {"rows": ROWS, "do": [{"map": {"due": "filed + 30"}}]}},
    {"id": "out", "type": "output", "with": {"rows": "${{ steps.due.outputs.rows }}", "allow": ["email"]}},
    {"id": "loaded", "type": "sql.load", "with": {
        "rows": ROWS, "table": "cases", "database": {"folder": "inbox", "path": "cases.db"}}},
    {"id": "away", "type": "files.copy", "with": {
        "from": ["${{ steps.out.outputs.file }}"], "to": {"folder": "inbox", "path": "done/"}}},
    {"id": "seen", "type": "files.list", "with": {"folder": "inbox", "glob": "**"}},
    {"id": "gone", "type": "files.delete", "with": {"files": {"folder": "inbox", "path": "old.txt"}}},
    {"id": "agreed", "type": "approve", "with": {"title": "Tell them?", "form": {"when": {"default": "soon"}}}},
    {"id": "slept", "type": "wait", "with": {"for": "14d"}},
    {"id": "asked", "type": "http.get", "with": {"url": "https://registry.example/a?key=1"}},
    {"id": "sent", "type": "http.post", "with": {"url": "https://court.example/in?key=1", "json": {"n": 1}}},
    {"id": "reply", "type": "value", "with": {"value": "${{ steps.sent.outputs.body.id }}"}},
    {"id": "said", "type": "analyze", "with": {"title": "A line", "instructions": "Sum up"}},
    {"id": "told", "type": "notify.email", "with": {
        "to": ["clerk@kanzlei.example"], "from": FROM, "subject": "${{ steps.rows.outputs.kept }} cases",
        "text": "${{ steps.said.outputs.result }} by ${{ steps.agreed.outputs.when }}"}},
]  # fmt: skip
PLAN = {"process": "cases", "title": "Cases", "steps": [
    each if not n else {**each, "needs": [STEPS[n - 1 if each["id"] != "said" else n - 2]["id"]]}
    for n, each in enumerate(STEPS)
]}  # fmt: skip


class Registry:
    """Another system, which is only ever asked."""

    def __init__(self) -> None:
        self.methods: list[str] = []

    def refusal(self, url: str) -> str | None:
        return None

    def ask(self, asking: Ask) -> Told:
        self.methods.append(asking.method)
        return Told(200, {}, b'{"open": true}')


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "cases.csv").write_text(CASES)
    (folder / "old.txt").write_text("old")
    return folder


@pytest.fixture
def here(ports: Ports, inbox: Path) -> Ports:
    folders = NamedFolders(folder_places(f"inbox={inbox}"), None, ports.clock)
    made = replace(ports, folders=folders, endpoints=Registry())  # type: ignore[arg-type]
    put(made, SCOPE, "owner", "cases", Plan.model_validate(PLAN).model_dump_json(by_alias=True).encode(), "x", None)
    return made


def everything(tmp_path: Path) -> dict[str, str]:
    """All that lies on this disk: files, and every row of every database. Where steps work is empty afterwards."""
    found: dict[str, str] = {}
    for path in sorted(each for each in tmp_path.rglob("*") if each.is_file()):
        if path.suffix == ".db":
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
                found[str(path)] = hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()
            database.close()
        elif not path.name.endswith(("-wal", "-shm")):
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def by_step(found: DryRun) -> dict[str, Any]:
    return {each.step: each for each in found.steps}


def test_everything_is_shown_and_nothing_is_changed(here: Ports, tmp_path: Path) -> None:
    before = everything(tmp_path)
    found = dry_run(here, SCOPE, "owner", "cases", DryRequest())
    assert everything(tmp_path) == before
    assert here.endpoints.methods == ["GET"]  # type: ignore[union-attr]
    steps = by_step(found)
    assert (found.status, found.why) == ("done", "")
    assert {name: each.state for name, each in steps.items() if each.state != "done"} == {"reply": "skipped"}
    assert "hangs on what sent would answer" in steps["reply"].why
    assert steps["rows"].counts == {"received": 25, "kept": 25, "quarantined": 0}
    would = {name: each.would for name, each in steps.items() if each.would}
    assert would == {
        "take": ["inbox:cases.csv would be deleted"],
        "loaded": ["inbox:cases.db would be written"],
        "away": ["inbox:done/rows.csv would be written"],
        "gone": ["inbox:old.txt would be deleted"],
        "agreed": ["question to whoever is approver: Tell them?"],
        "sent": ["POST to court.example"],
        "said": ["an agent's work: A line"],
        "told": ["email to c***@***: 25 cases"],
    }
    assert steps["seen"].counts["count"] == 3  # cases.csv is gone, cases.db and done/rows.csv are there
    for name in ("rows", "due", "out", "loaded"):
        rows = steps[name].rows
        assert (len(rows.rows), rows.count, rows.masked) == (10, 25, ["email"])
        assert rows.rows[0][:2] == ["A-0", "a***@***"]
    assert "@people.example" not in found.model_dump_json()


def test_a_plan_that_is_not_kept_is_rehearsed_and_a_wrong_one_or_wrong_inputs_are_named(
    here: Ports, tmp_path: Path
) -> None:
    text = """{"process": "cases", "title": "Other", "inputs": {"n": {"type": "integer"}}, "steps": [
        {"id": "n", "type": "value", "with": {"value": "${{ 1 // inputs.n }}"}}]}"""
    before = everything(tmp_path)
    found = dry_run(here, SCOPE, "owner", "cases", DryRequest(plan=text, inputs={"n": 1}))
    assert (found.title, found.status) == ("Other", "done")
    failed = dry_run(here, SCOPE, "owner", "cases", DryRequest(plan=text, inputs={"n": 0}))
    assert (failed.status, by_step(failed)["n"].state) == ("failed", "failed")
    for wrong, field in (({"plan": "x: 1"}, "plan."), ({"plan": text, "inputs": {"n": "a"}}, "inputs.n")):
        with pytest.raises(Rejected, match=field):
            dry_run(here, SCOPE, "owner", "cases", DryRequest.model_validate(wrong))
    assert everything(tmp_path) == before


def test_what_is_secret_or_sensitive_is_in_no_text(here: Ports) -> None:
    vault.put(here, SCOPE, "owner", "api", "hush")
    said, told = "${{ secrets.api }} ${{ inputs.pin }}", {"text": "Hello"}
    acts: list[dict[str, Any]] = [
        {"type": "notify.email", "with": {"to": ["${{ inputs.mail }}"], "from": FROM, "subject": said, **told}},
        {"type": "notify.sms", "with": {"to": ["+49 170 1234567"], "text": said}},
        {"type": "notify.chat", "with": {"title": said, **told}},
        {"type": "notify.webhook", "with": {"type": "a.${{ inputs.pin }}"}},
        {"type": "approve", "with": {"title": said}},
        {"type": "analyze", "with": {"title": said, "instructions": "Sum up"}},
        {"type": "http.post", "with": {"url": "https://${{ secrets.api }}.example/${{ inputs.pin }}"}},
        {"type": "wait", "with": {"event": "${{ inputs.pin }}"}},
    ]  # fmt: skip
    plan = {"process": "cases", "title": "Cases", "inputs": {"pin": {"sensitive": True}, "mail": {"sensitive": True}},
            "steps": [{"id": f"s{n}", **each} for n, each in enumerate(acts)]}  # fmt: skip
    inputs = {"pin": "p4711", "mail": "boss@kanzlei.example"}
    found = dry_run(here, SCOPE, "owner", "cases", DryRequest(plan=json.dumps(plan), inputs=inputs))
    assert found.status == "done", found
    assert [would for each in found.steps for would in each.would] == [
        "email to •••: ••• •••",
        "sms to ***67: ••• •••",
        "chat to one place: ••• •••",
        "webhook to one place: a.•••",
        "question to whoever is approver: ••• •••",
        "an agent's work: ••• •••",
        "POST to •••.example",
        "wait for an event •••",
    ]
    assert not [hidden for hidden in ("hush", *inputs.values()) if hidden in found.model_dump_json()]


def test_why_it_failed_and_why_rows_are_aside_is_masked(here: Ports, inbox: Path) -> None:
    (inbox / "said.csv").write_text("n,why\n1,ask ada@people.example\n2,ask amy@people.example\n3,\n")
    steps: list[dict[str, Any]] = [
        {"id": "take", "type": "files.copy", "with": {"from": {"folder": "inbox", "glob": "said.csv"}}},
        {"id": "rows", "type": "read", "needs": ["take"], "with": {
            "file": "${{ steps.take.outputs.files[0] }}", "reason": "why"}},
        {"id": "dated", "type": "value", "needs": ["rows"], "with": {"value": "${{ add_days(inputs.mail, 1) }}"}},
    ]  # fmt: skip
    plan = {"process": "cases", "title": "Cases", "inputs": {"mail": {}}, "steps": steps}
    asked = DryRequest(plan=json.dumps(plan), inputs={"mail": "ada@people.example"})
    found = dry_run(here, SCOPE, "owner", "cases", asked)
    assert by_step(found)["rows"].reasons == {"ask a***@***": 2}
    assert "***@***" in found.why
    assert "people.example" not in found.model_dump_json()


@pytest.mark.nightly
@apart_
def test_what_takes_too_long_is_stopped(here: Ports, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(play, "LONGEST", 0.5)
    text = """{"process": "cases", "title": "Endless", "steps": [
        {"id": "turn", "type": "script", "with": {"code": "while True: pass"}}]}"""
    before = everything(tmp_path)
    found = dry_run(here, SCOPE, "owner", "cases", DryRequest(plan=text))
    assert (found.status, by_step(found)["turn"].why) == ("cancelled", "the run was cancelled")
    assert "a rehearsal takes at most" in found.why
    assert everything(tmp_path) == before


def test_no_port_is_open_by_having_been_forgotten(here: Ports, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    made = apart(here, tmp_path / "place", Time(here.clock))
    same = {each.name for each in fields(Ports) if getattr(made, each.name) is getattr(here, each.name) is not None}
    assert same <= OPEN


def test_a_rehearsal_goes_the_way_that_the_flow_goes(here: Ports, hand: Hand) -> None:
    inner = {"process": "inner", "title": "Half", "inputs": {"of": {"type": "integer"}}, "steps": [
        {"id": "half", "type": "value", "with": {"value": "${{ 6 // inputs.of }}"}}]}  # fmt: skip
    put(here, SCOPE, "owner", "inner", Plan.model_validate(inner).model_dump_json(by_alias=True).encode(), "x", None)
    child, back = {"name": "inner", "inputs": {"of": "${{ item }}"}}, {"type": "value", "with": {"value": "back"}}
    steps: list[dict[str, Any]] = [
        {"id": "each", "type": "process", "foreach": {"items": "${{ [1, 2] }}"}, "with": child},
        {"id": "never", "type": "value", "when": "${{ run.attempt > 1 }}", "with": {"value": 1}},
        {"id": "after_never", "type": "value", "needs": ["never"], "with": {"value": 1}},
        {"id": "loses", "type": "process", "needs": ["each"], "foreach": {"items": "${{ [3, 0, 4] }}", "at_once": 1},
         "on_error": "continue", "with": child},
        {"id": "made", "type": "value", "needs": ["loses"], "with": {"value": 1}, "compensate": back},
        {"id": "fails", "type": "http.get", "needs": ["made"], "with": {"url": "https://a.example", "expect": [204]},
         "retry": {"provider": 2}, "on_error": "compensate"},
        {"id": "not_begun", "type": "value", "needs": ["fails"], "with": {"value": 1}},
    ]  # fmt: skip
    last = [{"id": "end", "type": "value", "with": {"value": "${{ steps.fails.state }}"}}]
    plan = {"process": "way", "title": "A test", "steps": steps, "finally": last}
    played = Played(here, hand, plan)
    run = played.play(until=hand.now() + timedelta(hours=1))
    found = dry_run(
        here, SCOPE, "owner", "way", DryRequest(plan=Plan.model_validate(plan).model_dump_json(by_alias=True))
    )
    real = {path: (each.status, each.why) for path, each in walked(here, SCOPE, run)}
    assert {each.step: (each.state, each.why) for each in found.steps} == real
    assert (found.status, found.why) == (run.status, run.status_reason)
    assert {"undo.made", "end", "loses.1", "each.0/half", "loses.1/half"} <= real.keys()


NAMES = st.sampled_from(["a.txt", "b.txt", "d/c.txt"])
ACTS = st.lists(st.tuples(st.sampled_from(["write", "new", "delete", "move"]), NAMES, NAMES), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_folders_apart_are_what_real_ones_would_become_and_the_real_ones_stay(
    tmp_path_factory: pytest.TempPathFactory, ports: Ports, acts: list[tuple[str, str, str]]
) -> None:
    root = tmp_path_factory.mktemp("twins")
    real, base = (_folders(ports, root / name) for name in ("real", "base"))
    (root / "apart").mkdir()
    here = ApartFolders(base, root / "apart", ports.clock)
    for act, name, to in acts:
        assert _done(real, act, name, to) == _done(here, act, name, to)
        assert _seen(real) == _seen(here)
    assert _seen(base) == _seen(_folders(ports, root / "fresh"))


def _folders(ports: Ports, place: Path) -> NamedFolders:
    place.mkdir()
    (place / "a.txt").write_text("a")
    return NamedFolders(folder_places(f"box={place}"), None, ports.clock)


def _done(folders: Any, act: str, name: str, to: str) -> Any:
    acts: dict[str, Callable[[], Any]] = {
        "write": lambda: folders.write(SCOPE, "box", name, [to.encode()]),
        "new": lambda: folders.write(SCOPE, "box", name, [to.encode()], only_new=True),
        "delete": lambda: folders.delete(SCOPE, "box", name),
        "move": lambda: folders.move(SCOPE, "box", name, f"moved/{to}"),
    }
    try:
        return acts[act]()
    except FileNotFoundError:
        return "not there"


def _seen(folders: Any) -> dict[str, bytes]:
    found = {each.path: b"".join(folders.read(SCOPE, "box", each.path)) for each in folders.list(SCOPE, "box")}
    assert all(folders.stat(SCOPE, "box", path).bytes == len(data) for path, data in found.items())
    return found
