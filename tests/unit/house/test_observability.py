"""docs/observability.md names what is sent, all of it and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from shared.logs import _ALLOWED
from shared.telemetry.names import METRICS, SPANS

DOC = (Path(__file__).parents[3] / "docs" / "observability.md").read_text()


def rows(heading: str) -> list[list[str]]:
    part = DOC.split(heading, 1)[1].split("\n#", 1)[0]
    lines = re.findall(r"^\| (.+) \|$", part, re.MULTILINE)[1:]
    return [[cell.strip() for cell in line.split(" | ")] for line in lines if not line.startswith("---")]


def code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_the_table_of_spans_is_the_list() -> None:
    listed = [[f"`{each.name}`", each.kind, each.about, code(each.attributes)] for each in SPANS]
    assert rows("### Spans") == listed


def test_the_table_of_metrics_is_the_list() -> None:
    told = [re.sub(r"\s+", " ", " ".join(row)).strip() for row in rows("## Metrics\n")]
    listed = [(f"`{m.name}`", m.instrument, m.unit, m.about, code(m.attributes), m.rule) for m in METRICS]
    assert told == [re.sub(r"\s+", " ", " ".join(each)).strip() for each in listed]


def test_the_fields_of_the_log_are_those_that_are_kept() -> None:
    said = DOC.split("One JSON line an event. Fields:", 1)[1].split(";", 1)[0]
    assert set(re.findall(r"`(\w+)`", said)) == _ALLOWED
