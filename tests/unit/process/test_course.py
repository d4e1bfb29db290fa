"""The order of steps, on graphs of every shape: each step ends exactly once, never before what it needs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.process.course import Course, after
from shared.process.plan import Graph, Node, State

ENDS: list[State] = ["done", "done", "done", "skipped", "failed", "cancelled"]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Steps need only steps before them, those of `finally` come last."""
    count, last = draw(st.integers(1, 20)), draw(st.integers(0, 4))
    nodes = []
    for at in range(count + last):
        needs = draw(st.sets(st.integers(0, at - 1), max_size=4)) if at else set()
        flags = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
        nodes.append(Node(f"s{at}", tuple(sorted(needs)), 0, at >= count, *flags))
    return Graph(tuple(nodes), draw(st.integers(1, 6)))


def _play(graph: Graph, data: st.DataObject, course: Course) -> list[int]:
    """Ends steps in any order, in any way, until none is under way; the steps that began."""
    began: list[int] = []
    under_way: list[int] = []
    for part in range(2):
        while True:
            light = course.begin_light(data.draw(st.integers(0, 3)))
            assert all(graph.nodes[at].light for at in light)
            free = graph.at_once - len(under_way) - len(light)
            begun = course.begin()
            assert len(begun) <= max(free, 0)
            begun += light
            under_way += begun
            began += begun
            for at in begun:
                node = graph.nodes[at]
                assert node.last == bool(part)
                assert all(need in course.ended for need in node.needs), "a step began before what it needs had ended"
                assert node.last or not course.stopped, "a step began after the run was stopped"
            if not under_way:
                break
            at = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
            course.end(at, data.draw(st.sampled_from(ENDS)))
        if not part:
            course.at_last()
    return began


@given(graphs(), st.data())
def test_every_step_ends_exactly_once_and_never_before_what_it_needs(graph: Graph, data: st.DataObject) -> None:
    course = Course(graph)
    began = _play(graph, data, course)
    assert len(began) == len(set(began))
    assert set(course.ended) == set(range(len(graph.nodes)))


@given(graphs(), st.data())
def test_what_needs_a_skipped_step_never_begins_unless_it_asks_for_itself(graph: Graph, data: st.DataObject) -> None:
    course = Course(graph)
    began = set(_play(graph, data, course))
    for at, node in enumerate(graph.nodes):
        skipped = [need for need in node.needs if course.ended[need] == "skipped" and not node.last]
        assert not (skipped and at in began and not node.asks_when)


@given(graphs(), st.data())
def test_steps_that_are_done_do_not_begin_again(graph: Graph, data: st.DataObject) -> None:
    """A retry: what an earlier attempt has done stays done."""
    done = data.draw(st.sets(st.sampled_from([at for at, node in enumerate(graph.nodes) if not node.last])))
    course = Course(graph, done)
    began = _play(graph, data, course)
    assert not done & set(began)
    assert all(course.ended[at] == "done" for at in done)


@given(graphs())
def test_without_failures_every_step_runs(graph: Graph) -> None:
    course, began = Course(graph), []
    for part in range(2):
        while begun := course.begin():
            began += begun
            for at in begun:
                course.end(at, "done")
        if not part:
            course.at_last()
    assert sorted(began) == list(range(len(graph.nodes)))


@given(graphs())
def test_a_graph_survives_the_wire(graph: Graph) -> None:
    assert Graph.from_wire(graph.to_wire()) == graph


def test_a_failure_stops_the_rest_but_not_the_last_steps() -> None:
    graph = Graph((Node("a"), Node("b", (0,)), Node("c"), Node("z", last=True)), at_once=1)
    course = Course(graph)
    assert course.begin() == [0]
    course.end(0, "failed")
    assert course.begin() == []
    course.at_last()
    assert course.begin() == [3]
    course.end(3, "done")
    assert course.ended == {0: "failed", 1: "cancelled", 2: "cancelled", 3: "done"}


def test_a_step_that_may_fail_holds_nobody_up() -> None:
    course = Course(Graph((Node("a", goes_on=True), Node("b", (0,)))))
    course.begin()
    course.end(0, "failed")
    assert course.begin() == [1]


def test_after_a_step_come_all_that_need_it() -> None:
    graph = Graph((Node("a"), Node("b", (0,)), Node("c"), Node("d", (1, 2))))
    assert after(graph, 0) == {0, 1, 3}
