"""A run of a declared process: its steps in the order of its graph, others beside each other (decision 41)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import azure.durable_functions as df

from functions.orchestrators.perform import Bell, Steps, perform
from functions.orchestrators.strands import Together, Work, all_of, answered
from shared.domain.names import PROCESS, Flow
from shared.domain.outcome import Done, Refused
from shared.process.course import Course
from shared.process.plan import MOST_LIGHT, Graph, Node

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context", orchestration=Flow.RUN)
def run(context: df.DurableOrchestrationContext) -> Steps:
    """Input: {scope, run, attempt}. The activity tells the graph, does each step and closes the run."""
    order, bell = context.get_input(), Bell(context)
    begun = yield from perform(context, PROCESS, {**order, "op": "begin"}, bell)
    if isinstance(begun, Refused) or "graph" not in begun.data:
        return
    graph = Graph.from_wire(begun.data["graph"])
    course = Course(graph, begun.data["done"])
    way = _Way(context, order, graph, course, bell.since)
    yield from all_of(Together(context, way.ready), bell)
    if course.stopped:
        yield from _compensate(context, order, bell)
    course.at_last()
    yield from all_of(Together(context, way.ready), bell)
    yield from perform(context, PROCESS, {**order, "op": "end"}, bell)


def _compensate(context: df.DurableOrchestrationContext, order: dict[str, Any], bell: Bell) -> Steps:
    """What was done is taken back, one step after another, if the step that failed says so."""
    more = True
    while more:
        told = yield from perform(context, PROCESS, {**order, "op": "compensate"}, bell)
        more = not isinstance(told, Refused) and told.data.get("more", False)


class _Way:
    """The steps of one run as works beside each other."""

    def __init__(
        self, context: df.DurableOrchestrationContext, order: dict[str, Any], graph: Graph, course: Course, since: str
    ) -> None:
        self._context, self._order, self._graph, self._course, self._since = context, order, graph, course, since

    def ready(self) -> Iterator[Work]:
        """The steps that begin now, light ones many together."""
        while light := self._course.begin_light(MOST_LIGHT):
            yield self._stretch(light)
        yield from (self._step(at) for at in self._course.begin())

    def _stretch(self, begun: list[int]) -> Work:
        """Light steps, and those that only waited for them. What cannot be done in this way is done as others are."""
        try:
            outcome = yield from answered(
                self._context, PROCESS, {**self._order, "op": "stretch", "steps": begun}, self._since
            )
            told = outcome.data if isinstance(outcome, Done) else {}
        except Exception:
            told = {}
        for at, state in told.get("ended", ()):
            if at not in begun:
                self._course.begin_this(at)
            self._course.end(at, state)
        left = [self._step(at) for at in told.get("left", begun)]
        yield Together(self._context, lambda: [left.pop(0) for _ in list(left)])

    def _step(self, at: int) -> Work:
        node = self._graph.nodes[at]
        told = yield from self.once({"step": node.id})
        if "items" in told:
            yield Together(self._context, _Loop(self, node, told["items"]).ready)
            told = yield from self._ask({"step": node.id, "op": "join"})
        self._course.end(at, told["state"])

    def once(self, step: dict[str, Any]) -> Work:
        """One step or item; a process within it runs as a flow of its own."""
        told = yield from self._ask(step)
        while "child" in told:
            yield from self._child(told["child"])
            told = yield from self._ask({**step, "op": "child"})
        return told

    def _child(self, child: dict[str, Any]) -> Work:
        order = {**self._order, "run": child["run"], "attempt": child["attempt"]}
        try:
            yield self._context.call_sub_orchestrator(Flow.RUN, order, child["instance"])
        except Exception:
            return  # what became of it stands in its document

    def _ask(self, what: dict[str, Any]) -> Work:
        """What the activity decided; a step that keeps faulting is given up."""
        order = {**self._order, **what}
        try:
            outcome = yield from answered(self._context, PROCESS, order, self._since)
        except Exception:
            outcome = yield from answered(self._context, PROCESS, {**order, "op": "give_up"}, self._since)
        return {"state": "failed"} if isinstance(outcome, Refused) else outcome.data


class _Loop:
    """The items of one step, so many at once; after one that failed no other begins, unless the step goes on."""

    def __init__(self, way: _Way, node: Node, count: int) -> None:
        self._way, self._node = way, node
        self._waiting, self._room = iter(range(count)), node.foreach

    def ready(self) -> Iterator[Work]:
        while self._room and (item := next(self._waiting, None)) is not None:
            self._room -= 1
            yield self._item(item)

    def _item(self, item: int) -> Work:
        told = yield from self._way.once({"step": self._node.id, "item": item})
        self._room += 1
        if told["state"] == "cancelled" or (told["state"] == "failed" and not self._node.goes_on):
            self._waiting = iter(())
