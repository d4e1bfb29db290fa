"""One step of a run in full, and values as pages show them: files as links, all else as text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from shared.domain.run import RUN_UNDER_WAY, Run, RunFile, RunStep
from shared.process.declared import Step
from shared.web.graph import title_of

_MOST_TEXT = 2_000
_MOST_FILES = 50


class Value(NamedTuple):
    """An input or output: files, and what is no file as text."""

    name: str
    text: str
    files: list[RunFile]


class Chosen(NamedTuple):
    """A step (or an item of a loop), begun or not. `skippable`: it may still be left out."""

    id: str
    title: str
    type: str
    step: RunStep | None
    inputs: list[Value]
    outputs: list[Value]
    items: list[RunStep]
    skippable: bool


def of_step(declared: Step, step: RunStep | None, items: Sequence[RunStep], run: Run) -> Chosen:
    """All that there is to know of it."""
    ended = (
        step is not None and step.attempt == run.attempt and step.status in ("done", "skipped", "failed", "cancelled")
    )
    return Chosen(
        declared.id,
        title_of(declared),
        declared.type,
        step,
        values(step.inputs if step else {}),
        values(step.outputs if step else {}),
        list(items),
        skippable=run.status in RUN_UNDER_WAY and not ended and declared.id not in run.skips,
    )


def values(found: Mapping[str, Any]) -> list[Value]:
    """Each as it is shown."""
    return [Value(name, *_shown(value)) for name, value in found.items()]


def _shown(value: Any) -> tuple[str, list[RunFile]]:
    if file := _file(value):
        return "", [file]
    if isinstance(value, dict) and (file := _file(value.get("file"))):
        columns = ", ".join(each["name"] for each in value.get("columns", ()) if isinstance(each, dict))
        count = f"{value['count']:,} rows" if isinstance(value.get("count"), int) else ""
        return ": ".join(filter(None, (count, columns))), [file]
    if isinstance(value, list) and value and all(_file(each) for each in value):
        return (f"{len(value):,} files" if len(value) > _MOST_FILES else ""), [
            *filter(None, map(_file, value[:_MOST_FILES]))
        ]
    if isinstance(value, dict) and value and all(_file(each) for each in value.values()):
        return "", [*filter(None, map(_file, list(value.values())[:_MOST_FILES]))]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return (f"{text[:_MOST_TEXT]} …" if len(text) > _MOST_TEXT else text), []


def _file(value: Any) -> RunFile | None:
    if not isinstance(value, dict) or value.keys() != RunFile.model_fields.keys():
        return None
    try:
        return RunFile.model_validate(value)
    except ValidationError:
        return None
