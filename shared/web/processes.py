"""What the pages of processes show, and what was filled in to start a run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from shared.domain.faults import FieldError, Rejected
from shared.domain.process import Process
from shared.domain.run import Run
from shared.process.declared import Input, Plan, Step
from shared.process.triggers import Standing
from shared.web.graph import title_of
from shared.web.run_words import RUN_WORDS

GIVEN = "given."
"""Before the name of an input, in a form."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")


class Row(NamedTuple):
    """One line of the list: what comes next is a moment, or words."""

    name: str
    title: str
    origin: str
    last: Run | None
    word: str
    """How that one stands."""
    due: datetime | None
    waits: str


class StepRow(NamedTuple):
    """A step in the table beside the graph."""

    id: str
    title: str
    type: str
    needs: list[str]
    about: list[str]


def row(process: Process, last: Run | None, asks: bool, standing: Sequence[Standing]) -> Row:
    """A process in the list; `asks`: its last run waits for a person."""
    due = min((each.due for each in standing if each.due), default=None)
    waits = ", ".join(dict.fromkeys(_WAITS[each.kind] for each in standing if each.kind in _WAITS))
    word = "Waits for somebody" if asks else RUN_WORDS[last.status] if last else "never"
    return Row(process.name, process.title, process.origin, last, word, due, waits)


_WAITS = {"event": "when an event comes", "bus": "when a command comes", "file": "when a file comes"}


def sentence(rows: Sequence[Row], running: int, asking: int) -> str:
    """The first sentence of the list."""
    if asking:
        return f"{asking} run{'' if asking == 1 else 's'} wait{'s' if asking == 1 else ''} for somebody."
    if running:
        return f"{running} run{' is' if running == 1 else 's are'} under way."
    own = sum(each.origin == "own" for each in rows)
    return f"{own} process{'' if own == 1 else 'es'} of your own." if own else "What is done again and again, declared."


def about(plan: Plan) -> str:
    """What it does, in one sentence."""
    return _SENTENCE.split(plan.description.strip())[0] or plan.title


def further(plan: Plan) -> str:
    """What its description says besides."""
    return plan.description.strip().removeprefix(about(plan)).strip()


def steps(plan: Plan) -> list[StepRow]:
    """All steps, those of `finally` last."""
    every = [*plan.steps, *plan.last]
    names = {step.id: title_of(step) for step in every}
    last = {step.id for step in plan.last}
    return [
        StepRow(
            step.id, names[step.id], step.type, [names[need] for need in step.needs],
            [*(["at the end, whatever happened"] if step.id in last else []), *_special(step)],
        )
        for step in every
    ]  # fmt: skip


def _special(step: Step) -> Iterator[str]:
    if step.foreach:
        yield f"for each item, {step.foreach.at_once} at once"
    if step.when:
        yield f"if {_bare(step.when)}"
    if step.compensate:
        yield f"taken back by {step.compensate.type}"
    if step.on_error in _ON_ERROR:
        yield _ON_ERROR[step.on_error]
    if step.retry:
        yield "tried again: " + ", ".join(f"{n}× {kind}" for kind, n in step.retry.items())


_ON_ERROR = {"ask": "a person is asked if it fails", "continue": "the run goes on if it fails"}


def typed(inputs: Mapping[str, Input], form: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in, files aside, as `POST /api/v1/processes/{name}/runs` takes it; an empty field is an absent
    one. Raises Rejected for a list or an object that is none."""
    found: dict[str, Any] = {}
    for name, each in inputs.items():
        text = form.get(f"{GIVEN}{name}", "")
        if text.strip() and each.type not in ("file", "files"):
            found[name] = _value(name, each, text)
    return found


def shown_default(wanted: Input) -> str:
    """The default as a field of a form has it; of a file, its name."""
    if wanted.default is None or wanted.sensitive:
        return ""
    if wanted.type in ("file", "files"):
        return ", ".join(str(each).rpartition("/")[2] for each in _listed(wanted.default))
    if wanted.type == "list" and all(isinstance(each, str) for each in wanted.default):
        return "\n".join(wanted.default)
    return wanted.default if isinstance(wanted.default, str) else json.dumps(wanted.default, ensure_ascii=False)


def _value(name: str, wanted: Input, text: str) -> Any:
    if wanted.type not in ("list", "object"):
        return text if wanted.type == "text" else text.strip()
    if wanted.type == "list" and not text.lstrip().startswith("["):
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        return json.loads(text)
    except ValueError as error:
        raise Rejected(FieldError(f"inputs.{name}", f"must be JSON: {error}")) from None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _bare(expression: str) -> str:
    return expression.strip().removeprefix("${{").removesuffix("}}").strip()
