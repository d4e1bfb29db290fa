"""Rows that a step refused, as the page of the run shows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import NamedTuple

from shared.domain.run import RunFile, RunStep

_MOST_ROWS = 10
_MOST_LETTERS = 80
SAMPLE = 64_000
"""Bytes that are read of a file to show its first rows."""


class Quarantine(NamedTuple):
    """The refused rows of one step: how many, why how often, and the first of them, if they can be shown here."""

    step: str
    item: int | None
    title: str
    file: RunFile
    refused: int
    reasons: list[tuple[str, int]]
    headings: list[str]
    rows: list[list[str]]


def quarantines(steps: Iterable[RunStep], sample: Callable[[RunFile], bytes] | None) -> list[Quarantine]:
    """Of every step that has rows in quarantine; `sample` reads the beginning of a file, if the reader may have it."""
    return [_of(each, sample) for each in steps if each.type == "read" and each.outputs.get("quarantine")]


def first_rows(data: bytes) -> list[list[str]]:
    """The headings and the first rows of a quarantine in CSV, of which this is the beginning; nothing of other formats.
    A last row that may be cut off is left out."""
    text = _decoded(data[: data.rfind(b"\n") + 1])
    if not text.startswith("baton_row"):
        return []
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=text[len("baton_row")])
    try:
        found = [row for _, row in zip(range(_MOST_ROWS + 1), rows, strict=False)]
    except csv.Error:
        return []
    return [[_short(value) for value in row] for row in found]


def _of(step: RunStep, sample: Callable[[RunFile], bytes] | None) -> Quarantine:
    file = RunFile.model_validate(step.outputs["quarantine"])
    rows = first_rows(sample(file)) if sample and file.name.endswith((".csv", ".tsv")) else []
    reasons = [(str(reason), int(n)) for reason, n in step.outputs.get("reasons", {}).items()]
    refused = int(step.outputs.get("quarantined", 0))
    title = step.title or step.step
    return Quarantine(step.step, step.item, title, file, refused, reasons, rows[0] if rows else [], rows[1:])


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _short(value: str) -> str:
    return f"{value[:_MOST_LETTERS]} …" if len(value) > _MOST_LETTERS else value
