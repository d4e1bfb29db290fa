"""What changed from one version of a process to another: line by line, the words in them, and by step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

_CONTEXT = 3
_LONGEST = 600
"""Letters of a line that is compared word by word."""
_EXACT = 4_000
"""Lines of both; of longer texts those that stand there again and again are not looked for, which would take long."""
_ALIKE = 0.3
"""Lines that have less in common are two lines, not one that was changed."""
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Piece(NamedTuple):
    """Some of a line; `changed` if the other line has something else there."""

    text: str
    changed: bool = False


class DiffLine(NamedTuple):
    """`old`, `new`: its number in either text. `sign` is `…` where lines that are the same are left out."""

    sign: Literal[" ", "-", "+", "…"]
    old: int | None
    new: int | None
    pieces: list[Piece]


class Changed(NamedTuple):
    """A step, or another part of the plan, and what was done to it; `fields`: where."""

    what: Literal["added", "removed", "changed"]
    name: str
    is_step: bool
    fields: tuple[str, ...] = ()


def lines_of(old: str, new: str, context: int = _CONTEXT) -> list[DiffLine]:
    """Removed and added lines with so many around them; nothing if both are the same."""
    before, after = old.splitlines(), new.splitlines()
    found: list[DiffLine] = []
    long = len(before) + len(after) > _EXACT
    groups = list(SequenceMatcher(None, before, after, autojunk=long).get_grouped_opcodes(context))
    for group in groups:
        if group[0][1] > 0:
            found.append(DiffLine("…", None, None, []))
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                found += [DiffLine(" ", i + 1, i - i1 + j1 + 1, [Piece(before[i])]) for i in range(i1, i2)]
            else:
                found += _changed(before[i1:i2], after[j1:j2], i1, j1)
    if groups and groups[-1][-1][2] < len(before):
        found.append(DiffLine("…", None, None, []))
    return found


def parts_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Changed]:
    """By step, then what else of the plan is otherwise; both as `Plan.model_dump(by_alias=True)` has it."""
    before, after = _steps(old), _steps(new)
    found = [Changed("added", id, True) for id in after if id not in before]
    found += [Changed("removed", id, True) for id in before if id not in after]
    for id, step in after.items():
        if id in before and before[id] != step:
            found.append(Changed("changed", id, True, (*_fields(before[id], step),)))
    others = {name for name in {*old, *new} if name not in ("steps", "finally")}
    for name in sorted(others):
        if old.get(name) != new.get(name):
            found.append(Changed("changed", name, False, (*_fields(old.get(name), new.get(name)),)))
    return found


def _steps(plan: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    main = {step["id"]: {**step, "at": "steps"} for step in plan["steps"]}
    return main | {step["id"]: {**step, "at": "finally"} for step in plan.get("finally", ())}


def _fields(old: Any, new: Any, at: str = "") -> list[str]:
    """Where two values differ, two fields deep."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [at] if at else []
    found: list[str] = []
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            path = f"{at}.{name}" if at else name
            found += _fields(old.get(name), new.get(name), path) if not at else [path]
    return found


def _changed(old: Sequence[str], new: Sequence[str], i: int, j: int) -> Iterator[DiffLine]:
    """Lines that were replaced: as many as there are of both are compared word by word."""
    pairs = [_words(a, b) for a, b in zip(old, new, strict=False)]
    for n, line in enumerate(old):
        yield DiffLine("-", i + n + 1, None, pairs[n][0] if n < len(pairs) else [Piece(line)])
    for n, line in enumerate(new):
        yield DiffLine("+", None, j + n + 1, pairs[n][1] if n < len(pairs) else [Piece(line)])


def _words(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    if max(len(old), len(new)) > _LONGEST:
        return [Piece(old)], [Piece(new)]
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return [Piece(old)], [Piece(new)]
    steps = matcher.get_opcodes()
    return (
        [Piece("".join(a[i1:i2]), kind != "equal") for kind, i1, i2, _, _ in steps if i1 < i2],
        [Piece("".join(b[j1:j2]), kind != "equal") for kind, _, _, j1, j2 in steps if j1 < j2],
    )
