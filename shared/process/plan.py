"""The graph of a plan, as the orchestrator gets it: which step waits for which, nothing of what a step does. Plain
dataclasses and the standard library: the replay zone imports this module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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


def _node_to_wire(node: Node) -> list[Any]:
    flags = ("l" if node.last else "") + ("g" if node.goes_on else "") + ("w" if node.asks_when else "")
    return [node.id, list(node.needs), node.foreach, flags]


def _node_from_wire(wire: list[Any]) -> Node:
    id, needs, foreach, flags = wire
    return Node(id, tuple(needs), foreach, "l" in flags, "g" in flags, "w" in flags)


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
