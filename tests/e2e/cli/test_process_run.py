"""`baton process run` against a running host: inputs, a file, a question to a person, a retry."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.cli.command import Served
from tests.e2e.host.process import wait_for


def test_a_run_is_begun_watched_steered_and_shown(home: Served, tmp_path: Path) -> None:
    plan = {
        "process": "greet",
        "title": "Greet",
        "inputs": {"name": {}, "list": {"type": "file"}, "of": {"type": "object", "default": {}}},
        "steps": [
            {"id": "hello", "type": "value", "with": {"value": "Hello ${{ inputs.name }}: ${{ inputs.list.bytes }}"}},
            {"id": "asks", "type": "value", "on_error": "ask", "with": {"value": "${{ inputs.of.them }}"}},
        ],
        "outputs": {"said": "${{ steps.hello.outputs.value }}"},
    }
    file, names = tmp_path / "greet.json", tmp_path / "names.txt"
    file.write_text(json.dumps(plan))
    names.write_text("Ada\n")
    assert home("process", "put", str(file)).code == 0
    nowhere = home("process", "run", str(tmp_path / "none.yaml"))
    assert nowhere.code == 2
    assert "No such file" in nowhere.err
    missing = home("process", "run", "greet")
    assert missing.code == 2
    assert "inputs.list: is missing" in missing.err
    begun = home("process", "run", "greet", "--input", "name=Ada", "--input", f"list=@{names}", "--json").json
    wait_for(lambda: "asking" in home("process", "status", begun["id"]).text or None)
    assert home("process", "set", begun["id"], "name=Eve", 'of={"us": 1}').code == 0
    assert "write an input as NAME=VALUE" in home("process", "set", begun["id"], "name").err
    assert home("process", "settle", begun["id"], "asks", "done", "--reason", "I looked").code == 0
    watched = home("process", "attach", begun["id"])
    assert watched.code == 0, watched
    assert "Hello Ada: 4" in watched.text
    assert home("process", "retry", begun["id"], "--from", "asks").code == 0
    assert home("process", "skip", begun["id"], "asks", "not needed").code == 0
    assert home("process", "status", begun["id"], "--json").json["inputs"]["name"] == "Eve"
    assert home("process", "attach", begun["id"]).code == 0
    shown = home("process", "status", begun["id"]).text
    assert "skipped" in shown
    assert "not needed" in shown


def test_rows_of_a_quarantine_are_put_right(home: Served, tmp_path: Path) -> None:
    columns = [{"name": "case"}, {"name": "filed", "type": "date"}]
    plan = {
        "process": "cases",
        "title": "Cases",
        "inputs": {"list": {"type": "file"}},
        "steps": [{"id": "rows", "type": "read", "with": {"file": "${{ inputs.list }}", "columns": columns}}],
        "outputs": {"kept": "${{ steps.rows.outputs.kept }}"},
    }
    file, cases, right = tmp_path / "cases.json", tmp_path / "cases.csv", tmp_path / "right.csv"
    file.write_text(json.dumps(plan))
    cases.write_text("case,filed\nA-1,2024-03-01\nA-2,soon\n")
    right.write_text("baton_row,baton_reason,baton_suggestion,case,filed\n2,,,A-2,2024-03-02\n")
    dry = home("process", "run", str(file), "--input", f"list=@{cases}", "--dry")
    assert dry.code == 0, dry
    assert "2 received, 1 kept, 1 quarantined" in dry.text
    assert "A-1 2024-03-01" in dry.text
    assert "there is no process" in home("process", "show", "cases").err
    begun = home("process", "run", str(file), "--input", f"list=@{cases}", "--wait", "--json").json
    assert begun["outputs"] == {"kept": 1}
    suggested = home("process", "suggest", begun["id"])
    assert "1 × filed: is no date of the form %Y-%m-%d" in suggested.text
    assert "no model is configured" in suggested.text
    assert f"process suggest {begun['id']}" in home("process", "status", begun["id"]).text
    tape = tmp_path / "cases.tape"
    assert home("process", "test", "cases", "--tape", str(tape)).code == 2
    assert home("process", "test", "cases", "--tape", str(tape), "--record").code == 0
    assert home("process", "test", "cases", "--tape", str(tape)).code == 0
    plan["steps"][0]["with"]["columns"] = columns[:1]
    (tmp_path / "other.json").write_text(json.dumps(plan))
    other = home("process", "test", str(tmp_path / "other.json"), "--tape", str(tape))
    assert (other.code, "first: rows" in other.err) == (1, True), other
    assert '+ "quarantined": 0,' in other.text
    fixed = home("process", "fix", begun["id"], str(right), "--wait", "--json")
    assert fixed.json["outputs"] == {"kept": 2}, fixed
    again = home("process", "fix", begun["id"], str(right))
    assert again.code != 0
    assert "no step has any rows in quarantine" in again.err
    assert "changed nothing outside" in home("process", "undo", begun["id"]).text
