"""The deadlines of the shipped script beside cases that were worked out with a calendar on paper, and what must hold of
every case. Nothing here is legal advice; the rules are samples."""

from __future__ import annotations

import csv
import json
import re
import runpy
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.process.shipped import CATALOG

SOL = CATALOG / "sol_import"
_TABLE = (Path(__file__).parent / "sol" / "worked_by_hand.csv").read_text(encoding="utf-8")
BY_HAND = list(csv.DictReader(_TABLE.splitlines(), delimiter=";"))
AS_OF = date(2026, 11, 20)
SCRIPT = runpy.run_path(str(SOL / "deadlines.py"))
RULES, HOLIDAYS = SCRIPT["Rules"](SOL / "rules.csv"), SCRIPT["Holidays"](SOL / "holidays.csv")


def worked(case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = SCRIPT["deadline"]({"case_id": "x", **case}, RULES, HOLIDAYS, AS_OF, 90)
    return found


def test_there_are_enough_of_them_and_every_jurisdiction_is_among_them() -> None:
    assert len(BY_HAND) >= 60
    assert {row["jurisdiction"] for row in BY_HAND} == {row["jurisdiction"] for row in RULES.rows}
    assert len({row["jurisdiction"] for row in BY_HAND}) >= 12


@pytest.mark.parametrize("row", BY_HAND, ids=lambda row: row["case"])
def test_worked_by_hand(row: dict[str, str]) -> None:
    case = {name: row[name] for name in ("jurisdiction", "claim_type", "tolling")}
    found = worked({**case, "accrual_date": row["accrual"], "discovery_date": row["discovery"] or None})
    assert (found.get("deadline", ""), found["status"]) == (row["deadline"], row["status"]), found["how"]


days = st.dates(date(1995, 1, 1), date(2035, 12, 31))
kinds = st.sampled_from(["minority", "incapacity", "absence", "agreement"])
periods = st.lists(st.tuples(kinds, days, st.integers(0, 900)), max_size=4)


@given(st.sampled_from(RULES.rows), days, st.none() | days, periods)
def test_what_holds_of_every_case(
    row: dict[str, str], accrual: date, discovery: date | None, tolled: list[tuple[str, date, int]]
) -> None:
    case = {"jurisdiction": row["jurisdiction"], "claim_type": row["claim_type"], "accrual_date": str(accrual)}
    case |= {"discovery_date": discovery and str(discovery)}
    text = "|".join(f"{kind} {first}..{first + timedelta(length)}" for kind, first, length in tolled)
    plain, found = worked(case), worked({**case, "tolling": text})
    if found["status"] == "no_rule":
        return
    end = date.fromisoformat(found["deadline"])
    assert end >= date.fromisoformat(plain["deadline"])
    assert date.fromisoformat(found["start_date"]) >= accrual
    if row["roll_over"] == "yes":
        assert end.weekday() < 5
    most = sum(length + 1 for _, _, length in tolled)
    assert 0 <= found["tolling_days"] <= most
    if found["repose_end"]:
        assert end <= date.fromisoformat(found["repose_end"]) + timedelta(days=5)
    otherwise = "|".join(reversed(text.split("|")))
    assert worked({**case, "tolling": otherwise}) == {**found, "tolling": otherwise}


@given(st.text(max_size=40))
def test_a_tolling_period_is_understood_or_named(text: str) -> None:
    case = {"jurisdiction": "US-CA", "claim_type": "personal_injury", "accrual_date": "2024-05-14", "tolling": text}
    found = worked(case)
    assert found["status"] in ("expired", "unclear")
    if found["status"] == "unclear":
        assert "tolling" in found["how"]


def test_it_runs_as_the_process_runs_it(tmp_path: Path) -> None:
    for name in ("deadlines.py", "rules.csv", "holidays.csv"):
        (tmp_path / name).write_bytes((SOL / name).read_bytes())
    cases = [
        {"case_id": row["case"], "jurisdiction": row["jurisdiction"], "claim_type": row["claim_type"]}
        | {"accrual_date": row["accrual"], "discovery_date": row["discovery"] or None, "tolling": row["tolling"]}
        for row in BY_HAND
    ]
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    told = json.dumps({"as_of": str(AS_OF), "near_days": 90})
    subprocess.run([sys.executable, "-I", "-S", "deadlines.py"], input=told, text=True, cwd=tmp_path, check=True)
    made = [json.loads(line) for line in (tmp_path / "deadlines.jsonl").read_text().splitlines()]
    assert [each.get("deadline", "") for each in made] == [row["deadline"] for row in BY_HAND]
    counts = json.loads((tmp_path / "outputs.json").read_text())["counts"]
    assert counts == Counter(row["status"] for row in BY_HAND)


def test_the_sample_is_what_its_maker_makes_and_its_readme_says(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SOL / "sample" / "make.py"), str(tmp_path)], check=True)
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (SOL / "sample" / made.name).read_bytes(), made.name
    said = (SOL / "sample" / "README.md").read_text(encoding="utf-8")
    rows = len((SOL / "sample" / "north_office.csv").read_text(encoding="cp1252").splitlines()) - 1
    assert f"{rows:,}" in said
    assert re.search(r"5,350 rows", said)
