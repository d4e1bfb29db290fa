"""Which templates may run at all: an allow-list over the syntax tree, walked before anything is compiled.

Jinja's own sandbox lets `'a' * 10**8` and nested loops through (rule 4.6 of the security checks), and its compiler
already computes constants, so a template is judged from its parsed tree alone: text and `{{ field | filter }}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.domain.contact import PERSONAL_FIELDS
from shared.domain.draft import Finding

MAX_TEMPLATE = {"subject": 1_000, "preheader": 1_000, "html": 200_000, "text": 100_000}
"""Characters of a template by part; brief texts are held to the cap of `text`."""
MAX_EXPRESSIONS = 200
MAX_FILTERS = 5
MAX_FALLBACK = 100
FILTERS = frozenset({"default", "upper", "lower", "title", "trim", "e", "escape"})


class _Sandbox(ImmutableSandboxedEnvironment):
    """Only `attributes.<name>` gets here: a look-up in plain data, never of a Python attribute."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj.get(attribute) if isinstance(obj, Mapping) else self.undefined(name=attribute)


def _sandbox(autoescape: bool) -> _Sandbox:
    made = _Sandbox(undefined=StrictUndefined, autoescape=autoescape, keep_trailing_newline=True)
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.globals.clear()
    made.tests.clear()
    return made


HTML, TEXT = _sandbox(autoescape=True), _sandbox(autoescape=False)


def judge(text: str, where: str, links: int | None = None) -> list[Finding]:
    """Everything that forbids this template; empty if it may run. Nothing is compiled or evaluated.

    `links` = how many links a draft has; it may then also use `links[n]`, `unsubscribe` and `open_pixel`."""
    cap = MAX_TEMPLATE.get(where, MAX_TEMPLATE["text"])
    if len(text) > cap:
        return [_error("template-unsafe", where, f"is {len(text)} characters long; at most {cap} are allowed")]
    if "{%" in text or "{#" in text:
        reason = "only {{ field }} is possible here; {% … %} and {# … #} are not"
        return [_error("template-unsafe", where, reason)]
    try:
        tree = TEXT.parse(text)
    except TemplateSyntaxError as error:
        return [_error("template-syntax", where, f"cannot be read as a template: {error.message}")]
    except RecursionError:
        return [_error("template-unsafe", where, "is nested too deeply")]
    expressions = [node for output in tree.body for node in output.iter_child_nodes()]
    expressions = [node for node in expressions if not isinstance(node, nodes.TemplateData)]
    if len(expressions) > MAX_EXPRESSIONS:
        return [_error("template-unsafe", where, f"has more than {MAX_EXPRESSIONS} fields")]
    return [finding for node in expressions for finding in _judge_expression(node, where, links)]


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
    """Whether this is one of the addresses that a draft's own layout places."""
    match node:
        case nodes.Name(name="unsubscribe" | "open_pixel"):
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
