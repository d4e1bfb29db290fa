"""Which templates may run at all: an allow-list over the syntax tree. Nothing is ever compiled.

Jinja's own sandbox lets `'a' * 10**8` and nested loops through (rule 4.6 of the security checks), and its compiler
already computes constants, so of Jinja only the parser is used: text and `{{ field | filter }}`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, filters, nodes
from markupsafe import escape

from shared.domain.contact import PERSONAL_FIELDS
from shared.domain.draft import Finding

MAX_TEMPLATE = {"subject": 1_000, "preheader": 1_000, "html": 200_000, "text": 100_000}
"""Characters of a template by part; brief texts are held to the cap of `text`."""
MAX_EXPRESSIONS = 200
MAX_FILTERS = 5
MAX_FALLBACK = 100
FILTERS: Mapping[str, Callable[..., Any]] = {
    "default": filters.do_default,
    "upper": filters.do_upper,
    "lower": filters.do_lower,
    "title": filters.do_title,
    "trim": filters.do_trim,
    "e": escape,
    "escape": escape,
}
_PARSER = Environment(keep_trailing_newline=True, autoescape=True)


def judge(text: str, where: str, links: int | None = None) -> list[Finding]:
    """Everything that forbids this template; empty if it may run. Nothing is compiled or evaluated.

    `links` = how many links a draft has; it may then also use `links[n]`, `unsubscribe`, `preferences`, `notice`
    and `open_pixel`."""
    cap = MAX_TEMPLATE.get(where, MAX_TEMPLATE["text"])
    if len(text) > cap:
        return [_error("template-unsafe", where, f"is {len(text)} characters long; at most {cap} are allowed")]
    if "{%" in text or "{#" in text:
        reason = "only {{ field }} is possible here; {% … %} and {# … #} are not"
        return [_error("template-unsafe", where, reason)]
    try:
        found = [node for node in expressions(text) if not isinstance(node, nodes.TemplateData)]
    except TemplateSyntaxError as error:
        return [_error("template-syntax", where, f"cannot be read as a template: {error.message}")]
    except RecursionError:
        return [_error("template-unsafe", where, "is nested too deeply")]
    if len(found) > MAX_EXPRESSIONS:
        return [_error("template-unsafe", where, f"has more than {MAX_EXPRESSIONS} fields")]
    return [finding for node in found for finding in _judge_expression(node, where, links)]


def expressions(text: str) -> list[nodes.Node]:
    """The template's pieces in order: fixed text (`nodes.TemplateData`) and whatever stands in `{{ }}`.
    Raises TemplateSyntaxError, or RecursionError for what is nested too deeply."""
    return [node for output in _PARSER.parse(text).body for node in output.iter_child_nodes()]


def _judge_expression(node: nodes.Node, where: str, links: int | None) -> Iterator[Finding]:
    """A chain of allowed filters over one name; the first filter on a personal field states its fallback."""
    chain: list[nodes.Filter] = []
    while isinstance(node, nodes.Filter) and node.node is not None:
        chain.insert(0, node)
        node = node.node
    name = _name(node)
    if name is None or len(chain) > MAX_FILTERS:
        yield _error("template-unsafe", where, "only personal fields and a few filters are allowed in {{ … }}")
        return
    yield from (finding for each in chain for finding in _judge_filter(each, where))
    if _is_placed(node, links):
        return
    if name not in PERSONAL_FIELDS and not name.startswith("attributes."):
        known = ", ".join((*PERSONAL_FIELDS, "attributes.<name>"))
        yield _error("template-unknown", where, f"there is no field {name!r}; there are {known}")
    elif not chain or chain[0].name != "default":
        reason = f'{name} needs a fallback first: {{{{ {name} | default("…", true) }}}}'
        yield _error("template-fallback", where, reason)


def _name(node: nodes.Node) -> str | None:
    """How the field is written, if it is one of the three shapes that exist; else None."""
    match node:
        case nodes.Name(name=str(name)):
            return name
        case nodes.Getattr(node=nodes.Name(name="attributes"), attr=str(attribute)):
            return f"attributes.{attribute}"
        case nodes.Getitem(node=nodes.Name(name="links"), arg=nodes.Const(value=int(position))):
            return f"links[{position}]"
    return None


def _is_placed(node: nodes.Node, links: int | None) -> bool:
    """Whether this is one of the things that a draft's own layout places."""
    match node:
        case nodes.Name(name="unsubscribe" | "preferences" | "notice" | "open_pixel"):
            return links is not None
        case nodes.Getitem(arg=nodes.Const(value=int(position))):
            return links is not None and 0 <= position < links
    return False


def _judge_filter(node: nodes.Filter, where: str) -> Iterator[Finding]:
    if node.name not in FILTERS:
        yield _error("template-unsafe", where, f"the filter {node.name!r} is not allowed")
    elif node.name == "default":
        yield from _judge_fallback(node, where)
    elif node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        yield _error("template-unsafe", where, f"the filter {node.name!r} takes nothing in brackets here")


def _judge_fallback(node: nodes.Filter, where: str) -> Iterator[Finding]:
    """`default("text", true)`: `true` so that an empty field counts as missing; no braces, so that the ends of
    expressions can be found without a parser."""
    match node:
        case nodes.Filter(
            args=[nodes.Const(value=str(fallback)), nodes.Const(value=True)], kwargs=[], dyn_args=None, dyn_kwargs=None
        ):
            if len(fallback) > MAX_FALLBACK or "{" in fallback or "}" in fallback:
                reason = f"a fallback has at most {MAX_FALLBACK} characters and no braces"
                yield _error("template-unsafe", where, reason)
        case _:
            yield _error("template-fallback", where, 'a fallback is written default("…", true)')


def _error(rule: str, where: str, reason: str) -> Finding:
    return Finding(severity="error", rule=rule, where=where, reason=reason)
