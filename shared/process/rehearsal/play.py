"""A run without a flow: its steps one after the other, as the flow would have them done, and every wait is over at
once."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from threading import Timer
from typing import Any

from shared.domain.faults import Conflict
from shared.domain.outcome import Later, Outcome, Refused
from shared.domain.run import Run, step_id
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process import execute, runs
from shared.process.attempt import Doing
from shared.process.books import RUN_BOOK, read_step, write_step
from shared.process.course import Course
from shared.process.plan import Graph, State
from shared.process.rehearsal.apart import Time

LONGEST = 200.0
"""Seconds, real ones: whoever asked waits for the answer, on Azure at most 230."""
_FAULTS = 3
_MOST_WAITS = 10_000


def play(ports: Ports, time: Time, scope: Scope, run: Run, doing: Doing, guessed: Collection[str] = ()) -> Run:
    """Play it to its end; `ports` are apart, `time` is their clock. What needs too long is cancelled. `guessed` grows
    meanwhile: ids of steps whose answer is only made up. What fails because of one is skipped instead."""
    stop = Timer(LONGEST, _too_long, (ports, scope, run.id))
    stop.daemon = True
    stop.start()
    try:
        _Play(ports, time, scope, doing, guessed).run(run.id)
    finally:
        stop.cancel()
    return RUN_BOOK.load(ports, scope, run.id)


class _Play:
    def __init__(self, ports: Ports, time: Time, scope: Scope, doing: Doing, guessed: Collection[str]) -> None:
        self._ports, self._time, self._scope, self._doing = ports, time, scope, doing
        self._guessed = guessed

    def run(self, id: str) -> None:
        self._order: dict[str, Any] = {"scope": list(self._scope), "run": id, "attempt": 1}
        begun = self._ask({"op": "begin"})
        if "graph" not in begun:
            return
        self._graph = Graph.from_wire(begun["graph"])
        self._course = Course(self._graph, begun["done"])
        self._go_on()
        while self._course.stopped and self._ask({"op": "compensate"}).get("more"):
            pass
        self._course.at_last()
        self._go_on()
        self._ask({"op": "end"})

    def _go_on(self) -> None:
        while begun := self._course.begin():
            for at in begun:
                self._course.end(at, self._step(at))

    def _step(self, at: int) -> State:
        node = self._graph.nodes[at]
        told = self._once({"step": node.id})
        if "items" in told:
            for item in range(told["items"]):
                ended = self._once({"step": node.id, "item": item})["state"]
                if ended == "cancelled" or (ended == "failed" and not node.goes_on):
                    break
            told = self._ask({"step": node.id, "op": "join"})
        state: State = told["state"]
        guess = self._guess(at) if state == "failed" else None
        return self._left_open(node.id, guess) if guess else state

    def _guess(self, at: int) -> str | None:
        """A step that this one needs, directly or not, and whose answer is made up."""
        nodes, waiting, seen = self._graph.nodes, list(self._graph.nodes[at].needs), set[int]()
        if nodes[at].last:
            waiting = [n for n, _ in enumerate(nodes) if n != at]
        while waiting:
            here = waiting.pop()
            if step_id(self._order["run"], nodes[here].id) in self._guessed:
                return nodes[here].id
            if here not in seen:
                seen.add(here)
                waiting += nodes[here].needs
        return None

    def _left_open(self, step: str, guess: str) -> State:
        found = read_step(self._ports, self._scope, self._order["run"], step)
        assert found
        found.status, found.why = "skipped", f"hangs on what {guess} would answer ({found.why})"[:2000]
        write_step(self._ports, self._scope, found)
        return "skipped"

    def _once(self, step: dict[str, Any]) -> dict[str, Any]:
        told = self._ask(step)
        while "child" in told:
            _Play(self._ports, self._time, self._scope, self._doing, self._guessed).run(told["child"]["run"])
            told = self._ask({**step, "op": "child"})
        return told

    def _ask(self, what: dict[str, Any]) -> dict[str, Any]:
        """What the activity decided, waits included. A step that asks a person is not answered: it fails."""
        for _ in range(_MOST_WAITS):
            outcome = self._answer({**self._order, **what})
            if isinstance(outcome, Refused):
                break
            if not isinstance(outcome, Later):
                return dict(outcome.data)
            if outcome.why == "asking":
                break
            self._time.jump(outcome.at)
        return {"state": "failed"}

    def _answer(self, order: dict[str, Any]) -> Outcome:
        for _ in range(_FAULTS):
            try:
                return execute.run(self._ports, order, self._doing)
            except Exception as fault:
                last = fault
        if "step" not in order:
            raise last
        return execute.run(self._ports, {**order, "op": "give_up"}, self._doing)


def _too_long(ports: Ports, scope: Scope, run: str) -> None:
    with suppress(Conflict):  # it has just ended
        runs.cancel(ports, scope, run, "rehearsal", f"a rehearsal takes at most {LONGEST:.0f} seconds")
