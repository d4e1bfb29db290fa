"""A checked template, read once and filled in for one person after another. It is never compiled: its fixed text and
its few kinds of expression (`sandbox`) are all there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from jinja2 import nodes
from markupsafe import escape

from shared.render.body import Filled, Frame
from shared.render.sandbox import FILTERS, expressions

_Value = Callable[[Mapping[str, Any]], Any]


class Template:
    """`markup`: values are escaped for HTML. The text must have passed `sandbox.judge`."""

    def __init__(self, text: str, markup: bool) -> None:
        self._show: Callable[[Any], str] = _escaped if markup else str
        shared, self._values = [""], []
        for node in expressions(text):
            if isinstance(node, nodes.TemplateData):
                shared[-1] += node.data
            else:
                self._values.append(_value(node))
                shared.append("")
        self._frame = Frame(shared)

    def fill(self, values: Mapping[str, Any], cap: int | None = None) -> Filled:
        """The text for one person. `values`: the personal fields (None: missing), `attributes`, `links`, `unsubscribe`,
        `preferences`, `notice`, `open_pixel`. Raises ValueError, before it is built, if it would exceed `cap`
        characters."""
        show = self._show
        own = [show(value(values)) for value in self._values]
        if cap is not None and self._frame.length + sum(map(len, own)) > cap:
            raise ValueError(f"would exceed {cap} characters")
        return self._frame.filled(own)


def _value(node: nodes.Node) -> _Value:
    """The chain of filters over one field, innermost first."""
    match node:
        case nodes.Filter(name="default", node=nodes.Node() as inner, args=[nodes.Const(value=fallback), *_]):
            return _default(_value(inner), fallback)
        case nodes.Filter(name=name, node=nodes.Node() as inner):
            return _filtered(_value(inner), FILTERS[name])
        case nodes.Name(name=name):
            return itemgetter(name)
        case nodes.Getattr(attr=attribute):
            return lambda values: values["attributes"].get(attribute)
        case nodes.Getitem(arg=nodes.Const(value=position)):
            return lambda values: values["links"][position]
    raise ValueError(f"{type(node).__name__} is no field")


def _default(value: _Value, fallback: str) -> _Value:
    return lambda values: value(values) or fallback


def _filtered(value: _Value, filter: Callable[[Any], Any]) -> _Value:
    return lambda values: filter(value(values))


def _escaped(value: Any) -> str:
    """As `escape` does it, whose Markup costs more than the escaping of a plain text."""
    if type(value) is not str:
        return escape(value)
    safe: str = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace('"', "&#34;").replace("'", "&#39;")
