"""What is wrong with a plan, for people and editors."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import BaseModel


class PlanProblem(BaseModel):
    """One of them; `line` and `column` count from one. `field` is the path as in `steps[3].with.source`."""

    file: str
    line: int
    column: int
    field: str
    message: str
    suggestion: str | None = None


class Invalid(Exception):
    """The plan cannot be run; `problems` are all that were found, by place."""

    def __init__(self, problems: list[PlanProblem]) -> None:
        super().__init__("; ".join(f"{each.field or each.file}: {each.message}" for each in problems))
        self.problems = problems


def dotted(path: Iterable[str | int]) -> str:
    """`("steps", 3, "with")` as `steps[3].with`."""
    made = ""
    for key in path:
        made += f"[{key}]" if isinstance(key, int) else f".{key}" if made else key
    return made


def meant(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, as a question; else what there is, if that is not much."""
    names = sorted(known)
    if close := get_close_matches(name, names, 1, 0.6):
        return f"did you mean `{close[0]}`?"
    return f"there {'is' if len(names) == 1 else 'are'} {', '.join(names)}" if 0 < len(names) <= 12 else None
