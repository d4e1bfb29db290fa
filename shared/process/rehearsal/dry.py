"""A dry run: the real input, the real steps, and nothing that leaves or stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from time import monotonic
from typing import Any

import orjson
import uuid_utils
from pydantic import ValidationError

from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.rehearsal import DryRequest, DryRun, DryStep, SomeRows
from shared.domain.run import Run, RunStep
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.process import runs
from shared.process.problems import Invalid
from shared.process.rehearsal.acting import Acting
from shared.process.rehearsal.apart import Time, apart
from shared.process.rehearsal.play import play
from shared.process.rows.columns import Rows
from shared.process.rows.sensitive import mask, masked, sensitivity
from shared.process.store import put, ready
from shared.process.workplace import workplace

SHOWN = 10
"""Rows of each output."""
_SAMPLE = 1000
_WIDEST = 80
_BLOCK = 2**20
_MOST_STEPS = 5000
Given = Mapping[str, Any]
"""Inputs, by name."""
_DONE = re.compile(r" was (written|deleted)$")
"""How steps that change folders say what they did."""


def dry_run(
    ports: Ports,
    scope: Scope,
    by: str,
    process: str,
    asked: DryRequest,
    brought: Callable[[Ports], Given] = lambda _: {},
) -> DryRun:
    """Rehearse it and say what came out. Nothing is written but in a folder that is gone afterwards; `brought` are
    further inputs, whose files it puts there, too. Raises as `runs.begin` does, and Rejected for a plan that is
    wrong."""
    began = monotonic()
    with workplace(ports, f"dry-{uuid_utils.uuid7().hex}") as place:
        time = Time(ports.clock)
        here, acting = apart(ports, place, time), Acting()
        digest = kept_plan(here, scope, by, process, asked.plan) or ready(here, scope, process, asked.version or "")
        run = runs.start(here, scope, by, process, digest, {**asked.inputs, **brought(here)})
        ended = play(here, time, scope, run, acting, acting.guessed)
        steps = [_shown(here, scope, path, each) for path, each in islice(walked(here, scope, ended), _MOST_STEPS)]
        return DryRun(
            process=process, title=run.title, digest=digest, status=ended.status, why=masked(ended.status_reason or ""),
            seconds=round(monotonic() - began, 3), steps=steps,
        )  # fmt: skip


def kept_plan(here: Ports, scope: Scope, by: str, process: str, text: str | None) -> str:
    """The digest of a plan that is only for this rehearsal; empty if there is none. Raises Rejected."""
    if text is None:
        return ""
    try:
        return put(here, scope, by, process, text.encode(), "plan", "*")[0].digest
    except Invalid as invalid:
        raise Rejected(*(FieldError(f"plan.{each.field}", each.message) for each in invalid.problems[:100])) from None


def walked(here: Ports, scope: Scope, run: Run, before: str = "") -> Iterator[tuple[str, RunStep]]:
    """Each step and item in the order of the plan, by its path; those of a process within it after its step."""
    within = _within(here, scope, run.id)
    for each in runs.steps(here, scope, run.id):
        path = f"{before}{each.step}" if each.item is None else f"{before}{each.step}.{each.item}"
        yield path, each
        if child := within.get((each.step, each.item)):
            yield from walked(here, scope, child, f"{path}/")


def _within(here: Ports, scope: Scope, id: str) -> dict[tuple[str, int | None], Run]:
    """The processes within a run, by their step and item; also those that failed, which their steps name no more."""
    page = here.documents.find(scope, Kind.RUN, [Filter("parent.run", "eq", id)], limit=1000)
    found = [Run.model_validate(document.body) for document in page.documents]
    return {(each.parent.step, each.parent.item): each for each in found if each.parent}


def _shown(here: Ports, scope: Scope, path: str, step: RunStep) -> DryStep:
    rows = rows_of_step(step)
    reasons = step.outputs.get("reasons")
    return DryStep(
        step=path, type=step.type, title=step.title, state=step.status, why=masked(step.why),
        counts={name: n for name, n in step.outputs.items() if isinstance(n, int) and not isinstance(n, bool)},
        reasons=_reasons(reasons) if step.type == "read" and isinstance(reasons, dict) else {},
        would=[_DONE.sub(r" would be \1", masked(each)) for each in step.left],
        rows=some_rows(here, scope, rows) if rows else None,
    )  # fmt: skip


def _reasons(found: Mapping[str, int]) -> dict[str, int]:
    """As logs would show them: a file may say itself why a row of it is refused."""
    told = Counter[str]()
    for reason, count in found.items():
        told[masked(reason)] += count
    return dict(told)


def rows_of_step(step: RunStep) -> Rows | None:
    """Those that it made; of a step that writes or loads rows, those it was given."""
    given: Mapping[str, Any] = step.inputs if step.type in ("output", "sql.load") else step.outputs
    try:
        rows = Rows.model_validate(given.get("rows")) if step.status == "done" else None
    except ValidationError:
        return None
    wanted = step.inputs.get("columns") if step.type == "output" else None
    if rows is None or wanted is None:
        return rows
    return rows.model_copy(
        update={
            "columns": sorted(
                (each for each in rows.columns if each.name in wanted), key=lambda each: wanted.index(each.name)
            )
        }
    )


def some_rows(here: Ports, scope: Scope, rows: Rows, most: int = SHOWN) -> SomeRows:
    """The first of them, as logs would show them."""
    sample = [orjson.loads(line) for line in islice(_lines(here, scope, rows.file.file), _SAMPLE)]
    kinds = {each.name: sensitivity(each, (row.get(each.name) for row in sample)) for each in rows.columns}
    hidden = {name: kind for name, kind in kinds.items() if kind}

    def text(name: str, value: Any) -> str | None:
        if value is None:
            return None
        found = mask(hidden[name], value) if name in hidden else masked(str(value))
        return found if len(found) <= _WIDEST else f"{found[: _WIDEST - 1]}…"

    shown = [[text(name, row.get(name)) for name in kinds] for row in sample[:most]]
    return SomeRows(columns=list(kinds), rows=shown, count=rows.count, masked=list(hidden))


def _lines(here: Ports, scope: Scope, file: str) -> Iterator[bytes]:
    """Of a file that may be too large for memory."""
    rest, start = b"", 0
    while block := here.files.get(scope, file, start, _BLOCK):
        start += len(block)
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
    if rest:
        yield rest
