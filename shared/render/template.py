"""A checked template, read once and filled in for one person after another. It is never compiled: its fixed text and
its few kinds of expression (`sandbox`) are all there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from jinja2 import nodes
from markupsafe import escape

from shared.render.body import Fixed
from shared.render.sandbox import FILTERS, expressions

_Value = Callable[[Mapping[str, Any]], Any]


class Template:
    """`markup`: values are escaped for HTML. The text must have passed `sandbox.judge`."""

    def __init__(self, text: str, markup: bool) -> None:
        self._show: Callable[[Any], str] = escape if markup else str
        self._parts: list[Fixed | _Value] = [
            Fixed(node.data) if isinstance(node, nodes.TemplateData) else _value(node) for node in expressions(text)
        ]

    def pieces(self, values: Mapping[str, Any]) -> list[str]:
        """The text for one person, in pieces. `values`: the personal fields (None: missing), `attributes`, `links`,
        `unsubscribe`, `open_pixel`."""
        return [part if isinstance(part, Fixed) else self._show(part(values)) for part in self._parts]


def _value(node: nodes.Node) -> _Value:
    """The chain of filters over one field, innermost first."""
    match node:
        case nodes.Filter(name=name, node=nodes.Node() as inner, args=args):
            return _filtered(_value(inner), FILTERS[name], [arg.as_const() for arg in args])
        case nodes.Name(name=name):
            return itemgetter(name)
        case nodes.Getattr(attr=attribute):
            return lambda values: values["attributes"].get(attribute)
        case nodes.Getitem(arg=nodes.Const(value=position)):
            return lambda values: values["links"][position]
    raise ValueError(f"{type(node).__name__} is no field")


def _filtered(value: _Value, filter: Callable[..., Any], arguments: list[Any]) -> _Value:
    return lambda values: filter(value(values), *arguments)
