"""The text of a plan → the plan, or everything that is wrong with it."""

from __future__ import annotations

from itertools import islice

from shared.process.checks import everything
from shared.process.declared import Plan
from shared.process.draft import Draft
from shared.process.problems import Invalid, PlanProblem, dotted
from shared.process.source import Source, Wrong, read

_MOST = 500


def load(content: bytes, file: str = "plan.yaml") -> Plan:
    """The plan that the text declares, in YAML, or, if the file is named so or the text begins with `{`, in JSON.
    Raises Invalid with every problem, of many with 500 of them; of a text whose form is broken with that one alone."""
    source = read(content, file.endswith(".json") or content.lstrip()[:1] == b"{")
    if source.value is None or not isinstance(source.value, dict):
        nothing = Wrong((), "must have fields, as `process: name`")
        raise _invalid(source, source.wrong or [nothing], file)
    draft = Draft(source.value)
    wrong = [*source.wrong, *islice(everything(draft), _MOST)]
    if wrong or draft.plan is None:
        raise _invalid(source, wrong, file)
    return draft.plan


def _invalid(source: Source, wrong: list[Wrong], file: str) -> Invalid:
    found = {_problem(source, each, file): None for each in wrong}
    return Invalid(sorted(found, key=lambda each: (each.line, each.column))[:_MOST])


def _problem(source: Source, wrong: Wrong, file: str) -> PlanProblem:
    line, column = source.place(wrong)
    return PlanProblem(
        file=file,
        line=line,
        column=column,
        field=dotted(wrong.path),
        message=wrong.message,
        suggestion=wrong.suggestion,
    )
