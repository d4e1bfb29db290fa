"""Where the steps of a process are drawn: in layers from top to bottom, each step below all that it waits for.

After Sugiyama, Tagawa and Toda (1981): steps are put into rows, lines that pass a row get a lane in it, each row is
ordered by what it hangs on, and spread so that lines are as straight as they can be: nothing overlaps, and no line runs
over a step. In pixels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from shared.process.plan import Graph, waves
from shared.web.spread import Thing, spread, width_of

_SWEEPS = 6
_STRAIGHT = 4.0
"""How much more a lane wishes to stand below another than a step does."""
_Point = tuple[float, float]


class Measures(NamedTuple):
    """At most `across` steps stand in a row; `between` is the height of the space between two rows."""

    across: int
    width: int
    height: int
    gap: int = 18
    lane: int = 2
    between: int = 34


class Box(NamedTuple):
    """A step: its place in the graph, its upper left corner."""

    at: int
    x: float
    y: float


class Line(NamedTuple):
    """From a step to one that waits for it, always downwards: from each odd point to the next it is straight, beside
    steps; from each even one it bends, between two rows."""

    start: int
    end: int
    points: Sequence[_Point]


class Layout(NamedTuple):
    """All of it. `last_from`: where the steps of `finally` are set apart, if there are any."""

    width: float
    height: float
    boxes: list[Box]
    lines: list[Line]
    last_from: float | None


class _Item(NamedTuple):
    """In a row: a step, or the lane of all lines that come from it and go further down."""

    row: int
    at: int
    is_box: bool


_Rows = list[list[_Item]]
_Links = dict[_Item, list[_Item]]


@lru_cache(maxsize=64)
def laid_out(graph: Graph, measures: Measures) -> Layout:
    """The drawing of a graph; the last ones are remembered. What follows from other lines is left out, and what
    `finally` waits for anyway."""
    needs = _needs(graph)
    rows = _rows(graph, needs, measures.across)
    above = _above(rows, needs)
    below: _Links = {}
    for item, others in above.items():
        for other in others:
            below.setdefault(other, []).append(item)
    for n in range(_SWEEPS):
        _order(rows, above if n % 2 == 0 else below, down=n % 2 == 0)
    return _drawn(graph, rows, needs, _middles(rows, above, below, measures), measures)


def _needs(graph: Graph) -> list[list[int]]:
    """Of each step what it waits for, without what one of these waits for itself."""
    found: list[list[int]] = [[] for _ in graph.nodes]
    before: list[set[int]] = [set() for _ in graph.nodes]
    for at in (at for wave in _waves(graph) for at in wave):
        direct = {need for need in graph.nodes[at].needs if graph.nodes[need].last == graph.nodes[at].last}
        implied: set[int] = set().union(*(before[need] for need in direct))
        found[at], before[at] = sorted(direct - implied), direct | implied
    return found


def _waves(graph: Graph) -> list[list[int]]:
    places = {node.id: at for at, node in enumerate(graph.nodes)}
    return [[places[node.id] for node in wave] for wave in waves(graph)]


def _rows(graph: Graph, needs: Sequence[Sequence[int]], across: int) -> _Rows:
    """Each wave in as many rows as it takes, near to what it hangs on; and the lanes."""
    place: dict[int, float] = {}
    rows: list[list[int]] = []
    for wave in _waves(graph):
        steps = sorted(wave, key=lambda at: _mean((place[need] for need in needs[at]), 0.0))
        place |= {at: (n + 0.5) / len(steps) for n, at in enumerate(steps)}
        rows += [steps[n : n + across] for n in range(0, len(steps), across)]
    row_of = {at: n for n, row in enumerate(rows) for at in row}
    ends: dict[int, int] = {}
    for need, at in ((need, at) for at, each in enumerate(needs) for need in each):
        ends[need] = max(ends.get(need, 0), row_of[at])
    found = [[_Item(n, at, True) for at in row] for n, row in enumerate(rows)]
    for need, end in sorted(ends.items()):
        for n in range(row_of[need] + 1, end):
            found[n].append(_Item(n, need, False))
    return found


def _above(rows: _Rows, needs: Sequence[Sequence[int]]) -> _Links:
    """What each is joined to in the row before."""
    found: _Links = {}
    for before, row in pairwise(rows):
        there = {item.at: item for item in before}
        for item in row:
            wanted = needs[item.at] if item.is_box else (item.at,)
            found[item] = [there[at] for at in wanted if at in there]
    return found


def _order(rows: _Rows, links: _Links, down: bool) -> None:
    """Each row in the order of what it is joined to in the one before (or after)."""
    for n in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
        other = rows[n - 1 if down else n + 1]
        place = {item: (k + 0.5) / len(other) for k, item in enumerate(other)}
        own = {item: (k + 0.5) / len(rows[n]) for k, item in enumerate(rows[n])}
        wish = {item: _mean((place[each] for each in links.get(item, ())), own[item]) for item in rows[n]}
        rows[n].sort(key=wish.__getitem__)


def _middles(rows: _Rows, above: _Links, below: _Links, measures: Measures) -> dict[_Item, float]:
    """Where the middle of everything is, sideways; the last sweep is downwards."""
    packed = [[Thing(_width(item, measures), 0.0) for item in row] for row in rows]
    room = max(width_of(each, measures.gap) for each in packed)
    found = {item: room / 2 for row in rows for item in row}
    for n in range(_SWEEPS + 1):
        down = n % 2 == 0
        for row in rows if down else reversed(rows):
            things = [_thing(item, above if down else below, found, measures) for item in row]
            found |= zip(row, spread(things, measures.gap, room), strict=True)
    return found


def _thing(item: _Item, links: _Links, middles: Mapping[_Item, float], measures: Measures) -> Thing:
    joined = links.get(item, ())
    straight = not item.is_box and any(not each.is_box for each in joined)
    wish = _mean((middles[each] for each in joined), middles[item])
    return Thing(_width(item, measures), wish, _STRAIGHT if straight else 1.0)


def _width(item: _Item, measures: Measures) -> int:
    return measures.width if item.is_box else measures.lane


def _drawn(
    graph: Graph, rows: _Rows, needs: Sequence[Sequence[int]], middles: Mapping[_Item, float], measures: Measures
) -> Layout:
    first_last = next((n for n, row in enumerate(rows) if n and graph.nodes[row[0].at].last), None)
    tops = [n * (measures.height + measures.between) + _apart(n, first_last, measures) for n in range(len(rows))]
    row_of = {item.at: item.row for row in rows for item in row if item.is_box}
    boxes = [Box(i.at, middles[i] - measures.width / 2, tops[i.row]) for row in rows for i in row if i.is_box]

    def line(start: int, end: int) -> Line:
        ways = [
            _Item(n, start if n < row_of[end] else end, n in (row_of[start], row_of[end]))
            for n in range(row_of[start], row_of[end] + 1)
        ]
        ends = [[(middles[item], tops[item.row]), (middles[item], tops[item.row] + measures.height)] for item in ways]
        return Line(start, end, [point for pair in ends for point in pair][1:-1])

    return Layout(
        max(middle + _width(item, measures) / 2 for item, middle in middles.items()),
        tops[-1] + measures.height,
        boxes,
        [line(need, at) for at, each in enumerate(needs) for need in each],
        tops[first_last] - measures.between if first_last else None,
    )  # fmt: skip


def _apart(row: int, first_last: int | None, measures: Measures) -> int:
    """Steps of `finally` stand a little further down."""
    return measures.between if first_last is not None and row >= first_last else 0


def _mean(values: Iterable[float], otherwise: float) -> float:
    found = list(values)
    return sum(found) / len(found) if found else otherwise
