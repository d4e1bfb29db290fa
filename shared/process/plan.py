"""The graph of a plan, as the orchestrator gets it: which step waits for which, nothing of what a step does. Plain
dataclasses and the standard library: the replay zone imports this module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

MOST_LIGHT = 100
"""So many light steps are done in one turn: one transaction of the documents."""
State = Literal["done", "skipped", "failed", "cancelled"]
"""How a step ended. `skipped`: its `when` was false, what it needs was skipped, or a person said so."""


@dataclass(frozen=True, slots=True)
class Node:
    """One step of the graph. `needs` are positions in the graph's nodes; `foreach` is how many of its items may be
    under way at once, 0 if it is no loop. `last` marks a step of `finally`: it begins when every other step has ended,
    however they did. `asks_when`: it has a condition of its own, so a skipped need does not skip it."""

    id: str
    needs: tuple[int, ...] = ()
    foreach: int = 0
    last: bool = False
    goes_on: bool = False
    """`on_error: continue`: its failure stops nobody."""
    asks_when: bool = False
    light: bool = False
    """It only works out values: done in one turn with others of its kind."""


@dataclass(frozen=True, slots=True)
class Graph:
    """All steps of a plan; `at_once` is how many of them may be under way together."""

    nodes: tuple[Node, ...]
    at_once: int = 8

    def to_wire(self) -> dict[str, Any]:
        """Plain JSON, about 20 bytes a step and its needs."""
        return {"at_once": self.at_once, "nodes": [_node_to_wire(node) for node in self.nodes]}

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> Graph:
        """The inverse of `to_wire`."""
        return cls(tuple(_node_from_wire(node) for node in wire["nodes"]), wire["at_once"])


def graph_of(stored: Mapping[str, Any], light: Collection[str] = ()) -> Graph:
    """The graph of a plan as it is kept (`Plan.model_dump(mode="json", by_alias=True)`), in linear time. The plan has
    been validated: ids are unique, needs are there, and nothing waits for itself. `light`: the types of light
    steps."""
    steps = [(step, False) for step in stored["steps"]] + [(step, True) for step in stored.get("finally", ())]
    places = {step["id"]: place for place, (step, _) in enumerate(steps)}
    return Graph(tuple(_node(step, last, places, light) for step, last in steps), stored.get("at_once", 8))


def waves(graph: Graph) -> list[list[Node]]:
    """The steps by when they can begin at the earliest: those of one wave wait for nothing but earlier waves, so they
    may run side by side. Steps of `finally` begin after all others, and wait only for each other."""
    waiting = {
        place: {need for need in node.needs if graph.nodes[need].last == node.last}
        for place, node in enumerate(graph.nodes)
    }
    followers: dict[int, list[int]] = {place: [] for place in waiting}
    for place, needs in waiting.items():
        for need in needs:
            followers[need].append(place)
    found = []
    for last in (False, True):
        wave = [place for place, needs in waiting.items() if not needs and graph.nodes[place].last == last]
        while wave:
            found.append([graph.nodes[place] for place in wave])
            wave = sorted(_freed(wave, waiting, followers))
    return found


def _freed(wave: list[int], waiting: dict[int, set[int]], followers: Mapping[int, list[int]]) -> list[int]:
    freed = []
    for place in wave:
        for follower in followers[place]:
            waiting[follower].discard(place)
            if not waiting[follower]:
                freed.append(follower)
    return freed


def _node(step: Mapping[str, Any], last: bool, places: Mapping[str, int], light: Collection[str]) -> Node:
    loop = step.get("foreach")
    return Node(
        id=step["id"],
        needs=tuple(places[need] for need in step.get("needs", ())),
        foreach=loop.get("at_once", 4) if loop else 0,
        last=last,
        goes_on=step.get("on_error") == "continue",
        asks_when=step.get("when") is not None,
        light=not loop and step.get("type") in light,
    )


def _node_to_wire(node: Node) -> list[Any]:
    marks = {"l": node.last, "g": node.goes_on, "w": node.asks_when, "v": node.light}
    flags = "".join(mark for mark, stands in marks.items() if stands)
    return [node.id, list(node.needs), node.foreach, flags]


def _node_from_wire(wire: list[Any]) -> Node:
    id, needs, foreach, flags = wire
    return Node(id, tuple(needs), foreach, "l" in flags, "g" in flags, "w" in flags, "v" in flags)


def cycle(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """The ids along one cycle, the first again at the end; empty if there is none."""
    done: set[str] = set()
    for start in needs:
        path: dict[str, None] = {}
        stack = [(start, iter(needs[start]))] if start not in done else []
        path[start] = None
        while stack:
            here, rest = stack[-1]
            step = next((each for each in rest if each in needs and each not in done), None)
            if step is None:
                stack.pop()
                path.pop(here, None)
                done.add(here)
            elif step in path:
                ids = list(path)
                return [*ids[ids.index(step) :], step]
            else:
                path[step] = None
                stack.append((step, iter(needs[step])))
    return []
