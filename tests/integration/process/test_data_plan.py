"""What a plan says of the data steps is checked before it runs, with the place of what is wrong."""

from __future__ import annotations

import pytest

from shared.process.load import load
from shared.process.problems import Invalid

PLAN = """
process: intake
title: Intake of cases
inputs:
  file: {type: file}
  export_to: {default: "age1x"}
steps:
  - id: cases
    type: read
    with:
      file: ${{ inputs.file }}
      columns:
        - {name: case, from: [Case No, case], required: true, unique: true, pattern: "[A-Z]-[0-9]+"}
        - {name: filed, type: date}
  - id: look
    type: check
    needs: [cases]
    with: {rows: "${{ steps.cases.outputs.rows }}", series: cases}
  - id: due
    type: transform
    needs: [cases]
    with:
      rows: ${{ steps.cases.outputs.rows }}
      do: [{filter: "filed IS NOT NULL"}, {map: {due: "filed + to_years(2)"}}]
  - id: out
    type: output
    needs: [due]
    with: {rows: "${{ steps.due.outputs.rows }}", compress: gzip, encrypt: {key: "${{ secrets.export }}"}}
  - id: away
    type: files.copy
    needs: [out]
    with:
      from: ["${{ steps.out.outputs.file }}", "${{ steps.out.outputs.checksums }}"]
      to: {folder: inbox, path: done/}
  - id: db
    type: sql.load
    needs: [due]
    with: {rows: "${{ steps.due.outputs.rows }}", database: {folder: inbox, path: cases.db}, table: cases}
"""


def test_a_plan_of_data_steps_with_references_between_them_is_valid() -> None:
    assert [each.id for each in load(PLAN.encode()).steps] == ["cases", "look", "due", "out", "away", "db"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("path: done/", "pth: done/", r"with\.to"),
        ('"${{ steps.out.outputs.file }}"', "{folder: inbox, pth: a}", r"with\.from\[0\]"),
        ("type: date", "type: dates", r"columns\[1\]\.type"),
        ("filter:", "filtre:", r"do\[0\]"),
        ("outputs.checksums", "outputs.sums", "sums"),
        ("table: cases", "table: 'x; drop'", r"with\.table"),
    ],
)
def test_what_is_wrong_in_them_is_said_at_its_place(old: str, new: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        load(PLAN.replace(old, new, 1).encode())
