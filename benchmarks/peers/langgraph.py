"""LangGraph with its SQLite checkpointer, durability `sync`: each step is a node, and a fan-out is a map with Send.
The checkpointer sets WAL and has one lock, so the graphs run one after another."""

from __future__ import annotations

import operator
import sqlite3
from itertools import pairwise
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

from benchmarks.peers.meter import STEPS, Meter, check, fan_total, main


class Number(TypedDict):
    number: int


class Numbers(TypedDict):
    size: int
    numbers: Annotated[list[int], operator.add]
    total: int


def _saver() -> SqliteSaver:
    saver = SqliteSaver(sqlite3.connect("langgraph.db", check_same_thread=False))
    saver.setup()
    return saver


def _chain(steps: int) -> Any:
    graph = StateGraph(Number)
    names = [START, *(f"step{n}" for n in range(steps)), END]
    for name in names[1:-1]:
        graph.add_node(name, lambda state: {"number": state["number"] + 1})
    for before, after in pairwise(names):
        graph.add_edge(before, after)
    return graph.compile(checkpointer=_saver())


def _fan() -> Any:
    graph = StateGraph(Numbers)
    graph.add_node("add_one", lambda state: {"numbers": [state["number"] + 1]})
    graph.add_node("join", lambda state: {"total": sum(state["numbers"])})
    graph.add_conditional_edges(
        START, lambda state: [Send("add_one", {"number": n}) for n in range(state["size"])], ["add_one"]
    )
    graph.add_edge("add_one", "join")
    graph.add_edge("join", END)
    return graph.compile(checkpointer=_saver())


def _run(graph: Any, id: int, given: dict[str, Any], steps: int = STEPS) -> dict[str, Any]:
    config = {"configurable": {"thread_id": str(id)}, "recursion_limit": steps + 10}
    found: dict[str, Any] = graph.invoke(given, config, durability="sync")
    return found


def many(meter: Meter, size: int) -> None:
    graph = _chain(STEPS)
    with meter:
        found = [_run(graph, n, {"number": n})["number"] for n in range(size)]
    check(found, [n + STEPS for n in range(size)])


def fan(meter: Meter, size: int) -> None:
    graph = _fan()
    with meter:
        found = _run(graph, 0, {"size": size, "numbers": [], "total": 0})["total"]
    check(found, fan_total(size))


def single(meter: Meter, size: int) -> None:
    graph = _chain(STEPS)
    with meter:
        for n in range(size):
            with meter.lap():
                check(_run(graph, n, {"number": n})["number"], n + STEPS)


def chain(meter: Meter, size: int) -> None:
    graph = _chain(size)
    with meter:
        check(_run(graph, 0, {"number": 0}, size)["number"], size)


if __name__ == "__main__":
    main({"many": many, "fan": fan, "single": single, "chain": chain}, "langgraph")
