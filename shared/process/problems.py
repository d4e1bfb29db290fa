"""What is wrong with a plan, for people and editors."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from heapq import nsmallest

from pydantic import BaseModel, ConfigDict

_LONGEST = 200
"""Nobody meant a longer name."""
_COMPARED = 20


class PlanProblem(BaseModel):
    """One of them; `line` and `column` count from one. `field` is the path as in `steps[3].with.source`."""

    model_config = ConfigDict(frozen=True)

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
    return _meant(name[:_LONGEST], tuple(sorted(known)))


@lru_cache(maxsize=256)
def _meant(name: str, names: tuple[str, ...]) -> str | None:
    """The same mistake is often made at many places."""
    if close := get_close_matches(name, _likely(name, names), 1, 0.6):
        return f"did you mean `{close[0]}`?"
    return f"there {'is' if len(names) == 1 else 'are'} {', '.join(names)}" if 0 < len(names) <= 12 else None


def _likely(name: str, names: tuple[str, ...]) -> list[str]:
    """Those with mostly the same letters: to compare a name with a thousand others, letter by letter, takes long."""
    letters = set(name)
    return nsmallest(_COMPARED, names, key=lambda each: len(letters ^ set(each)) + abs(len(name) - len(each)))
