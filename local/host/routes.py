"""Route templates as ASP.NET Core understands them, as far as Azure Functions in Python use them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

Endpoint = TypeVar("Endpoint")

_TOKEN = re.compile(
    r"\{(?P<rest>\*{1,2})?(?P<name>[^{}/:?*=]+)(?::(?P<kind>\w+))?(?P<optional>\?)?\}|(?P<text>[^{}/]+)"
)
_KINDS = {
    "int": r"-?\d+",
    "long": r"-?\d+",
    "alpha": r"[A-Za-z]+",
    "bool": r"true|false",
    "guid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
}


@dataclass(frozen=True)
class Route(Generic[Endpoint]):
    """One template bound to an endpoint. `methods` None accepts every method."""

    template: str
    methods: Collection[str] | None
    endpoint: Endpoint

    def serves(self, method: str) -> bool:
        """Whether the route takes requests of this method."""
        return self.methods is None or method in self.methods


class _Template(NamedTuple):
    precedence: tuple[int, ...]  # a smaller one is more specific
    pattern: re.Pattern[str]
    names: tuple[str, ...]


class Router(Generic[Endpoint]):
    """Finds the routes of a path. A more specific template comes first, whatever the order of registration."""

    def __init__(self) -> None:
        self._entries: list[tuple[_Template, Route[Endpoint]]] = []

    def add(self, route: Route[Endpoint]) -> None:
        """Register a route; its template has no leading slash. Raises ValueError naming what is wrong in it."""
        self._entries.append((_compile(route.template), route))
        self._entries.sort(key=lambda entry: entry[0].precedence)

    def matches(self, path: str) -> Iterator[tuple[Route[Endpoint], dict[str, str]]]:
        """The routes that match a path, most specific first, each with the values of its present parameters."""
        for template, route in self._entries:
            if found := template.pattern.fullmatch(path):
                values = zip(template.names, found.groups(), strict=True)
                yield route, {name: value for name, value in values if value is not None}


def _compile(template: str) -> _Template:
    segments = [_tokens(segment, template) for segment in template.strip("/").split("/") if template.strip("/")]
    names = [token["name"] for tokens in segments for token in tokens if token["name"]]
    if len(set(names)) < len(names):
        raise ValueError(f"the route {template!r} names a parameter twice")
    pattern = "".join(_pattern(tokens, template) for tokens in segments)
    return _Template(tuple(map(_rank, segments)), re.compile(f"{pattern}/?", re.IGNORECASE), tuple(names))


def _tokens(segment: str, template: str) -> list[re.Match[str]]:
    tokens = list(_TOKEN.finditer(segment))
    if "".join(token[0] for token in tokens) != segment or not tokens:
        raise ValueError(f"the route {template!r} has a segment {segment!r} that is not a template")
    return tokens


def _pattern(tokens: list[re.Match[str]], template: str) -> str:
    expression = "/" + "".join(_expression(token, template) for token in tokens)
    may_be_absent = len(tokens) == 1 and (tokens[0]["rest"] or tokens[0]["optional"])
    return f"(?:{expression})?" if may_be_absent else expression


def _expression(token: re.Match[str], template: str) -> str:
    kind = token["kind"]
    if token["text"]:
        return re.escape(token["text"])
    if token["rest"]:
        return "(.*)"
    if kind is not None and kind not in _KINDS:
        raise ValueError(f"the route {template!r} uses the constraint {kind!r}; known are {', '.join(_KINDS)}")
    return f"({_KINDS[kind] if kind else '[^/]+?'})"


def _rank(tokens: list[re.Match[str]]) -> int:
    """ASP.NET Core's order: text, mixed or constrained, plain parameter, rest of the path."""
    if any(token["rest"] for token in tokens):
        return 4
    if all(token["text"] for token in tokens):
        return 1
    return 2 if len(tokens) > 1 or tokens[0]["kind"] else 3
