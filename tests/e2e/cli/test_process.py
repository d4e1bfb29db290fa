"""`baton process` against a running host: a plan from a file, what is wrong with one, versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.cli.command import Served

CSV = "Id;Name;Since;Fee;Postal code\n1;Müller;2026-01-31;12.50;04109\n2;Ådahl;2026-02-28;9;80331\n"


def test_a_plan_made_from_a_file_is_right_kept_compared_and_drawn(
    home: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(CSV)
    made = home("process", "new", "people", "--from", "people.csv")
    assert made.code == 0, made
    plan = Path("people.yaml")
    text = plan.read_text()
    for column in ("Id, type: integer", "Name, type: text", "Since, type: date", "Fee, type: number"):
        assert f"- {{name: {column}}}" in text
    assert "- {name: Postal code, type: text}" in text
    assert home("process", "validate", "people.yaml").text == "people.yaml: nothing is wrong"
    assert home("process", "new", "people", "--from", "people.csv").code == 2

    kept = home("process", "put", "people.yaml", "--json").json
    plan.write_text(text.replace("title: People", "title: Everybody"))
    assert home("process", "put", "people.yaml").code == 0
    assert home("process", "show", "people", "--json").json["versions"][1]["digest"] == kept["versions"][0]["digest"]
    assert "+title: Everybody" in home("process", "diff", "people").out
    assert "Everybody" in home("process", "list").out
    assert home("process", "show", "people", "--text").out == plan.read_text()

    plan.write_text(text + "finally:\n  - {id: told, type: notify.chat, with: {title: Done, text: All is done}}\n")
    drawn = home("process", "plan", "people.yaml").out
    assert [line.split()[:3] for line in drawn.splitlines()[2:8:2]] == [
        ["1", "─", "rows"],
        ["2", "─", "tidy"],
        ["3", "─", "result"],
    ]
    assert "told  notify.chat  (at the end, whatever happened)" in drawn


def test_what_is_wrong_is_shown_where_it_is(home: Served, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("process: bad\ntitle: Bad\nsteps:\n  - {id: a, type: raed}\n  - {id: b, type: read, needs: [c]}\n")
    said = home("process", "validate", str(file))
    assert said.code == 1
    assert said.out.splitlines()[:4] == [
        f"{file}:4:19: steps[0].type: there is no type of step `raed`",
        "      - {id: a, type: raed}",
        "    " + " " * 18 + "^",
        "    did you mean `read`?",
    ]
    assert said.err.strip() == "3 problems"
    found = home("process", "validate", str(file), "--json").json
    assert [(each["line"], each["column"], each["field"]) for each in found] == [
        (4, 19, "steps[0].type"),
        (5, 5, "steps[1].with"),
        (5, 33, "steps[1].needs[0]"),
    ]
    assert home("process", "put", str(file)).code == 1
