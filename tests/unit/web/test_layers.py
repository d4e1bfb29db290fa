"""The drawing of a graph: nothing overlaps, every line leads down and over no step, whatever the graph."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.process.plan import Graph, Node
from shared.web.layers import Layout, Measures, laid_out
from shared.web.spread import Thing, spread, width_of

_NEAR = 1e-6


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    nodes: list[Node] = []
    for at in range(draw(st.integers(1, 16))):
        needs = draw(st.sets(st.integers(0, at - 1), max_size=4)) if at else set()
        last = any(nodes[need].last for need in needs) or (at > 0 and draw(st.integers(0, 7)) == 0)
        nodes.append(Node(f"s{at}", tuple(sorted(needs)), last=last))
    return Graph(tuple(nodes))


@settings(max_examples=60)
@given(graphs(), st.integers(1, 5))
def test_nothing_overlaps_and_lines_lead_down_beside_all_steps(graph: Graph, across: int) -> None:
    size = Measures(across, 100, 40)
    found = laid_out(graph, size)
    assert sorted(box.at for box in found.boxes) == list(range(len(graph.nodes)))
    for one, other in combinations(found.boxes, 2):
        beside = abs(one.x - other.x) >= size.width + size.gap - _NEAR
        assert beside or abs(one.y - other.y) >= size.height + size.between
    for box in found.boxes:
        assert -_NEAR <= box.x <= found.width - size.width + _NEAR
        assert 0 <= box.y <= found.height - size.height
    place = {box.at: box for box in found.boxes}
    for line in found.lines:
        assert line.points[0] == pytest.approx((place[line.start].x + 50, place[line.start].y + 40))
        assert line.points[-1] == pytest.approx((place[line.end].x + 50, place[line.end].y))
        assert all(after[1] > before[1] for before, after in pairwise(line.points))
        for (x, top), (_, bottom) in zip(line.points[1:-1:2], line.points[2:-1:2], strict=True):
            beside_it = (box for box in found.boxes if top <= box.y < bottom)
            assert all(x < box.x or x > box.x + size.width for box in beside_it)


@settings(max_examples=60)
@given(graphs(), st.integers(1, 5))
def test_what_waits_for_what_can_be_read_from_the_lines(graph: Graph, across: int) -> None:
    """Each drawn line is declared, and whatever is declared follows from lines; `finally` is set apart below."""
    found = laid_out(graph, Measures(across, 100, 40))
    before: dict[int, set[int]] = {at: set() for at in range(len(graph.nodes))}
    for line in sorted(found.lines, key=lambda line: line.points[-1][1]):
        assert line.start in graph.nodes[line.end].needs
        before[line.end] |= before[line.start] | {line.start}
    for at, node in enumerate(graph.nodes):
        assert {need for need in node.needs if graph.nodes[need].last == node.last} <= before[at]
    _set_apart(graph, found)


def _set_apart(graph: Graph, found: Layout) -> None:
    last = [box.y for box in found.boxes if graph.nodes[box.at].last]
    others = [box.y + 40 for box in found.boxes if not graph.nodes[box.at].last]
    if last and others:
        assert found.last_from is not None
        assert max(others) < found.last_from < min(last)
    elif not last:
        assert found.last_from is None


def test_a_chain_is_straight_and_a_fork_is_even() -> None:
    chain = laid_out(Graph((Node("a"), Node("b", (0,)), Node("c", (1,)))), Measures(4, 100, 40))
    assert {box.x for box in chain.boxes} == {0}
    fork = Graph((Node("a"), Node("b", (0,)), Node("c", (0,)), Node("d", (1, 2))))
    found = {box.at: box for box in laid_out(fork, Measures(4, 100, 40)).boxes}
    assert found[0].x == found[3].x == pytest.approx((found[1].x + found[2].x) / 2)
    assert found[1].y == found[2].y


THINGS = st.lists(
    st.builds(Thing, st.integers(1, 50), st.integers(-100, 400), st.integers(1, 4)), min_size=1, max_size=8
)


@given(THINGS, st.integers(0, 20), st.integers(0, 100), st.data())
def test_things_are_spread_as_near_to_their_wishes_as_they_can(
    things: list[Thing], gap: int, more: int, data: st.DataObject
) -> None:
    room = width_of(things, gap) + more
    found = spread(things, gap, room)
    for n, (one, other) in enumerate(pairwise(things)):
        assert found[n + 1] - found[n] >= (one.width + other.width) / 2 + gap - _NEAR
    assert found[0] - things[0].width / 2 >= -_NEAR
    assert found[-1] + things[-1].width / 2 <= room + _NEAR
    moved = data.draw(st.lists(st.integers(0, more), min_size=len(things), max_size=len(things)).map(sorted))
    least = [width_of(things[:n], gap) + (gap if n else 0) + each.width / 2 for n, each in enumerate(things)]
    assert _cost(things, found) <= _cost(things, [at + by for at, by in zip(least, moved, strict=True)]) + _NEAR


def _cost(things: list[Thing], middles: list[float]) -> float:
    return sum(each.weight * (at - each.wish) ** 2 for each, at in zip(things, middles, strict=True))
