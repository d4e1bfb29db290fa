"""Route templates as ASP.NET Core understands them, as far as Azure Functions in Python use them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Endpoint = TypeVar("Endpoint")

_TOKEN = re.compile(r"\{(?P<rest>\*{1,2})?(?P<name>\w+)(?::(?P<kind>\w+))?(?P<optional>\?)?\}|(?P<text>[^{}/]+)")
_KINDS = {
    "int": r"-?\d+",
    "long": r"-?\d+",
    "alpha": r"[A-Za-z]+",
    "bool": r"(?:true|false)",
    "guid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
}


@dataclass(frozen=True)
class Route(Generic[Endpoint]):
    """One template bound to an endpoint. `methods` None accepts every method."""

    template: str
    methods: Collection[str] | None
    endpoint: Endpoint

    def serves(self, method: str) -> bool:
        return self.methods is None or method in self.methods


class Router(Generic[Endpoint]):
    """Finds the route of a path. A more specific template wins, whatever the order of registration."""

    def __init__(self) -> None:
        self._entries: list[tuple[tuple[int, ...], re.Pattern[str], Route[Endpoint]]] = []

    def add(self, route: Route[Endpoint]) -> None:
        """Register a route; its template has no leading slash. Raises ValueError naming what is wrong in it."""
        precedence, pattern = compile_template(route.template)
        self._entries.append((precedence, pattern, route))
        self._entries.sort(key=lambda entry: entry[0])

    def matches(self, path: str) -> Iterator[tuple[Route[Endpoint], dict[str, str]]]:
        """The routes that match a path, most specific first, each with the values of its present parameters."""
        for _, pattern, route in self._entries:
            found = pattern.fullmatch(path)
            if found:
                yield route, {name: value for name, value in found.groupdict().items() if value is not None}


def compile_template(template: str) -> tuple[tuple[int, ...], re.Pattern[str]]:
    """The precedence of a template (smaller is more specific) and the pattern of the paths that it serves."""
    precedence: list[int] = []
    pattern = ""
    for segment in template.strip("/").split("/") if template.strip("/") else []:
        rank, expression, may_be_absent = _compile_segment(segment, template)
        precedence.append(rank)
        pattern += f"(?:/{expression})?" if may_be_absent else f"/{expression}"
    return tuple(precedence), re.compile(f"{pattern}/?", re.IGNORECASE)


def _compile_segment(segment: str, template: str) -> tuple[int, str, bool]:
    tokens = list(_TOKEN.finditer(segment))
    if "".join(token[0] for token in tokens) != segment or not tokens:
        raise ValueError(f"the route {template!r} has a segment {segment!r} that is not a template")
    expression = "".join(_compile_token(token, template) for token in tokens)
    alone = tokens[0] if len(tokens) == 1 else None
    return _rank(tokens), expression, bool(alone and (alone["rest"] or alone["optional"]))


def _compile_token(token: re.Match[str], template: str) -> str:
    if token["text"]:
        return re.escape(token["text"])
    if token["rest"]:
        return f"(?P<{token['name']}>.*)"
    kind = token["kind"]
    if kind is not None and kind not in _KINDS:
        raise ValueError(f"the route {template!r} uses the constraint {kind!r}; known are {', '.join(_KINDS)}")
    return f"(?P<{token['name']}>{_KINDS[kind] if kind else '[^/]+?'})"


def _rank(tokens: list[re.Match[str]]) -> int:
    """ASP.NET Core's order: text, mixed or constrained, plain parameter, rest of the path."""
    if any(token["rest"] for token in tokens):
        return 4
    if all(token["text"] for token in tokens):
        return 1
    return 2 if len(tokens) > 1 or tokens[0]["kind"] else 3
