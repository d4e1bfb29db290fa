"""docs/compliance.md lists each rule with tests that exist, and every test that is named after a rule."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
PAGE = (TESTS.parent / "docs" / "compliance.md").read_text()
ROWS = dict(re.findall(r"^\| ([CUBG]\d+) \| .* \| (.*) \|$", PAGE, re.MULTILINE))
RULES = [f"{letter}{n}" for letter, last in (("C", 12), ("U", 8), ("B", 5), ("G", 4)) for n in range(1, last + 1)]
RULES += ["G5", "G6", "G7", "G8", "G9", "G10"]
AFTER_A_RULE = re.compile(r"^def (test_rules?_(?:[cubg]\d+_)+\w*)\(", re.MULTILINE)


def test_every_rule_has_a_row_with_tests_that_exist() -> None:
    assert list(ROWS) == RULES
    for rule, named in ROWS.items():
        tests = re.findall(r"`([\w/]+\.py)::(\w+)`", named)
        assert tests, rule
        for file, test in tests:
            assert f"\ndef {test}(" in (TESTS / file).read_text(), f"{rule}: {file}::{test}"


def test_every_test_that_is_named_after_a_rule_is_listed() -> None:
    for path in TESTS.rglob("test_*.py"):
        for test in AFTER_A_RULE.findall(path.read_text()):
            assert f"`{path.relative_to(TESTS)}::{test}`" in PAGE, f"{path}::{test}"
