"""What a step made, as a text that two runs can be compared by: no path, no time that passed, nothing that a log would
hide. What is hidden still counts: in the digest."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from itertools import islice
from typing import Any

from pydantic import ValidationError

from shared.domain.run import Run, RunStep
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process.rehearsal.dry import rows_of_step, some_rows
from shared.process.rehearsal.tape import kept_in, with_files, written
from shared.process.rows.columns import Rows
from shared.process.rows.sensitive import masked

_MOST_TEXT = 65_536
_MOST_LINES = 60
_LONGEST_LINE = 200
_PROGRAMS = ("script", "run")
_OTHER_BYTES = re.compile(r"\.(gz|tgz|zst|zip|xlsx|parquet|db|sqlite|duckdb|age)(\.|$)")
"""In names of files whose bytes hang on the version of a library, or on a random key: the rows in them are compared."""


def personal(here: Ports, scope: Scope, step: RunStep) -> bool:
    """Whether it handled a table with personal columns: then no other text of its run is shown, either."""
    rows = rows_of_step(step)
    return rows is not None and bool(some_rows(here, scope, rows).masked)


def told(here: Ports, scope: Scope, step: RunStep, outside: bool, is_personal: bool) -> str:
    """The step's text; of one that reaches outside also what it asked. The lines of its files stand there, if
    `is_personal`, of tables only."""
    plain: dict[str, Any] = {"type": step.type, "state": step.status, "why": step.why}
    if outside:
        plain["asked"] = with_files(step.inputs, _known)
    outputs = {name: each for name, each in step.outputs.items() if (name, step.type) not in _USED}
    plain |= {"outputs": with_files(outputs, _known), "left": step.left}
    shown = _each_text(plain, masked)
    if lines := {
        kept["name"]: found for kept in kept_in(step.outputs) if (found := _lines(here, scope, step, kept, is_personal))
    }:
        shown["files"] = lines
    return written({**shown, "digest": sha256(written(plain).encode()).hexdigest()})


def told_of_run(run: Run) -> str:
    """The same of the run as a whole."""
    plain = {"state": run.status, "why": run.status_reason or "", "outputs": with_files(run.outputs, _known)}
    return written({**_each_text(plain, masked), "digest": sha256(written(plain).encode()).hexdigest()})


_USED = {("used", each) for each in _PROGRAMS}


def _known(kept: dict[str, Any]) -> dict[str, Any]:
    """A file by what it holds, wherever it lies."""
    if _OTHER_BYTES.search(kept["name"]):
        return {"name": kept["name"]}
    return {name: kept[name] for name in ("name", "bytes", "sha256")}


def _lines(here: Ports, scope: Scope, step: RunStep, kept: dict[str, Any], is_personal: bool) -> list[str]:
    """The first lines of a file, if it is a text; of rows without what is personal in them."""
    if kept["bytes"] > _MOST_TEXT or _OTHER_BYTES.search(kept["name"]):
        return []
    rows = _rows(step, kept)
    if rows:
        some = some_rows(here, scope, rows, _MOST_LINES)
        return [
            " | ".join(some.columns),
            *(" | ".join("" if each is None else each for each in row) for row in some.rows),
        ]
    if is_personal:
        return []
    try:
        text = here.files.get(scope, kept["file"]).decode()
    except UnicodeDecodeError:
        return []
    return [masked(line)[:_LONGEST_LINE] for line in islice(text.splitlines(), _MOST_LINES)]


def _rows(step: RunStep, kept: dict[str, Any]) -> Rows | None:
    try:
        rows = Rows.model_validate(step.outputs.get("rows"))
    except ValidationError:
        return None
    return rows if rows.file.file == kept["file"] else None


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _each_text(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_each_text(each, change) for each in value]
    return change(value) if isinstance(value, str) else value
