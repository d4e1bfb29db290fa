"""What a replay found: each step as it was, or where it first differs from what was kept."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel

Subject = Literal["campaign", "piece", "task"]
State = Literal["same", "differs", "missing", "unused", "damaged", "unanswered", "broken"]
"""Of a step. missing: it asks for something that the tape does not hold; unused: the tape holds an answer that nobody
asks for any more; damaged: what the tape holds is not what was put there; unanswered: nobody answered at the time,
either, and there it ended; broken: it raised an error, or tried what a replay refuses."""
FINE: tuple[State, ...] = ("same", "unanswered")
_AROUND = 40
"""Characters of a text that are shown before and after the place where it differs."""
_LONGEST = 160


class Difference(BaseModel):
    """The first place where something differs. `where` is a path into it (`data.brief.facts.2`, `findings.0.reason`),
    with the line in a text of several (`instructions, line 7`); what is absent is null."""

    where: str
    was: str | None
    now: str | None


class Step(BaseModel):
    """A call of a model, or a decision that was made of its answers. `why` says in words what is wrong; `differs` has
    one place for each part of a question (`instructions`, `schema`, `data` …), and one of a decision."""

    step: str
    what: Literal["call", "decision"]
    state: State
    model: str | None = None
    why: str = ""
    differs: list[Difference] = []


class Replay(BaseModel):
    """A whole replay. `same`: every question and every decision, byte for byte. `calls`: answered from the tape."""

    subject: Subject
    id: str
    name: str
    same: bool
    calls: int
    decisions: int
    steps: list[Step]


def first_difference(was: Any, now: Any, where: str = "") -> Difference | None:
    """The first place where two values of plain JSON differ, names in alphabetical order; None if they do not."""
    if type(was) is type(now):
        match was:
            case dict():
                return _in_dicts(was, now, where)
            case list():
                return _in_lists(was, now, where)
            case str() if was != now:
                return _in_texts(was, now, where)
    return None if was == now and type(was) is type(now) else Difference(where=where, was=_shown(was), now=_shown(now))


def _in_dicts(was: dict[str, Any], now: dict[str, Any], where: str) -> Difference | None:
    for name in sorted({*was, *now}):
        place = f"{where}.{name}" if where else name
        if name not in was or name not in now:
            return Difference(where=place, was=_if_there(was, name), now=_if_there(now, name))
        if found := first_difference(was[name], now[name], place):
            return found
    return None


def _in_lists(was: list[Any], now: list[Any], where: str) -> Difference | None:
    for n, (old, new) in enumerate(zip(was, now, strict=False)):
        if found := first_difference(old, new, f"{where}.{n}"):
            return found
    if len(was) == len(now):
        return None
    n = min(len(was), len(now))
    return Difference(where=f"{where}.{n}", was=_shown_at(was, n), now=_shown_at(now, n))


def _in_texts(was: str, now: str, where: str) -> Difference:
    at = next((n for n, (old, new) in enumerate(zip(was, now, strict=False)) if old != new), min(len(was), len(now)))
    line = f", line {was.count(chr(10), 0, at) + 1}" if "\n" in was[: at + 1] or "\n" in now[: at + 1] else ""
    return Difference(where=f"{where}{line}", was=_around(was, at), now=_around(now, at))


def _around(text: str, at: int) -> str:
    start, end = max(0, at - _AROUND), at + _AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _if_there(found: dict[str, Any], name: str) -> str | None:
    return _shown(found[name]) if name in found else None


def _shown_at(found: list[Any], n: int) -> str | None:
    return _shown(found[n]) if n < len(found) else None


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
