"""The steps of a journey as a list in which each names the next: what people stand at, and what a drawing shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from shared.domain.journey import If, Label, Plan, Send, Step, Stop, Wait

MOST_STEPS = 60
MOST_MAILS = 20


@dataclass(frozen=True)
class Stand:
    """One step. `then` is the next (of an `if`: when it is so), `otherwise` where it is not; None: they have come to
    the end. `depth` is how many ifs it stands in."""

    name: str
    step: Step
    then: str | None
    otherwise: str | None
    depth: int
    path: tuple[str | int, ...]
    """Where it stands in the text."""

    @property
    def kind(self) -> str:
        """send, wait, if, tag or stop."""
        return {Send: "send", Wait: "wait", If: "if", Label: "tag", Stop: "stop"}[type(self.step)]


Stands = Mapping[str, Stand]


class Mistake(NamedTuple):
    """Where in the plan, and what; `known` are the names that could have been meant."""

    path: tuple[str | int, ...]
    message: str
    known: Sequence[str] = ()


def stands(plan: Plan) -> Stands:
    """Every step by its name, in the order of the text. Of two with one name the second is `name-2`: `mistakes` says
    where that is wrong."""
    names: dict[int, str] = {}
    taken: dict[str, int] = {}
    for step in _walk(plan.steps):
        wanted = _named(step)
        taken[wanted] = taken.get(wanted, 0) + 1
        names[id(step)] = wanted if taken[wanted] == 1 else f"{wanted}-{taken[wanted]}"
    made: dict[str, Stand] = {}
    _lay(plan.steps, None, names, made, ("steps",), 0)
    order = [names[id(step)] for step in _walk(plan.steps)]
    return {name: made[name] for name in order}


def mistakes(plan: Plan) -> Iterator[Mistake]:
    """What no shape tells: names that are taken twice, questions about mails that do not come before them."""
    found = stands(plan)
    if len(found) > MOST_STEPS:
        yield Mistake(("steps",), f"has {len(found)} steps; at most {MOST_STEPS} can be")
    mails: list[str] = []
    for stand in found.values():
        if isinstance(stand.step, Send):
            if stand.step.send in mails:
                yield Mistake((*stand.path, "send"), f"there is a mail `{stand.step.send}` already: each has its name")
            mails.append(stand.step.send)
        elif isinstance(stand.step, If):
            asked, about = stand.step.question.asked()
            if asked.removeprefix("not_") in ("clicked", "opened", "replied") and about not in mails:
                yield Mistake((*stand.path, "if", asked), f"no mail `{about}` comes before", mails)
        given = getattr(stand.step, "name", None)
        if given and stand.name != given:
            yield Mistake((*stand.path, "name"), f"there is a step `{given}` already")
    if len(mails) > MOST_MAILS:
        yield Mistake(("steps",), f"has {len(mails)} mails; at most {MOST_MAILS} can be")


def mails(plan: Plan) -> dict[str, Send]:
    """Its mails by name."""
    return {name: stand.step for name, stand in stands(plan).items() if isinstance(stand.step, Send)}


def described(stand: Stand) -> str:
    """A step in a few words."""
    match stand.step:
        case Send(send=name):
            return f"send {name}"
        case Wait(wait=long):
            return f"wait {long}"
        case If(question=question):
            asked, about = question.asked()
            said = f"{about.field} {about.op} {about.value}" if asked == "field" else str(about)
            return f"if {asked.replace('_', ' ')} {said}" if asked != "field" else f"if {said}"
        case Label(tag=tag, untag=untag):
            return f"tag {tag}" if tag else f"untag {untag}"
        case _:
            return "stop"


def _named(step: Step) -> str:
    """The name that somebody gave it, else one of what it does, so that it stays when others come before it."""
    if isinstance(step, Send):
        return step.send
    if step.name:
        return step.name
    match step:
        case Wait(wait=long):
            return _slug(f"wait {long}")
        case If(question=question):
            asked, about = question.asked()
            return _slug(f"if {asked} {about.field if asked == 'field' else about}")
        case Label(tag=tag, untag=untag):
            return _slug(f"tag {tag}" if tag else f"untag {untag}")
    return "stop"


def _slug(text: str) -> str:
    made = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.lower())
    return "-".join(filter(None, made.split("-")))[:36] or "step"


def _walk(steps: Sequence[Step]) -> Iterator[Step]:
    """In the order of the text."""
    for step in steps:
        yield step
        if isinstance(step, If):
            yield from _walk(step.then)
            yield from _walk(step.otherwise)


def _lay(
    steps: Sequence[Step],
    after: str | None,
    names: Mapping[int, str],
    made: dict[str, Stand],
    path: tuple[str | int, ...],
    depth: int,
) -> str | None:
    """Lay these steps before `after`; the name of the first."""
    following = after
    for n, step in reversed(list(enumerate(steps))):
        name, here, otherwise, then = names[id(step)], (*path, n), None, following
        if isinstance(step, If):
            then = _lay(step.then, following, names, made, (*here, "then"), depth + 1)
            otherwise = _lay(step.otherwise, following, names, made, (*here, "else"), depth + 1)
        elif isinstance(step, Stop):
            then = None
        made[name] = Stand(name, step, then, otherwise, depth, here)
        following = name
    return following


def wire(stands: Stands) -> list[dict[str, Any]]:
    """As the API shows them."""
    return [
        {
            "name": each.name,
            "kind": each.kind,
            "says": described(each),
            "then": each.then,
            "otherwise": each.otherwise,
            "depth": each.depth,
        }
        for each in stands.values()
    ]
