"""A plan as it was written, which may be wrong anywhere: what the checks look at, so that all of them can speak."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from shared.process.declared import Plan
from shared.process.plan import cycle
from shared.process.source import Path
from shared.process.steps import TYPES, step_type
from shared.process.steps.call import StepType

Json = dict[str, Any]


class Written(NamedTuple):
    """One step and where it stands."""

    path: Path
    body: Json
    number: int
    last: bool

    @property
    def id(self) -> str:
        found = self.body.get("id")
        return found if isinstance(found, str) else ""

    @property
    def needs(self) -> list[str]:
        return [each for each in _list(self.body.get("needs")) if isinstance(each, str)]

    @property
    def is_loop(self) -> bool:
        return isinstance(self.body.get("foreach"), dict)


class Draft:
    """Never raises, whatever the plan holds."""

    def __init__(self, value: Any) -> None:
        self.body: Json = value if isinstance(value, dict) else {}
        self.plan: Plan | None = None
        """Set when its shape is right."""
        self._types: dict[str, type[StepType]] = {}

    @cached_property
    def inputs(self) -> dict[str, Json]:
        return {name: _dict(each) for name, each in _dict(self.body.get("inputs")).items()}

    @cached_property
    def steps(self) -> list[Written]:
        """All of them, those of `finally` at the end."""
        found: list[Written] = []
        for name in ("steps", "finally"):
            for index, body in enumerate(_list(self.body.get(name))):
                if isinstance(body, dict):
                    found.append(Written((name, index), body, len(found), name == "finally"))
        return found

    @cached_property
    def by_id(self) -> dict[str, Written]:
        """The first step of each id."""
        return {step.id: step for step in reversed(self.steps) if step.id}

    @cached_property
    def cycle(self) -> list[str]:
        return cycle({step.id: step.needs for step in self.by_id.values()})

    @cached_property
    def texts(self) -> dict[Path, str]:
        """Every text of the plan by where it stands, in its order."""
        found: dict[Path, str] = {}
        _gather(self.body, (), found)
        return found

    def type_named(self, name: object) -> type[StepType] | None:
        """The type of a step, if there is one of that name."""
        if not isinstance(name, str) or name not in TYPES:
            return None
        if name not in self._types:
            self._types[name] = step_type(name)
        return self._types[name]

    def may_name(self, step: Written, other: Written) -> bool:
        """Whether the step begins only after the other has ended."""
        if step.last and not other.last:
            return True
        return bool(self._before[step.number] >> other.number & 1)

    @cached_property
    def _before(self) -> list[int]:
        """Of each step the set of those that it needs, directly or not, as bits."""
        found = [0] * len(self.steps)
        done: set[int] = set()
        stack = [step.number for step in reversed(self.steps)]
        entered: set[int] = set()
        while stack:
            number = stack[-1]
            needed = [self.by_id[each].number for each in self.steps[number].needs if each in self.by_id]
            open_ones = [each for each in needed if each not in done and each not in entered]
            entered.add(number)
            if open_ones:
                stack += open_ones
                continue
            stack.pop()
            if number not in done:
                done.add(number)
                for each in needed:
                    found[number] |= found[each] | 1 << each
        return found

    def actions(self) -> Iterator[tuple[Path, Json, Written]]:
        """Whatever is done: the steps, and what makes up for them."""
        for step in self.steps:
            yield step.path, step.body, step
            if isinstance(step.body.get("compensate"), dict):
                yield (*step.path, "compensate"), step.body["compensate"], step


def _gather(value: Any, path: Path, found: dict[Path, str]) -> None:
    if isinstance(value, str):
        found[path] = value
    elif isinstance(value, dict):
        for key, each in value.items():
            _gather(each, (*path, key), found)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _gather(each, (*path, index), found)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}
