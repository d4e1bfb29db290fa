"""The table of what distribution promises names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def test_every_promise_of_distribution_has_tests_that_exist() -> None:
    rows = [line for line in (TESTS / "e2e/campaign/README.md").read_text().splitlines() if line.startswith("| ")]
    promises = [row for row in rows if row != "| Promise | Tests |"]
    assert len(promises) > 30
    for row in promises:
        named = NAMED.findall(row)
        assert named, row
        for file, test in named:
            assert f"def {test}(" in (TESTS / file).read_text(), f"{file}::{test}"
