"""A paper as one self-contained page: it loads nothing and runs nothing, so it can be mailed, kept, printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.render.paper import Bar, Code, Mark, Paper, plain

_TEMPLATES = Path(__file__).parent / "templates"


def page(paper: Paper) -> str:
    """Bars are drawn as SVG; what they say stands beside them."""
    return _made().get_template("paper.html").render(paper=paper)


@cache
def _made() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.tests |= {"bar": _is(Bar), "mark": _is(Mark), "code": _is(Code)}
    made.filters |= {"plain": plain}
    return made


def _is(kind: type) -> Callable[[object], bool]:
    return lambda cell: isinstance(cell, kind)
