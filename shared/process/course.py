"""How far a run has come: which steps of its graph may begin. The standard library only: the replay zone imports it."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush

from shared.process.plan import Graph, Node, State


class Course:
    """How far a run has come: which steps may begin, and what the end of one means for the others.

    Steps of `finally` begin after `at_last`; until then they are left out. A step that can never begin any more ends
    without having begun: as skipped if something it needs was, as cancelled if the run was stopped before."""

    def __init__(self, graph: Graph, done: Iterable[int] = ()) -> None:
        """`done`: steps that an earlier attempt of the run has done."""
        self._graph = graph
        self.ended: dict[int, State] = {}
        """Each step that has ended, and how."""
        self.stopped = False
        """A step failed, or the run was cancelled: no other step of the main part begins."""
        self._under_way: set[int] = set()
        self._last = False
        self._missing = [self._needs_of(node) for node in graph.nodes]
        self._needed_by: list[list[int]] = [[] for _ in graph.nodes]
        for at, node in enumerate(graph.nodes):
            for need in node.needs:
                self._needed_by[need].append(at)
        self._ready = [at for at, node in enumerate(graph.nodes) if not node.last and not self._missing[at]]
        for at in done:
            self._close(at, "done")

    def begin(self) -> list[int]:
        """The steps that begin now; they count as under way from here on."""
        room = self._graph.at_once - len(self._under_way)
        begun: list[int] = []
        while self._ready and len(begun) < room:
            at = heappop(self._ready)
            if self._may_begin(at):
                begun.append(at)
        self._under_way.update(begun)
        return begun

    def begin_light(self, most: int) -> list[int]:
        """Of the light steps those that begin now, at most so many. They are done one after another, so `at_once` is no
        matter of theirs."""
        begun = sorted(at for at in self._ready if self._graph.nodes[at].light and self._may_begin(at))[:most]
        self._under_way.update(begun)
        return begun

    def begin_this(self, at: int) -> None:
        """A light step has begun in the same turn as what it needs."""
        self._under_way.add(at)

    def end(self, at: int, state: State) -> None:
        """A step that was under way has ended."""
        node = self._graph.nodes[at]
        self._under_way.remove(at)
        if not node.last and (state == "cancelled" or (state == "failed" and not node.goes_on)):
            self.stopped, self._ready = True, []
        self._close(at, state)

    def at_last(self) -> None:
        """The main part is over: what has not begun of it never will, and the steps of `finally` begin."""
        self._last = True
        nodes = self._graph.nodes
        for at, node in enumerate(nodes):
            if not node.last and at not in self.ended:
                self.ended[at] = "cancelled"
        self._ready = [at for at, node in enumerate(nodes) if node.last and not self._missing[at]]

    def _needs_of(self, node: Node) -> int:
        """How many ends it waits for: a step of `finally` only for others of its kind."""
        return sum(not node.last or self._graph.nodes[need].last for need in node.needs)

    def _close(self, at: int, state: State) -> None:
        """Write down the end, and those that follow from it."""
        closed = [(at, state)]
        while closed:
            here, how = closed.pop()
            if here in self.ended:
                continue
            self.ended[here] = how
            for after in self._needed_by[here]:
                closed += self._heard(after, here, how)

    def _heard(self, at: int, need: int, how: State) -> list[tuple[int, State]]:
        """Tell a step that something it needs has ended; it, if that ends it."""
        node, needed = self._graph.nodes[at], self._graph.nodes[need]
        if node.last and not needed.last:
            return []
        self._missing[at] -= 1
        if (how == "skipped" or (how == "failed" and needed.last and not needed.goes_on)) and not node.asks_when:
            return [(at, "skipped")]
        if not self._missing[at] and at not in self.ended and node.last == self._last and not self._halts(node):
            heappush(self._ready, at)
        return []

    def _may_begin(self, at: int) -> bool:
        return at not in self.ended and at not in self._under_way

    def _halts(self, node: Node) -> bool:
        return self.stopped and not node.last


def after(graph: Graph, start: int) -> set[int]:
    """A step and all that need it, directly or through others."""
    found: set[int] = set()
    needed_by: dict[int, list[int]] = {}
    for at, node in enumerate(graph.nodes):
        for need in node.needs:
            needed_by.setdefault(need, []).append(at)
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += needed_by.get(at, [])
    return found
