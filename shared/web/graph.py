"""The graph of a process as its pages draw it: which step is what, in words and shapes, and how far each is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from shared.process.declared import Plan, Step
from shared.process.plan import Graph, graph_of, waves
from shared.web.layers import Layout, Measures, laid_out

MOST_DRAWN = 150
"""Steps; more would be no picture."""
_WIDE = (Measures(across=5, width=208, height=78), 20, 2)
_NARROW = (
    (Measures(across=2, width=150, height=78, gap=12), 14, 2),
    (Measures(across=1, width=244, height=66, gap=5, between=24), 26, 2),
)
"""How large, how many letters a line of a title has, and how many lines there are."""
_ROOM = 314
"""On a telephone of 390 pixels."""
_LETTER = 6.2
"""The width of a small letter."""
_SHAPES = {
    "loop": "done once for each item",
    "person": "asks a person",
    "process": "runs another process",
    "condition": "only under a condition",
    "undo": "is taken back if the run fails later",
    "asks": "asks a person if it fails",
    "goes_on": "the run goes on if it fails",
}
"""A mark of a step, and what it means."""


class Mark(NamedTuple):
    """How a step stands in a run: the word for it, `icon` and `colour` for whoever sees them, and what to add."""

    word: str
    icon: str
    colour: str
    more: str = ""


class Drawn(NamedTuple):
    """A step in a drawing."""

    id: str
    x: float
    y: float
    lines: list[str]
    """Its title."""
    small: str
    """Its type, and what is special about it."""
    whole: str
    """All of it in words."""
    marks: list[str]
    is_last: bool
    mark: Mark | None


class Drawing(NamedTuple):
    """One picture: for a wide page, or a narrow one."""

    name: str
    measures: Measures
    layout: Layout
    steps: list[Drawn]
    paths: list[str]


class Picture(NamedTuple):
    """Both, what their marks mean, and the sentence for whoever cannot see them. No drawings: too many steps."""

    sentence: str
    drawings: list[Drawing]
    legend: list[tuple[str, str]]


def picture(plan: Plan, marks: Mapping[str, Mark] | None = None) -> Picture:
    """The graph of a plan; with `marks` (by step) of one of its runs."""
    graph, steps = graph_of(plan.model_dump(mode="json", by_alias=True)), [*plan.steps, *plan.last]
    said = {mark for step in steps for mark in _marks(step)}
    legend = [(name, text) for name, text in _SHAPES.items() if name in said]
    if len(steps) > MOST_DRAWN:
        return Picture(_sentence(graph), [], [])
    wide, narrow = _drawing("wide", graph, steps, marks, *_WIDE), None
    for sizes in _NARROW:
        narrow = _drawing("narrow", graph, steps, marks, *sizes)
        if narrow.layout.width <= _ROOM:
            break
    assert narrow
    return Picture(_sentence(graph), [wide, narrow], legend)


def title_of(step: Step) -> str:
    """What it is called on a page."""
    return step.title or step.id.replace("_", " ").capitalize()


def _drawing(
    name: str,
    graph: Graph,
    steps: list[Step],
    marks: Mapping[str, Mark] | None,
    measures: Measures,
    letters: int,
    most: int,
) -> Drawing:
    layout = laid_out(graph, measures)
    drawn = []
    for box in layout.boxes:
        step, mark = steps[box.at], (marks or {}).get(steps[box.at].id)
        lines = wrap(title_of(step), letters, max_lines=most, placeholder=" …")
        small = _small(step, mark, measures.width)
        whole = ". ".join([title_of(step), *([mark.word] if mark else []), *_words(step)])
        is_last = graph.nodes[box.at].last
        drawn.append(Drawn(step.id, box.x, box.y, lines, small, whole, _marks(step), is_last, mark))
    return Drawing(name, measures, layout, drawn, [_path(line.points) for line in layout.lines])


def _small(step: Step, mark: Mark | None, width: int) -> str:
    """How it stands, or its type; with how many of its items are done, if there is room beside its marks."""
    if mark is None:
        return step.type
    whole = f"{mark.word}, {mark.more}" if mark.more else mark.word
    return whole if len(whole) * _LETTER < width - 50 - 18 * len(_marks(step)) else mark.word


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Bends between rows, straight beside steps."""
    (x, y), *rest = points
    path = [f"M{x:g} {y:g}"]
    for n, (to_x, to_y) in enumerate(rest):
        middle = (y + to_y) / 2
        path.append(f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {to_y:g}" if n % 2 == 0 else f"V{to_y:g}")
        x, y = to_x, to_y
    return " ".join(path)


def _marks(step: Step) -> list[str]:
    said = {
        "loop": step.foreach is not None,
        "person": step.type == "approve",
        "process": step.type == "process",
        "condition": step.when is not None,
        "undo": step.compensate is not None,
        "asks": step.on_error == "ask",
        "goes_on": step.on_error == "continue",
    }
    return [name for name, is_so in said.items() if is_so]


def _words(step: Step) -> Iterator[str]:
    yield f"Type {step.type}"
    yield from (_SHAPES[name].capitalize() for name in _marks(step))


def _sentence(graph: Graph) -> str:
    main = [len(wave) for wave in waves(graph) if not wave[0].last]
    last, most = sum(node.last for node in graph.nodes), min(max(main), graph.at_once)
    total = len(graph.nodes) - last
    said = [f"{total:,} step{'' if total == 1 else 's'}"]
    said += [f"up to {most:,} side by side"] if most > 1 else []
    said += [f"{last:,} more at the end, whatever happened"] if last else []
    return ", ".join(said) + "."
