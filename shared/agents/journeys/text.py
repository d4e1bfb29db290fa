"""The text of a journey → the plan, or everything that is wrong with it, with line and column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from shared.agents.campaigns.audience import filters_of
from shared.domain.faults import Rejected
from shared.domain.journey import Plan, Send
from shared.domain.journey_steps import mails, mistakes, stands
from shared.process.problems import Invalid, PlanProblem, dotted, meant
from shared.process.source import Path, Source, Wrong, read
from shared.render.personal import template_errors

_MOST = 100
_SAID = {"missing": "is missing", "extra_forbidden": "there is no such field here"}


def load(content: bytes, file: str = "journey.yaml") -> Plan:
    """The journey that the text declares, in YAML, or, if the file is named so or the text begins with `{`, in JSON.
    Raises Invalid with every problem."""
    source = read(content, file.endswith(".json") or content.lstrip()[:1] == b"{")
    if not isinstance(source.value, dict):
        raise _invalid(source, source.wrong or [Wrong((), "must have fields, as `journey: welcome`")], file)
    try:
        plan = Plan.model_validate(source.value)
    except ValidationError as error:
        raise _invalid(source, [*source.wrong, *_shapes(source, error)], file) from None
    if wrong := [*source.wrong, *_meanings(plan)]:
        raise _invalid(source, wrong, file)
    return plan


def _meanings(plan: Plan) -> Iterator[Wrong]:
    for each in mistakes(plan):
        about = each.path[-1]
        hint = meant(_last_name(each.message), each.known) if each.known else None
        yield Wrong(each.path, each.message, hint, at_key=about == "steps")
    yield from _segment(plan)
    for name, mail in mails(plan).items():
        yield from _words(plan, name, mail)


def _last_name(message: str) -> str:
    return message.split("`")[1] if "`" in message else message


def _segment(plan: Plan) -> Iterator[Wrong]:
    try:
        filters_of(plan.enter.segment) if plan.enter.segment else None
    except Rejected as rejected:
        yield from (Wrong(("enter", "segment"), reason) for _, reason in rejected.errors)


def _words(plan: Plan, name: str, mail: Send) -> Iterator[Wrong]:
    """Words that no template could hold."""
    where: Path = (*stands(plan)[name].path, "text")
    if mail.text is None:
        return
    said = [(("subject",), mail.text.subject), (("headline",), mail.text.headline), (("greeting",), mail.text.greeting)]
    lines = [(("paragraphs", n), text) for n, text in enumerate(mail.text.paragraphs)]
    ends = [(("closing",), mail.text.closing), (("sign_off",), mail.text.sign_off)]
    for path, text in [*said, *lines, *ends]:
        yield from (Wrong((*where, *path), reason) for _, reason in template_errors(text, dotted(path)))


def _shapes(source: Source, error: ValidationError) -> Iterator[Wrong]:
    for each in error.errors():
        path = _path(source, each["loc"], each["type"] == "missing")
        message = _SAID.get(each["type"], each["msg"].removeprefix("Value error, "))
        yield Wrong(path, message[0].lower() + message[1:], at_key=each["type"] == "extra_forbidden")


def _path(source: Source, loc: tuple[int | str, ...], missing: bool) -> Path:
    """The place in the text: pydantic names the kind of a step in between, which nobody wrote."""
    path: Path = ()
    here: Any = source.value
    for n, key in enumerate(loc):
        if isinstance(here, dict | list) and key in (here if isinstance(here, dict) else range(len(here))):
            path, here = (*path, key), here[key]  # type: ignore[index]
        elif missing and n == len(loc) - 1:
            path = (*path, key)
    return path


def _invalid(source: Source, wrong: list[Wrong], file: str) -> Invalid:
    made = {}
    for each in wrong:
        line, column = source.place(each)
        field = dotted(each.path)
        problem = PlanProblem(
            file=file, line=line, column=column, field=field, message=each.message, suggestion=each.suggestion
        )
        made[problem.model_dump_json()] = problem
    return Invalid(sorted(made.values(), key=lambda each: (each.line, each.column))[:_MOST])
