"""The table of what the host promises names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "e2e" / "host"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def test_every_test_in_the_table_exists_and_every_promise_has_one() -> None:
    rows = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| ")]
    promises = [row for row in rows if row != "| Promise | Tests |"]
    assert len(promises) > 40
    for row in promises:
        named = NAMED.findall(row)
        assert named, row
        for file, test in named:
            path = ROOT / file if file.startswith("tests/") else FOLDER / file
            assert f"\ndef {test}(" in path.read_text(), f"{file}::{test}"
