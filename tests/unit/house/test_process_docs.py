"""The published schema of plans and the reference of their steps are those of the code, and all that ships is valid.

    python -m tests.unit.house.test_process_docs

writes both anew."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from shared.process.catalog import catalog
from shared.process.declared import MOST_STEPS, Input, Plan, Step, Trigger
from shared.process.functions import FUNCTIONS
from shared.process.load import load
from shared.process.reference import reference
from shared.process.schema import published

ROOT = Path(__file__).parents[3]
SCHEMA, PAGE = ROOT / "docs/process.schema.json", ROOT / "docs/processes.md"
ANEW = "python -m tests.unit.house.test_process_docs"
PLACE = re.compile(r"(<!-- the types: begin -->\n).*?(\n<!-- the types: end -->)", re.DOTALL)
EXAMPLES = re.findall(r"```yaml\n(process: .*?)```", PAGE.read_text(), re.DOTALL)


def errors(text: str) -> list[str]:
    plan = YAML(typ="safe", pure=True).load(text)
    return [each.json_path for each in Draft202012Validator(json.loads(published())).iter_errors(plan)]


def test_the_schema_is_that_of_the_code() -> None:
    assert SCHEMA.read_text() == published(), ANEW
    Draft202012Validator.check_schema(json.loads(published()))


def test_the_reference_is_that_of_the_code() -> None:
    found = PLACE.search(PAGE.read_text())
    assert found
    assert found[0] == f"{found[1]}{reference()}{found[2]}", ANEW


@pytest.mark.parametrize("name", sorted(catalog()))
def test_a_process_of_the_catalogue_is_valid_in_the_schema(name: str) -> None:
    assert errors(catalog()[name].text.decode()) == []


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_page_is_a_plan(text: str) -> None:
    load(text.encode())
    assert errors(text) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("type: read", "type: raed", "$.steps[0].type"),
        ("file: ${{", "fiel: ${{", "$.steps[0].with"),
        ("file: ${{ inputs.file }}", "file: 5", "$.steps[0].with.file"),
        ("title:", "titel:", "$"),
    ],
)
def test_the_schema_finds_what_the_check_finds(old: str, new: str, path: str) -> None:
    text = EXAMPLES[0]
    assert old in text
    assert path in errors(text.replace(old, new, 1))


def test_the_page_names_every_field_and_function() -> None:
    text = PAGE.read_text()
    for model in (Plan, Input, Step, Trigger):
        for name, field in model.model_fields.items():
            assert f"`{field.alias or name}`" in text, name
    for name in FUNCTIONS:
        assert f"`{name}(" in text, name
    assert f"{MOST_STEPS:,} steps" in text


def write() -> Any:
    SCHEMA.write_text(published())
    PAGE.write_text(PLACE.sub(lambda found: f"{found[1]}{reference()}{found[2]}", PAGE.read_text()))


if __name__ == "__main__":
    write()
