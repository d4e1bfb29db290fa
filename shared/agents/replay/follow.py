"""Follows a replay: holds each question and each decision against what was kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import orjson

from shared.agents.asking import spoken
from shared.agents.replay.shut import shut
from shared.agents.replay.tape import OffTape, Tape
from shared.domain.replay import Difference, State, Step, first_difference
from shared.ports import Body, Question

Made = TypeVar("Made")
_PARTS = {
    "instructions": "the prompt",
    "schema": "the schema of the answer",
    "data": "what it is told",
    "outside": "the texts from outside",
    "tools": "the tools",
    "results": "what tools had answered",
    "task": "the task",
    "seed": "the seed",
    "most_tokens": "the limit of tokens",
}


class Follower:
    """Hears every question of a replay (`Ports.listener`) and collects its steps. `named` turns a key of the tape into
    the name of a step."""

    def __init__(self, tape: Tape, named: Callable[[str], str]) -> None:
        self.steps: list[Step] = []
        self._tape, self._named = tape, named
        self._heard: set[str] = set()

    def __call__(self, key: str, question: Question) -> None:
        """Raises OffTape if there is no answer to it."""
        body = self._tape.answers.get(key)
        if body is None:
            raise OffTape(key)
        self._heard.add(key)
        if damage := self._tape.damage(key):
            self.add(self._named(key), "call", "damaged", damage, body)
            return
        differs = _differs(json.loads(body["question"]), json.loads(spoken(question)))
        why = " and ".join(_PARTS.get(_part(each), _part(each)) for each in differs)
        self.add(self._named(key), "call", "differs" if differs else "same", _verb(why), body, differs)

    def add(
        self, step: str, what: Any, state: State, why: str = "", body: Body | None = None, differs: Any = ()
    ) -> None:
        """One more step."""
        model = str(body["model"]) if body and "model" in body else None
        self.steps.append(Step(step=step, what=what, state=state, model=model, why=why, differs=[*differs]))

    def decision(self, step: str, was: Any, now: Any) -> None:
        """Hold a decision, plain JSON, against the one on file, byte for byte."""
        if orjson.dumps(was, option=orjson.OPT_SORT_KEYS) == orjson.dumps(now, option=orjson.OPT_SORT_KEYS):
            self.add(step, "decision", "same")
            return
        found = first_difference(was, now)
        self.add(step, "decision", "differs", "it would be decided otherwise", differs=[found] if found else [])

    def carry(self, step: str, work: Callable[[], Made], ended: str | None = None) -> Made | None:
        """What the work makes, with no way out; None if it does not get to its end: then the step says why. `ended`:
        why it did not at the time, either."""
        with shut() as tried:
            try:
                made: Made | None = work()
            except OffTape as off:
                made = None
                self._off(step, str(off), ended)
            except Exception as error:
                made = None
                if not tried:
                    self.add(step, "decision", "broken", f"{type(error).__name__}: {error}")
        if tried:
            self.add(step, "decision", "broken", f"it tried to get out, which was refused: {'; '.join(tried[:3])}")
        return made

    def damaged(self, key: str) -> None:
        """Say so, if what a step had read is."""
        if damage := self._tape.damage(key):
            self.add(self._named(key), "decision", "damaged", damage)

    def unused(self, keys: Callable[[str], bool]) -> None:
        """Name the answers among these that nobody has asked for."""
        for key, body in self._tape.answers.items():
            if keys(key) and key not in self._heard:
                self.add(self._named(key), "call", "unused", "it was asked, and would not be asked any more", body)

    def _off(self, step: str, what: str, ended: str | None) -> None:
        if ended and "~" in what:
            self.add(self._named(what), "call", "unanswered", f"nobody answered at the time, either: {ended}")
        elif "~" in what:
            self.add(self._named(what), "call", "missing", "it would be asked for, and the tape does not hold it")
        else:
            self.add(step, "decision", "missing", f"it would use {what}, of which the tape holds nothing")


def _differs(was: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
    """The first place in each part of a question that is not the same."""
    found = (first_difference(was.get(part), now.get(part), part) for part in sorted({*was, *now}))
    return [each for each in found if each]


def _part(difference: Difference) -> str:
    return difference.where.partition(".")[0].partition(",")[0]


def _verb(why: str) -> str:
    return f"{why} would not be the same" if why else ""
