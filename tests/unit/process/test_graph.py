"""The graph of a plan: what the orchestrator gets, and what may run side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.process.plan import Graph, cycle, graph_of, waves


def test_a_plan_becomes_its_graph_and_goes_over_the_wire() -> None:
    steps = [
        {"id": "a", "type": "files.list"},
        {"id": "b", "needs": ["a"], "foreach": {"items": "${{ steps.a.outputs.files }}", "at_once": 2}},
        {"id": "c", "needs": ["a", "b"], "on_error": "continue", "when": "${{ inputs.x }}"},
    ]
    graph = graph_of({"steps": steps, "finally": [{"id": "z"}], "at_once": 5})
    assert [(each.id, each.needs, each.foreach) for each in graph.nodes] == [
        ("a", (), 0),
        ("b", (0,), 2),
        ("c", (0, 1), 0),
        ("z", (), 0),
    ]
    assert (graph.nodes[2].goes_on, graph.nodes[2].asks_when, graph.nodes[3].last) == (True, True, True)
    assert Graph.from_wire(graph.to_wire()) == graph


needing = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        *(st.frozensets(st.integers(0, max(i - 1, 0)), max_size=3) if i else st.just(frozenset()) for i in range(n))
    )
)


@given(needing, st.integers(0, 5))
def test_every_step_is_in_one_wave_after_all_it_needs(needs: tuple[frozenset[int], ...], last: int) -> None:
    steps = [{"id": f"s{i}", "needs": [f"s{each}" for each in each_needs]} for i, each_needs in enumerate(needs)]
    graph = graph_of({"steps": steps, "finally": [{"id": f"z{i}"} for i in range(last)]})
    found = waves(graph)
    when = {node.id: place for place, wave in enumerate(found) for node in wave}
    assert len(when) == sum(map(len, found)) == len(graph.nodes)
    for node in graph.nodes:
        assert all(when[graph.nodes[need].id] < when[node.id] for need in node.needs)
        expected = 1 + max((when[graph.nodes[need].id] for need in node.needs), default=-1)
        assert node.last or when[node.id] == expected
    assert cycle({step["id"]: step["needs"] for step in steps}) == []


def test_a_cycle_is_named_along_its_way() -> None:
    assert cycle({"a": ["c"], "b": ["a"], "c": ["b"], "d": ["a"]}) == ["a", "c", "b", "a"]
    assert cycle({"a": ["a"]}) == ["a", "a"]
    assert cycle({"a": ["gone"]}) == []
