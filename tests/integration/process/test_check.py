from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from shared.process.errors import InputError
from tests.integration.process.real_desk import Room

COLUMNS: list[dict[str, Any]] = [
    {"name": "name"},
    {"name": "land"},
    {"name": "mail"},
    {"name": "digits"},
    {"name": "amount", "type": "decimal"},
    {"name": "day", "type": "date"},
]


def rows(here: Room, seed: int, count: int = 200, **other: Any) -> Any:
    numbers = random.Random(seed)
    lines = [
        f"Name {n:03},{('DE', 'FR')[n % 2]},p{n}@example.org,{n},{numbers.gauss(100, 10):.2f},2024-01-{n % 28 + 1:02}"
        for n in range(count)
    ]
    for at, line in other.get("lines", {}).items():
        lines[at] = line
    text = "name,land,mail,digits,amount,day\n" + "\n".join(lines)
    return here.do("read", {"file": here.file("r.csv", text), "columns": COLUMNS}).outputs["rows"]


def test_what_stands_out_and_what_is_there_twice_is_named_by_row_reason_and_threshold(here: Room) -> None:
    odd = {
        7: "Name 006,DE,x@example.org,7,100.00,2024-01-01",
        9: "Mary Smith,DE,a@example.org,9,9000.00,2024-01-05",
        11: "Mary Smyth,DE,b@example.org,11,101.00,2024-01-05",
        20: "Z,FR,c@example.org,20,100.00,1924-01-01",
    }
    desk = here.desk()
    given = {"rows": rows(here, 1, lines=odd), "duplicates": {"by": ["name"], "block": ["day"], "alike": 0.95}}
    done = here.do("check", given, desk).outputs
    found = {(each["check"], each["column"]): each for each in done["findings"]}
    assert found["outlier", "amount"]["rows"] == [10]
    assert (found["outlier", "amount"]["measured"], found["outlier", "amount"]["threshold"]) == (1, 6)
    assert found["outlier", "day"]["rows"] == [21]
    assert found["duplicate", "name"]["rows"] == [8]
    assert [10, 12] in found["alike", "name"]["rows"]
    assert done["sensitive"] == {"name": "name", "mail": "email"}
    columns = done["profile"]["columns"]
    assert (columns["digits"]["could_be"], columns["name"]["could_be"]) == ("integer", None)
    assert columns["land"]["values"] == ["DE", "FR"]
    assert "values" not in columns["mail"]
    assert not any("Smith" in line or "@" in line for line in desk.lines)
    with pytest.raises(InputError, match="robust standard deviations"):
        here.do("check", {**given, "strict": True})


def test_what_is_otherwise_than_in_earlier_runs_is_told_from_the_third_on(here: Room) -> None:
    for run in range(4):
        same = here.do("check", {"rows": rows(here, run), "series": "cases"}, here.desk(f"run{run}"))
        assert same.outputs["findings"] == []
    odd = {n: f"Name {n},IT,,{n},{200 + n % 9}.00,2024-01-01" for n in range(100)}
    desk = here.desk("odd")
    drifted = here.do("check", {"rows": rows(here, 9, 120, lines=odd), "series": "cases"}, desk).outputs["findings"]
    drifted = [each for each in drifted if each["check"] == "drift"]
    assert {each["column"] for each in drifted} == {"rows", "mail", "amount", "land"}
    reasons = {each["column"]: each["reason"] for each in drifted}
    assert reasons["rows"] == "the number of rows is 120; in 4 earlier runs the middle was 200, ± 40"
    assert reasons["land"] == "1 values never came in earlier runs"
    other = here.do("check", {"rows": rows(here, 9, 120), "series": "other"}).outputs
    assert other["findings"] == []


def test_a_step_that_runs_again_is_not_its_own_past(here: Room) -> None:
    given = {"rows": rows(here, 1), "series": "cases"}
    for _ in range(5):
        here.do("check", given, here.desk("same"))
    assert len(list(here.ports.files.list(here.desk().scope, "profiles/cases/"))) == 1


def test_the_text_of_a_document_becomes_rows(here: Room) -> None:
    page = "<html><head><title>Rules</title></head><body><h1>Periods</h1><p>Two years.</p></body></html>"
    done = here.do("read.text", {"file": here.file("rules.html", page)}).outputs
    found = here.rows(done["rows"])
    assert done["title"] == "Rules"
    assert found[0]["_row"] == 1
    assert "Two years." in found[-1]["text"]
    for name, data, why in (("a.pdf", b"no pdf", "the file"), ("a.bin", b"", "set format")):
        with pytest.raises(InputError, match=why):
            here.do("read.text", {"file": here.file(name, data)})
    assert Path(done["rows"]["file"]["name"]).suffix == ".jsonl"
