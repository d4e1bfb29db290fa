"""docs/security.md lists each rule about models (L) and about callers (S) with tests that exist, and every test that is
named after one."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
PAGE = (TESTS.parent / "docs" / "security.md").read_text()
ROWS = dict(re.findall(r"^\| ([LS]\d+) \| .* \| (.*) \|$", PAGE, re.MULTILINE))
AFTER_A_RULE = re.compile(r"^def (test_rules?_((?:[ls]\d+_)+)\w*)\(", re.MULTILINE)


def test_every_rule_has_a_row_with_tests_that_exist() -> None:
    assert list(ROWS) == [*(f"L{n}" for n in range(1, 10)), *(f"S{n}" for n in range(1, 9))]
    for rule, named in ROWS.items():
        tests = re.findall(r"`([\w/]+\.py)::(\w+)`", named)
        assert tests, rule
        for file, test in tests:
            assert f"\ndef {test}(" in (TESTS / file).read_text(), f"{rule}: {file}::{test}"


def test_every_test_that_is_named_after_a_rule_is_listed_with_it() -> None:
    for path in TESTS.rglob("test_*.py"):
        for test, rules in AFTER_A_RULE.findall(path.read_text()):
            for rule in rules.upper().strip("_").split("_"):
                assert f"`{path.relative_to(TESTS)}::{test}`" in ROWS[rule], f"{path}::{test}"
